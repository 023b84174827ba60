package timeline

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster"
	"github.com/antequem/antequem/imagery/raster/vector"
)

// sides are the planted squares, as shares of √area of the region.
var sides = []float64{0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95}

// probe plants changes of growing size into the images, in windows like the region,
// and counts how many the test would have found.
func (a *analysis) probe(ctx context.Context) error {
	g := &a.grid
	root := math.Sqrt(float64(g.shape.area))
	last := 0
	for _, k := range sides {
		side := int(math.Round(k * root))
		if side <= last || side < 3 || side > min(g.shape.w, g.shape.h) {
			continue
		}
		last = side
		found := a.plantings(ctx, side)
		n := 0
		for _, f := range found {
			if a.seen(f, a.structure.null) {
				n++
			}
		}
		a.least = append(a.least, trace{float64(side), a.few(found)})
		a.out.Power = append(a.out.Power, compare.PowerPoint{SidePx: float64(side), Found: float64(n) / float64(len(found)), Trials: len(found)})
	}
	a.out.DetectablePx = detectable(a.out.Power, a.opts.Power)
	return ctx.Err()
}

// plantings makes the trials of one size and returns what each shows.
func (a *analysis) plantings(ctx context.Context, side int) []find {
	out := make([]find, a.opts.Trials)
	raster.Each(len(out), a.opts.Workers, func(t int) {
		if ctx.Err() != nil {
			return
		}
		rng := rand.New(rand.NewPCG(a.opts.Seed, uint64(side)<<32|uint64(t)))
		out[t] = a.planted(rng, side).find(a.usual, a.splits)
	})
	return out
}

// detectable returns the smallest side from which on every larger one was found
// often enough, NaN where none was.
func detectable(curve []compare.PowerPoint, share float64) float64 {
	side := math.NaN()
	for i := len(curve) - 1; i >= 0 && curve[i].Found >= share; i-- {
		side = curve[i].SidePx
	}
	return side
}

// bound returns the replaced share that all but a few planted changes of a size exceed.
func (a *analysis) bound(ctx context.Context, side int) float64 {
	return a.few(a.plantings(ctx, side))
}

// few returns the replaced share that all but a few of the trials exceed.
func (a *analysis) few(trials []find) float64 {
	var s []float64
	for _, f := range trials {
		s = append(s, f.most)
	}
	slices.Sort(s)
	return quantile(s, a.opts.Miss)
}

// A trace is what all but a few planted changes of one size leave at least.
type trace struct {
	side float64 // reference px
	most float64 // share of structure replaced
}

// ruledOut returns the smallest side of which, and of every larger one, all but a few
// planted changes left more than the region shows. Those of side known do.
func (a *analysis) ruledOut(known int) float64 {
	side := float64(known)
	for i := len(a.least) - 1; i >= 0 && a.least[i].most > a.structure.found.most; i-- {
		side = min(side, a.least[i].side)
	}
	return side
}

// planted returns the measure of a control window with a square of another place's
// structure set into it from some frame on.
func (a *analysis) planted(rng *rand.Rand, side int) measure {
	g, n := &a.grid, len(a.fields)
	h := a.alike[rng.IntN(len(a.alike))]
	host, base := a.controls[h], a.structure.controls[h]
	from := 1 + rng.IntN(n-1)
	px, py := rng.IntN(g.shape.w-side+1), rng.IntN(g.shape.h-side+1)
	dx, dy := a.donor(rng, host.x+px, host.y+py, side)
	square := clip(&g.rows, px, py, side)
	shown := make([][]float32, n)
	for i, f := range a.fields {
		shown[i] = f.edges.take(&square, host)
	}
	for i := from; i < n; i++ {
		graft(shown[i], a.fields[i].edges.take(&square, window{host.x + dx, host.y + dy}), &square, px, py, side)
	}
	k := 1 / float64(g.rows.area)
	m := measure{slices.Clone(base.energy), slices.Clone(base.product)}
	for i, f := range a.fields {
		if i >= from {
			m.energy[i] += k * (float64(vector.Dot(shown[i], shown[i])) - dot(f.edges, f.edges, &square, host, host))
		}
		for j := max(i+1, from); j < n; j++ {
			m.product[pair(i, j, n)] += k * (float64(vector.Dot(shown[i], shown[j])) - dot(f.edges, a.fields[j].edges, &square, host, host))
		}
	}
	return m
}

// donor draws how far away the planted structure is taken from: a place with data,
// off the square itself, and not blank if such a place is soon found.
func (a *analysis) donor(rng *rand.Rand, px, py, side int) (dx, dy int) {
	g := &a.grid
	square := shape{w: side, h: side, area: side * side}
	for y := range side {
		square.runs = append(square.runs, run{0, y, side})
	}
	f := a.fields[len(a.fields)-1]
	for range 50 {
		x, y := rng.IntN(g.w-side+1), rng.IntN(g.h-side+1)
		if abs(x-px) < side && abs(y-py) < side {
			continue
		}
		dx, dy = x-px, y-py
		if f.covered(&square, window{x, y}) > 0.98 && f.energy(&square, window{x, y}) > 0.2 {
			return dx, dy
		}
	}
	return dx, dy
}

// clip returns the part of s inside a square.
func clip(s *shape, x, y, side int) shape {
	c := shape{w: s.w, h: s.h}
	for _, r := range s.runs {
		if r.y < y || r.y >= y+side {
			continue
		}
		from, to := max(r.x, x), min(r.x+r.n, x+side)
		if from < to {
			c.runs = append(c.runs, run{from, r.y, to - from})
			c.area += to - from
		}
	}
	return c
}
