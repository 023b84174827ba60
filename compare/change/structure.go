package change

import (
	"math"

	"github.com/antequem/antequem/imagery/raster"
	"github.com/antequem/antequem/imagery/raster/vector"
)

// scales are the Gaussian widths, px, at which gradients are taken.
var scales = [2]float64{0.7, 1.4}

// replaced returns the share of structure that was replaced, in proportion to what is
// there and to what is usual in the pictures, and how little the structures of each
// place have in common: 0 for the same, 1 for nothing.
func replaced(before, after raster.Raster, valid raster.Mask, opts Options) (share, apart raster.Plane) {
	a, b := structure(before, valid, opts.Workers), structure(after, valid, opts.Workers)
	ea, eb := raster.NewPlane(valid.W, valid.H), raster.NewPlane(valid.W, valid.H)
	products(ea, a, a, 0, 0, opts)
	products(eb, b, b, 0, 0, opts)
	common := common(a, b, opts)
	usual := medianEnergy(ea, eb, valid)
	share, apart = raster.NewPlane(valid.W, valid.H), raster.NewPlane(valid.W, valid.H)
	for i, ok := range valid.Pix {
		if ok == 0 {
			continue
		}
		e := ea.Pix[i] + eb.Pix[i]
		share.Pix[i] = min(max(1.5*(e-2*common.Pix[i])/(e+2*usual), 0), 1)
		apart.Pix[i] = 1 - common.Pix[i]/float32(math.Sqrt(float64(ea.Pix[i]*eb.Pix[i])+1e-6))
	}
	return share, apart
}

// mostShift bounds the shifts that are tried, px: beyond it the pictures are not
// aligned, and forgiving more would hide change.
const mostShift = 3

// common returns what two structures have in common around each pixel, at the best of
// the shifts that are forgiven.
func common(a, b []raster.Plane, opts Options) raster.Plane {
	var best raster.Plane
	p := raster.NewPlane(a[0].W, a[0].H)
	r := min(int(math.Ceil(opts.ExpectedError)), mostShift)
	for dy := -r; dy <= r; dy++ {
		for dx := -r; dx <= r; dx++ {
			if math.Hypot(float64(dx), float64(dy)) > opts.ExpectedError+0.5 {
				continue
			}
			products(p, a, b, dx, dy, opts)
			if best.Pix == nil {
				best, p = p, raster.NewPlane(p.W, p.H)
				continue
			}
			for i, v := range p.Pix {
				best.Pix[i] = max(best.Pix[i], v)
			}
		}
	}
	return best
}

// structure returns the normalised gradient of a picture: x and y at each scale, 0
// within three pixels of what is not valid.
func structure(p raster.Raster, valid raster.Mask, workers int) []raster.Plane {
	w, h := valid.W, valid.H
	luma := filled(p.Luma(), valid)
	inner := valid.Erode(3).Pix
	every := w*h/sampled | 1
	soft := raster.NewPlane(w, h)
	var out []raster.Plane
	for _, s := range scales {
		copy(soft.Pix, luma.Pix)
		raster.BlurOver(soft, s, workers)
		gx, gy := raster.NewPlane(w, h), raster.NewPlane(w, h)
		raster.Rows(h-2, workers, func(lo, hi int) {
			for y := lo + 1; y < hi+1; y++ {
				up, row, down, ok := soft.Row(y-1), soft.Row(y), soft.Row(y+1), inner[y*w:][:w]
				dx, dy := gx.Row(y), gy.Row(y)
				for x := 1; x < w-1; x++ {
					if ok[x] != 0 {
						dx[x], dy[x] = row[x+1]-row[x-1], down[x]-up[x]
					}
				}
			}
		})
		var mags []float32
		for i := (w + every) / every * every; i < w*(h-1); i += every {
			if x := i % w; x > 0 && x < w-1 && inner[i] != 0 {
				mags = append(mags, gx.Pix[i]*gx.Pix[i]+gy.Pix[i]*gy.Pix[i])
			}
		}
		normalise(gx.Pix, gy.Pix, mags)
		out = append(out, gx, gy)
	}
	return out
}

// softness is m in units of the picture's strong gradients (the 80th percentile): from
// there on an edge counts by its direction, below by its contrast too.
const softness = 2

// normalise divides the gradient by √(|g|² + m²); mags are squared magnitudes.
func normalise(gx, gy, mags []float32) {
	if len(mags) == 0 {
		return
	}
	m2 := max(softness*softness*quantile(mags, 0.8), 1e-12)
	for i, x := range gx {
		y := gy[i]
		k := softness / float32(math.Sqrt(float64(x*x+y*y+m2)))
		gx[i], gy[i] = x*k, y*k
	}
}

// medianEnergy is the median over valid pixels of the structure of both pictures, never 0.
func medianEnergy(ea, eb raster.Plane, valid raster.Mask) float32 {
	v := sampleOf(ea, valid)
	for i, e := range sampleOf(eb, valid) {
		v[i] += e
	}
	if len(v) == 0 {
		return 1
	}
	return max(quantile(v, 0.5), 1e-6)
}

// sampled is about how many pixels a picture's quantiles are taken from.
const sampled = 30000

// sampleOf returns a plane's values at valid pixels spread evenly over it.
func sampleOf(p raster.Plane, valid raster.Mask) []float32 {
	every := len(valid.Pix)/sampled | 1
	out := make([]float32, 0, len(valid.Pix)/every+1)
	for i := 0; i < len(valid.Pix); i += every {
		if valid.Pix[i] != 0 {
			out = append(out, p.Row(i / valid.W)[i%valid.W])
		}
	}
	return out
}

// quantile returns the value of v, which must hold something, at q. It reorders v.
func quantile(v []float32, q float64) float32 {
	return raster.Nth(v, min(int(q*float64(len(v))), len(v)-1))
}

// filled copies a plane with the mean of the valid samples where there is no data.
func filled(p raster.Plane, valid raster.Mask) raster.Plane {
	out := raster.NewPlane(valid.W, valid.H)
	for y := range valid.H {
		copy(out.Row(y), p.Row(y)[:valid.W])
	}
	out.FillMean(valid)
	return out
}

// products writes to out the mean over the neighbourhood of a(x, y) · b(x+dx, y+dy),
// summed over the components.
func products(out raster.Plane, a, b []raster.Plane, dx, dy int, opts Options) {
	clear(out.Pix)
	for c := range a {
		addProduct(out, a[c], b[c], dx, dy, opts.Workers)
	}
	blur(out, opts)
}

// addProduct adds a(x, y) · b(x+dx, y+dy) to out, where both lie inside.
func addProduct(out, a, b raster.Plane, dx, dy, workers int) {
	w, h := out.W, out.H
	if max(dx, -dx) >= w {
		return
	}
	from, to := max(0, -dx), min(w, w-dx)
	raster.Rows(h, workers, func(lo, hi int) {
		for y := max(lo, -dy); y < min(hi, h-dy); y++ {
			vector.AddProduct(out.Row(y)[from:to], a.Row(y)[from:], b.Row(y + dy)[from+dx:])
		}
	})
}

// blur takes means over the neighbourhood.
func blur(p raster.Plane, opts Options) { raster.BlurOver(p, opts.Neighbourhood, opts.Workers) }
