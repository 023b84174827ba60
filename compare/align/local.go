package align

import (
	"math"

	"github.com/antequem/antequem/compare"
)

// A shape is a global map with, perhaps, a local field on top.
type shape struct {
	m     matrix
	field *compare.Field
}

// Map returns where the reference position (x, y) lies in the moving image.
func (s shape) Map(x, y float64) (float64, float64) {
	if s.field != nil {
		dx, dy := s.field.At(x, y)
		x, y = x+dx, y+dy
	}
	return s.m.Map(x, y)
}

const (
	folds     = 4    // of the tie points; each is held back once
	fewTies   = 40   // trusted tie points below which no field is tried
	mustSave  = 0.8  // a field must bring the held-back residual below this share of the global map's
	leastSave = 0.04 // and by this many px at least
)

// local adds a smooth field to f where held-back tie points say that one is
// there. It returns the shape, and the root mean square by which the held-back
// points miss it, in each direction, reference px; nil where there is none.
func (p *pair) local(f fitted, t *tracker, links []link) (*compare.Field, float64) {
	if f.support < fewTies {
		return nil, 0
	}
	s := shape{m: f.m}
	inv, ok := f.m.inverse()
	if !ok {
		return nil, 0
	}
	var miss float64
	for round := range 3 {
		if round > 0 {
			links = t.links(t.track(s, reach, 1), s)
		}
		bumps := p.bumps(links, inv, t)
		before := missed(bumps, nil)
		step := max(40, math.Sqrt(p.ref.area/(0.8*float64(len(bumps)))), float64(max(p.ref.w, p.ref.h))/22)
		next := newField(p.ref.w, p.ref.h, step)
		stiff, after := choose(next, bumps)
		if round == 0 && !(after < mustSave*before && after < before-leastSave) {
			return nil, 0
		}
		miss = after
		bend(next, bumps, stiff, -1)
		s.field = next
	}
	return s.field, miss
}

// bumps returns what each link asks of a field on top of the map that inv undoes.
func (p *pair) bumps(links []link, inv matrix, t *tracker) []bump {
	out := make([]bump, 0, len(links))
	for _, l := range links {
		x, y := inv.Map(l.u, l.v)
		if math.IsNaN(x + y) {
			continue
		}
		fold := (int(l.x/float64(p.ref.w)*6) + 2*int(l.y/float64(p.ref.h)*6)) % folds
		out = append(out, bump{x: l.x, y: l.y, dx: x - l.x, dy: y - l.y, weight: l.weight, trust: 1, fold: fold})
	}
	trustNeighbours(out, float64(int(1)<<t.level))
	return out
}

// trustNeighbours sets each bump's trust by how well it agrees with the median
// of those around it: relief is smooth, a mismatch is alone.
func trustNeighbours(bumps []bump, unit float64) {
	const near = 9
	type other struct{ d, dx, dy float64 }
	for i := range bumps {
		b := &bumps[i]
		var around [near]other
		n := 0
		for j := range bumps {
			if j == i {
				continue
			}
			o := other{(bumps[j].x-b.x)*(bumps[j].x-b.x) + (bumps[j].y-b.y)*(bumps[j].y-b.y), bumps[j].dx, bumps[j].dy}
			k := n
			if n < near {
				n++
			} else if k = near - 1; around[k].d <= o.d {
				continue
			}
			for ; k > 0 && around[k-1].d > o.d; k-- {
				around[k] = around[k-1]
			}
			around[k] = o
		}
		var xs, ys [near]float64
		for k := range n {
			xs[k], ys[k] = around[k].dx, around[k].dy
		}
		r := math.Hypot(b.dx-median(xs[:n]), b.dy-median(ys[:n])) / (1.2 * unit)
		b.trust = 1 / (1 + r*r*r*r)
	}
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	for i := 1; i < len(v); i++ {
		for j := i; j > 0 && v[j] < v[j-1]; j-- {
			v[j], v[j-1] = v[j-1], v[j]
		}
	}
	return (v[len(v)/2] + v[(len(v)-1)/2]) / 2
}

// choose returns the stiffness under which held-back bumps are missed least,
// and by how much.
func choose(f *compare.Field, bumps []bump) (stiff, miss float64) {
	miss = math.Inf(1)
	for _, s := range [...]float64{0.03, 0.3, 3, 30} {
		var square, weight float64
		for fold := range folds {
			bend(f, bumps, s, fold)
			for _, b := range bumps {
				if b.fold == fold {
					dx, dy := f.At(b.x, b.y)
					w := b.weight * b.trust
					square += w * ((b.dx-dx)*(b.dx-dx) + (b.dy-dy)*(b.dy-dy))
					weight += 2 * w
				}
			}
		}
		if m := math.Sqrt(square / max(weight, 1e-9)); m < miss {
			stiff, miss = s, m
		}
	}
	return stiff, miss
}

// missed returns the root mean square, in each direction, of the bumps less f.
func missed(bumps []bump, f *compare.Field) float64 {
	var square, weight float64
	for _, b := range bumps {
		var dx, dy float64
		if f != nil {
			dx, dy = f.At(b.x, b.y)
		}
		w := b.weight * b.trust
		square += w * ((b.dx-dx)*(b.dx-dx) + (b.dy-dy)*(b.dy-dy))
		weight += 2 * w
	}
	return math.Sqrt(square / max(weight, 1e-9))
}
