package exposure

import (
	"math"

	"github.com/antequem/antequem/imagery/raster"
	"github.com/antequem/antequem/imagery/raster/vector"
)

// A patch is the fine detail of one window and of the reach around it.
type patch struct {
	full   bool // the picture has data all over the window, its reach and the filter's
	plane  raster.Plane
	spread []moments // of the window at each shift within reach, row by row
	energy float64   // variance of the detail in the window itself
}

// filter returns the detail of p in every window of the set.
func (s *Set) filter(p Picture) []patch {
	w, _ := p.Raster.Size()
	if w == 0 || p.Scale > coarsest {
		return nil
	}
	kernels, n := s.kernels(), s.side()+2*s.margin()
	out := make([]patch, len(s.corners))
	for k, c := range s.corners {
		if !p.Raster.Valid.Filled(c[0], c[1], c[0]+n, c[1]+n) {
			continue
		}
		square := p.Raster.Crop(c[0], c[1], n, n).Luma()
		fine := convolve(square, kernels[0], len(kernels[1])-len(kernels[0]))
		coarse := convolve(square, kernels[1], 0)
		for i := range fine.Pix {
			fine.Pix[i] -= coarse.Pix[i]
		}
		spread := spreads(fine, s.side())
		out[k] = patch{full: true, plane: fine, spread: spread, energy: spread[len(spread)/2].variance}
	}
	return out
}

// convolve applies the symmetric kernel k along rows and columns and keeps what
// lies len(k)-1+skip px inside.
func convolve(p raster.Plane, k []float32, skip int) raster.Plane {
	r := len(k) - 1
	n := p.W - 2*(r+skip)
	mid, out := raster.NewPlane(n, p.H), raster.NewPlane(n, n)
	for y := range p.H {
		vector.Filter(mid.Row(y), p.Row(y), r+skip, 1, k)
	}
	for y := range n {
		vector.Filter(out.Row(y), mid.Pix, (y+r+skip)*n, n, k)
	}
	return out
}

// moments are the mean and the variance of a window.
type moments struct{ mean, variance float64 }

// spreads returns the moments of every n × n window of p, row by row.
func spreads(p raster.Plane, n int) []moments {
	var out []moments
	m := float64(n * n)
	sums, squares := make([]float64, p.W), make([]float64, p.W) // of n pixels, down each column
	for y := range p.H - n + 1 {
		clear(sums)
		clear(squares)
		for j := y; j < y+n; j++ {
			for x, v := range p.Row(j) {
				sums[x] += float64(v)
				squares[x] += float64(v) * float64(v)
			}
		}
		for x := range p.W - n + 1 {
			var sum, square float64
			for i := x; i < x+n; i++ {
				sum, square = sum+sums[i], square+squares[i]
			}
			mean := sum / m
			out = append(out, moments{mean, max(square/m-mean*mean, 0)})
		}
	}
	return out
}

// correlate returns the largest normalised correlation of a's window with b's,
// shifted by up to the reach. Detail so faint that rounding made it counts as 0.
func (s *Set) correlate(a, b patch) float64 {
	n, r := s.side(), s.reach()
	here := a.spread[len(a.spread)/2]
	best := -1.0
	for dy := range 2*r + 1 {
		for dx := range 2*r + 1 {
			there := b.spread[dy*(2*r+1)+dx]
			spread := here.variance * there.variance
			if spread < 1e-12 {
				continue
			}
			var sum float64
			for j := range n {
				sum += float64(vector.Dot(a.plane.Row(r + j)[r:r+n], b.plane.Row(dy + j)[dx:dx+n]))
			}
			best = max(best, (sum/float64(n*n)-here.mean*there.mean)/math.Sqrt(spread))
		}
	}
	return best
}
