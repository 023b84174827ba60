package align_test

import (
	"math/rand/v2"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery/raster"
)

// watermarked returns r under the same few letters of white strokes, 3 px wide, every
// 76 × 54 px, through which 75 % of the ground shows.
func watermarked(r raster.Raster) raster.Raster {
	const across, down, letters, ink, opacity = 76, 54, 3, 255, 0.25
	w, h := r.Size()
	letter := make([]bool, across*down)
	rng := rand.New(rand.NewPCG(5, 5))
	for i := range letters {
		for range 4 { // strokes
			u, v, upright := 6+i*20+rng.IntN(12), 8+rng.IntN(24), rng.IntN(2) == 0
			for k := range 3 * 14 {
				x, y := u+k/3, v+k%3
				if upright {
					x, y = u+k%3, v+k/3
				}
				letter[y*across+x] = true
			}
		}
	}
	p := raster.NewPlane(w, h)
	for i, v := range r.Bands[0].Pix {
		p.Pix[i] = v
		if letter[i/w%down*across+i%w%across] {
			p.Pix[i] = (1-opacity)*v + opacity*ink
		}
	}
	return raster.Raster{Bands: []raster.Plane{p}}
}

// whole gives the ground that lies outside the scene a tone, as a screenshot has it.
func whole(r raster.Raster) raster.Raster {
	p := raster.NewPlane(r.Bands[0].W, r.Bands[0].H)
	for i, v := range r.Bands[0].Pix {
		p.Pix[i] = v
		if r.Valid.Pix != nil && r.Valid.Pix[i] == 0 {
			p.Pix[i] = 110
		}
	}
	return raster.Raster{Bands: []raster.Plane{p}}
}

// lower returns r as it stands in a window with one more bar above.
func lower(r raster.Raster, bar int) raster.Raster {
	w, h := r.Size()
	p := raster.NewPlane(w, h)
	for i := range p.Pix[:bar*w] {
		p.Pix[i] = float32(70 + 60*(i/9%2))
	}
	copy(p.Pix[bar*w:], r.Bands[0].Pix)
	return raster.Raster{Bands: []raster.Plane{p}}
}

func TestPrintDoesNotJoinTwoPlaces(t *testing.T) {
	ref, mov := scene(350, 300, 300), scene(350, 300, 400)
	still, zoomed := turned(0, 1, 0, 0, 0, 0), turned(0, 0.8, 0, 0, -0.5, -0.5)
	for _, c := range []struct {
		name     string
		ref, mov raster.Raster
		print    linear // where the print of the one lies in the other
	}{
		{"one viewer", onScreen(ref), onScreen(mov), still},
		{"a watermark all over both", watermarked(ref), watermarked(mov), still},
		{"one viewer, the second screenshot scaled to four fifths", onScreen(ref), whole(moved(onScreen(mov), 280, 240, zoomed)), zoomed},
		{"one viewer, in a window with one more bar", onScreen(ref), lower(onScreen(mov), 22), turned(0, 1, 0, 22, 0, 0)},
	} {
		t.Run(c.name, func(t *testing.T) {
			opts := align.DefaultOptions()
			opts.HintsOnly = true // elsewhere, unrelated places are refused as others are
			x, y := c.print.Map(0, 0)
			opts.Hints = []align.Hint{{Matrix: [3][3]float64{{c.print.a, 0, x}, {0, c.print.d, y}, {0, 0, 1}}}}
			if a := estimate(t, noisy(c.ref, 1, 2, same), noisy(c.mov, 2, 2, same), opts); a.Aligned {
				t.Errorf("aligned by %v", a.Matrix)
			}
		})
	}
}

func TestAPlaceIsFoundUnderAWatermark(t *testing.T) {
	r := scene(400, 340, 31)
	for _, c := range []struct {
		name string
		m    linear
	}{
		{"shifted", turned(0, 1, 17, -12, 200, 170)},
		{"of the same extent", turned(0, 1, 0.3, 0.2, 200, 170)},
	} {
		t.Run(c.name, func(t *testing.T) {
			mov := watermarked(whole(moved(r, 400, 340, c.m)))
			a := estimate(t, noisy(watermarked(r), 1, 3, same), noisy(mov, 2, 3, func(v float64) float64 { return 0.97*v + 3 }), align.DefaultOptions())
			if !a.Aligned || a.Reason != compare.ReasonNone {
				t.Fatalf("not aligned: %s", a.Reason)
			}
			if got := miss(a, c.m, 400, 340, 400, 340); got > 0.2 {
				t.Errorf("off by %.3f px", got)
			}
		})
	}
}

func TestPrintRepeatsInTwoDirections(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps [][2]int
		want  bool
	}{
		{"along a road", [][2]int{{354, 0}, {124, 0}, {-195, 1}, {-161, 1}}, true},
		{"a watermark in rows", [][2]int{{120, 0}, {0, 90}, {120, 90}}, false},
		{"a slanted one", [][2]int{{100, 60}, {200, 120}, {-60, 100}}, false},
	} {
		if got := align.Abreast(c.steps); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}
