package change

import (
	"math"
	"slices"

	"github.com/antequem/antequem/imagery/raster"
)

// scales are the Gaussian widths, px, at which gradients are taken.
var scales = [2]float64{1, 2}

// structure returns the normalised gradient of a picture: x and y at each scale, 0
// within three pixels of what is not valid.
func structure(p raster.Raster, valid raster.Mask, workers int) []raster.Plane {
	w, h := valid.W, valid.H
	luma := filled(p.Luma(), valid)
	inner := inside(valid, 3)
	every := w*h/sampled | 1
	var out []raster.Plane
	for _, s := range scales {
		soft := gaussian(luma, s, workers)
		gx, gy := raster.NewPlane(w, h), raster.NewPlane(w, h)
		var mags []float32
		for y := 1; y < h-1; y++ {
			for x := 1; x < w-1; x++ {
				i := y*w + x
				if inner[i] == 0 {
					continue
				}
				gx.Pix[i], gy.Pix[i] = soft.Pix[i+1]-soft.Pix[i-1], soft.Pix[i+w]-soft.Pix[i-w]
				if i%every == 0 {
					mags = append(mags, gx.Pix[i]*gx.Pix[i]+gy.Pix[i]*gy.Pix[i])
				}
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
	m2 := max(softness*softness*raster.Nth(mags, len(mags)*4/5), 1e-12)
	for i, x := range gx {
		y := gy[i]
		k := softness / float32(math.Sqrt(float64(x*x+y*y+m2)))
		gx[i], gy[i] = x*k, y*k
	}
}

// middling is the median over valid pixels of the structure of both pictures, never 0.
func middling(ea, eb raster.Plane, valid raster.Mask) float32 {
	var v []float32
	for i := 0; i < len(ea.Pix); i += len(ea.Pix)/sampled | 1 {
		if valid.Pix[i] != 0 {
			v = append(v, ea.Pix[i]+eb.Pix[i])
		}
	}
	if len(v) == 0 {
		return 1
	}
	return max(raster.Nth(v, len(v)/2), 1e-6)
}

// sampled is about how many pixels a picture's quantiles are taken from.
const sampled = 30000

// filled copies a plane with the mean of the valid samples where there is no data.
func filled(p raster.Plane, valid raster.Mask) raster.Plane {
	out := raster.NewPlane(valid.W, valid.H)
	var sum float64
	n := 0
	for y := range valid.H {
		copy(out.Row(y), p.Row(y)[:valid.W])
		for x, v := range out.Row(y) {
			if valid.Pix[y*valid.W+x] != 0 {
				sum += float64(v)
				n++
			}
		}
	}
	if n == 0 || n == len(out.Pix) {
		return out
	}
	for i, ok := range valid.Pix {
		if ok == 0 {
			out.Pix[i] = float32(sum / float64(n))
		}
	}
	return out
}

// inside keeps the valid pixels whose neighbours up to r away, along rows and
// columns, are valid too.
func inside(valid raster.Mask, r int) []uint8 {
	w, h := valid.W, valid.H
	rows, out := make([]uint8, w*h), make([]uint8, w*h)
	for y := range h {
		for x := range w {
			rows[y*w+x] = slices.Min(valid.Pix[y*w+max(x-r, 0) : y*w+min(x+r+1, w)])
		}
	}
	for y := range h {
		for x := range w {
			ok := uint8(1)
			for k := max(y-r, 0); k <= min(y+r, h-1); k++ {
				ok = min(ok, rows[k*w+x])
			}
			out[y*w+x] = ok
		}
	}
	return out
}

// energy is the blurred squared structure.
func energy(a []raster.Plane, opts Options) raster.Plane { return blur(product(a, a, 0, 0), opts) }

// product sums, over the components, a(x, y) · b(x+dx, y+dy).
func product(a, b []raster.Plane, dx, dy int) raster.Plane {
	w, h := a[0].W, a[0].H
	out := raster.NewPlane(w, h)
	from, to := max(0, -dx), min(w, w-dx)
	for c := range a {
		for y := max(0, -dy); y < min(h, h-dy); y++ {
			u, v, o := a[c].Row(y), b[c].Row(y+dy), out.Row(y)
			for x := from; x < to; x++ {
				o[x] += u[x] * v[x+dx]
			}
		}
	}
	return out
}

func blur(p raster.Plane, opts Options) raster.Plane {
	return gaussian(p, opts.Neighbourhood, opts.Workers)
}

// gaussian blurs by a Gaussian of width sigma px; the border is held.
func gaussian(p raster.Plane, sigma float64, workers int) raster.Plane {
	k := kernel(sigma)
	mid, out := raster.NewPlane(p.W, p.H), raster.NewPlane(p.W, p.H)
	r := len(k) - 1
	raster.Rows(p.H, workers, func(lo, hi int) {
		row := make([]float32, p.W+2*r)
		for y := lo; y < hi; y++ {
			src := p.Row(y)
			copy(row[r:], src)
			for i := range r {
				row[i], row[r+p.W+i] = src[0], src[p.W-1]
			}
			taps(mid.Row(y), k, func(d int) []float32 { return row[r+d:] })
		}
	})
	raster.Rows(p.H, workers, func(lo, hi int) {
		for y := lo; y < hi; y++ {
			taps(out.Row(y), k, func(d int) []float32 { return mid.Row(min(max(y+d, 0), p.H-1)) })
		}
	})
	return out
}

// taps fills dst with the rows at -len(k)+1 to len(k)-1, weighted by k: the middle
// one first, then pairs outwards, three pairs at a time.
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

// kernel is half a Gaussian out to three widths, its whole summing to 1.
func kernel(sigma float64) []float32 {
	k := make([]float64, int(math.Ceil(3*sigma))+1)
	sum := 0.0
	for i := range k {
		k[i] = math.Exp(-0.5 * float64(i*i) / (sigma * sigma))
		sum += k[i]
		if i > 0 {
			sum += k[i]
		}
	}
	out := make([]float32, len(k))
	for i, v := range k {
		out[i] = float32(v / sum)
	}
	return out
}
