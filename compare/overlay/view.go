package overlay

import (
	"image"

	"github.com/antequem/antequem/imagery/raster"
)

// View returns r as 8-bit colour for people, with bounds at (0, 0). Samples that
// lie between 0 and 255, as an ordinary picture's do, are shown as they are; others
// are stretched from their 1st to their 99th percentile, all bands alike. Nodata is
// transparent.
func View(r raster.Raster) *image.NRGBA {
	w, h := r.Size()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if w == 0 || h == 0 {
		return out
	}
	red, green, blue := r.Bands[0], r.Bands[0], r.Bands[0]
	if len(r.Bands) >= 3 {
		green, blue = r.Bands[1], r.Bands[2]
	}
	low, scale := stretch(r)
	for i := range red.Pix {
		if r.Valid.Pix == nil || r.Valid.Pix[i] != 0 {
			p := out.Pix[4*i : 4*i+4 : 4*i+4]
			p[0], p[1], p[2], p[3] = tone((red.Pix[i]-low)*scale), tone((green.Pix[i]-low)*scale), tone((blue.Pix[i]-low)*scale), 255
		}
	}
	return out
}

// tone is the nearest of the 256 tones.
func tone(v float32) uint8 {
	if v > 254.5 {
		return 255
	}
	if v > 0 {
		return uint8(v + 0.5)
	}
	return 0
}

// overshoot is how far resampling may push the tones of an ordinary picture beyond
// 0 and 255 at a hard edge (Catmull–Rom: an eighth of the step, twice over).
const overshoot = 64

// stretch returns the sample that is shown black, and the steps of 255 for each unit.
func stretch(r raster.Raster) (low, scale float32) {
	const most = 100_000 // samples; a regular grid of them is as good as all
	bands := r.Bands[:min(len(r.Bands), 3)]
	var seen []float32
	ordinary, bright := true, 0
	for _, b := range bands {
		ordinary = ordinary && within255(b, r.Valid)
		step := max(len(b.Pix)*3/most, 1)
		for i := 0; i < len(b.Pix); i += step {
			if r.Valid.Pix != nil && r.Valid.Pix[i] == 0 {
				continue
			}
			seen = append(seen, b.Pix[i])
			if b.Pix[i] > 2 { // reflectances and masks run from 0 to 1
				bright++
			}
		}
	}
	if len(seen) == 0 || ordinary && bright > len(seen)/100 {
		return 0, 1
	}
	first, last := raster.Nth(seen, len(seen)/100), raster.Nth(seen, len(seen)-1-len(seen)/100)
	if !(last > first) {
		return first, 1
	}
	return first, 255 / (last - first)
}

// within255 says that all that is valid lies where an ordinary picture's tones do.
func within255(b raster.Plane, valid raster.Mask) bool {
	for i, v := range b.Pix {
		if !(v >= -overshoot && v <= 255+overshoot) && (valid.Pix == nil || valid.Pix[i] != 0) {
			return false
		}
	}
	return true
}

// grey returns the brightness of a view as grey, drawn together to between dark
// and light, so that colours laid over it stand out. Transparent becomes dark.
func grey(im *image.NRGBA, dark, light float64) *image.NRGBA {
	out := image.NewNRGBA(im.Rect)
	for i := 0; i+3 < len(im.Pix); i += 4 {
		p := im.Pix[i : i+4 : i+4]
		y := (0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])) / 255 * float64(p[3]) / 255
		v := uint8(dark + y*(light-dark) + 0.5)
		out.Pix[i], out.Pix[i+1], out.Pix[i+2], out.Pix[i+3] = v, v, v, 255
	}
	return out
}
