package timeline

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// A window is the region's shape laid with its corner at (x, y) of the grid.
type window struct{ x, y int }

// covered returns the share of the window's pixels that f holds data for.
func (f *field) covered(s *shape, at window) float64 {
	n := 0
	for _, r := range s.runs {
		for _, v := range f.valid[(at.y+r.y)*f.w+at.x+r.x:][:r.n] {
			n += int(v)
		}
	}
	return float64(n) / float64(s.area)
}

// energy returns the mean squared structure of a window: near 0 where it is blank,
// 2 where every pixel lies on a strong edge.
func (f *field) energy(s *shape, at window) float64 {
	return dot(f, f, s, at) / float64(s.area)
}

// dot sums the products of two frames' structure over a window.
func dot(a, b *field, s *shape, at window) float64 {
	var sum float64
	for _, r := range s.runs {
		i := channels * ((at.y+r.y)*a.w + at.x + r.x)
		u := a.v[i : i+channels*r.n]
		v := b.v[i : i+channels*r.n]
		var p, q, t, o float32
		for j := 0; j+3 < len(u) && j+3 < len(v); j += 4 {
			p += u[j] * v[j]
			q += u[j+1] * v[j+1]
			t += u[j+2] * v[j+2]
			o += u[j+3] * v[j+3]
		}
		sum += float64(p) + float64(q) + float64(t) + float64(o)
	}
	return sum
}

// dissimilarities returns, for the frames of fs two by two (0,1), (0,2), … (1,2) …,
// one minus the correlation of their structure in a window: 0 alike, 1 unrelated.
func dissimilarities(fs []*field, s *shape, at window) []float64 {
	e := make([]float64, len(fs))
	for i, f := range fs {
		e[i] = dot(f, f, s, at)
	}
	out := make([]float64, 0, len(fs)*(len(fs)-1)/2)
	for i := range fs {
		for j := i + 1; j < len(fs); j++ {
			out = append(out, apart(dot(fs[i], fs[j], s, at), e[i], e[j]))
		}
	}
	return out
}

func apart(product, ea, eb float64) float64 {
	n := math.Sqrt(ea * eb)
	if n < 1e-9 {
		return 1
	}
	return 1 - product/n
}

// controls returns windows of the region's shape elsewhere, where every frame has
// data, whose amount of structure is most like the region's, at most n of them.
// None touches the region or a margin around it that the same change may reach.
func controls(fs []*field, g *grid, n int) []window {
	s := &g.shape
	step := max(2, min(s.w, s.h)/5, int(math.Sqrt(float64(g.w*g.h)/2500)))
	margin := max(4, min(s.w, s.h)/4)
	type candidate struct {
		at  window
		off float64
	}
	level := func(at window) float64 {
		var sum float64
		for _, f := range fs {
			sum += f.energy(s, at)
		}
		return math.Log(sum/float64(len(fs)) + 1e-3)
	}
	here := level(window{g.rx, g.ry})
	var all []candidate
	for y := g.ry % step; y+s.h <= g.h; y += step {
		for x := g.rx % step; x+s.w <= g.w; x += step {
			if abs(x-g.rx) < s.w+margin && abs(y-g.ry) < s.h+margin {
				continue
			}
			at := window{x, y}
			if slices.ContainsFunc(fs, func(f *field) bool { return f.covered(s, at) < 0.98 }) {
				continue
			}
			all = append(all, candidate{at, math.Abs(level(at) - here)})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		switch {
		case a.off < b.off:
			return -1
		case a.off > b.off:
			return 1
		}
		return 0
	})
	if len(all) > n {
		all = all[:n]
	}
	out := make([]window, len(all))
	for i, c := range all {
		out[i] = c.at
	}
	return out
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}

// each calls do for 0 to n-1, on several goroutines; what do writes must depend on
// its argument alone.
func each(workers, n int, do func(i int)) {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, n)
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}
