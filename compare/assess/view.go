package assess

import (
	"image"
	"math"
	"slices"

	"github.com/antequem/antequem/imagery/raster"
)

// view returns r as 8-bit colour for people, its own copy with bounds at (0, 0).
// Samples between 0 and 255 are shown as they are; others are stretched from
// their 1st to their 99th percentile, all bands alike. Nodata is transparent.
func view(r raster.Raster) *image.NRGBA {
	w, h := r.Size()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if w == 0 || h == 0 {
		return out
	}
	red, green, blue := shown(r.Bands)
	lo, scale := stretch(r)
	tone := func(v float32) uint8 { return uint8(min(max((v-lo)*scale, 0), 255) + 0.5) }
	for i := range red.Pix {
		if r.Valid.Pix != nil && r.Valid.Pix[i] == 0 {
			continue
		}
		p := out.Pix[4*i : 4*i+4 : 4*i+4]
		p[0], p[1], p[2], p[3] = tone(red.Pix[i]), tone(green.Pix[i]), tone(blue.Pix[i]), 255
	}
	return out
}

// shown picks the bands for red, green and blue: the first three, or grey.
func shown(bands []raster.Plane) (red, green, blue raster.Plane) {
	if len(bands) < 3 {
		return bands[0], bands[0], bands[0]
	}
	return bands[0], bands[1], bands[2]
}

// stretch returns the tone that becomes black, and how many steps of 255 a unit is.
func stretch(r raster.Raster) (lo, scale float32) {
	const most = 100_000 // samples looked at; a regular grid of them will do
	inRange := true
	var seen []float32
	for _, b := range r.Bands[:min(len(r.Bands), 3)] {
		step := max(len(b.Pix)*3/most, 1)
		for i, v := range b.Pix {
			if r.Valid.Pix != nil && r.Valid.Pix[i] == 0 {
				continue
			}
			// resampling overshoots by a few tones at hard edges
			inRange = inRange && v > -40 && v < 295
			if i%step == 0 {
				seen = append(seen, v)
			}
		}
	}
	if len(seen) == 0 {
		return 0, 1
	}
	slices.Sort(seen)
	low, high := seen[len(seen)/100], seen[len(seen)-1-len(seen)/100]
	if inRange && high > 2 {
		return 0, 1
	}
	if !(high > low) {
		return low, 1
	}
	return low, float32(255 / math.Max(float64(high-low), 1e-30))
}
