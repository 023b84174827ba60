package align

import (
	"math"

	"github.com/antequem/antequem/imagery/raster"
)

// A view is a picture made ready: a pyramid of brightness with its mask, and for
// each level the gradient that counts as strong.
type view struct {
	w, h   int
	levels []raster.Raster // one band each
	area   float64         // pixels of level 0 that hold data
	sheets []*sheet        // structure of each level, once asked for
	veil   []raster.Plane  // share of each pixel of a level that is free of a pattern; nil where there is none
	soft   []float32       // median gradient magnitude of each level, in brightness per px; 0 if blank
}

// coarsest is the longer side, px, below which no level is made.
const coarsest = 48

func newView(r raster.Raster, workers int) *view {
	w, h := r.Size()
	luma := r.Luma()
	grey := raster.Raster{Bands: []raster.Plane{luma}, Valid: withoutFlatBorder(luma, r.Valid)}
	if grey.Valid.Share() == 1 {
		grey.Valid.Pix = nil
	} else {
		grey.Bands[0] = filled(luma, grey.Valid)
	}
	v := &view{w: w, h: h, levels: raster.Pyramid(grey, coarsest, workers)}
	v.area = grey.Valid.Share() * float64(w*h)
	v.soft, v.sheets = make([]float32, len(v.levels)), make([]*sheet, len(v.levels))
	raster.Rows(len(v.levels), workers, func(lo, hi int) {
		for l := lo; l < hi; l++ {
			v.soft[l] = softness(v.levels[l])
		}
	})
	for l := 1; l < len(v.soft); l++ {
		if v.soft[l] == 0 { // a level too small to hold a patch
			v.soft[l] = v.soft[l-1]
		}
	}
	return v
}

// veiled keeps what marked hides, of level 0, from having any structure.
func (v *view) veiled(marked raster.Mask, workers int) {
	if marked.Pix == nil {
		return
	}
	free := raster.NewPlane(v.w, v.h)
	for i, hidden := range marked.Pix {
		if hidden == 0 {
			free.Pix[i] = 1
		}
	}
	for _, r := range raster.Pyramid(raster.Raster{Bands: []raster.Plane{free}}, coarsest, workers) {
		v.veil = append(v.veil, r.Bands[0])
	}
}

// cut loads the patch of a level whose top left pixel is (x0, y0) into s.
func (v *view) cut(s *structurer, level, x0, y0 int) {
	s.cut(v.levels[level], x0, y0)
	if v.veil != nil {
		s.veil, s.x0, s.y0 = v.veil[level], x0, y0
	}
}

func (v *view) blank() bool { return v.soft[0] == 0 }

// plane and mask return brightness and valid mask of a level.
func (v *view) plane(level int) raster.Plane { return v.levels[level].Bands[0] }
func (v *view) mask(level int) raster.Mask   { return v.levels[level].Valid }

// softness returns the gradient magnitude that counts as strong in r: the median
// over patches spread evenly over the picture, or, where much of it is flat, the
// larger part of what its liveliest patches have.
func softness(r raster.Raster) float32 {
	const side, across, every = 48, 8, 5 // px, patches, pixels of which one is looked at
	p := r.Bands[0]
	n := min(side, p.W, p.H)
	s := newStructurer(n)
	var all, medians []float32
	steps := func(length int) int { return min(across, max(1, length/n)) }
	nx, ny := steps(p.W), steps(p.H)
	for j := range ny {
		for i := range nx {
			s.cut(r, spread(i, nx, p.W-n), spread(j, ny, p.H-n))
			s.gradient()
			first := len(all)
			for k := 0; k < n*n; k += every {
				if s.whole || s.valid[k] {
					all = append(all, s.gx[k]*s.gx[k]+s.gy[k]*s.gy[k])
				}
			}
			if patch := all[first:]; len(patch) > n*n/(8*every) {
				medians = append(medians, raster.Nth(patch, len(patch)/2))
			}
		}
	}
	if len(medians) == 0 {
		return 0
	}
	return max(sqrt32(raster.Nth(all, len(all)/2)), 0.6*sqrt32(raster.Nth(medians, len(medians)*9/10)))
}

// filled returns p with the mean of what is valid where nothing is, so that no
// tap of an interpolation can carry nodata in, whatever it holds.
func filled(p raster.Plane, m raster.Mask) raster.Plane {
	var sum, n float64
	for i, v := range m.Pix {
		if v != 0 {
			sum, n = sum+float64(p.Pix[i]), n+1
		}
	}
	out := raster.NewPlane(p.W, p.H)
	mean := float32(sum / max(n, 1))
	for i, v := range m.Pix {
		out.Pix[i] = mean
		if v != 0 {
			out.Pix[i] = p.Pix[i]
		}
	}
	return out
}

// places returns the top left pixels of windows of side n that hold data, spread
// evenly over a level, step px apart or further where that would make more than
// most of them.
func (v *view) places(level, n, step, most int) [][2]int {
	plane, mask := v.plane(level), v.mask(level)
	nx, ny := (plane.W-n)/step+1, (plane.H-n)/step+1
	for {
		var out [][2]int
		for i := range nx * ny {
			x0, y0 := spread(i%nx, nx, plane.W-n), spread(i/nx, ny, plane.H-n)
			if heldShare(mask, x0, y0, n) >= leastHeld {
				out = append(out, [2]int{x0, y0})
			}
		}
		if len(out) <= most {
			return out
		}
		k := math.Sqrt(float64(most) / float64(len(out)))
		nx, ny = max(1, min(int(float64(nx)*k), nx-1)), max(1, min(int(float64(ny)*k), ny-1))
	}
}

// heldShare returns the share of a window that holds data, from one pixel in 16.
func heldShare(m raster.Mask, x0, y0, n int) float64 {
	if m.Pix == nil {
		return 1
	}
	held, all := 0, 0
	for y := y0 + 2; y < y0+n; y += 4 {
		for x := x0 + 2; x < x0+n; x += 4 {
			all++
			if m.Valid(x, y) {
				held++
			}
		}
	}
	return float64(held) / float64(all)
}
