package timeline

import (
	"math"
	"slices"
)

// cell is the side, px, of the squares in which cloud is sought.
const cell = 4

// A sheet holds one number, or one mark, for each cell of the grid.
type sheet struct {
	w, h int
	v    []float64
}

// clouds marks, frame by frame, the pixels that cloud, glare or thick haze hides: as
// bright as the brightest places of the frame, brighter by far than any other frame
// shows that place, and without the structure that they show there. What two
// frames show alike is never cloud.
func clouds(fs []*field) [][]uint8 {
	out := make([][]uint8, len(fs))
	if len(fs) < 2 {
		return out
	}
	tone, texture := make([]sheet, len(fs)), make([]sheet, len(fs))
	bright := make([]float64, len(fs))
	for i, f := range fs {
		tone[i], texture[i] = f.sheets()
		bright[i] = f.level(&tone[i])
	}
	for i, f := range fs {
		marks := sheet{tone[i].w, tone[i].h, make([]float64, len(tone[i].v))}
		for c, v := range tone[i].v {
			if v < bright[i] {
				continue
			}
			light, plain := math.Inf(-1), math.Inf(1) // the brightest and the plainest of the others
			for j := range fs {
				if j != i && !math.IsNaN(tone[j].v[c]) {
					light, plain = max(light, tone[j].v[c]), min(plain, texture[j].v[c])
				}
			}
			if v-light > 0.5 && texture[i].v[c] < 0.5*plain+0.02 {
				marks.v[c] = 1
			}
		}
		out[i] = f.spread(&marks)
	}
	return out
}

// sheets returns, per cell, brightness in units of the frame's own contrast about its
// median, and the energy of structure; NaN where there is no data.
func (f *field) sheets() (tone, texture sheet) {
	w, h := (f.w+cell-1)/cell, (f.h+cell-1)/cell
	tone, texture = sheet{w, h, make([]float64, w*h)}, sheet{w, h, make([]float64, w*h)}
	for cy := range h {
		for cx := range w {
			var sum, energy float64
			n := 0
			for y := cy * cell; y < min(cy*cell+cell, f.h); y++ {
				for x := cx * cell; x < min(cx*cell+cell, f.w); x++ {
					i := y*f.w + x
					if f.valid[i] == 0 {
						continue
					}
					n++
					sum += float64(f.luma[i])
					for _, v := range f.edges.v[channels*i : channels*i+channels] {
						energy += float64(v) * float64(v)
					}
				}
			}
			tone.v[cy*w+cx], texture.v[cy*w+cx] = sum/float64(n), energy/float64(n) // NaN for none
		}
	}
	s := tone.known()
	if len(s) == 0 {
		return tone, texture
	}
	low, mid, high := quantile(s, 0.1), quantile(s, 0.5), quantile(s, 0.9)
	for i := range tone.v {
		tone.v[i] = (tone.v[i] - mid) / max(high-low, 1e-9)
	}
	return tone, texture
}

// known returns the cells that hold data, sorted.
func (s *sheet) known() []float64 {
	var out []float64
	for _, v := range s.v {
		if !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

// level is how bright a cell must be to count among the frame's brightest.
func (f *field) level(tone *sheet) float64 {
	s := tone.known()
	if len(s) == 0 {
		return math.Inf(1)
	}
	top, mid := quantile(s, 0.98), quantile(s, 0.5)
	return mid + 0.7*(top-mid)
}

// spread returns the marked cells as pixels, grown by two cells: a cloud's edge is soft.
func (f *field) spread(marks *sheet) []uint8 {
	const grow = 2
	var out []uint8
	for c, v := range marks.v {
		if v == 0 || marks.lonely(c) {
			continue
		}
		if out == nil {
			out = make([]uint8, f.w*f.h)
		}
		cx, cy := c%marks.w, c/marks.w
		for y := max(0, (cy-grow)*cell); y < min(f.h, (cy+grow+1)*cell); y++ {
			for x := max(0, (cx-grow)*cell); x < min(f.w, (cx+grow+1)*cell); x++ {
				out[y*f.w+x] = 1
			}
		}
	}
	return out
}

// lonely says that fewer than half of the cell's neighbours are marked: a new roof of
// a few pixels rather than a cloud.
func (s *sheet) lonely(c int) bool {
	n, all := 0, 0
	for y := max(0, c/s.w-1); y <= min(s.h-1, c/s.w+1); y++ {
		for x := max(0, c%s.w-1); x <= min(s.w-1, c%s.w+1); x++ {
			all++
			if s.v[y*s.w+x] != 0 {
				n++
			}
		}
	}
	return 2*n < all
}
