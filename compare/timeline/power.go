package timeline

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/antequem/antequem/compare"
)

// sides are the planted squares, as shares of √area of the region.
var sides = []float64{0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.8, 0.95}

// probe plants changes of growing size into the region's own frames and counts how
// many the test would have found.
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
		found := make([]bool, a.opts.Trials)
		each(a.opts.Workers, len(found), func(t int) {
			if ctx.Err() != nil {
				return
			}
			rng := rand.New(rand.NewPCG(a.opts.Seed, uint64(side)<<32|uint64(t)))
			s, _ := a.null.score(a.planted(rng, side))
			found[t] = a.null.p(s) <= a.opts.Alpha
		})
		n := 0
		for _, ok := range found {
			if ok {
				n++
			}
		}
		a.out.Power = append(a.out.Power, compare.PowerPoint{SidePx: float64(side), Found: float64(n) / float64(len(found)), Trials: len(found)})
	}
	a.out.DetectablePx = detectable(a.out.Power, a.opts.Power)
	return ctx.Err()
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

// planted returns the region's dissimilarities with a square of another place's
// structure set into it from some frame on.
func (a *analysis) planted(rng *rand.Rand, side int) []float64 {
	g, n := &a.grid, len(a.fields)
	from := 1 + rng.IntN(n-1)
	px := g.rx + rng.IntN(g.shape.w-side+1)
	py := g.ry + rng.IntN(g.shape.h-side+1)
	dx, dy := a.donor(rng, px, py, side)
	patch := clip(&g.shape, px-g.rx, py-g.ry, side)
	own, other := window{g.rx, g.ry}, window{g.rx + dx, g.ry + dy}
	at := func(i int) window {
		if i >= from {
			return other
		}
		return own
	}
	e := make([]float64, n)
	for i, f := range a.fields {
		e[i] = dot(f, f, &g.shape, own)
		if i >= from {
			e[i] += shifted(f, f, &patch, other, other) - dot(f, f, &patch, own)
		}
	}
	out := make([]float64, 0, len(a.here))
	for i := range a.fields {
		for j := i + 1; j < n; j++ {
			if j < from {
				out = append(out, a.here[pair(i, j, n)])
				continue
			}
			p := dot(a.fields[i], a.fields[j], &g.shape, own)
			p += shifted(a.fields[i], a.fields[j], &patch, at(i), at(j)) - dot(a.fields[i], a.fields[j], &patch, own)
			out = append(out, apart(p, e[i], e[j]))
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
	last := len(a.fields) - 1
	for range 50 {
		x, y := rng.IntN(g.w-side+1), rng.IntN(g.h-side+1)
		if abs(x-px) < side && abs(y-py) < side {
			continue
		}
		dx, dy = x-px, y-py
		f := a.fields[last]
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

// shifted is dot with each frame read at its own window.
func shifted(a, b *field, s *shape, at, bt window) float64 {
	var sum float64
	for _, r := range s.runs {
		i := channels * ((at.y+r.y)*a.w + at.x + r.x)
		k := channels * ((bt.y+r.y)*b.w + bt.x + r.x)
		u, v := a.v[i:i+channels*r.n], b.v[k:k+channels*r.n]
		for j := range u {
			sum += float64(u[j] * v[j])
		}
	}
	return sum
}
