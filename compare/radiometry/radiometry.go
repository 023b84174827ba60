// Package radiometry brings the tones of the moving picture, already laid over the
// reference grid, to those of the reference: a straight line for each band, found
// from the pixels that did not change.
//
// It serves people's eyes. What is measured elsewhere compares structure, which
// light does not touch.
package radiometry

import (
	"math"
	"slices"

	"github.com/antequem/antequem/imagery/raster"
)

// fewest is the number of shared pixels below which no line is fitted.
const fewest = 64

// A Line maps a tone of the moving picture to one of the reference.
type Line struct{ Gain, Offset float64 }

// Apply returns mov with the line of each band applied. The mask is kept.
func Apply(mov raster.Raster, lines []Line) raster.Raster {
	out := raster.Raster{Valid: mov.Valid, Bands: make([]raster.Plane, len(mov.Bands))}
	for b, p := range mov.Bands {
		q := raster.NewPlane(p.W, p.H)
		k, c := float32(lines[b].Gain), float32(lines[b].Offset)
		for i, v := range p.Pix {
			q.Pix[i] = k*v + c
		}
		out.Bands[b] = q
	}
	return out
}

// Fit returns for each band of mov the line that the unchanged majority of shared
// pixels agrees on, found by orthogonal regression reweighted by fit (after Canty &
// Nielsen 2008, Remote Sens. Environ. 112(3) 1025, band by band). Pictures with
// different numbers of bands are matched by brightness. Where no line can be fitted
// it is that of tones as they are.
func Fit(ref, mov raster.Raster) []Line {
	lines := make([]Line, len(mov.Bands))
	same := len(ref.Bands) == len(mov.Bands)
	for b := range lines {
		lines[b] = Line{Gain: 1}
		if len(ref.Bands) == 0 {
			continue
		}
		r, m := ref.Bands[min(b, len(ref.Bands)-1)], mov.Bands[b]
		if !same {
			if b > 0 {
				lines[b] = lines[0]
				continue
			}
			r, m = ref.Luma(), mov.Luma()
		}
		x, y := samples(m, r, mov.Valid, ref.Valid)
		if l, ok := fit(x, y); ok {
			lines[b] = l
		}
	}
	return lines
}

// sampled is about how many pixels a line is fitted to.
const sampled = 16_000

// samples returns the tones of pixels that both pictures hold, on a lattice.
func samples(m, r raster.Plane, mv, rv raster.Mask) (x, y []float64) {
	w, h := min(m.W, r.W), min(m.H, r.H)
	step := max(1, int(math.Sqrt(float64(w*h)/sampled)))
	for j := step / 2; j < h; j += step {
		for i := step / 2; i < w; i += step {
			if mv.Valid(i, j) && rv.Valid(i, j) {
				x, y = append(x, float64(m.At(i, j))), append(y, float64(r.At(i, j)))
			}
		}
	}
	return x, y
}

const (
	rounds  = 12             // of reweighting at most
	settled = 1e-4           // step of slope and shift, of tones scaled to unit spread, that moves no tone of 8 bits by one
	least   = 1e-6           // covariance below which tones run against each other, or not at all
	tukey   = 4.685 * 1.4826 // times the median distance: the reach of Tukey's biweight at 95 % efficiency
)

// fit starts from matching medians and spreads, then reweights an orthogonal
// regression, on tones scaled to unit spread, by each pixel's distance from the line.
// x and y are overwritten.
func fit(x, y []float64) (Line, bool) {
	mx, sx := middle(x)
	my, sy := middle(y)
	if len(x) < fewest || sx < 1e-9 || sy < 1e-9 {
		return Line{}, false
	}
	for i := range x {
		x[i], y[i] = (x[i]-mx)/sx, (y[i]-my)/sy
	}
	slope, shift := 1.0, 0.0 // of y against x
	dist, order := make([]float64, len(x)), make([]float64, len(x))
	for range rounds {
		c := 1 / math.Sqrt(1+slope*slope)
		for i, u := range x {
			dist[i] = math.Abs(y[i]-slope*u-shift) * c
		}
		copy(order, dist)
		reach := max(tukey*raster.Nth(order, len(order)/2), 1e-6)
		newSlope, newShift, ok := regress(x, y, dist, reach)
		if !ok {
			break // keep what there is, the medians' line at first
		}
		step := max(math.Abs(newSlope-slope), math.Abs(newShift-shift))
		slope, shift = newSlope, newShift
		if step < settled {
			break
		}
	}
	gain := slope * sy / sx
	return Line{Gain: gain, Offset: my + shift*sy - gain*mx}, true
}

// regress fits a line orthogonally to the points, each weighted by its distance from
// the last one: 1 on it, 0 from reach on.
func regress(x, y, dist []float64, reach float64) (slope, shift float64, ok bool) {
	var w, su, sv, suu, svv, suv float64
	for i, u := range x {
		t := dist[i] / reach
		if t >= 1 {
			continue
		}
		k, v := (1-t*t)*(1-t*t), y[i]
		w += k
		su, sv = su+k*u, sv+k*v
		suu, svv, suv = suu+k*u*u, svv+k*v*v, suv+k*u*v
	}
	mu, mv := su/w, sv/w
	cuu, cvv, cuv := suu/w-mu*mu, svv/w-mv*mv, suv/w-mu*mv
	if cuv <= least {
		return 0, 0, false
	}
	slope = (cvv - cuu + math.Sqrt((cvv-cuu)*(cvv-cuu)+4*cuv*cuv)) / (2 * cuv)
	slope = min(max(slope, 0.2), 5)
	return slope, mv - slope*mu, true
}

// middle returns the median and half the width of the middle half of v.
func middle(v []float64) (float64, float64) {
	n := len(v)
	if n == 0 {
		return 0, 0
	}
	s := slices.Clone(v)
	upper, median := raster.Nth(s, n*3/4), raster.Nth(s, n/2)
	return median, (upper - raster.Nth(s, n/4)) / 2
}
