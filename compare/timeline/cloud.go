package timeline

import (
	"math"
	"slices"
)

// cell is the side, px, of the squares in which cloud is sought.
const cell = 4

// What cloud is, cell by cell. Brightness is in units of the frame's own contrast, from
// its 10th to its 90th percentile.
const (
	brightest      = 0.7  // as bright as this share of the way from the frame's median to its 98th percentile
	outshining     = 0.5  // brighter by more than this than any other frame shows the place
	mostTexture    = 0.2  // less structure than this share of what the plainest other frame shows there
	leastTexture   = 0.01 // structure that counts as none
	mostSaturation = 0.15 // 0 grey to 1; sand, soil and most roofs go beyond
)

// A sheet holds one number, or one mark, for each cell of the grid.
type sheet struct {
	w, h int
	v    []float64
}

func newSheet(w, h int) sheet { return sheet{w, h, make([]float64, w*h)} }

// findClouds marks what cloud hides in the fields, nil for frames without one, and lets
// go of what is needed for that alone.
func findClouds(all []*field) {
	fs := slices.DeleteFunc(slices.Clone(all), func(f *field) bool { return f == nil })
	for i, c := range clouds(fs) {
		fs[i].cloud = c
		fs[i].luma, fs[i].saturation, fs[i].seen = nil, nil, nil
	}
}

// clouds marks, frame by frame, the pixels that cloud, glare or thick haze hides: grey, as
// bright as the brightest places of the frame, brighter by far than any other frame
// shows that place, and without the structure that they show there; or so bright that
// it has structure of its own, and ends softly.
func clouds(fs []*field) [][]uint8 {
	out := make([][]uint8, len(fs))
	if len(fs) < 2 {
		return out
	}
	seen := make([]survey, len(fs))
	for i, f := range fs {
		seen[i] = f.survey()
	}
	for i, f := range fs {
		marks := newSheet(seen[i].tone.w, seen[i].tone.h)
		for c := range marks.v {
			if covers(seen, i, c) {
				marks.v[c] = 1
			}
		}
		f.markGlare(&marks, seen, i)
		out[i] = f.grown(&marks)
		f.hard = f.edged(&marks)
	}
	return out
}

// covers says that cloud covers cell c of frame i.
func covers(seen []survey, i, c int) bool {
	s := &seen[i]
	if s.tone.v[c] < s.bright {
		return false
	}
	light, plain := math.Inf(-1), math.Inf(1) // the brightest and the plainest of the others
	for j := range seen {
		if o := &seen[j]; j != i && !math.IsNaN(o.tone.v[c]) {
			light, plain = max(light, o.tone.v[c]), min(plain, o.texture.v[c])
		}
	}
	return s.tone.v[c]-light > outshining && s.texture.v[c] < mostTexture*plain+leastTexture && s.saturation.v[c] < mostSaturation
}

// spills says that the cloud over a window is a sixth at most of what hides the frame:
// what is bright and bare in the region and little else may be the region's own doing.
func (f *field) spills(s *shape, at window) bool {
	all := 0
	for _, v := range f.cloud {
		all += int(v)
	}
	return float64(all) >= 6*f.clouded(s, at)*float64(s.area)
}

// A survey is what a frame shows by cells, NaN where there is no data.
type survey struct {
	tone       sheet // brightness about the frame's median, in units of its contrast
	texture    sheet // energy of structure
	saturation sheet
	bright     float64 // tone from which a cell counts among the frame's brightest
}

func (f *field) survey() survey {
	w, h := (f.w+cell-1)/cell, (f.h+cell-1)/cell
	s := survey{newSheet(w, h), newSheet(w, h), newSheet(w, h), math.Inf(1)}
	for cy := range h {
		for cx := range w {
			c := cy*w + cx
			s.tone.v[c], s.texture.v[c], s.saturation.v[c] = f.means(cx, cy)
		}
	}
	known := s.tone.known()
	if len(known) == 0 {
		return s
	}
	low, mid, high := quantile(known, 0.1), quantile(known, 0.5), quantile(known, 0.9)
	for c := range s.tone.v {
		s.tone.v[c] = (s.tone.v[c] - mid) / max(high-low, 1e-9)
	}
	known = s.tone.known()
	top, mid := quantile(known, 0.98), quantile(known, 0.5)
	s.bright = mid + brightest*(top-mid)
	return s
}

// means returns what a cell's pixels show on average; NaN where none holds data.
func (f *field) means(cx, cy int) (luma, energy, saturation float64) {
	n := 0
	for y := cy * cell; y < min(cy*cell+cell, f.h); y++ {
		for x := cx * cell; x < min(cx*cell+cell, f.w); x++ {
			i := y*f.w + x
			if f.valid[i] == 0 {
				continue
			}
			n++
			luma += float64(f.luma[i])
			if f.saturation != nil {
				saturation += float64(f.saturation[i])
			}
			for _, v := range f.edges.v[channels*i : channels*i+channels] {
				energy += float64(v) * float64(v)
			}
		}
	}
	k := 1 / float64(n) // infinite for none, and times 0 NaN
	return k * luma, k * energy, k * saturation
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
	n, hard := f.rim(marks)
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
