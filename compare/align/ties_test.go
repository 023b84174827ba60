package align_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery"
	"github.com/google/go-cmp/cmp"
)

func ties(m linear, at ...imagery.Point) []imagery.UserTiePoint {
	var out []imagery.UserTiePoint
	for _, p := range at {
		u, v := m.Map(p.X, p.Y)
		out = append(out, imagery.UserTiePoint{Reference: p, Moving: imagery.Point{X: u, Y: v}})
	}
	return out
}

func TestAPersonsTiePointsMakeTheMapWherePicturesCannot(t *testing.T) {
	// Two unrelated scenes: only the person knows that moving lies 30 px right of and 40 px below.
	opts := align.DefaultOptions()
	opts.TiePoints = ties(turned(0, 1, 30, 40, 100, 100), imagery.Point{X: 20, Y: 20}, imagery.Point{X: 150, Y: 30}, imagery.Point{X: 40, Y: 140})
	a := estimate(t, scene(200, 200, 21), scene(200, 200, 22), opts)
	if !a.Aligned || a.Model != compare.Similarity || len(a.TiePoints) != 3 {
		t.Fatalf("aligned %v %q, model %q, %d tie points", a.Aligned, a.Reason, a.Model, len(a.TiePoints))
	}
	if x, y := a.Map(10, 10); math.Hypot(x-40, y-50) > 1e-6 {
		t.Errorf("(10, 10) lies at (%v, %v), want (40, 50)", x, y)
	}
	if !(a.ExpectedError >= 1) {
		t.Errorf("expected error %v: a person's click is not better than a pixel", a.ExpectedError)
	}
}

func TestAPersonsTiePointsAreSharpenedByThePictures(t *testing.T) {
	// The clicks are 2 px off; the pictures know better.
	m := turned(150, 0.9, 10, -5, 120, 120)
	r := scene(240, 240, 23)
	opts := align.DefaultOptions()
	rough := m
	rough.tx += 2
	opts.TiePoints = ties(rough, imagery.Point{X: 60, Y: 60}, imagery.Point{X: 180, Y: 70}, imagery.Point{X: 90, Y: 170})
	a := estimate(t, r, moved(r, 240, 240, m), opts)
	if got := miss(a, m, 240, 240, 240, 240); !a.Aligned || got > 0.1 {
		t.Fatalf("aligned %v %q, off by %v", a.Aligned, a.Reason, got)
	}
	first := a.TiePoints[0]
	if u, v := a.Map(first.RefX, first.RefY); math.Abs(math.Hypot(u-first.MovX, v-first.MovY)-2) > 0.1 {
		t.Errorf("the first click is reported %v px off, want 2", math.Hypot(u-first.MovX, v-first.MovY))
	}
}

func shifted(dx, dy float64) compare.Alignment {
	a := compare.Self()
	a.Matrix[0][2], a.Matrix[1][2] = dx, dy
	return a
}

func TestAnImageThatFitsItsStackBadlyIsNamed(t *testing.T) {
	// Images lie 10 px apart in a row. What image 2 was aligned to is 3-4-5 off for image 0 only.
	pairs := map[[2]int]compare.Alignment{
		{0, 1}: shifted(10, 0), {1, 2}: shifted(10, 0), {0, 2}: shifted(23, 4),
		{0, 3}: shifted(30, 0), {1, 3}: shifted(20, 0), {2, 3}: shifted(10, 7),
	}
	sizes := [][2]int{{100, 100}, {100, 100}, {100, 100}, {100, 100}}
	got := align.Triangles(pairs, sizes)
	if len(got) != 4 || got[len(got)-1].Miss > 1e-9 {
		t.Fatalf("got %v: want four triangles, the last one closed", got)
	}
	for _, tr := range got {
		if tr.First == 0 && tr.Second == 1 && tr.Third == 2 && math.Abs(tr.Miss-5) > 1e-9 {
			t.Errorf("0, 1, 2 misses by %v, want 5", tr.Miss)
		}
	}
	if d := cmp.Diff([]int{2}, align.Misfits(got, 4)); d != "" {
		t.Error(d)
	}
}
