package timeline_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
)

func TestARoofSeenFromAnotherSideIsNoChange(t *testing.T) {
	// From the third picture on, the roof that fills the region lies 2, 4 or 5 px aside.
	for _, aside := range []int{2, 4, 5} {
		t.Run(fmt.Sprint(aside), func(t *testing.T) {
			before := ground(1, 256)
			leaning := clone(before)
			for y := 76; y < 124; y++ {
				copy(leaning.Row(y)[96+aside:144+aside], before.Row(y)[96:144])
			}
			got := analyse(t, frames(shot(before, 1), shot(before, 2), shot(leaning, 3), shot(leaning, 4)))
			want := fmt.Sprintf("show the same %d px aside", aside)
			if got.State != compare.Undetermined || !strings.Contains(strings.Join(got.Cautions, " "), want) {
				t.Errorf("%s, cautions %q; want undetermined, %q", got.State, got.Cautions, want)
			}
		})
	}
}
