package timeline_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/timeline"
	"github.com/antequem/antequem/imagery/raster"
)

// veil is 250 within the square of 24 px with its corner at (108, 88), and fades over
// so many pixels around it.
func veil(p raster.Plane, fade float64) {
	for y := range p.H {
		for x := range p.W {
			dx, dy := max(108-x, x-131, 0), max(88-y, y-111, 0)
			t := max(1-math.Hypot(float64(dx), float64(dy))/fade, 0)
			p.Row(y)[x] += float32(t) * (250 - p.Row(y)[x])
		}
	}
}

func TestABrightRoofIsNoCloudEvenBetweenTwoPictures(t *testing.T) {
	before := ground(1, 256)
	roof, cloud := clone(before), clone(before)
	veil(roof, 1)
	veil(cloud, 24)
	if got := analyse(t, frames(shot(before, 1), shot(roof, 2))); got.State != compare.Changed {
		t.Errorf("a roof: %s %s %v", got.State, states(got), got.Cautions)
	}
	if got := analyse(t, frames(shot(before, 1), shot(cloud, 2))); got.State != compare.Undetermined || got.Frames[1].Status != compare.StatusObscured {
		t.Errorf("a cloud: %s %s %v", got.State, states(got), got.Cautions)
	}
}

// heap piles soft bumps of light on a 24 px square around the region's middle: a cumulus,
// bright enough to have structure of its own.
func heap(p raster.Plane) {
	for k := range 9 {
		cx, cy := 112+8*(k%3), 92+8*(k/3)
		for y := range p.H {
			for x := range p.W {
				d2 := float64((x-cx)*(x-cx) + (y-cy)*(y-cy))
				p.Row(y)[x] += float32(200+60*(k%4)) * float32(math.Exp(-d2/(2*7*7)))
			}
		}
	}
}

func TestACloudThatHasStructureIsNoChangeEvenInTwoCopies(t *testing.T) {
	before := ground(1, 256)
	cloud, roof := clone(before), clone(before)
	heap(cloud)
	fill(roof, 104, 84, 32, 32, 700)
	for i := range 8 {
		fill(roof, 106+4*i, 84, 1, 32, 500)
	}
	for _, c := range []struct {
		name   string
		frames []timeline.Frame
		state  compare.RegionState
		shows  string
	}{
		{"in the last picture", frames(shot(before, 1), shot(before, 2), shot(cloud, 3)), compare.Unchanged, "ooO"},
		{"in the last two", frames(shot(before, 1), shot(before, 2), shot(cloud, 3), shot(cloud, 4)), compare.Unchanged, "ooOO"},
		{"between two pictures", frames(shot(before, 1), shot(cloud, 2)), compare.Undetermined, "uO"},
		{"a ribbed roof as bright", frames(shot(before, 1), shot(before, 2), shot(roof, 3), shot(roof, 4)), compare.Changed, "oonn"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := analyse(t, c.frames)
			if got.State != c.state || states(got) != c.shows {
				t.Errorf("got %s %s, want %s %s (%q)", got.State, states(got), c.state, c.shows, got.Cautions)
			}
		})
	}
}
