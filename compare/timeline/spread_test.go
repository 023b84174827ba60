package timeline

import (
	"math"
	"math/rand/v2"
	"testing"
)

// What windows that touch tell counts one by one where they have nothing to do with one
// another, and for little where the scene varies slowly; a transform of the values that
// keeps their order changes nothing.
func TestIndependent(t *testing.T) {
	const side, across = 10, 16
	s := shape{w: side, h: side, area: side * side}
	var at []window
	for y := range across {
		for x := range across {
			at = append(at, window{x * side, y * side})
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	noise, slow, grown := make([]float64, len(at)), make([]float64, len(at)), make([]float64, len(at))
	for i, w := range at {
		noise[i] = rng.ExpFloat64()
		slow[i] = math.Sin(float64(w.x)/50) + math.Sin(float64(w.y)/40) + 0.1*noise[i]
		grown[i] = math.Exp(3 * slow[i])
	}
	spread := newSpread(at, &s)
	if got := spread.independent(noise); got < 0.7*float64(len(at)) || got > float64(len(at)) {
		t.Errorf("%d windows of noise count as %.0f", len(at), got)
	}
	if got := spread.independent(slow); got > 20 || got < 2 {
		t.Errorf("%d windows of a scene that varies slowly count as %.1f, want some ten", len(at), got)
	}
	if a, b := spread.independent(slow), spread.independent(grown); a != b {
		t.Errorf("the same order counts as %g and as %g", a, b)
	}
	if got := spread.independent(make([]float64, len(at))); got != spread.disjoint {
		t.Errorf("%d windows of one value count as %g, want %g", len(at), got, spread.disjoint)
	}
}
