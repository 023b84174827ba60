package change_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/compare/change"
)

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
