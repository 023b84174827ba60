package timeline

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
)

// What a frame must show of the region to be read.
const (
	leastCovered = 0.9  // share of its pixels that hold data
	leastSide    = 6    // side of a square of its area, pixels of the frame's own image
	mostClouded  = 0.05 // share of its pixels that cloud hides
	leastEnergy  = 0.02 // mean squared structure; see [field.energy]
)

const whyBlank = "it is blank over the region"

// hidden says why a frame doesn't show the region; "" if it does.
func hidden(f *field, g *grid, frame Frame) string {
	at := window{g.rx, g.ry}
	if f.covered(&g.shape, at) < leastCovered {
		return "it holds no data over the region, or over a part of it"
	}
	if side := math.Sqrt(float64(g.shape.area)) / frame.Scale; frame.Scale > 0 && side < leastSide {
		return fmt.Sprintf("it is too coarse: the region is %.0f of its pixels across", math.Floor(side))
	}
	if c := f.clouded(&g.shape, at); c > mostClouded {
		return fmt.Sprintf("cloud or glare hides %.0f %% of the region", 100*c)
	}
	if f.energy(&g.shape, at) < leastEnergy {
		return whyBlank
	}
	return ""
}

// conclude turns the test and the power into states.
func (a *analysis) conclude(ctx context.Context) error {
	bound := a.bound(ctx)
	looks, err := a.looks(ctx, bound)
	if err != nil {
		return err
	}
	if a.late && len(looks) == 1 {
		a.leaveOpen()
	} else {
		a.assign(looks)
	}
	if len(looks) == 0 && !a.astray {
		a.halve(ctx, bound)
	}
	a.pair(looks, bound)
	for _, b := range a.aside {
		a.pairAside(b, b.quiet(ctx))
	}
	return ctx.Err()
}

// looks says what state the region is in and returns the frames of each look, in date
// order; none where that can't be told, and then a caution says why. All but a few
// planted changes left more than bound.
func (a *analysis) looks(ctx context.Context, bound float64) ([][]int, error) {
	whole := a.whole()
	switch {
	case a.changes(whole):
		looks, err := a.groups(ctx)
		if err != nil {
			return nil, err
		}
		if len(looks) < 2 {
			a.caution("some image differs, but none shows clearly a state before or after")
			return nil, nil
		}
		for g, later := range looks[1:] {
			dx, dy, ok := a.leans(a.part(slices.Concat(looks[g], later)))
			if ok {
				a.caution("the later images show the same %.0f px aside, as a roof does that is seen from another side, or ground that is laid wrongly: whether anything changed can't be told", math.Hypot(float64(dx), float64(dy)))
				return nil, nil
			}
		}
		if back := a.back(looks); back != nil {
			a.explainPassing(back)
			return nil, nil
		}
		a.out.State = compare.Changed
		if len(looks) == 2 {
			a.out.Part = a.grid.part(a.structure.found.piece)
		}
		return looks, nil
	case a.calm(whole, bound):
		if back := a.passing(whole.frames, bound); back != nil {
			a.explainPassing(back)
			return nil, nil
		}
		if a.doubtful() {
			break
		}
		if a.out.EndUnread = a.endUnread(); a.out.EndUnread {
			a.caution("the first or the last image of all could not be read, and a large change may be the reason: what is said of the others reaches no further than they do")
		}
		if a.moved >= a.opts.Moved {
			a.caution("most of the surroundings changed, and the region kept its look")
		}
		a.out.State, a.out.RuledOutPx = compare.Unchanged, a.ruledOut()
		return [][]int{a.all()}, nil
	default:
		if back := a.undone(whole.frames); back != nil {
			a.explainPassing(back)
			return nil, nil
		}
	}
	a.explain(whole, bound)
	return nil, nil
}

// pairAside says of every two frames of another time whether they look alike, which
// needs no word on how that time's look relates to the others.
func (a *analysis) pairAside(b *analysis, still bool) {
	for i, fi := range b.used {
		for _, fj := range b.used[i+1:] {
			p := compare.Pairing{A: a.frames[fi].File, B: a.frames[fj].File, Same: still}
			if !still {
				p.Caution = "no change stands out, and one could have been missed"
			}
			a.out.Pairings = append(a.out.Pairings, p)
		}
	}
}

// endUnread says that the first or the last image of all is missing for what may be the
// change's own doing: because it could not be laid over the others, as happens where
// everything has changed, or because the region alone is bright and bare in it, or blank.
func (a *analysis) endUnread() bool {
	fs := a.out.Frames
	return a.odd || fs[0].Status == compare.StatusUnaligned || fs[len(fs)-1].Status == compare.StatusUnaligned
}

// calm says that a part kept its structure and differs by no more than chance explains,
// or noise and compression do: a thing too slight to be called a change, as something
// small in the shade, is not nothing either.
func (a *analysis) calm(p part, bound float64) bool {
	return a.kept(p, bound) && (p.found.worst < a.opts.Slight || p.null.p(p.found.score) > a.opts.Alpha)
}

// kept says that every piece of a part shows less than all but a few planted changes
// would leave, and kept its structure, by itself or as few of the controls did.
func (a *analysis) kept(p part, bound float64) bool {
	return p.found.worst < bound && (p.found.worst < a.opts.Kept || p.null.p(p.found.score) >= a.opts.Still)
}

// still says that the region is calm over all frames in use, and nothing speaks against it.
func (a *analysis) still(ctx context.Context) bool {
	return a.calm(a.whole(), a.bound(ctx)) && !a.doubtful()
}

// steady says that a part is calm and that nothing in it changed and changed back.
func (a *analysis) steady(p part, bound float64) bool {
	return a.calm(p, bound) && a.passing(p.frames, bound) == nil
}

// assign writes the looks into the frames: the first is old, later ones are new.
func (a *analysis) assign(looks [][]int) {
	for g, frames := range looks {
		for _, i := range frames {
			f := &a.out.Frames[a.used[i]]
			f.State, f.Group, f.Why = compare.StateNew, g, ""
			if g == 0 {
				f.State = compare.StateOld
			}
		}
	}
}

// leaveOpen says of the frames in use, which show one look, that nobody knows whether
// it is that of the earlier frames.
func (a *analysis) leaveOpen() {
	for _, i := range a.used {
		a.out.Frames[i].Why = "whether it shows the look of the earlier images can't be told: the surroundings differ as a whole"
	}
}

// explainPassing says which frames fit no order, and has all compared two by two.
func (a *analysis) explainPassing(frames []int) {
	a.astray = true
	name := func(i int) string { return a.frames[a.used[frames[i]]].File }
	where := "in " + name(0)
	if n := len(frames); n > 1 {
		where = "from " + name(0) + " to " + name(n-1)
	}
	a.caution("%s the region looks unlike the images next to it in time: it changed and changed back, or a date is wrong", where)
}

// explain says why neither change nor the lack of it can be told.
func (a *analysis) explain(whole part, bound float64) {
	switch {
	case a.moved >= a.opts.Moved:
		a.caution("most of the surroundings changed as well, so a change of the region does not stand out")
	case a.calm(whole, bound) && a.toneMoved():
		a.caution("the region's structure stayed, but its tones moved more than in %.0f %% of the control windows", 100*(1-a.tones.null.p(a.tones.found.distance)))
	default:
		of := "the region's structure"
		if a.structure.found.piece > 0 {
			of = "the structure of a part of the region"
		}
		a.caution("%.0f %% of %s differs, as in %.0f %% of the control windows at most: too little for a change, too much to rule one out", 100*a.structure.found.replaced, of, math.Ceil(100*a.out.PValue))
	}
}
