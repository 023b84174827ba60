package change_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/compare/change"
)

// The values that a chi-square exceeds in one case of twenty and of a hundred
// (Abramowitz and Stegun 1964, table 26.8).
func TestSurvivalIsTheTableOfChiSquares(t *testing.T) {
	for k, of := range map[int][2]float64{1: {3.84146, 6.63490}, 2: {5.99147, 9.21034}, 3: {7.81473, 11.3449}, 4: {9.48773, 13.2767}, 5: {11.0705, 15.0863}, 6: {12.5916, 16.8119}} {
		for i, want := range [2]float64{0.05, 0.01} {
			if got := change.Survival(k, of[i]); math.Abs(got-want) > 2e-6 {
				t.Errorf("beyond %g with %d degrees of freedom lies %g, want %g", of[i], k, got, want)
			}
		}
		if got := change.Survival(k, 0); got != 1 {
			t.Errorf("beyond 0 with %d degrees of freedom lies %g, want all", k, got)
		}
	}
}

func TestLnIsTheLogarithm(t *testing.T) {
	for x := float32(1e-6); x < 1e9; x *= 1.0137 {
		want := math.Log(float64(x))
		if got := float64(change.Ln(x)); math.Abs(got-want) > 2e-7*max(1, math.Abs(want)) {
			t.Errorf("ln %g = %.9g, want %.9g", x, got, want)
		}
	}
	if got := change.Ln(1); got != 0 {
		t.Errorf("ln 1 = %g, want exactly 0", got)
	}
}

func TestExpIsTheExponential(t *testing.T) {
	for x := float32(-80); x <= 80; x += 0.0317 {
		want := math.Exp(float64(x))
		if got := float64(change.Exp(x)); math.Abs(got-want) > 1e-6*(1+math.Abs(float64(x)))*want {
			t.Errorf("exp %g = %.9g, want %.9g", x, got, want)
		}
	}
	if got := change.Exp(0); got != 1 {
		t.Errorf("exp 0 = %g, want exactly 1", got)
	}
}
