package align

import (
	"fmt"
	"math"

	"github.com/antequem/antequem/imagery"
)

// Options are what a caller may set. The zero value of a threshold is not its
// default: begin with DefaultOptions.
type Options struct {
	Seed      uint64                 // of the random draws of the robust fit
	Workers   int                    // goroutines; 0 for one a processor. The result doesn't depend on it
	Hints     []Hint                 // where to start, from georeference
	HintsOnly bool                   // look nowhere else
	TiePoints []imagery.UserTiePoint // a person's own; three or more fix the map where the pictures themselves can't
	MaxShear  float64                // largest ratio of the axes of the map's local ellipse that is believed, > 1
	MinScale  float64                // moving px per reference px, smallest and largest that is believed
	MaxScale  float64
	Evidence  float64 // how far windows must agree beyond chance, see proof.worth; of 238 pairs of unrelated places none reached more than three quarters of what was asked; right maps of destroyed towns reach 3 to 30, those below 6 by their lead over false ones
	MaxError  float64 // px of the moving grid: an alignment expected to be off by more is not trusted
}

// A Hint is a first guess of the map, from georeference for one.
type Hint struct {
	Matrix [3][3]float64 // reference to moving pixels
	Radius float64       // how far it may be off, px of the moving grid; 0 where it is nearly right
}

// DefaultOptions returns the settings measured to be safe on imagery of every kind at hand.
func DefaultOptions() Options {
	return Options{Seed: 1, MaxShear: 1.6, MinScale: 0.08, MaxScale: 12, Evidence: 6, MaxError: 3}
}

// Validate says what is wrong with o, if anything.
func (o Options) Validate() error {
	switch {
	case o.Workers < 0:
		return fmt.Errorf("align options: workers %d: want 0 or more: %w", o.Workers, imagery.ErrInvalid)
	case !(o.MaxShear > 1):
		return fmt.Errorf("align options: largest shear %v: want more than 1: %w", o.MaxShear, imagery.ErrInvalid)
	case !(o.MinScale > 0) || !(o.MaxScale > o.MinScale) || math.IsInf(o.MaxScale, 0):
		return fmt.Errorf("align options: scales %v to %v: want 0 < smallest < largest: %w", o.MinScale, o.MaxScale, imagery.ErrInvalid)
	case !(o.Evidence >= 0), !(o.MaxError > 0):
		return fmt.Errorf("align options: evidence %v, largest error %v: want 0 or more, and more than 0: %w", o.Evidence, o.MaxError, imagery.ErrInvalid)
	}
	for i, h := range o.Hints {
		if !(h.Radius >= 0) || !plausible(matrix(h.Matrix), 1, 1, 1e-6, 1e6, 1e6) {
			return fmt.Errorf("align options: hint %d: want a map that can be inverted and a radius of 0 or more: %w", i, imagery.ErrInvalid)
		}
	}
	for i, t := range o.TiePoints {
		for _, v := range [...]float64{t.Reference.X, t.Reference.Y, t.Moving.X, t.Moving.Y} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("align options: tie point %d: want finite positions: %w", i, imagery.ErrInvalid)
			}
		}
	}
	return nil
}
