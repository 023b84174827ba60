package overlay

import (
	"image"
	"image/color"
	"math"

	"github.com/antequem/antequem/imagery/raster"
)

// ramp is the colour of a score from 0 to 1: night blue, violet, red, orange, pale
// yellow. Its brightness rises all the way, so the order of scores survives on a
// grey printer and in the eyes of the colour-blind.
var ramp = [...]struct{ r, g, b float64 }{
	{22, 18, 72}, {88, 22, 118}, {158, 38, 102}, {214, 72, 62}, {244, 130, 32}, {252, 196, 64}, {252, 248, 176},
}

// rampColour returns the ramp's colour at v, 0 to 1.
func rampColour(v float64) color.NRGBA {
	v = min(max(v, 0), 1) * float64(len(ramp)-1)
	i := min(int(v), len(ramp)-2)
	t := v - float64(i)
	mix := func(a, b float64) uint8 { return uint8(a + t*(b-a) + 0.5) }
	a, b := ramp[i], ramp[i+1]
	return color.NRGBA{mix(a.r, b.r), mix(a.g, b.g), mix(a.b, b.b), 255}
}

// clearBelow is the change score up to which nothing is laid over the picture, and
// opaqueFrom the one from which the colour hides most of it. Between two pictures of
// one place the score wavers below a third almost everywhere.
const (
	clearBelow = 0.3
	opaqueFrom = 0.8
)

// HeatLayer returns a change score as a layer to lay over a picture: clear where
// there is little, the more opaque the more there is, and clear where mask has no
// data. A score of 1 shares no structure; it is not a probability of damage.
func HeatLayer(score raster.Plane, valid raster.Mask) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, score.W, score.H))
	for i, v := range score.Pix {
		if valid.Pix != nil && (i >= len(valid.Pix) || valid.Pix[i] == 0) {
			continue
		}
		share := min(max((float64(v)-clearBelow)/(opaqueFrom-clearBelow), 0), 1)
		if share == 0 || math.IsNaN(share) {
			continue
		}
		c := rampColour(float64(v))
		p := out.Pix[4*i : 4*i+4 : 4*i+4]
		p[0], p[1], p[2], p[3] = c.R, c.G, c.B, uint8(60+175*share+0.5)
	}
	return out
}

// Heat returns a change score over a picture in grey, hatched where the two
// pictures don't both hold data. It is as large as the smaller of the two.
func Heat(picture raster.Raster, score raster.Plane, valid raster.Mask) *image.NRGBA {
	out := grey(View(picture), 24, 170)
	w, h := min(out.Rect.Dx(), score.W), min(out.Rect.Dy(), score.H)
	layer := HeatLayer(score, valid)
	for y := range h {
		for x := range w {
			i, j := out.PixOffset(x, y), layer.PixOffset(x, y)
			if valid.Pix != nil && !valid.Valid(x, y) {
				v := uint8(28)
				if (x+y)%8 < 2 {
					v = 84
				}
				out.Pix[i], out.Pix[i+1], out.Pix[i+2] = v, v, v
				continue
			}
			a := int(layer.Pix[j+3])
			for k := range 3 {
				out.Pix[i+k] = uint8((int(out.Pix[i+k])*(255-a) + int(layer.Pix[j+k])*a + 127) / 255)
			}
		}
	}
	return crop(out, w, h)
}

func crop(im *image.NRGBA, w, h int) *image.NRGBA {
	if im.Rect.Dx() == w && im.Rect.Dy() == h {
		return im
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		copy(out.Pix[y*out.Stride:y*out.Stride+4*w], im.Pix[im.PixOffset(im.Rect.Min.X, im.Rect.Min.Y+y):])
	}
	return out
}

// heatScale draws the ramp with its ends in words into r.
func heatScale(im *image.NRGBA, r image.Rectangle, size float64) {
	left, right := "0 same", "1 nothing in common"
	y := float64(r.Min.Y) + size
	letter(im, float64(r.Min.X), y, left, size, false, white)
	w := advance(right, size, false)
	letter(im, float64(r.Max.X)-w, y, right, size, false, white)
	x0 := r.Min.X + int(advance(left, size, false)+size/2)
	x1 := r.Max.X - int(w+size/2)
	for x := x0; x < x1; x++ {
		fillRect(im, image.Rect(x, r.Min.Y+2, x+1, r.Min.Y+int(size)+2), rampColour(float64(x-x0)/float64(max(x1-x0-1, 1))))
	}
}
