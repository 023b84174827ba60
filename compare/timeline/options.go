package timeline

import (
	"fmt"

	"github.com/antequem/antequem/imagery"
)

// Options of an analysis. Seed draws the planted changes; equal pictures, options
// and seed give equal results, whatever Workers is.
type Options struct {
	Seed    uint64
	Workers int // goroutines; 0: one for each processor

	Context   int     // px of surroundings used on each side of the region, for controls
	Controls  int     // most control windows taken
	Alpha     float64 // a region has changed where its p-value is at most this
	Effect    float64 // and at least this share of the structure of some piece of it was replaced
	Kept      float64 // a window has kept its structure where less than this share of any piece of it was replaced
	Slight    float64 // and nothing happened to it, however rare that is, where less than this share was
	Still     float64 // a window also kept it where at least this share of the controls changed as much
	Moved     float64 // nothing is called a change where the median control lost at least this share of its structure
	Doubt     float64 // no change is said where fewer than this share of the controls show as much, if it matters at all
	ToneDoubt float64 // nor where fewer than this share of them changed their tones as much
	Miss      float64 // no change is said where all but this share of planted changes would have shown more
	Power     float64 // share of planted changes that must surely be found to call a size detectable
	Trials    int     // planted changes of each size
	ShareSeen float64 // a change of this share of the region's area must be detectable before no change is said
}

// DefaultOptions returns the values that were measured to be right on cases with
// known answers: planted changes, real ones, none, and seasons.
func DefaultOptions() Options {
	return Options{
		Context: 400, Controls: 400, Alpha: 0.02, Effect: 0.12, Kept: 0.5, Slight: 0.05, Still: 0.9, Moved: 0.5, Doubt: 0.25, ToneDoubt: 0.1, Miss: 0.02,
		Power: 0.95, Trials: 60, ShareSeen: 0.45,
	}
}

// Validate says what is wrong with o, naming the option.
func (o Options) Validate() error {
	for _, c := range []struct {
		bad  bool
		what string
	}{
		{o.Workers < 0, fmt.Sprintf("workers %d: want 0 or more", o.Workers)},
		{o.Context < 16, fmt.Sprintf("context %d px: want 16 or more", o.Context)},
		{o.Controls < 20, fmt.Sprintf("controls %d: want 20 or more", o.Controls)},
		{!(o.Alpha > 0 && o.Alpha < 0.5), fmt.Sprintf("alpha %g: want more than 0, less than 0.5", o.Alpha)},
		{!(o.Effect >= 0 && o.Effect < 1), fmt.Sprintf("effect %g: want 0 or more, less than 1", o.Effect)},
		{!(o.Kept > 0 && o.Kept < 1), fmt.Sprintf("kept %g: want more than 0, less than 1", o.Kept)},
		{!(o.Slight >= 0 && o.Slight <= o.Effect), fmt.Sprintf("slight %g: want 0 or more, at most effect", o.Slight)},
		{!(o.Still > o.Doubt && o.Still <= 1), fmt.Sprintf("still %g: want more than doubt, at most 1", o.Still)},
		{!(o.Moved > 0 && o.Moved <= 1), fmt.Sprintf("moved %g: want more than 0, at most 1", o.Moved)},
		{!(o.Doubt >= o.Alpha && o.Doubt < 1), fmt.Sprintf("doubt %g: want at least alpha, less than 1", o.Doubt)},
		{!(o.ToneDoubt >= 0 && o.ToneDoubt < 1), fmt.Sprintf("tone doubt %g: want 0 or more, less than 1", o.ToneDoubt)},
		{!(o.Miss > 0 && o.Miss < 0.5), fmt.Sprintf("miss %g: want more than 0, less than 0.5", o.Miss)},
		{!(o.Power > 0.5 && o.Power < 1), fmt.Sprintf("power %g: want more than 0.5, less than 1", o.Power)},
		{o.Trials < 20, fmt.Sprintf("trials %d: want 20 or more", o.Trials)},
		{!(o.ShareSeen > 0 && o.ShareSeen <= 1), fmt.Sprintf("share seen %g: want more than 0, at most 1", o.ShareSeen)},
	} {
		if c.bad {
			return fmt.Errorf("timeline options: %s: %w", c.what, imagery.ErrInvalid)
		}
	}
	return nil
}
