package raster

import (
	"math"
	"sync"

	"github.com/antequem/antequem/imagery/raster/vector"
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
		out := NewPlane(p.W, p.H)
		convolve(out, p, k, workers)
		edges(out, k)
		return out
	}
	weighted, weight := NewPlane(p.W, p.H), NewPlane(p.W, p.H)
	for i, v := range valid.Pix {
		if v != 0 {
			weighted.Pix[i], weight.Pix[i] = p.Pix[i], 1
		}
	}
	convolve(weighted, weighted, k, workers)
	convolve(weight, weight, k, workers)
	for i, v := range valid.Pix {
		if v != 0 {
			weighted.Pix[i] /= weight.Pix[i]
		} else {
			weighted.Pix[i] = 0
		}
	}
	return weighted
}

// BlurOver writes [Blur] of a plane that holds data all over in its place.
func BlurOver(p Plane, sigma float64, workers int) {
	k := GaussianKernel(sigma)
	convolve(p, p, k, workers)
	edges(p, k)
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

// convolve writes p, filtered by the symmetric kernel k along rows and columns, zero
// outside, to out, which may be p.
func convolve(out, p Plane, k []float32, workers int) {
	r := len(k) - 1
	mid := passing(p.W, p.H+2*r) // with r rows of zeros above and below
	defer passed.Put(&mid.Pix)
	clear(mid.Pix[:r*p.W])
	clear(mid.Pix[(r+p.H)*p.W:])
	Rows(p.H, workers, func(lo, hi int) {
		padded := make([]float32, p.W+2*r)
		for y := lo; y < hi; y++ {
			copy(padded[r:], p.Row(y))
			vector.Filter(mid.Row(y+r), padded, r, 1, k)
		}
	})
	Rows(p.H, workers, func(lo, hi int) {
		for y := lo; y < hi; y++ {
			vector.Filter(out.Row(y), mid.Pix, (y+r)*p.W, p.W, k)
		}
	})
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
