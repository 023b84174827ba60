package timeline

import (
	"context"
	"fmt"
	"math"

	"github.com/antequem/antequem/compare"
)

// hidden says why a frame doesn't show the region; "" if it does.
func hidden(f *field, g *grid, frame Frame) string {
	at := window{g.rx, g.ry}
	if f.covered(&g.shape, at) < 0.9 {
		return "it holds no data over the region, or over a part of it"
	}
	if frame.Scale > 0 && math.Sqrt(float64(g.shape.area))/frame.Scale < 6 {
		return fmt.Sprintf("it is too coarse: one of its pixels covers %.0f of the reference", frame.Scale)
	}
	if c := f.clouded(&g.shape, at); c > 0.05 {
		return fmt.Sprintf("cloud or glare hides %.0f %% of the region", 100*c)
	}
	if f.energy(&g.shape, at) < 0.02 {
		return "it is blank over the region"
	}
	return ""
}

// conclude turns the test and the power into states.
func (a *analysis) conclude(ctx context.Context) error {
	root := math.Sqrt(float64(a.grid.shape.area))
	side := min(int(math.Round(math.Sqrt(a.opts.ShareSeen)*root)), a.grid.shape.w, a.grid.shape.h)
	bound := a.bound(ctx, side)
	switch t := &a.out; {
	case a.seen(a.found):
		t.State = compare.Changed
		a.sides()
	case a.found.most < bound && a.found.most < a.opts.Kept && !a.doubtful():
		t.State = compare.Unchanged
		for _, i := range a.used {
			t.Frames[i].State, t.Frames[i].Group = compare.StateOld, 0
		}
	default:
		a.explain(bound)
	}
	a.pair()
	return nil
}

// explain says why neither change nor the lack of it can be told.
func (a *analysis) explain(bound float64) {
	why := fmt.Sprintf("%.0f %% of the region's structure differs, which %.0f %% of the control windows reach too", 100*a.found.most, 100*a.out.PValue)
	switch {
	case a.kept >= a.opts.Moved:
		why = "most of the surroundings changed as well, so a change of the region does not stand out"
	case a.found.most >= bound || a.doubtful():
		why += ": too little for a change, too much to rule one out"
	}
	a.out.Cautions = append(a.out.Cautions, why)
}

// sides calls each frame old or new by which side of the split it is nearer to: a
// frame on its own side leans by 1, one halfway by 0.
func (a *analysis) sides() {
	n := len(a.used)
	mean := func(i, from, to int) float64 {
		var sum float64
		k := 0
		for j := from; j < to; j++ {
			if j != i {
				sum += a.here.apart(min(i, j), max(i, j))
				k++
			}
		}
		return sum / float64(k) // NaN for none
	}
	var across, within float64
	na, nw := 0, 0
	for i := range n {
		for j := i + 1; j < n; j++ {
			if d := a.here.apart(i, j); i < a.found.split && j >= a.found.split {
				across, na = across+d, na+1
			} else {
				within, nw = within+d, nw+1
			}
		}
	}
	across /= float64(na)
	if nw > 0 {
		within /= float64(nw)
	}
	for i := range n {
		o, w := mean(i, 0, a.found.split), mean(i, a.found.split, n)
		if math.IsNaN(o) {
			o = within
		}
		if math.IsNaN(w) {
			w = within
		}
		lean := (w - o) / (across - within)
		if i >= a.found.split {
			lean = -lean
		}
		f := &a.out.Frames[a.used[i]]
		switch {
		case !(lean >= 0.4):
			f.Why = "it resembles both sides of the change"
		case i < a.found.split:
			f.State, f.Group = compare.StateOld, 0
		default:
			f.State, f.Group = compare.StateNew, 1
		}
	}
}

// pair says of every two frames that were compared whether they look alike.
func (a *analysis) pair() {
	for i, fi := range a.used {
		for _, fj := range a.used[i+1:] {
			p := compare.Pairing{A: a.frames[fi].File, B: a.frames[fj].File}
			x, y := a.out.Frames[fi], a.out.Frames[fj]
			switch {
			case x.Group < 0 || y.Group < 0:
				p.Caution = "the state of the region is not clear in one of them"
			case x.Group != y.Group:
				p.Differ = true
			case a.out.State == compare.Unchanged || a.out.State == compare.Changed:
				p.Same = true
			}
			a.out.Pairings = append(a.out.Pairings, p)
		}
	}
}
