package timeline_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/timeline"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// within is a square region of pictures of 256 × 256 px, in their middle.
func within(side float64) []imagery.Point {
	a, b := 128-side/2, 128+side/2
	return []imagery.Point{{X: a, Y: a}, {X: b, Y: a}, {X: b, Y: b}, {X: a, Y: b}}
}

func TestARegionThatFillsHalfThePictureIsReadInTiles(t *testing.T) {
	before, other, third := ground(1, 256), ground(2, 256), ground(3, 256)
	patch := func(p, from raster.Plane, x, y, side int) raster.Plane {
		q := clone(p)
		for j := range side {
			copy(q.Row(y + j)[x:x+side], from.Row(j)[:side])
		}
		return q
	}
	// The region reaches from 68 to 188 px, its tiles are 40 px wide.
	one, astride := patch(before, other, 70, 72, 34), patch(before, other, 90, 90, 36)
	both, two := patch(one, third, 150, 150, 34), patch(before, third, 150, 150, 34)
	for _, c := range []struct {
		name  string
		looks []raster.Plane
		state compare.RegionState
		shows string
		says  string
		steps int // changes one after another; 0 unless there are several
	}{
		{"nothing changes", []raster.Plane{before, before, before, before}, compare.Unchanged, "oooo", "read in 9 parts", 0},
		{"a corner changes", []raster.Plane{before, before, one, one}, compare.Changed, "oonn", "read in 9 parts", 0},
		{"what lies astride four tiles changes", []raster.Plane{before, before, before, astride}, compare.Changed, "ooon", "read in 9 parts", 0},
		{"two corners change at one time", []raster.Plane{before, before, both, both}, compare.Changed, "oonn", "read in 9 parts", 0},
		{"two corners change at different times", []raster.Plane{before, before, one, both, both}, compare.Changed, "oonnn", "ask of each by itself", 2},
		{"two corners change, and one of them back", []raster.Plane{before, before, one, both, two}, compare.Undetermined, "uuuuu", "changed and changed back", 0},
		{"a corner changes and changes back", []raster.Plane{before, before, one, before}, compare.Undetermined, "uuuu", "changed and changed back", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var ps []raster.Raster
			for i, p := range c.looks {
				ps = append(ps, shot(p, uint64(i+1)))
			}
			got, err := timeline.Analyse(context.Background(), frames(ps...), within(120), timeline.DefaultOptions())
			if err != nil {
				t.Fatal(err)
			}
			if says := strings.Join(got.Cautions, "; "); got.State != c.state || states(got) != c.shows || got.Crowded || !strings.Contains(says, c.says) {
				t.Errorf("%s %s (p %.4f): %s; want %s %s, and %q", got.State, states(got), got.PValue, says, c.state, c.shows, c.says)
			}
			if last := got.Frames[len(c.looks)-1]; c.steps > 0 && last.Group != c.steps {
				t.Errorf("the last picture shows look %d, want %d", last.Group, c.steps)
			}
			for _, p := range got.Pairings {
				same := slices.Equal(c.looks[p.A[0]-'0'].Pix, c.looks[p.B[0]-'0'].Pix)
				if p.Same && !same || p.Differ && same {
					t.Errorf("pictures %s and %s: same %v, differ %v", p.A, p.B, p.Same, p.Differ)
				}
			}
			if known := got.RuledOutPx > 0; known != (c.state == compare.Unchanged) {
				t.Errorf("the region is %s, and %g px are ruled out", got.State, got.RuledOutPx)
			}
			if (len(got.Part) == 4) != (c.state == compare.Changed && c.steps == 0) {
				t.Errorf("the region is %s, and a part is %v", got.State, got.Part)
			}
		})
	}
}

func TestAPictureThatLacksOneTileIsNotReadOfTheRegion(t *testing.T) {
	p := ground(1, 256)
	fs := frames(shot(p, 1), shot(p, 2), shot(p, 3), shot(p, 4))
	hole := raster.Full(256, 256) // too little to leave the region out, and most of a tile
	for y := 76; y < 100; y++ {
		for x := 76; x < 100; x++ {
			hole.Pix[y*256+x] = 0
		}
	}
	fs[2].Picture.Valid = hole
	got, err := timeline.Analyse(context.Background(), fs, within(120), timeline.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	if got.State != compare.Unchanged || got.Frames[2].State != compare.StateUnclear || got.Frames[1].State != compare.StateOld {
		t.Errorf("%s %s: %q; want the third picture left out of an unchanged region", got.State, states(got), got.Cautions)
	}
	for _, p := range got.Pairings {
		if third := p.A == "2" || p.B == "2"; p.Same == third || p.Differ {
			t.Errorf("pictures %s and %s: same %v, differ %v", p.A, p.B, p.Same, p.Differ)
		}
	}
}

func TestWhatIsDetectableInTilesIsSoWhereverItLies(t *testing.T) {
	before, other := ground(1, 256), ground(2, 256)
	same := func() []timeline.Frame {
		return frames(shot(before, 1), shot(before, 2), shot(before, 3), shot(before, 4))
	}
	read := func(fs []timeline.Frame) compare.Timeline {
		got, err := timeline.Analyse(context.Background(), fs, within(120), timeline.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	side := int(read(same()).DetectablePx)
	if side < 6 || side > 60 {
		t.Fatalf("the smallest detectable change is %d px, want one that lies in the region of 120", side)
	}
	missed := 0
	for k := range 8 { // half of them astride the tiles' corner at (108, 108)
		x, y := 108-side/2, 108-side/2
		if k%2 == 1 {
			x, y = 68+k*5, 150-k*7
		}
		after := clone(before)
		for j := range side {
			copy(after.Row(y + j)[x:x+side], other.Row(k*9 + j)[k*9:])
		}
		fs := same()
		fs[2].Picture, fs[3].Picture = shot(after, 3), shot(after, 4)
		if read(fs).State != compare.Changed {
			missed++
		}
	}
	if missed > 1 {
		t.Errorf("%d of 8 changes of %d px were missed, of a size that is said to be surely seen", missed, side)
	}
}

func TestARegionThatFillsThePictureIsCrowded(t *testing.T) {
	p := ground(1, 256)
	for _, side := range []float64{170, 230} {
		got, err := timeline.Analyse(context.Background(), frames(shot(p, 1), shot(p, 2), shot(p, 3)), within(side), timeline.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		if !got.Crowded || got.State != compare.Undetermined || len(got.Cautions) != 1 {
			t.Errorf("%s", fmt.Sprint(side, got.Crowded, got.State, got.Cautions))
		}
	}
}
