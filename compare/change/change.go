// Package change measures, pixel by pixel, how far the structure of two pictures on
// one grid differs.
//
// Structure is the gradient of brightness at two scales, softly normalised by the
// strong gradients of its picture, so light, contrast and haze count for little. The
// score is the squared difference of structure over a neighbourhood, in proportion to
// the structure there and to what is usual in the pictures: a place that was bare and
// is built up scores high, noise on a bare place doesn't. Small shifts, up to the
// alignment's expected error, are forgiven. A change score is not a probability of
// change, and less so of damage.
package change

import (
	"fmt"
	"math"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// Options of a change map.
type Options struct {
	Neighbourhood float64 // Gaussian width over which structure is compared, px
	ExpectedError float64 // of the alignment, px: shifts up to it are forgiven
	Workers       int     // goroutines; 0: one for each processor
}

// DefaultOptions returns the neighbourhood that told changed windows from unchanged
// ones best on labelled pairs, and the error of a good alignment.
func DefaultOptions() Options { return Options{Neighbourhood: 4, ExpectedError: 0.5} }

// Validate says what is wrong with o, naming the option.
func (o Options) Validate() error {
	switch {
	case !(o.Neighbourhood >= 1 && o.Neighbourhood <= 64):
		return fmt.Errorf("change options: neighbourhood %g px: want 1 to 64: %w", o.Neighbourhood, imagery.ErrInvalid)
	case !(o.ExpectedError >= 0 && o.ExpectedError <= 16):
		return fmt.Errorf("change options: expected error %g px: want 0 to 16: %w", o.ExpectedError, imagery.ErrInvalid)
	case o.Workers < 0:
		return fmt.Errorf("change options: workers %d: want 0 or more: %w", o.Workers, imagery.ErrInvalid)
	}
	return nil
}

// mostShift bounds the shifts that are tried, px: beyond it the pictures are not
// aligned, and forgiving more would hide change.
const mostShift = 3

// Map returns the change score of each pixel: 0 where the structure is the same, 0.5
// where middling structure was wholly replaced, towards 1 where strong structure came,
// went or was replaced. The mask says where both pictures hold data; elsewhere the
// score is 0. Pictures of different sizes are compared where they overlap.
func Map(before, after raster.Raster, opts Options) (score raster.Plane, valid raster.Mask) {
	bw, bh := before.Size()
	aw, ah := after.Size()
	w, h := min(bw, aw), min(bh, ah)
	score = raster.NewPlane(w, h)
	valid = raster.Mask{W: w, H: h, Pix: shared(before.Valid, after.Valid, w, h)}
	if w < 3 || h < 3 {
		return score, valid
	}
	a, b := structure(before, valid, opts.Workers), structure(after, valid, opts.Workers)
	ea, eb := energy(a, opts), energy(b, opts)
	best := raster.NewPlane(w, h)
	for i := range best.Pix {
		best.Pix[i] = float32(math.Inf(-1))
	}
	r := min(int(math.Ceil(opts.ExpectedError)), mostShift)
	for dy := -r; dy <= r; dy++ {
		for dx := -r; dx <= r; dx++ {
			if float64(dx*dx+dy*dy) > (opts.ExpectedError+0.5)*(opts.ExpectedError+0.5) {
				continue
			}
			p := blur(product(a, b, dx, dy), opts)
			for i, v := range p.Pix {
				best.Pix[i] = max(best.Pix[i], v)
			}
		}
	}
	usual := middling(ea, eb, valid)
	for i, ok := range valid.Pix {
		if ok == 0 {
			continue
		}
		e := ea.Pix[i] + eb.Pix[i]
		score.Pix[i] = min(max(1.5*(e-2*best.Pix[i])/(e+2*usual), 0), 1)
	}
	return score, valid
}

// shared says where both masks hold data.
func shared(a, b raster.Mask, w, h int) []uint8 {
	out := make([]uint8, w*h)
	for y := range h {
		for x := range w {
			if a.Valid(x, y) && b.Valid(x, y) {
				out[y*w+x] = 1
			}
		}
	}
	return out
}
