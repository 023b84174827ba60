package align

import (
	"slices"

	"github.com/antequem/antequem/imagery/raster"
)

// A view is a picture made ready: a pyramid of brightness with its mask, and for
// each level the gradient that counts as strong.
type view struct {
	w, h   int
	levels []raster.Raster // one band each
	soft   []float32       // median gradient magnitude of each level, in brightness per px; 0 if blank
}

// coarsest is the longer side, px, below which no level is made.
const coarsest = 48

func newView(r raster.Raster, workers int) *view {
	w, h := r.Size()
	grey := raster.Raster{Bands: []raster.Plane{r.Luma()}, Valid: r.Valid}
	v := &view{w: w, h: h, levels: raster.Pyramid(grey, coarsest, workers)}
	v.soft = make([]float32, len(v.levels))
	raster.Rows(len(v.levels), workers, func(lo, hi int) {
		for l := lo; l < hi; l++ {
			v.soft[l] = softness(v.levels[l])
		}
	})
	return v
}

func (v *view) blank() bool { return v.soft[0] == 0 || v.soft[len(v.soft)-1] == 0 }

// plane and mask return brightness and valid mask of a level.
func (v *view) plane(level int) raster.Plane { return v.levels[level].Bands[0] }
func (v *view) mask(level int) raster.Mask   { return v.levels[level].Valid }

// softness returns the median gradient magnitude over patches spread evenly over
// the picture, or a twentieth of its root mean square where the picture is
// mostly flat.
func softness(r raster.Raster) float32 {
	const side, across = 48, 8
	p := r.Bands[0]
	n := min(side, p.W, p.H)
	s := newStructurer(n)
	var mags []float32
	var square float64
	steps := func(length int) int { return min(across, max(1, length/n)) }
	nx, ny := steps(p.W), steps(p.H)
	for j := range ny {
		for i := range nx {
			x0, y0 := i*(p.W-n)/max(nx-1, 1), j*(p.H-n)/max(ny-1, 1)
			s.cut(r, x0, y0)
			s.gradient()
			for k, ok := range s.valid {
				if ok {
					m := s.gx[k]*s.gx[k] + s.gy[k]*s.gy[k]
					mags, square = append(mags, m), square+float64(m)
				}
			}
		}
	}
	if len(mags) == 0 {
		return 0
	}
	slices.Sort(mags)
	return sqrt32(max(mags[len(mags)/2], float32(square/float64(len(mags)))/400))
}
