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
		out[t] = a.planted(rng, side).find(a.gauge, a.splits)
	})
	return out
}

// detectable returns the smallest side from which on every larger one was found so often
// that at least the share would be in all trials that could be made; NaN where none was.
func detectable(curve []compare.PowerPoint, share float64) float64 {
	side := math.NaN()
	for i := len(curve) - 1; i >= 0 && surely(curve[i].Found, curve[i].Trials) >= share; i-- {
		side = curve[i].SidePx
	}
	return side
}

// surely returns the share that a share found in n trials stands for at least, less one
// standard error (Wilson 1927, J. Am. Stat. Assoc. 22 209): the smallest of several sizes
// that pass is often one that was lucky.
func surely(found float64, trials int) float64 {
	n := float64(trials)
	return (found + 0.5/n - math.Sqrt(found*(1-found)/n+0.25/(n*n))) / (1 + 1/n)
}

// bound returns the replaced share of some piece that all but a few planted changes of
// the size that must be seen exceed.
func (a *analysis) bound(ctx context.Context) float64 {
	return a.few(a.plantings(ctx, a.sideSeen()))
}

// sideSeen is the side, px, of the square change that must be seen before no change is
// said.
func (a *analysis) sideSeen() int {
	s := a.grid.shape
	return min(int(math.Round(math.Sqrt(a.opts.ShareSeen*float64(s.area)))), s.w, s.h)
}

// few returns the replaced share of some piece that all but a few of the trials exceed.
func (a *analysis) few(trials []find) float64 {
	var s []float64
	for _, f := range trials {
		s = append(s, f.worst)
	}
	slices.Sort(s)
	return quantile(s, a.opts.Miss)
}

// A trace is what all but a few planted changes of one size leave at least.
type trace struct {
	side float64 // reference px
	most float64 // share of some piece's structure replaced
}

// ruledOut returns the smallest side of which, and of every larger one, all but a few
// planted changes left more than the region shows. Those that must be seen do.
func (a *analysis) ruledOut() float64 {
	side := float64(a.sideSeen())
	for i := len(a.least) - 1; i >= 0 && a.least[i].most > a.structure.found.worst; i-- {
		side = min(side, a.least[i].side)
	}
	return side
}

// planted returns the measures of a control window with a square of another place's
// structure set into it from some frame on.
func (a *analysis) planted(rng *rand.Rand, side int) pieces {
	g, n := &a.grid, len(a.fields)
	h := a.alike[rng.IntN(len(a.alike))]
	host, base := a.controls[h], a.structure.controls[h]
	from := 1 + rng.IntN(n-1)
	px, py := rng.IntN(g.shape.w-side+1), rng.IntN(g.shape.h-side+1)
	dx, dy := a.donor(rng, host.x+px, host.y+py, side)
	square, ends := g.layout.cut(px, py, side)
	before, after := make([][]float32, n), make([][]float32, n)
	for i, f := range a.fields {
		before[i] = f.edges.take(&square, host)
		after[i] = before[i]
		if i >= from {
			after[i] = slices.Clone(before[i])
			graft(after[i], f.edges.take(&square, window{host.x + dx, host.y + dy}), &square, px, py, side)
		}
	}
	gained := make([]measure, len(ends)) // in each cell, sums
	lo := 0
	for c, hi := range ends {
		if lo == hi {
			continue // the square lies elsewhere
		}
		gained[c] = newSum(n)
		for i := from; i < n; i++ {
			gained[c].energy[i] = float64(vector.Dot(after[i][lo:hi], after[i][lo:hi])) - float64(vector.Dot(before[i][lo:hi], before[i][lo:hi]))
			for j := range i {
				gained[c].product[pair(j, i, n)] = float64(vector.Dot(after[i][lo:hi], after[j][lo:hi])) - float64(vector.Dot(before[i][lo:hi], before[j][lo:hi]))
			}
		}
		lo = hi
	}
	out := make(pieces, len(base))
	for k, in := range g.layout.pieces {
		out[k] = measure{slices.Clone(base[k].energy), slices.Clone(base[k].product)}
		for _, c := range in {
			out[k].addTimes(1/float64(g.layout.areas[k]), gained[c])
		}
	}
	return out
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
