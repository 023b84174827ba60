package change

import (
	"math"

	"github.com/antequem/antequem/imagery/raster"
)

// The constants of the index: squares of 0.01 and 0.03 of a range of five standard
// deviations, in the middle of which the mean lies.
const (
	levelSoftness    = 0.0025
	contrastSoftness = 0.0225
	middle           = 2.5
)

// unlike returns how little the tones of each place resemble one another: one less
// their structural similarity (Wang et al. 2004, IEEE Trans. Image Process. 13(4)
// 600), in a Gaussian window of 2 px.
func unlike(before, after raster.Raster, valid raster.Mask, opts Options) raster.Plane {
	p, q := standard(before.Luma(), valid), standard(after.Luma(), valid)
	mean := func(a, b raster.Plane) raster.Plane {
		return raster.Blur(product([]raster.Plane{a}, []raster.Plane{b}, 0, 0, opts.Workers), raster.Mask{}, 2, opts.Workers)
	}
	mp, mq := raster.Blur(p, raster.Mask{}, 2, opts.Workers), raster.Blur(q, raster.Mask{}, 2, opts.Workers)
	pp, qq, pq := mean(p, p), mean(q, q), mean(p, q)
	out := raster.NewPlane(valid.W, valid.H)
	for i, ok := range valid.Pix {
		if ok == 0 {
			continue
		}
		u, v := mp.Pix[i], mq.Pix[i]
		pattern := (2*(pq.Pix[i]-u*v) + contrastSoftness) / (pp.Pix[i] - u*u + qq.Pix[i] - v*v + contrastSoftness)
		u, v = u+middle, v+middle
		out.Pix[i] = 1 - pattern*(2*u*v+levelSoftness)/(u*u+v*v+levelSoftness)
	}
	return blur(out, opts)
}

// retoned returns how far the tones moved: the length of the difference of the bands,
// each in its picture's standard deviations (change vector analysis, Malila 1980).
func retoned(before, after raster.Raster, valid raster.Mask, opts Options) raster.Plane {
	a, b := before.Bands, after.Bands
	if len(a) != len(b) {
		a, b = []raster.Plane{before.Luma()}, []raster.Plane{after.Luma()}
	}
	out := raster.NewPlane(valid.W, valid.H)
	for k := range a {
		p, q := standard(a[k], valid), standard(b[k], valid)
		for i, v := range p.Pix {
			out.Pix[i] += (v - q.Pix[i]) * (v - q.Pix[i])
		}
	}
	for i, v := range out.Pix {
		out.Pix[i] = float32(math.Sqrt(float64(v)))
	}
	return blur(out, opts)
}

// standard returns a plane with mean 0 and deviation 1 where there is data, 0 elsewhere.
func standard(p raster.Plane, valid raster.Mask) raster.Plane {
	var sum, squares, n float64
	for _, v := range sampleOf(p, valid) {
		sum, squares, n = sum+float64(v), squares+float64(v)*float64(v), n+1
	}
	out := raster.NewPlane(valid.W, valid.H)
	if n == 0 {
		return out
	}
	mean := sum / n
	k := float32(1 / math.Sqrt(max(squares/n-mean*mean, 1e-9)))
	for y := range valid.H {
		src, dst := p.Row(y), out.Row(y)
		for x := range dst {
			if valid.Pix[y*valid.W+x] != 0 {
				dst[x] = k * (src[x] - float32(mean))
			}
		}
	}
	return out
}
