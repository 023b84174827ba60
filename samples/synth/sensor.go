package synth

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"github.com/antequem/antequem/imagery"
)

// develop turns light on the fine grid into the picture: cloud, haze, the
// sensor's blur and sampling, exposure, noise, tone, compression.
func (s Spec) develop(fine [3][]float32, sc *scene) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, s.W, s.H))
	air := colour{0.30, 0.34, 0.40}
	cast := colour{1 + 0.10*s.Warm, 1 + 0.01*s.Warm, 1 - 0.12*s.Warm}
	light := s.downsample(fine)
	rows(s.H, func(y int) {
		rng := rand.New(rand.NewPCG(s.Look, 0x6e6f697365<<16+uint64(y)))
		for x := range s.W {
			at := ground(Apply(sc.toGround, imagery.Point{X: float64(x), Y: float64(y)}))
			veil, white := sc.clouds.over(at)
			o := img.PixOffset(x, y)
			shared := rng.NormFloat64()
			for b := range 3 {
				v := float64(light[b][y*s.W+x])
				v = v*(1-s.Haze) + s.Haze*air[b]
				v = v*(1-veil) + veil*white
				v = 255 * tone(2.3*s.Gain*cast[b]*v)
				v += s.Noise * (0.8*shared + 0.6*rng.NormFloat64())
				img.Pix[o+b] = uint8(min(max(v+0.5, 0), 255))
			}
			img.Pix[o+3] = 255
		}
	})
	return compressed(img, s.JPEG)
}

// tone is sRGB's curve with a shoulder, so that white roofs keep their grain.
func tone(v float64) float64 {
	if v <= 0 {
		return 0
	}
	v = v * (1 + v/6) / (1 + v/1.2)
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// downsample blurs the fine grid by the sensor's point spread and reads it at
// the centres of the picture's pixels, which lie between the fine samples.
func (s Spec) downsample(fine [3][]float32) [3][]float32 {
	w, h := 2*s.W, 2*s.H
	kernel := pointSpread(2 * math.Hypot(s.Blur, 0.3)) // a pixel's own width is no less
	r := len(kernel) / 2
	var out [3][]float32
	for b := range fine {
		wide := make([]float32, s.W*h)
		rows(h, func(y int) {
			row := fine[b][y*w : (y+1)*w]
			for x := range s.W {
				var sum float32
				for k, g := range kernel {
					sum += g * row[min(max(2*x+1-r+k, 0), w-1)]
				}
				wide[y*s.W+x] = sum
			}
		})
		out[b] = make([]float32, s.W*s.H)
		rows(s.H, func(y int) {
			dst := out[b][y*s.W : (y+1)*s.W]
			for k, g := range kernel {
				src := wide[min(max(2*y+1-r+k, 0), h-1)*s.W:][:s.W]
				for x, v := range src {
					dst[x] += g * v
				}
			}
		})
	}
	return out
}

// pointSpread returns a Gaussian of the given standard deviation, fine samples,
// of an even number of taps: its centre lies between the middle two.
func pointSpread(sigma float64) []float32 {
	r := max(int(math.Ceil(3*sigma)), 1)
	k := make([]float32, 2*r)
	var sum float64
	for i := range k {
		d := float64(i-r) + 0.5
		g := math.Exp(-d * d / (2 * sigma * sigma))
		k[i] = float32(g)
		sum += g
	}
	for i := range k {
		k[i] /= float32(sum)
	}
	return k
}

// compressed returns img after a pass through JPEG, with what that does to it.
func compressed(img *image.NRGBA, quality int) *image.NRGBA {
	if quality == 0 {
		return img
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality}); err != nil {
		return img // a bytes.Buffer never fails, and no picture of a Spec is too large
	}
	back, err := jpeg.Decode(&buf)
	if err != nil {
		return img
	}
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			c := color.NRGBAModel.Convert(back.At(x, y)).(color.NRGBA)
			copy(img.Pix[img.PixOffset(x, y):], []uint8{c.R, c.G, c.B, 255})
		}
	}
	return img
}
