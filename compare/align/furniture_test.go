package align_test

import (
	"math/rand/v2"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery/raster"
)

// onScreen returns r as a viewer shows it: a bar with writing above and below, and a
// panel on the left, the same whatever is looked at.
func onScreen(r raster.Raster) raster.Raster {
	w, h := r.Size()
	p := raster.NewPlane(w, h)
	copy(p.Pix, r.Bands[0].Pix)
	write := func(x0, y0, x1, y1 int, paper, ink float32) {
		rng := rand.New(rand.NewPCG(uint64(x0*7+y0), 3))
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				p.Pix[y*w+x] = paper
			}
		}
		for y := y0 + 6; y+10 < y1; y += 18 {
			for x := x0 + 4; x+8 < x1; x += 9 {
				for range 3 { // strokes of a letter
					u, v := x+rng.IntN(5), y+rng.IntN(8)
					for k := range 6 {
						if rng.IntN(2) == 0 {
							p.Pix[v*w+min(u+k, x+7)] = ink
						} else {
							p.Pix[min(v+k, y+9)*w+u] = ink
						}
					}
				}
			}
		}
	}
	write(0, 0, w, 32, 60, 230)
	write(0, h-32, w, h, 40, 220)
	write(0, 32, 84, h-32, 245, 20)
	return raster.Raster{Bands: []raster.Plane{p}, Valid: r.Valid}
}

func TestAPlaceIsFoundBehindWhatAViewerPrints(t *testing.T) {
	r := scene(460, 400, 31)
	m := turned(0.5, 1, 21, -13, 230, 200)
	for _, c := range []struct {
		name string
		w, h int // of the second window
	}{
		{"two windows of one size", 460, 400},
		{"a larger window, whose bars keep to its edges", 500, 424},
	} {
		t.Run(c.name, func(t *testing.T) {
			mov := moved(r, c.w, c.h, m)
			for i, v := range mov.Valid.Pix {
				if v == 0 {
					mov.Bands[0].Pix[i] = 110
				}
			}
			mov.Valid = raster.Mask{}
			a := estimate(t, noisy(onScreen(r), 1, 3, same), noisy(onScreen(mov), 2, 3, func(v float64) float64 { return 0.97*v + 3 }), align.DefaultOptions())
			if !a.Aligned || a.Reason != compare.ReasonNone {
				t.Fatalf("not aligned: %s", a.Reason)
			}
			if got := miss(a, m, 460, 400, c.w, c.h); got > 0.2 {
				t.Errorf("off by %.3f px", got)
			}
		})
	}
}

func TestCopiesOfAScreenLieOnOneAnother(t *testing.T) {
	r := onScreen(scene(300, 260, 41))
	a := estimate(t, noisy(r, 1, 2, same), noisy(r, 2, 2, same), align.DefaultOptions())
	if !a.Aligned {
		t.Fatalf("not aligned: %s", a.Reason)
	}
	if got := miss(a, turned(0, 1, 0, 0, 0, 0), 300, 260, 300, 260); got > 0.05 {
		t.Errorf("off by %.3f px", got)
	}
}
