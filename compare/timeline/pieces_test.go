package timeline_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/timeline"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

func TestTheWholeIsThePieceOfAllCells(t *testing.T) {
	// 16 cells of 10 × 10 px and the 9 squares of 2 × 2 of them; of a triangle the squares
	// that lie mostly outside are left out; a small region is measured as a whole.
	for _, c := range []struct {
		name    string
		polygon []imagery.Point
		areas   []int
	}{
		{"a square of 40 px", corners(40, 40), []int{1600, 400, 400, 400, 400, 400, 400, 400, 400, 400}},
		{"a square of 15 px", corners(15, 15), []int{225}},
		{"a triangle", []imagery.Point{{X: 0, Y: 0}, {X: 40, Y: 0}, {X: 0, Y: 40}}, []int{820, 400, 355, 210, 355, 210, 210}},
	} {
		t.Run(c.name, func(t *testing.T) {
			areas, sums := timeline.PieceAreas(c.polygon)
			if len(areas) != len(c.areas) {
				t.Fatalf("areas %v, want %v", areas, c.areas)
			}
			for k := range areas {
				if areas[k] != c.areas[k] || areas[k] != sums[k] {
					t.Errorf("piece %d: %d px, its cells %d, want %d", k, areas[k], sums[k], c.areas[k])
				}
			}
		})
	}
}

func corners(w, h float64) []imagery.Point {
	return []imagery.Point{{X: 0, Y: 0}, {X: w, Y: 0}, {X: w, Y: h}, {X: 0, Y: h}}
}

// grown is one day's picture of the ground in a season that lays other structure over
// all of it, here more and there less.
func grown(ground, season raster.Plane, seed uint64) raster.Raster {
	mixed := clone(ground)
	for i, v := range season.Pix {
		x, y := float64(i%ground.W), float64(i/ground.W)
		k := float32(0.3 + 0.15*math.Sin(x/25)*math.Sin(y/20))
		mixed.Pix[i] += k * (v - mixed.Pix[i])
	}
	return shot(mixed, seed)
}

func TestAPartOfTheRegionIsNewsWhereASeasonTakesALittleEverywhere(t *testing.T) {
	// The later pictures differ all over; in one of them 14 × 14 of the region's 40 × 40 px
	// were replaced as well, an eighth of it.
	before, season, other := ground(1, 256), ground(13, 256), ground(2, 256)
	damaged := clone(before)
	for y := range 14 {
		copy(damaged.Row(82 + y)[102:116], other.Row(y)[:14])
	}
	for _, c := range []struct {
		name    string
		later   raster.Plane
		changed bool
	}{
		{"an eighth of the region is replaced", damaged, true},
		{"nothing is", before, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := analyse(t, frames(shot(before, 1), shot(before, 2), grown(c.later, season, 3), grown(c.later, season, 4)))
			if changed := got.State == compare.Changed; changed != c.changed {
				t.Errorf("%s, p %.4f, cautions %q", got.State, got.PValue, got.Cautions)
			}
			if p := got.Part; (len(p) == 4) != c.changed || c.changed && (p[0] != imagery.Point{X: 99.5, Y: 79.5} || p[2] != imagery.Point{X: 119.5, Y: 99.5}) {
				t.Errorf("the change stands out most in %v, want the square of 20 px in the region's corner, and none without a change", p)
			}
		})
	}
}

func TestWhatKeptItsLookAmidWhatDidNotIsUnchanged(t *testing.T) {
	// Nearly all of the ground is another in the later pictures, but the region and a frame of 4 px.
	before, other := ground(1, 256), ground(2, 256)
	later := clone(other)
	for y := 76; y < 124; y++ {
		copy(later.Row(y)[96:144], before.Row(y)[96:144])
	}
	rng := rand.New(rand.NewPCG(5, 5)) // some places more kept theirs
	for range 60 {
		x, y := rng.IntN(256-16), rng.IntN(256-16)
		for j := range 16 {
			copy(later.Row(y + j)[x:x+16], before.Row(y + j)[x:x+16])
		}
	}
	got := analyse(t, frames(shot(before, 1), shot(before, 2), shot(later, 3), shot(later, 4)))
	told := strings.Contains(strings.Join(got.Cautions, "; "), "the region kept its look")
	if got.State != compare.Unchanged || states(got) != "oooo" || math.IsNaN(got.RuledOutPx) || !told {
		t.Errorf("%s %s, p %.3f, changes of %g px ruled out, cautions %q", got.State, states(got), got.PValue, got.RuledOutPx, got.Cautions)
	}
}
