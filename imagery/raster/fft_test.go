package raster_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"github.com/antequem/antequem/imagery/raster"
)

func randomComplex(w, h int) raster.Complex {
	rng := rand.New(rand.NewPCG(1, uint64(w*h)))
	c := raster.NewComplex(w, h)
	for i := range c.Re {
		c.Re[i], c.Im[i] = float32(rng.NormFloat64()), float32(rng.NormFloat64())
	}
	return c
}

func clone(c raster.Complex) raster.Complex {
	d := raster.NewComplex(c.W, c.H)
	copy(d.Re, c.Re)
	copy(d.Im, c.Im)
	return d
}

// The definition, term by term.
func slowDFT(c raster.Complex) []complex128 {
	out := make([]complex128, c.W*c.H)
	for v := range c.H {
		for u := range c.W {
			for y := range c.H {
				for x := range c.W {
					a := -2 * math.Pi * (float64(u*x)/float64(c.W) + float64(v*y)/float64(c.H))
					out[v*c.W+u] += complex(float64(c.Re[y*c.W+x]), float64(c.Im[y*c.W+x])) * cmplx.Exp(complex(0, a))
				}
			}
		}
	}
	return out
}

func TestFFTEqualsItsDefinition(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {2, 1}, {4, 4}, {8, 16}, {32, 20}, {15, 9}, {25, 30}, {12, 1}} {
		c := randomComplex(size[0], size[1])
		want := slowDFT(c)
		raster.NewFFT(size[0], size[1]).Forward(c, 2)
		for i, z := range want {
			if cmplx.Abs(z-complex(float64(c.Re[i]), float64(c.Im[i]))) > 1e-3 {
				t.Fatalf("%v: sample %d is %v%+vi, want %v", size, i, c.Re[i], c.Im[i], z)
			}
		}
	}
}

func TestInverseAfterForwardMultipliesByTheArea(t *testing.T) {
	for _, size := range [][2]int{{64, 64}, {128, 96}, {50, 72}} {
		c := randomComplex(size[0], size[1])
		d := clone(c)
		f := raster.NewFFT(size[0], size[1])
		f.Forward(d, 1)
		f.Inverse(d, 3)
		n := float32(size[0] * size[1])
		for i := range c.Re {
			if math.Abs(float64(d.Re[i]/n-c.Re[i])) > 1e-5 || math.Abs(float64(d.Im[i]/n-c.Im[i])) > 1e-5 {
				t.Fatalf("%v: sample %d came back as %v, %v", size, i, d.Re[i]/n, d.Im[i]/n)
			}
		}
	}
}

func TestGoodSizeIsAProductOfTwoThreeAndFive(t *testing.T) {
	for n, want := range map[int]int{0: 1, 1: 1, 7: 8, 11: 12, 97: 100, 257: 270, 1023: 1024} {
		if got := raster.GoodSize(n); got != want {
			t.Errorf("GoodSize(%d) = %d, want %d", n, got, want)
		}
	}
}

func BenchmarkFFT(b *testing.B) {
	for _, side := range []int{64, 128, 256, 1024, 4096} {
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			c, f := randomComplex(side, side), raster.NewFFT(side, side)
			b.SetBytes(int64(side * side)) // one byte per pixel: MB/s reads as megapixels per second
			b.ReportAllocs()
			for b.Loop() {
				f.Forward(c, 1)
				clear(c.Im)
			}
		})
	}
}
