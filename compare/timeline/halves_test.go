package timeline_test

import (
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster"
)

// Where the surroundings change in many places too, nobody knows whether the region did;
// what it shows before, and what it shows after, is known all the same.
func TestWhereAChangeIsNotClearTheTimesBeforeAndAfterStillAre(t *testing.T) {
	before, other := ground(1, 256), ground(2, 256)
	after, flawed := clone(before), clone(before)
	for _, at := range [][2]int{{105, 85}, {10, 10}, {60, 20}, {200, 30}, {20, 150}, {150, 180}, {70, 200}, {200, 120}, {200, 200}} {
		for y := range 32 {
			copy(after.Row(at[1] + y)[at[0]:at[0]+32], other.Row(at[1] + y)[at[0]:])
		}
	}
	for y := range 20 { // a part of the region shows something else, as a quarter of the rest does later
		copy(flawed.Row(90 + y)[110:130], other.Row(10 + y)[20:])
	}
	looks := map[rune]raster.Plane{'a': before, 'b': after, 'c': flawed}
	for _, c := range []struct {
		name, shows, caution string
		same                 string // pairs
	}{
		{"three pictures on either side", "aaabbb", "if the region changed, it was between 2 and 3: it looks the same from 0 to 2, and from 3 to 5", "01 02 12 34 35 45"},
		{"one picture after", "aaab", "from 0 to 2 the region looks the same; how it compares with the other images can't be told", "01 02 12"},
		{"one picture before", "abbb", "from 1 to 3 the region looks the same; how it compares with the other images can't be told", "12 13 23"},
		{"one picture before that shows something else as well", "acabbb", "from 3 to 5 the region looks the same; how it compares with the other images can't be told", "34 35 45"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var ps []raster.Raster
			for i, r := range c.shows {
				ps = append(ps, shot(looks[r], uint64(i+1)))
			}
			got := analyse(t, frames(ps...))
			if got.State != compare.Undetermined || !strings.Contains(strings.Join(got.Cautions, "\n"), c.caution) {
				t.Errorf("%s: %s, p %.3f, cautions %q; want undetermined, and %q", c.shows, got.State, got.PValue, got.Cautions, c.caution)
			}
			var same []string
			for _, p := range got.Pairings {
				if p.Differ {
					t.Errorf("%s: pictures %s and %s are said to differ", c.shows, p.A, p.B)
				}
				if p.Same {
					same = append(same, p.A+p.B)
				}
			}
			if s := strings.Join(same, " "); s != c.same {
				t.Errorf("%s: the same in %q, want %q", c.shows, s, c.same)
			}
		})
	}
}
