package timeline_test

import (
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster"
)

// Of two of such pictures it is said all the same that they differ.
func TestWhatChangedAndChangedBackIsNeitherTheSameNorOneChange(t *testing.T) {
	before, after, rebuilt := threeLooks()
	looks := map[rune]raster.Plane{'a': before, 'b': after, 'c': rebuilt}
	for _, c := range []struct {
		name, shows string
		state       compare.RegionState
	}{
		{"in one picture of three", "aba", compare.Undetermined},
		{"in one of five", "aabaa", compare.Undetermined},
		{"in two of four", "abba", compare.Undetermined},
		{"in the second of five", "abaaa", compare.Undetermined},
		{"before a change to a third look", "aabac", compare.Undetermined},
		{"the old look again after the new one", "aababb", compare.Undetermined},
		{"the old look in the last picture", "abbbba", compare.Undetermined},
		{"three looks in their order", "abc", compare.Changed},
		{"one change", "aabbb", compare.Changed},
		{"no change", "aaaaa", compare.Unchanged},
	} {
		t.Run(c.name, func(t *testing.T) {
			var ps []raster.Raster
			for i, r := range c.shows {
				ps = append(ps, shot(looks[r], uint64(i+1)))
			}
			got := analyse(t, frames(ps...))
			if got.State != c.state {
				t.Errorf("%s: %s, want %s (cautions %q)", c.shows, got.State, c.state, got.Cautions)
			}
			for _, p := range got.Pairings {
				same := c.shows[p.A[0]-'0'] == c.shows[p.B[0]-'0']
				if p.Same && !same || p.Differ == same {
					t.Errorf("%s: pictures %s and %s: same %v, differ %v", c.shows, p.A, p.B, p.Same, p.Differ)
				}
			}
		})
	}
}
