package align_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/compare/align"
)

// Every window's surface is a peak at one displacement, so that is where they lead. All
// begin on a sample: what lies between samples must not be lower for that.
func TestSettleLeadsBetweenSamples(t *testing.T) {
	for _, c := range []struct {
		name  string
		x, y  float64
		sigma float64 // of the peaks, px
	}{
		{"where it began", 0, 0, 1.5},
		{"a quarter of a sample on", 0.25, -0.25, 1.5},
		{"halfway between samples", 0.5, 0.5, 1.5},
		{"to a broad peak close by", 0.2, 0.1, 4},
		{"further on", -2.3, 1.6, 1.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			const near = 0.1 // px: slopes at samples are those of chords
			x, y := align.Settled(c.x, c.y, c.sigma)
			if d := math.Hypot(x-c.x, y-c.y); !(d < near) {
				t.Errorf("led to (%.3f, %.3f), want (%.2f, %.2f)", x, y, c.x, c.y)
			}
		})
	}
}
