package raster

import (
	"math"
	"sync"
)

// GaussianKernel returns the taps of a Gaussian of standard deviation sigma px,
// summing to 1, from the centre (index 0) outwards; the kernel is symmetric and
// reaches three sigma.
func GaussianKernel(sigma float64) []float32 {
	r := int(math.Ceil(3 * sigma))
	taps, sum := make([]float64, r+1), 0.0
	for i := range taps {
		taps[i] = 1
		if sigma > 0 {
			taps[i] = math.Exp(-float64(i*i) / (2 * sigma * sigma))
		}
		sum += taps[i]
		if i > 0 {
			sum += taps[i]
		}
	}
	out := make([]float32, len(taps))
	for i, t := range taps {
		out[i] = float32(t / sum)
	}
	return out
}

// Blur returns p convolved with a Gaussian of standard deviation sigma px. At
// the border, and beside pixels that valid rules out, only the samples that
// hold data count, so nothing leaks in; a pixel without data keeps 0.
func Blur(p Plane, valid Mask, sigma float64, workers int) Plane {
	k := GaussianKernel(sigma)
	if valid.Pix == nil {
		out := convolve(p, k, workers)
		edges(out, k)
		return out
	}
	weighted, weight := NewPlane(p.W, p.H), NewPlane(p.W, p.H)
	for i, v := range valid.Pix {
		if v != 0 {
			weighted.Pix[i], weight.Pix[i] = p.Pix[i], 1
		}
	}
	weighted, weight = convolve(weighted, k, workers), convolve(weight, k, workers)
	for i, v := range valid.Pix {
		if v != 0 {
			weighted.Pix[i] /= weight.Pix[i]
		} else {
			weighted.Pix[i] = 0
		}
	}
	return weighted
}

// edges divides each sample by the share of the kernel that lay inside.
func edges(p Plane, k []float32) {
	wx, wy := shares(p.W, k), shares(p.H, k)
	r := min(len(k)-1, p.W)
	for y := range p.H {
		row, sy := p.Row(y), wy[y]
		if sy != 1 {
			for x := range row {
				row[x] /= sy * wx[x]
			}
			continue
		}
		for x := range row[:r] {
			row[x] /= wx[x]
		}
		for x := max(p.W-r, r); x < p.W; x++ {
			row[x] /= wx[x]
		}
	}
}

func shares(n int, k []float32) []float32 {
	out := make([]float32, n)
	for i := range out {
		if i >= len(k)-1 && i+len(k)-1 < n {
			out[i] = 1
			continue
		}
		for d, t := range k {
			if i-d >= 0 {
				out[i] += t
			}
			if d > 0 && i+d < n {
				out[i] += t
			}
		}
	}
	return out
}

// convolve applies the symmetric kernel k along rows and columns, zero outside.
func convolve(p Plane, k []float32, workers int) Plane {
	mid, out := passing(p.W, p.H), NewPlane(p.W, p.H)
	defer passed.Put(&mid.Pix)
	r := len(k) - 1
	Rows(p.H, workers, func(lo, hi int) {
		padded := make([]float32, p.W+2*r)
		for y := lo; y < hi; y++ {
			copy(padded[r:], p.Row(y))
			taps(mid.Row(y), k, func(d int) []float32 { return padded[r+d:] })
		}
	})
	Rows(p.H, workers, func(lo, hi int) {
		none := make([]float32, p.W)
		for y := lo; y < hi; y++ {
			taps(out.Row(y), k, func(d int) []float32 {
				if y+d < 0 || y+d >= p.H {
					return none
				}
				return mid.Row(y + d)
			})
		}
	})
	return out
}

// passed holds the samples of planes that lived for one call.
var passed sync.Pool

// passing returns a plane of any samples, for one call.
func passing(w, h int) Plane {
	if pix, ok := passed.Get().(*[]float32); ok && cap(*pix) >= w*h {
		return Plane{W: w, H: h, Pix: (*pix)[:w*h]}
	}
	return NewPlane(w, h)
}

// taps fills dst with the sum of the rows at(-len(k)+1) to at(len(k)-1), each at least
// as long, weighted by k, which is symmetric and begins with the middle: that first,
// then pairs outwards. Three pairs a pass keep the sums in registers.
func taps(dst, k []float32, at func(d int) []float32) {
	for x, v := range at(0)[:len(dst)] {
		dst[x] = k[0] * v
	}
	j := 1
	for ; j+2 < len(k); j += 3 {
		a, b := at(-j)[:len(dst)], at(j)[:len(dst)]
		c, d := at(-j - 1)[:len(dst)], at(j + 1)[:len(dst)]
		e, f := at(-j - 2)[:len(dst)], at(j + 2)[:len(dst)]
		p, q, r := k[j], k[j+1], k[j+2]
		for x, v := range dst {
			dst[x] = v + p*(a[x]+b[x]) + q*(c[x]+d[x]) + r*(e[x]+f[x])
		}
	}
	for ; j < len(k); j++ {
		a, b, p := at(-j)[:len(dst)], at(j)[:len(dst)], k[j]
		for x, v := range dst {
			dst[x] = v + p*(a[x]+b[x])
		}
	}
}
