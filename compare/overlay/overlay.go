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

// Options of a chart.
type Options struct {
	Width int // CSS pixels, 280 to 2400; other values are brought into the range
}

// DefaultOptions returns the width of a page's text column. A chart for a telephone
// is 360 wide.
func DefaultOptions() Options { return Options{Width: 720} }

func (o Options) width() float64 { return float64(min(max(o.Width, 280), 2400)) }
