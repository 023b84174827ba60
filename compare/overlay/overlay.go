// Package overlay draws the evidence for people: charts as SVG and pictures as 8-bit
// colour. It measures nothing; what it draws has been decided elsewhere.
//
// Charts: [Timeline] (dates, states, brackets and claims on one axis), [Matrix] (how
// unlike any two images are), [Controls] (the region beside places where nothing is
// claimed to have happened), [Power] (how large a change would have been found).
// Pictures: [Filmstrip], [Heat], [Overview], [Residuals], [Checkerboard].
//
// Everything can be read in black and white and by the colour-blind: shape, hatching
// and words carry the meaning, and colour repeats it. Charts are laid out for a width
// in CSS pixels, with text that never shrinks; dates are burned into pictures, and so
// is the word SYNTHETIC into each that a program drew. Equal input gives equal bytes.
package overlay

import (
	"time"

	"github.com/antequem/antequem/compare"
)

// Options of a chart.
type Options struct {
	Width int    // CSS pixels, 280 to 2400; other values are brought into the range
	Words *Words // for readers of another language; nil is English
}

// Words are the words of charts in another language. What a [Series] and the data
// of other charts hold as text is in that language already.
type Words struct {
	// Say returns the text of a key with its values, as name, value. The keys are
	// those of chart.… in the catalogue of package page, without that beginning.
	Say     func(key string, values ...any) string
	Bracket func(compare.Bracket) string
	Tick    func(t time.Time, finest time.Duration) string // an instant on the axis; finest is about the step between two
	Answer  func(compare.Answer) string
	Short   func(v float64) string // a number of three digits
}

// DefaultOptions returns the width of a page's text column. A chart for a telephone
// is 360 wide.
func DefaultOptions() Options { return Options{Width: 720} }

func (o Options) width() float64 { return float64(min(max(o.Width, 280), 2400)) }
