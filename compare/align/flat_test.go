package align_test

import (
	"math/rand/v2"
	"testing"

	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery/raster"
)

func TestNodataIsTakenOutAndGroundIsKept(t *testing.T) {
	const side = 320
	type box struct{ x0, y0, x1, y1 int }
	steps := func(x, y int) float32 { return 16 + 2*float32((x+y)/96) } // as compression leaves of a slow shade
	for _, c := range []struct {
		name   string
		tone   func(x, y int) float32
		ground []box
		out    []box // flat, and not ground
		in     []box // flat, and ground
	}{
		{"black beside a strip", flat(0), []box{{0, 0, 320, 120}}, []box{{0, 144, 320, 320}}, nil},
		{"black between a strip and a piece elsewhere", flat(0), []box{{0, 0, 320, 100}, {80, 220, 176, 320}}, []box{{0, 120, 320, 200}, {200, 200, 320, 320}}, nil},
		{"shaded black in steps", steps, []box{{0, 0, 320, 120}}, []box{{0, 144, 320, 320}}, nil},
		{"a bay that reaches into the ground", flat(0), []box{{0, 0, 320, 100}, {0, 100, 100, 320}, {180, 100, 320, 320}}, nil, []box{{120, 120, 160, 320}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			p := raster.NewPlane(side, side)
			for y := range side {
				for x := range side {
					p.Pix[y*side+x] = c.tone(x, y)
				}
			}
			for _, b := range c.ground {
				for y := b.y0; y < b.y1; y++ {
					for x := b.x0; x < b.x1; x++ {
						p.Pix[y*side+x] = 80 + 120*rng.Float32()
					}
				}
			}
			m := align.WithoutFlatBorder(p, raster.Mask{})
			share := func(b box) float64 {
				n := 0
				for y := b.y0; y < b.y1; y++ {
					for x := b.x0; x < b.x1; x++ {
						if m.Valid(x, y) {
							n++
						}
					}
				}
				return float64(n) / float64((b.x1-b.x0)*(b.y1-b.y0))
			}
			for _, b := range c.out {
				if got := share(b); got > 0 {
					t.Errorf("%.0f %% of %v passes for ground", 100*got, b)
				}
			}
			for _, b := range c.in {
				if got := share(b); got < 1 {
					t.Errorf("%.0f %% of %v is taken out", 100*(1-got), b)
				}
			}
			for _, b := range c.ground {
				if got := share(b); got < 0.75 {
					t.Errorf("%.0f %% of the ground %v is taken out", 100*(1-got), b)
				}
			}
		})
	}
}
