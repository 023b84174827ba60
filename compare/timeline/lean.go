package timeline

import (
	"math"

	"github.com/antequem/antequem/imagery/raster/vector"
)

// mostLean is how far, px, a region may lie aside in later frames: a roof seen from two
// sides does, by its height times the difference of the tangents of the angles, while
// the ground around it lies where it lay.
const mostLean = 6

// leans returns how far to the right and down a part's later frames show what the earlier ones do, px;
// ok is false where a change stands out even if the later frames are read there.
func (a *analysis) leans(p part) (dx, dy int, ok bool) {
	g := &a.grid
	home := window{g.rx, g.ry}
	var old []float32 // sum of the earlier frames
	var late []planes
	for i, f := range p.frames {
		if p.found.split[i] {
			late = append(late, a.fields[f].edges)
			continue
		}
		shown := a.fields[f].edges.take(&g.rows, home)
		if old == nil {
			old = make([]float32, len(shown))
		}
		vector.Add(old, shown)
	}
	best, at := math.Inf(-1), home
	for y := max(0, g.ry-mostLean); y <= min(g.h-g.shape.h, g.ry+mostLean); y++ {
		for x := max(0, g.rx-mostLean); x <= min(g.w-g.shape.w, g.rx+mostLean); x++ {
			var product, energy float64
			for _, f := range late {
				shown := f.take(&g.rows, window{x, y})
				product += float64(vector.Dot(old, shown))
				energy += float64(vector.Dot(shown, shown))
			}
			if v := product / math.Sqrt(energy+least); v > best {
				best, at = v, window{x, y}
			}
		}
	}
	if at == home {
		return 0, 0, false
	}
	m := a.readAside(p, at)
	return at.x - g.rx, at.y - g.ry, !a.seen(m.find(a.usual, a.splitsOf(p.frames)), p.null)
}

// readAside is the measure of a part whose later frames are read at another window.
func (a *analysis) readAside(p part, late window) measure {
	g, n := &a.grid, len(p.frames)
	m := measure{energy: make([]float64, n), product: make([]float64, n*(n-1)/2)}
	shown := make([][]float32, n)
	for i, f := range p.frames {
		at := window{g.rx, g.ry}
		if p.found.split[i] {
			at = late
		}
		shown[i] = a.fields[f].edges.take(&g.rows, at)
	}
	k := 1 / float64(g.rows.area)
	for i := range n {
		m.energy[i] = k * float64(vector.Dot(shown[i], shown[i]))
		for j := i + 1; j < n; j++ {
			m.product[pair(i, j, n)] = k * float64(vector.Dot(shown[i], shown[j]))
		}
	}
	return m
}
