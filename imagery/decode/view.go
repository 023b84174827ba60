package decode

import (
	"fmt"
	"image"
	"math"
	"slices"
)

// The tails that a stretch for the eye leaves out at each end of the histogram, as a
// share of all valid samples; 0.5 % keeps roofs and shadows readable.
const viewTail = 0.005

// A Stretch is the range of numbers that is shown as 0 to 255 where a picture has more
// than 8 bits. It is for looking only.
type Stretch struct {
	Low, High float64
	Of        string // what its percentiles were taken of: "the whole picture"
}

// Stretch returns the range that NRGBA shows.
func (p *Picture) Stretch() Stretch {
	s := p.samples
	if s.kind == u8 {
		return Stretch{High: 255}
	}
	planes := s.planes()
	shown, _ := s.shown(planes)
	lo, hi := percentiles(shown, s.mask(planes))
	return Stretch{lo, hi, "the whole picture"}
}

// NRGBA returns an upright 8-bit picture for people: a copy of its own, its bounds at
// (0, 0), invalid pixels transparent. Samples of more than 8 bits are stretched from
// the whole picture's percentiles, all colour bands alike, and p.View says how: of one
// Picture, call it from one goroutine at a time.
func (p *Picture) NRGBA() *image.NRGBA { return p.Shown(p.Stretch()) }

// Shown is NRGBA with a range given, so that the parts of a picture look alike.
func (p *Picture) Shown(st Stretch) *image.NRGBA {
	s := p.samples
	img := image.NewNRGBA(image.Rect(0, 0, s.width, s.height))
	if s.kind == u8 && s.colour != other {
		for y := range s.height {
			s.rgba(y, img.Pix[y*img.Stride:])
		}
		hideInvalid(img.Pix, (&samples{width: s.width, height: s.height, bands: s.bands, kind: s.kind, bits: s.bits, pix: s.pix,
			colour: s.colour, alpha: -1, valid: s.valid, nodata: s.nodata}).mask(nil))
		p.View = ""
	} else {
		p.View = s.stretch(img.Pix, st)
	}
	return p.uprightImage(img)
}

func (p *Picture) uprightImage(img *image.NRGBA) *image.NRGBA {
	if p.turn <= 1 {
		return img
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, p.Width, p.Height))
	start, right, down := p.turn.walk(w, h)
	for y := range p.Height {
		at := start + y*down
		for x := range p.Width {
			copy(out.Pix[4*(y*p.Width+x):][:4], img.Pix[4*at:][:4])
			at += right
		}
	}
	return out
}

func hideInvalid(pix, valid []uint8) {
	for i, v := range valid {
		if v == 0 {
			copy(pix[4*i:], []uint8{0, 0, 0, 0})
		}
	}
}

// shown chooses the bands that are shown, and says which they are.
func (s *samples) shown(planes [][]float32) (some [][]float32, note string) {
	switch {
	case len(planes) == 2:
		return planes[:1], "band 1 of 2, "
	case len(planes) > 3:
		return planes[:3], fmt.Sprintf("bands 1, 2, 3 of %d as red, green, blue, ", len(planes))
	case s.colour == other && len(planes) == 3:
		return planes, "bands 1, 2, 3 as red, green, blue, "
	}
	return planes, ""
}

// stretch writes the samples to pix as RGBA and says how it brought them to 0…255.
func (s *samples) stretch(pix []uint8, st Stretch) string {
	planes := s.planes()
	valid := s.mask(planes)
	shown, note := s.shown(planes)
	gain := 0.0
	if st.High > st.Low {
		gain = 255 / (st.High - st.Low)
	}
	for i := range s.width * s.height {
		d := pix[4*i : 4*i+4]
		if valid != nil && valid[i] == 0 {
			continue
		}
		for b := range 3 {
			v := shown[min(b, len(shown)-1)][i]
			d[b] = uint8(min(255, max(0, (float64(v)-st.Low)*gain+0.5)))
		}
		d[3] = 255
	}
	if s.kind == u8 {
		return note + "as they are"
	}
	return fmt.Sprintf("%sstretched: %g … %g shown as 0 … 255 (percentiles %g and %g of %s)",
		note, st.Low, st.High, 100*viewTail, 100-100*viewTail, st.Of)
}

// percentiles returns the values between which all but the tails of the valid samples
// lie. Beyond a million samples it looks at every n-th, n the same for every machine.
func percentiles(planes [][]float32, valid []uint8) (lo, hi float64) {
	total := 0
	for _, pix := range planes {
		total += len(pix)
	}
	step := total/(1<<20) + 1
	var some []float32
	for _, pix := range planes {
		for i := 0; i < len(pix); i += step {
			if v := pix[i]; (valid == nil || valid[i] != 0) && v-v == 0 {
				some = append(some, v)
			}
		}
	}
	if len(some) == 0 {
		return 0, 0
	}
	slices.Sort(some)
	last := float64(len(some) - 1)
	lo = float64(some[int(math.Floor(last*viewTail))])
	hi = float64(some[int(math.Ceil(last*(1-viewTail)))])
	if lo == hi {
		lo, hi = float64(some[0]), float64(some[len(some)-1])
	}
	return lo, hi
}
