package assess

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// mostLinks is how many other images an image is laid over that could not be laid
// over the reference: the aligned ones nearest to it in date.
const mostLinks = 2

// mostMisses is how many such attempts of a case may fail before the rest is let be:
// they cost as much as all the others, and images of other places fail them all.
const mostMisses = 4

// chain lays the images that failed against the reference over images that did not,
// and so over the reference: after a change the pictures of the new state resemble
// one another, and one of them that fits the reference carries the rest. Whoever is
// carried may carry others.
func (r *run) chain(ctx context.Context) error {
	for gained := true; gained; {
		gained = false
		for i := range r.images {
			if !r.images[i].mayChain() {
				continue
			}
			ok, err := r.link(ctx, i)
			if err != nil {
				return err
			}
			gained = gained || ok
		}
	}
	return nil
}

// mayChain says that an image failed for a reason that another image may mend.
func (a aligned) mayChain() bool {
	return !a.alignment.Aligned && a.alignment.Reason != compare.ReasonTooSmall && a.alignment.Reason != compare.ReasonNoStructure
}

// link tries to lay image i over the aligned images nearest to it in date that it
// was not laid over before, and says whether one of them carries it.
func (r *run) link(ctx context.Context, i int) (bool, error) {
	a := &r.images[i]
	var found []compare.Alignment
	var through string
	var pic Picture
	for _, k := range r.anchors(i) {
		if len(a.tried) >= mostLinks || r.misses >= mostMisses {
			break
		}
		a.tried = append(a.tried, k)
		anchor, err := r.load(ctx, r.images[k].image)
		if err != nil {
			return false, err
		}
		if pic, err = r.load(ctx, a.image); err != nil {
			return false, err
		}
		al, err := Align(ctx, anchor, pic, r.opts)
		if err != nil {
			return false, err
		}
		if !al.Aligned {
			r.misses++
			continue
		}
		found = append(found, compose(r.images[k].alignment, al, r.reference.Raster, pic.Raster))
		through = cmp.Or(through, anchor.Image.File)
	}
	if len(found) == 0 || len(found) > 1 && r.contradict(found[0], found[1]) {
		return false, nil
	}
	a.alignment, a.through = found[0], through
	a.scale = coarseness(a.alignment, whole(r.reference.Raster))
	for _, g := range r.regions {
		a.crops = append(a.crops, resample(pic.Raster, a.alignment, g.window, r.opts.Workers))
	}
	return true, nil
}

// anchors returns the aligned images other than the reference that image i was not
// laid over yet, the nearest in date order first.
func (r *run) anchors(i int) []int {
	var out []int
	for k, b := range r.images {
		if b.alignment.Aligned && !b.reference && !slices.Contains(r.images[i].tried, k) {
			out = append(out, k)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(apart(a, i), apart(b, i)) })
	return out
}

func apart(a, b int) int { return max(a-b, b-a) }

// contradict says that two ways of laying one image over the reference differ around
// the regions by more than their expected errors explain: three times as much and a
// tenth of a pixel, as where the triangles of a stack are checked.
func (r *run) contradict(a, b compare.Alignment) bool {
	expected := math.Hypot(a.ExpectedError, b.ExpectedError)
	for _, g := range r.regions {
		if miss := meanMiss(a, b, g.window); !(miss <= 3*expected+0.1) {
			return true
		}
	}
	return false
}

// meanMiss is how far apart two maps are on average over a window, px.
func meanMiss(a, b compare.Alignment, win window) float64 {
	var sum float64
	grid(win, func(x, y float64) {
		u, v := a.Map(x, y)
		s, t := b.Map(x, y)
		sum += math.Hypot(u-s, v-t)
	})
	return sum / (across * across)
}

// across is how many points, along each side, a map is looked at.
const across = 16

// grid calls do for points spread evenly over a window.
func grid(win window, do func(x, y float64)) {
	for b := range across {
		for a := range across {
			do(float64(win.x)+(float64(a)+0.5)/across*float64(win.w)-0.5, float64(win.y)+(float64(b)+0.5)/across*float64(win.h)-0.5)
		}
	}
}

// compose returns the map from ref to mov by way of an anchor: first takes pixels of
// ref to the anchor, second takes those to mov.
func compose(first, second compare.Alignment, ref, mov raster.Raster) compare.Alignment {
	out := second
	out.Matrix = multiply(second.Matrix, first.Matrix)
	out.Model = widerModel(first.Model, second.Model)
	out.ExpectedError = math.Hypot(second.ExpectedError, first.ExpectedError*stretch(second, whole(ref)))
	out.Field = nil
	if first.Field != nil || second.Field != nil {
		out.Field = bend(first, second, out.Matrix, whole(ref))
	}
	out.TiePoints = nil
	for _, t := range second.TiePoints {
		if p, ok := unmap(first, t.RefX, t.RefY); ok {
			t.RefX, t.RefY = p.X, p.Y
			out.TiePoints = append(out.TiePoints, t)
		}
	}
	out.Overlap = overlap(out, ref, mov)
	return out
}

// multiply returns the map that applies b and then a.
func multiply(a, b [3][3]float64) (out [3][3]float64) {
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				out[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	scale := out[2][2]
	for i := range 3 {
		for j := range 3 {
			out[i][j] /= scale
		}
	}
	return out
}

// widerModel returns the family of maps that holds those of both.
func widerModel(a, b compare.Model) compare.Model {
	order := []compare.Model{compare.Identity, compare.Translation, compare.Similarity, compare.Affine, compare.Homography, compare.Local}
	return order[max(slices.Index(order, a), slices.Index(order, b), 0)]
}

// stretch is how many moving pixels a reference pixel spans in the middle of a window.
func stretch(al compare.Alignment, win window) float64 {
	if c := coarseness(al, win); c > 0 {
		return 1 / c
	}
	return 1
}

// bend returns the field that takes both maps' local parts into account, on nodes as
// close as those of either.
func bend(first, second compare.Alignment, m [3][3]float64, ref window) *compare.Field {
	step := math.Inf(1)
	for _, f := range []*compare.Field{first.Field, second.Field} {
		if f != nil && f.Step > 0 {
			step = min(step, f.Step)
		}
	}
	step = max(step, 8)
	f := &compare.Field{Step: step, Cols: int(float64(ref.w)/step) + 2, Rows: int(float64(ref.h)/step) + 2}
	f.DX, f.DY = make([]float64, f.Cols*f.Rows), make([]float64, f.Cols*f.Rows)
	for j := range f.Rows {
		for i := range f.Cols {
			x, y := float64(i)*step, float64(j)*step
			u, v := second.Map(first.Map(x, y))
			if p, q, ok := invert(m, u, v); ok && !math.IsNaN(p+q) {
				f.DX[j*f.Cols+i], f.DY[j*f.Cols+i] = p-x, q-y
			}
		}
	}
	return f
}

// overlap is the share of ref that al finds data for in mov.
func overlap(al compare.Alignment, ref, mov raster.Raster) float64 {
	w, h := mov.Size()
	n := 0
	grid(whole(ref), func(x, y float64) {
		u, v := al.Map(x, y)
		p := imagery.Point{X: math.Round(u), Y: math.Round(v)}
		if p.X >= 0 && p.Y >= 0 && p.X < float64(w) && p.Y < float64(h) && mov.Valid.Valid(int(p.X), int(p.Y)) {
			n++
		}
	})
	return float64(n) / (across * across)
}
