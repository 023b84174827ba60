package align_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery/raster"
)

func TestRise(t *testing.T) {
	const n = 64
	w := align.Rise(n)
	// 1 - exp(-2π²·8²·f²) with f = k/64 cycles a px: the exponent is (π²/32)·k²
	for _, c := range []struct {
		name string
		x, y int
		want float64
	}{
		{"the mean of a window says nothing of where it lies", 0, 0, 0},
		{"a cycle in 64 px says little", 1, 0, 1 - math.Exp(-math.Pi*math.Pi/32)},
		{"as much along as across", 0, 1, 1 - math.Exp(-math.Pi*math.Pi/32)},
		{"as much with its sign turned", n - 1, 0, 1 - math.Exp(-math.Pi*math.Pi/32)},
		{"a cycle in 16 px says nearly all", 4, 0, 1 - math.Exp(-math.Pi*math.Pi/2)},
		{"the finest says all", n / 2, n / 2, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := float64(w[c.y*n+c.x]); math.Abs(got-c.want) > 1e-6 {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestAFrequencyCountsLessTheMoreTheWindowsHaveOfIt(t *testing.T) {
	const n, loud, quiet = 64, 20, 20 * 64 // one as far along as the other across
	s := raster.NewComplex(n, n)
	for i := range s.Re {
		s.Re[i] = 1
	}
	s.Re[loud], s.Im[quiet] = 4, 1
	align.Whiten(s)
	// powers of 16 and 2
	want := math.Pow(16./2, -0.2)
	if got := float64(s.Re[loud]/4) / float64(s.Im[quiet]); math.Abs(got-want) > 1e-5 {
		t.Errorf("weights of %v to one, want %v", got, want)
	}
	if s.Re[0] != 0 {
		t.Errorf("the mean of a window counts %v", s.Re[0])
	}
}
