package timeline

import (
	"cmp"
	"image"
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster/vector"
)

// A window is the region's shape laid with its corner at (x, y) of the grid.
type window struct{ x, y int }

// covered returns the share of the window's pixels that f holds data for.
func (f *field) covered(s *shape, at window) float64 { return f.share(f.valid, s, at) }

// clouded returns the share of the window's pixels that cloud hides in f.
func (f *field) clouded(s *shape, at window) float64 {
	if f.cloud == nil {
		return 0
	}
	return f.share(f.cloud, s, at)
}

// share returns how much of a window is marked 1, 0 to 1.
func (f *field) share(marks []uint8, s *shape, at window) float64 {
	n := 0
	for _, r := range s.runs {
		for _, v := range marks[(at.y+r.y)*f.w+at.x+r.x:][:r.n] {
			n += int(v)
		}
	}
	return float64(n) / float64(s.area)
}

// energy returns the mean squared structure of a window: near 0 where it is blank,
// 2 where every pixel lies on a strong edge.
func (f *field) energy(s *shape, at window) float64 {
	var sum float64
	for _, r := range s.runs {
		row := f.edges.v[channels*((at.y+r.y)*f.w+at.x+r.x):][:channels*r.n]
		sum += float64(vector.Dot(row, row))
	}
	return sum / float64(s.area)
}

const (
	candidates = 2500 // windows looked at for controls, about
	mostHidden = 0.02 // share of a control's pixels that cloud hides, or that hold no data
)

// controls returns windows of the region's shape elsewhere, where every frame has
// data, whose amount of structure is most like the region's, at most n of them.
// None touches the region, nor a margin around it that the same change may reach.
func controls(fs []*field, g *grid, n int) []window {
	s := &g.shape
	step := max(2, min(s.w, s.h)/5, int(math.Sqrt(float64(g.w*g.h)/candidates)))
	margin := max(4, min(s.w, s.h)/4)
	type candidate struct {
		at  window
		off float64
	}
	level := func(at window) float64 {
		least := math.Inf(1)
		for _, f := range fs {
			least = min(least, f.energy(&g.rows, at))
		}
		return math.Log(least + 1e-3)
	}
	here := level(window{g.rx, g.ry})
	var all []candidate
	for y := g.ry % step; y+s.h <= g.h; y += step {
		for x := g.rx % step; x+s.w <= g.w; x += step {
			if image.Rect(x, y, x+s.w, y+s.h).Overlaps(g.kept.Inset(-margin)) {
				continue
			}
			at := window{x, y}
			if slices.ContainsFunc(fs, func(f *field) bool { return f.covered(s, at) < 1-mostHidden || f.clouded(s, at) > mostHidden }) {
				continue
			}
			all = append(all, candidate{at, math.Abs(level(at) - here)})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.off, b.off) })
	all = all[:max(len(all)/2, min(len(all), n))]
	out := make([]window, 0, n)
	for i := range min(n, len(all)) {
		out = append(out, all[i*len(all)/min(n, len(all))].at)
	}
	return out
}

// placebos is how many controls are shown beside the region.
const placebos = 3

// nearest returns the n controls nearest to the region that don't overlap.
func (a *analysis) nearest(n int) []compare.Placebo {
	g := &a.grid
	order := make([]int, len(a.controls))
	for i := range order {
		order[i] = i
	}
	far := func(i int) int {
		dx, dy := a.controls[i].x-g.rx, a.controls[i].y-g.ry
		return dx*dx + dy*dy
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(far(i), far(j)) })
	var out []compare.Placebo
	for _, i := range order {
		dx, dy := a.controls[i].x-g.rx, a.controls[i].y-g.ry
		if len(out) == n {
			break
		}
		if slices.ContainsFunc(out, func(p compare.Placebo) bool { return abs(p.DX-dx) < g.shape.w && abs(p.DY-dy) < g.shape.h }) {
			continue
		}
		s := a.structure.controls[i].find(a.gauge, a.splits).score
		out = append(out, compare.Placebo{DX: dx, DY: dy, Statistic: s, PValue: a.structure.null.p(s)})
	}
	return out
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}
