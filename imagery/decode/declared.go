package decode

import (
	"fmt"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// A Contradiction is a time in a file that doesn't go with the date declared for it.
type Contradiction struct {
	Late bool   // the file existed before the picture was taken, by the declared date; else it gives another time of capture
	Text string // one plain sentence
}

// Dates returns the times that the picture's file names.
func (p *Picture) Dates() []Date { return p.head.meta.dates }

// Contradictions compares the date declared for an image with each that its file names.
// Whatever a time in a file means, the picture was taken no later; a time of capture is
// when. Neither is preferred: a camera's clock can be wrong, and so can a person.
func Contradictions(im imagery.Image, dates []Date) (out []Contradiction) {
	if im.Acquired.IsZero() {
		return nil
	}
	taken := im.Taken()
	for _, d := range dates {
		own, err := edtf.Parse(d.Value)
		if err != nil {
			continue
		}
		iv := own.Interval()
		switch {
		case iv.Precedes(taken) && d.Means != capture:
			out = append(out, Contradiction{true, fmt.Sprintf("By the declared date, %s, the picture was taken after its file was made or changed: %s (%s).",
				im.Acquired, d.Value, d.Tag)})
		case d.Means == capture && (iv.Precedes(taken) || taken.Precedes(iv)):
			out = append(out, Contradiction{false, fmt.Sprintf("The declared date is %s; the file says that it was taken %s (%s).", im.Acquired, d.Value, d.Tag)})
		}
	}
	return out
}
