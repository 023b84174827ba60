package timeline_test

import (
	"math"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster"
)

// brightened is the ground with so much added to its grey within 22 px of each spot,
// and less and less as far again: a new surface whose outlines stay.
func brightened(ground raster.Plane, by float64, spots ...[2]int) raster.Plane {
	p := clone(ground)
	for y := range p.H {
		for x := range p.W {
			most := 0.0
			for _, s := range spots {
				d := math.Hypot(float64(x-s[0]), float64(y-s[1]))
				most = max(most, min(max(2-d/22, 0), 1))
			}
			p.Row(y)[x] += float32(most * by)
		}
	}
	return p
}

// inColour is one day's picture in three bands.
func inColour(ground raster.Plane, seed uint64) raster.Raster {
	var r raster.Raster
	for b := range uint64(3) {
		r.Bands = append(r.Bands, shot(ground, 10*seed+b).Bands...)
	}
	return r
}

func TestStillnessIsDoubtedWhereTonesMovedFarAsInFewControls(t *testing.T) {
	before := ground(1, 256)
	region := [2]int{120, 100}
	elsewhere := [][2]int{{40, 40}, {210, 190}}
	for _, c := range []struct {
		name  string
		after raster.Plane
		state compare.RegionState
	}{
		{"a new surface in the region, and brighter ones in other places", brightened(brightened(before, 140, elsewhere...), 75, region), compare.Undetermined},
		{"a new surface in other places only", brightened(before, 140, elsewhere...), compare.Unchanged},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := analyse(t, frames(inColour(before, 1), inColour(before, 2), inColour(c.after, 3), inColour(c.after, 4)))
			if got.State != c.state {
				t.Fatalf("got %s, p %.3f, want %s: %q", got.State, got.PValue, c.state, got.Cautions)
			}
			if told := strings.Contains(strings.Join(got.Cautions, "; "), "tones moved"); told != (c.state == compare.Undetermined) {
				t.Errorf("cautions %q", got.Cautions)
			}
		})
	}
}
