package change

import (
	"math"

	"github.com/antequem/antequem/imagery/raster"
)

// The constants of the structural similarity: the squares of 0.01 and 0.03 of a range of
// five standard deviations, in the middle of which the mean lies, and the window.
const (
	levelSoftness    = 0.0025
	contrastSoftness = 0.0225
	middle           = 2.5
	window           = 2 // Gaussian width, px
)

const (
	plain = 0.05 // variance that is next to none, in that of the picture
	wider = 4    // neighbourhoods that contrast is taken over: it tells kinds of ground apart, not edges
)

// dissimilarity returns one less the structural similarity of the tones around each
// pixel (Wang et al. 2004, IEEE Trans. Image Process. 13(4) 600), 0 for the same; and by
// how much of itself the contrast around it changed, as the absolute difference of the
// logarithms of the variances.
func dissimilarity(before, after raster.Raster, valid raster.Mask, opts Options) (unlike, contrast raster.Plane) {
	p, q := standardised(before.Luma(), valid), standardised(after.Luma(), valid)
	mean := func(a, b raster.Plane) raster.Plane {
		out := raster.NewPlane(a.W, a.H)
		addProduct(out, a, b, 0, 0, opts.Workers)
		raster.BlurOver(out, window, opts.Workers)
		return out
	}
	pp, qq, pq := mean(p, p), mean(q, q), mean(p, q)
	raster.BlurOver(p, window, opts.Workers)
	raster.BlurOver(q, window, opts.Workers)
	unlike, contrast = raster.NewPlane(valid.W, valid.H), raster.NewPlane(valid.W, valid.H)
	raster.Rows(valid.H, opts.Workers, func(lo, hi int) {
		for i := lo * valid.W; i < hi*valid.W; i++ {
			if valid.Pix[i] == 0 {
				continue
			}
			u, v := p.Pix[i], q.Pix[i]
			vu, vv := max(pp.Pix[i]-u*u, 0), max(qq.Pix[i]-v*v, 0)
			contrast.Pix[i] = ln((max(vu, vv) + plain) / (min(vu, vv) + plain))
			pattern := (2*(pq.Pix[i]-u*v) + contrastSoftness) / (vu + vv + contrastSoftness)
			u, v = u+middle, v+middle
			unlike.Pix[i] = 1 - pattern*(2*u*v+levelSoftness)/(u*u+v*v+levelSoftness)
		}
	})
	blur(unlike, opts)
	opts.Neighbourhood *= wider
	blur(contrast, opts)
	return unlike, contrast
}

// changeVector returns the length of the difference of the bands, each in its picture's
// standard deviations (change vector analysis, Malila 1980).
func changeVector(before, after raster.Raster, valid raster.Mask, opts Options) raster.Plane {
	a, b := before.Bands, after.Bands
	if len(a) != len(b) {
		a, b = []raster.Plane{before.Luma()}, []raster.Plane{after.Luma()}
	}
	out := raster.NewPlane(valid.W, valid.H)
	for k := range a {
		p, q := spreadOf(a[k], valid), spreadOf(b[k], valid)
		raster.Rows(valid.H, opts.Workers, func(lo, hi int) {
			for y := lo; y < hi; y++ {
				ok, dst, u, v := valid.Pix[y*valid.W:][:valid.W], out.Row(y), a[k].Row(y), b[k].Row(y)
				for x := range dst {
					if ok[x] != 0 {
						d := p.of(u[x]) - q.of(v[x])
						dst[x] += d * d
					}
				}
			}
		})
	}
	for i, v := range out.Pix {
		out.Pix[i] = float32(math.Sqrt(float64(v)))
	}
	blur(out, opts)
	return out
}

// A spread is how the valid samples of a plane are distributed.
type spread struct{ mean, perDeviation float32 }

func spreadOf(p raster.Plane, valid raster.Mask) spread {
	var sum, squares, n float64
	for _, v := range sampleOf(p, valid) {
		sum, squares, n = sum+float64(v), squares+float64(v)*float64(v), n+1
	}
	if n == 0 {
		return spread{}
	}
	mean := sum / n
	return spread{float32(mean), float32(1 / math.Sqrt(max(squares/n-mean*mean, 1e-9)))}
}

// of returns v in standard deviations from the mean.
func (s spread) of(v float32) float32 { return s.perDeviation * (v - s.mean) }

// standardised returns a plane with mean 0 and deviation 1 where there is data, 0 elsewhere.
func standardised(p raster.Plane, valid raster.Mask) raster.Plane {
	s, out := spreadOf(p, valid), raster.NewPlane(valid.W, valid.H)
	for y := range valid.H {
		src, dst := p.Row(y), out.Row(y)
		for x := range dst {
			if valid.Pix[y*valid.W+x] != 0 {
				dst[x] = s.of(src[x])
			}
		}
	}
	return out
}
