package assess_test

import (
	"math/rand/v2"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

func TestNoiseOnADrawnBorderIsNoChange(t *testing.T) {
	// Both show one ground in their upper third; below it they are black, with noise.
	const side, ends = 320, 110
	shot := func(seed uint64) assess.Picture {
		rng := rand.New(rand.NewPCG(seed, 5))
		p := roofs(1, side)
		for i := range p.Pix {
			if i/side >= ends {
				p.Pix[i] = 3
			}
			p.Pix[i] = max(0, p.Pix[i]+float32(1.5*rng.NormFloat64()))
		}
		return assess.Picture{Image: imagery.Image{File: "a.png", Digest: imagery.Digest{byte(seed)}}, Raster: raster.Raster{Bands: []raster.Plane{p}}}
	}
	r, err := assess.Pair(t.Context(), shot(1), shot(2), nil, assess.DefaultOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Alignment.Aligned {
		t.Fatalf("failed: %s", r.Alignment.Reason)
	}
	changed, below := 0, 0
	for y := range side {
		for x := range side {
			switch {
			case r.Valid.Valid(x, y) && y >= ends:
				below++
			case r.Valid.Valid(x, y) && r.Score.Row(y)[x] > 0.3:
				changed++
			}
		}
	}
	if p := r.Report().ChangedPct; p == nil || *p > 1 {
		t.Errorf("%v %% of it changed, want less than 1", p)
	}
	if below > 0 || changed > side*ends/100 {
		t.Errorf("%d px of the border are compared, %d px of the ground score above 0.3", below, changed)
	}
}
