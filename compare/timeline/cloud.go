package timeline

import (
	"math"
	"slices"
)

// cell is the side, px, of the squares in which cloud is sought.
const cell = 4

// mostTint is how far from grey cloud is at most; sand, soil and most roofs go beyond.
const mostTint = 0.15

// A sheet holds one number, or one mark, for each cell of the grid.
type sheet struct {
	w, h int
	v    []float64
}

// clouds marks, frame by frame, the pixels that cloud, glare or thick haze hides: grey, as
// bright as the brightest places of the frame, brighter by far than any other frame
// shows that place, and without the structure that they show there. What two
// frames show alike is never cloud.
func clouds(fs []*field) [][]uint8 {
	out := make([][]uint8, len(fs))
	if len(fs) < 2 {
		return out
	}
	tone, texture, tint := make([]sheet, len(fs)), make([]sheet, len(fs)), make([]sheet, len(fs))
	bright := make([]float64, len(fs))
	for i, f := range fs {
		tone[i], texture[i], tint[i] = f.sheets()
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
			if v-light > 0.5 && texture[i].v[c] < 0.2*plain+0.01 && tint[i].v[c] < mostTint {
				marks.v[c] = 1
			}
		}
		out[i] = f.grown(&marks)
		f.hard = f.edged(&marks)
	}
	return out
}

// spills says that the cloud over a window is but a small part of what hides the
// frame: what is bright and bare in the region and little else may be the region's own
// doing.
func (f *field) spills(s *shape, at window) bool {
	all := 0
	for _, v := range f.cloud {
		all += int(v)
	}
	return float64(all) >= 6*f.clouded(s, at)*float64(s.area)
}

// sheets returns, per cell, brightness in units of the frame's own contrast about its
// median, the energy of structure, and how far from grey; NaN where there is no data.
func (f *field) sheets() (tone, texture, tint sheet) {
	w, h := (f.w+cell-1)/cell, (f.h+cell-1)/cell
	tone, texture, tint = sheet{w, h, make([]float64, w*h)}, sheet{w, h, make([]float64, w*h)}, sheet{w, h, make([]float64, w*h)}
	for cy := range h {
		for cx := range w {
			var sum, energy, pure float64
			n := 0
			for y := cy * cell; y < min(cy*cell+cell, f.h); y++ {
				for x := cx * cell; x < min(cx*cell+cell, f.w); x++ {
					i := y*f.w + x
					if f.valid[i] == 0 {
						continue
					}
					n++
					sum += float64(f.luma[i])
					if f.tint != nil {
						pure += float64(f.tint[i])
					}
					for _, v := range f.edges.v[channels*i : channels*i+channels] {
						energy += float64(v) * float64(v)
					}
				}
			}
			k := 1 / float64(n)
			tone.v[cy*w+cx], texture.v[cy*w+cx], tint.v[cy*w+cx] = k*sum, k*energy, k*pure
			if n == 0 {
				tone.v[cy*w+cx], texture.v[cy*w+cx], tint.v[cy*w+cx] = math.NaN(), math.NaN(), math.NaN()
			}
		}
	}
	s := tone.known()
	if len(s) == 0 {
		return tone, texture, tint
	}
	low, mid, high := quantile(s, 0.1), quantile(s, 0.5), quantile(s, 0.9)
	for i := range tone.v {
		tone.v[i] = (tone.v[i] - mid) / max(high-low, 1e-9)
	}
	return tone, texture, tint
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

// grown returns the marked cells as pixels, grown by two cells: a cloud's edge is soft.
func (f *field) grown(marks *sheet) []uint8 {
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

// reach is how far beyond a mark its edge is sought, px.
const reach = 16

// A drop of brightness is an edge where this share of it falls within three pixels;
// of a cloud's soft rim, seen at any usual scale, no more than a third does.
const atOnce = 0.6

// edged says that the marks end in edges, as a roof does and a cloud doesn't: on four
// fifths of the lines that lead out of them.
func (f *field) edged(marks *sheet) bool {
	n, hard := 0, 0
	for c, v := range marks.v {
		if v == 0 || marks.lonely(c) {
			continue
		}
		cx, cy := c%marks.w, c/marks.w
		for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			x, y := cx+d[0], cy+d[1]
			if x < 0 || y < 0 || x >= marks.w || y >= marks.h || marks.v[y*marks.w+x] != 0 {
				continue
			}
			if share, ok := f.drop(cx*cell+cell/2, cy*cell+cell/2, d); ok {
				n++
				if share >= atOnce {
					hard++
				}
			}
		}
	}
	return n > 0 && 5*hard >= 4*n
}

// drop returns the largest share of the fall of brightness along a line that three
// pixels of it hold; false where the line leaves the grid or nothing falls.
func (f *field) drop(x, y int, d [2]int) (share float64, ok bool) {
	var line [reach + 1]float32
	for k := range line {
		px, py := x+k*d[0], y+k*d[1]
		if px < 0 || py < 0 || px >= f.w || py >= f.h || f.seen[py*f.w+px] == 0 {
			return 0, false
		}
		line[k] = f.luma[py*f.w+px]
	}
	whole, most := line[0]-slices.Min(line[:]), float32(0)
	for k := range reach - 2 {
		most = max(most, line[k]-line[k+3])
	}
	if whole <= 0 {
		return 0, false
	}
	return float64(most / whole), true
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
