// Package change measures, pixel by pixel, how far two pictures on one grid differ.
//
// The score is a share of structure times how rare it is. Structure is the gradient
// of brightness at two scales, softly normalised by the strong gradients of its
// picture, so light, contrast and haze count for little; its share is the squared
// difference over a neighbourhood, in proportion to the structure there and to what
// is usual in the pictures. How rare is asked of four witnesses: the correlation of
// structure, the structural similarity of tones, and for less, the length of the change
// of colour and the gain or loss of contrast. Each is ranked among all places of the same
// two pictures, so a season or a sensor that moves everything makes nothing rare, and the
// ranks are joined as Fisher joins p-values, weighted after Good (1955, J. R. Stat. Soc. B
// 17 264). Small shifts, up to the alignment's expected error, are forgiven.
//
// A change score is not a probability of change, and less so of damage.
package change

import (
	"fmt"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// Options of a change map.
type Options struct {
	Neighbourhood float64 // Gaussian width over which pictures are compared, px
	ExpectedError float64 // of the alignment, px: shifts up to it are forgiven
	Workers       int     // goroutines; 0: one for each processor
}

// DefaultOptions returns the neighbourhood that told changed windows from unchanged
// ones best on labelled pairs, and the error of a good alignment.
func DefaultOptions() Options { return Options{Neighbourhood: 1.5, ExpectedError: 0.5} }

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

// Map returns the change score of each pixel: 0 where the structure is the same, 0.5
// where a median amount of structure was wholly replaced, as in most places of the
// pictures, towards 1 the more was replaced and the rarer that is there. The mask says
// where both pictures hold data; elsewhere the score is 0. Pictures of different sizes
// are compared where they overlap.
func Map(before, after raster.Raster, opts Options) (score raster.Plane, valid raster.Mask) {
	bw, bh := before.Size()
	aw, ah := after.Size()
	w, h := min(bw, aw), min(bh, ah)
	valid = raster.Mask{W: w, H: h, Pix: shared(before.Valid, after.Valid, w, h)}
	if w < 3 || h < 3 {
		return raster.NewPlane(w, h), valid
	}
	score, apart := replaced(before, after, valid, opts)
	tones := opts
	tones.Neighbourhood *= 2 // tones are less local than edges
	unlike, contrast := dissimilarity(before, after, valid, tones)
	weigh(score, [2]raster.Plane{apart, unlike}, [2]raster.Plane{changeVector(before, after, valid, tones), contrast}, valid, opts.Workers)
	return score, valid
}

// rarest is the smallest share of a picture that counts as rare: where nothing has
// changed, something is still the rarest there is.
const rarest = 0.05

// weigh multiplies each share by how rare the witnesses find the place, 2 for a
// median one, and brings the product between 0 and 1. A witness says for each pixel
// how much differs there, in units of its own; the word of a lesser one, which new grass
// moves as a new roof does, counts for a third.
func weigh(share raster.Plane, witnesses, lesser [2]raster.Plane, valid raster.Mask, workers int) {
	rarity := func(p raster.Plane) func(i int) float32 { // the share of the picture that is as rare or rarer
		ranks := raster.NewRanks(sampleOf(p, valid))
		return func(i int) float32 { return 1 + rarest - ranks.Of(p.Pix[i]) }
	}
	a, b, c, d := rarity(witnesses[0]), rarity(witnesses[1]), rarity(lesser[0]), rarity(lesser[1])
	raster.Rows(share.H, workers, func(lo, hi int) {
		for i := lo * share.W; i < hi*share.W; i++ {
			if valid.Pix[i] == 0 || share.Pix[i] <= 0 {
				share.Pix[i] = 0
				continue
			}
			full := a(i) * b(i)
			v := share.Pix[i] * exp(-ln(full*full*full*c(i)*d(i))/8)
			share.Pix[i] = v / (1 + v)
		}
	})
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
