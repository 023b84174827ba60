package timeline

import (
	"math"
	"slices"

	"github.com/antequem/antequem/imagery/raster"
	"github.com/antequem/antequem/imagery/raster/vector"
)

// channels is how many numbers a field holds for each pixel: the two components of
// the gradient at each scale.
const channels = 4

// scales are the Gaussian widths, px, at which structure is seen. The finer is wide
// enough that the usual differences of sharpness (up to 0.9 px) and what is left of
// misalignment (some tenths of a pixel) change little.
var scales = [2]float64{1.0, 2.0}

// planes holds some numbers for each pixel of the grid, side by side.
type planes struct {
	w int
	v []float32 // channels * w * h
}

// A field is one frame on the grid, zero where there is no data.
type field struct {
	w, h       int
	edges      planes    // structure: softly normalised gradients
	tones      planes    // ranks of brightness in up to three bands, -0.5 to 0.5
	valid      []uint8   // 1 where the pixel and its neighbours within 3 px hold data
	seen       []uint8   // 1 where the pixel holds data; nil once clouds are found, as the next two
	luma       []float32 // brightness as given
	saturation []float32 // 0 grey to 1 pure; nil where there are fewer than three bands
	cloud      []uint8   // 1 where cloud hides the ground; nil for none
	hard       bool      // what looks like cloud has hard edges
}

// newField takes the structure and the tones of a frame's picture inside g.
func newField(p raster.Raster, g grid) *field {
	part := p.Crop(g.x0, g.y0, g.w, g.h)
	if part.Valid.Pix == nil {
		part.Valid = raster.Full(g.w, g.h)
	}
	f := &field{w: g.w, h: g.h, seen: part.Valid.Pix, valid: part.Valid.Erode(3).Pix, saturation: saturation(part)}
	luma := raster.Plane{W: g.w, H: g.h, Pix: slices.Clone(part.Luma().Pix)}
	luma.FillMean(part.Valid)
	f.luma = luma.Pix
	f.edges = planes{g.w, make([]float32, channels*g.w*g.h)}
	for k, sigma := range scales {
		f.gradients(smooth(luma, sigma), 2*k)
	}
	f.rankTones(part)
	return f
}

// rankTones writes the tones: each of the first three bands, lightly smoothed, by its rank
// among the frame's own pixels, 0 darkest to 1 brightest, less a half. Ranks stay what
// they are under any light, exposure and contrast that treat all places alike.
func (f *field) rankTones(part raster.Raster) {
	const width = 1.5 // of the smoothing, px
	f.tones = planes{f.w, make([]float32, channels*f.w*f.h)}
	known := make([]float32, 0, sampled+f.w)
	for b, band := range part.Bands[:min(3, len(part.Bands))] {
		band.FillMean(part.Valid)
		soft := smooth(band, width).Pix
		known = known[:0]
		for i := 0; i < len(soft); i += f.w*f.h/sampled | 1 {
			if f.valid[i] != 0 {
				known = append(known, soft[i])
			}
		}
		if len(known) == 0 {
			return
		}
		ranks := raster.NewRanks(known)
		for i, ok := range f.valid {
			if ok != 0 {
				f.tones.v[channels*i+b] = ranks.Of(soft[i]) - 0.5
			}
		}
	}
}

// sampled is about how many pixels a frame's quantiles are taken from.
const sampled = 30000

// saturation returns that of each pixel's first three bands, as HSV has it: 0 grey, 1
// pure. It returns nil where there are fewer bands.
func saturation(p raster.Raster) []float32 {
	if len(p.Bands) < 3 {
		return nil
	}
	red, green, blue := p.Bands[0].Pix, p.Bands[1].Pix, p.Bands[2].Pix
	out := make([]float32, len(red))
	for i := range out {
		high, low := max(red[i], green[i], blue[i]), min(red[i], green[i], blue[i])
		if high > 0 {
			out[i] = (high - low) / high
		}
	}
	return out
}

// softness is m in units of the frame's strong gradients (the 80th percentile): from
// there on an edge counts by its direction, below by its contrast too.
const softness = 2

// gradients writes channels c and c+1 from the smoothed picture: central
// differences divided by √(|g|² + m²), so that light and contrast count for little,
// the brightest edge for no more than a plain one, and noise for next to nothing.
func (f *field) gradients(smoothed raster.Plane, c int) {
	w, h, s := f.w, f.h, smoothed.Pix
	mags := make([]float32, 0, sampled+w)
	every := w*h/sampled | 1
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			i := y*w + x
			if f.valid[i] == 0 {
				continue
			}
			gx, gy := s[i+1]-s[i-1], s[i+w]-s[i-w]
			f.edges.v[channels*i+c], f.edges.v[channels*i+c+1] = gx, gy
			if i%every == 0 {
				mags = append(mags, gx*gx+gy*gy)
			}
		}
	}
	if len(mags) == 0 {
		return
	}
	m2 := max(softness*softness*raster.Nth(mags, len(mags)*4/5), 1e-12)
	for i := range f.valid {
		gx, gy := f.edges.v[channels*i+c], f.edges.v[channels*i+c+1]
		k := softness / float32(math.Sqrt(float64(gx*gx+gy*gy+m2)))
		f.edges.v[channels*i+c], f.edges.v[channels*i+c+1] = gx*k, gy*k
	}
}

// smooth returns p blurred by a Gaussian of width sigma px, its border samples repeated
// beyond the border, where [raster.Blur] counts nothing.
func smooth(p raster.Plane, sigma float64) raster.Plane {
	taps := gaussian(sigma)
	r := len(taps) - 1
	mid, out := raster.NewPlane(p.W, p.H+2*r), raster.NewPlane(p.W, p.H)
	row := make([]float32, p.W+2*r)
	for y := range p.H {
		copy(row[r:], p.Row(y))
		for i := range r {
			row[i], row[p.W+r+i] = row[r], row[p.W+r-1]
		}
		vector.Filter(mid.Row(r+y), row, r, 1, taps)
	}
	for i := range r {
		copy(mid.Row(i), mid.Row(r))
		copy(mid.Row(r+p.H+i), mid.Row(r+p.H-1))
	}
	for y := range p.H {
		vector.Filter(out.Row(y), mid.Pix, (r+y)*p.W, p.W, taps)
	}
	return out
}

// gaussian is [raster.GaussianKernel] reckoned in 32 bits: some taps differ in the last.
func gaussian(sigma float64) []float32 {
	taps := make([]float32, int(math.Ceil(3*sigma))+1)
	sum := float32(0)
	for i := range taps {
		taps[i] = float32(math.Exp(-0.5 * float64(i*i) / (sigma * sigma)))
		sum += taps[i]
		if i > 0 {
			sum += taps[i]
		}
	}
	for i := range taps {
		taps[i] /= sum
	}
	return taps
}
