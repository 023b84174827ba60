package align_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery/raster"
)

// paint returns r with the rectangle from (x0, y0) to (x1, y1) of what tone gives.
func paint(r raster.Raster, x0, y0, x1, y1 int, tone func(x, y int) float32) raster.Raster {
	out := noisy(r, 0, 0, same)
	for _, p := range out.Bands {
		for y := max(0, y0); y < min(p.H, y1); y++ {
			for x := max(0, x0); x < min(p.W, x1); x++ {
				p.Pix[y*p.W+x] = tone(x, y)
			}
		}
	}
	return out
}

func flat(tone float32) func(x, y int) float32 { return func(_, _ int) float32 { return tone } }

// bars are the black and white fields of a scale bar, 20 px long each.
func bars(x, _ int) float32 { return float32(255 * (x / 20 % 2)) }

// bare drops the mask: what lies outside the scene is 0, as a screenshot has it.
func bare(r raster.Raster) raster.Raster { return raster.Raster{Bands: r.Bands} }

func TestWhatVolunteersBringIsAligned(t *testing.T) {
	const side = 320
	town := scene(side, side, 31)
	small := turned(3, 1.02, 9, -6, side/2, side/2)
	for _, c := range []struct {
		name  string
		m     linear
		dress func(ref, mov raster.Raster) (raster.Raster, raster.Raster)
		limit float64
	}{
		{"a logo and a scale bar are burnt into one of them", small, func(ref, mov raster.Raster) (raster.Raster, raster.Raster) {
			return ref, paint(paint(mov, 0, 290, 180, 306, bars), 220, 10, 310, 50, flat(255))
		}, 0.1},
		{"both carry the same scale bar in the same place", small, func(ref, mov raster.Raster) (raster.Raster, raster.Raster) {
			return paint(ref, 20, 290, 200, 306, bars), paint(mov, 20, 290, 200, 306, bars)
		}, 0.1},
		{"a quarter of one is a black border", small, func(ref, mov raster.Raster) (raster.Raster, raster.Raster) {
			return ref, paint(bare(mov), 0, 0, 80, side, flat(0))
		}, 0.1},
		{"a flat lake reaches into both", small, func(ref, mov raster.Raster) (raster.Raster, raster.Raster) {
			lake := paint(town, 0, 90, 170, 230, flat(20))
			return lake, moved(lake, side, side, small)
		}, 0.1},
		{"they share one half", turned(1, 1, side/2, 4, side/2, side/2), nil, 0.15},
		{"one is upside down", turned(180, 1, -5, 8, side/2, side/2), nil, 0.15},
		{"one is turned by a quarter, at twice the zoom", turned(-90, 2, 12, 7, side/2, side/2), nil, 0.3},
		{"one has 16 bits", small, func(ref, mov raster.Raster) (raster.Raster, raster.Raster) {
			return ref, noisy(mov, 0, 0, func(v float64) float64 { return 257 * v })
		}, 0.1},
		{"winter reverses the contrast", small, func(ref, mov raster.Raster) (raster.Raster, raster.Raster) {
			return ref, noisy(mov, 0, 0, func(v float64) float64 { return 240 - 0.6*v })
		}, 0.1},
	} {
		t.Run(c.name, func(t *testing.T) {
			ref, mov := town, moved(town, side, side, c.m)
			if c.dress != nil {
				ref, mov = c.dress(ref, mov)
			}
			a := estimate(t, noisy(ref, 1, 3, same), noisy(mov, 2, 3, same), align.DefaultOptions())
			if !a.Aligned {
				t.Fatalf("failed: %s", a.Reason)
			}
			if got := miss(a, c.m, side, side, side, side); got > c.limit || got > 3*a.ExpectedError+0.02 {
				t.Errorf("off by %.3f px, limit %v, expected %.3f", got, c.limit, a.ExpectedError)
			}
		})
	}
}

// rebuilt returns before with about share of its squares of 32 px left, and those
// of after elsewhere.
func rebuilt(before, after raster.Raster, share float64, seed uint64) raster.Raster {
	const square = 32
	rng := rand.New(rand.NewPCG(seed, 3))
	out := noisy(before, 0, 0, same)
	p, q := out.Bands[0], after.Bands[0]
	for y := 0; y < p.H; y += square {
		for x := 0; x < p.W; x += square {
			if rng.Float64() < share {
				continue
			}
			for j := y; j < min(y+square, p.H); j++ {
				copy(p.Row(j)[x:min(x+square, p.W)], q.Row(j)[x:])
			}
		}
	}
	return out
}

func TestASeventhOfATownIsEnough(t *testing.T) {
	const side = 256
	// turned further than print is, which so little that agrees exactly would pass for
	m := turned(3, 1.01, 5, -3, side/2, side/2)
	for i := range uint64(2) {
		before := scene(side, side, 51+10*i)
		after := rebuilt(before, scene(side, side, 52+10*i), 0.15, i)
		a := estimate(t, noisy(before, 1, 4, same), noisy(moved(after, side, side, m), 2, 4, same), align.DefaultOptions())
		if !a.Aligned {
			t.Fatalf("town %d failed: %s", i, a.Reason)
		}
		if got := miss(a, m, side, side, side, side); got > 0.5 || got > 3*a.ExpectedError+0.02 {
			t.Errorf("town %d is off by %.3f px, expected %.3f", i, got, a.ExpectedError)
		}
	}
}

func TestAHintFarOffIsMended(t *testing.T) {
	// The georeference is 90 px off between pictures at a third of each other's scale,
	// which no search without it would try.
	town := scene(420, 420, 41)
	m := turned(20, 0.3, 0, 0, 210, 210)
	m.tx, m.ty = 70-210, 70-210
	opts := align.DefaultOptions()
	hint := matrixOf(m)
	hint[0][2] += 25
	hint[1][2] -= 16
	opts.Hints = []align.Hint{{Matrix: hint, Radius: 40}}
	a := estimate(t, town, moved(town, 140, 140, m), opts)
	if !a.Aligned {
		t.Fatalf("failed: %s", a.Reason)
	}
	if got := miss(a, m, 420, 420, 140, 140); got > 0.15 {
		t.Errorf("off by %.3f px", got)
	}
}

func matrixOf(m linear) (out [3][3]float64) {
	x, y := m.Map(0, 0)
	return [3][3]float64{{m.a, m.b, x}, {m.c, m.d, y}, {0, 0, 1}}
}

func TestAnAlignmentExpectedToBeOffByMoreThanIsAskedFails(t *testing.T) {
	r := scene(260, 260, 8)
	opts := align.DefaultOptions()
	opts.MaxError = 1e-3
	a := estimate(t, noisy(r, 1, 4, same), noisy(moved(r, 260, 260, turned(1, 1, 4, 3, 130, 130)), 2, 4, same), opts)
	if a.Aligned || a.Reason != compare.ReasonNoAgreement || !math.IsNaN(a.ExpectedError) {
		t.Errorf("aligned %v, reason %q, expected error %v", a.Aligned, a.Reason, a.ExpectedError)
	}
}

func TestAHintThatStandsOutLittleIsProvedAllTheSame(t *testing.T) {
	// Two fifths of one picture are the ground of the other, in the same place, under strong noise.
	const side = 320
	town, other := scene(side, side, 31), scene(side, side, 77)
	mov := paint(other, 40, 40, 240, 240, func(x, y int) float32 { return town.Bands[0].Pix[y*side+x] })
	opts := align.DefaultOptions()
	opts.Hints, opts.HintsOnly = []align.Hint{{Matrix: matrixOf(linear{a: 1, d: 1})}}, true
	a := estimate(t, noisy(town, 1, 70, same), noisy(mov, 2, 70, same), opts)
	if !a.Aligned {
		t.Fatalf("failed: %s", a.Reason)
	}
	if got := miss(a, linear{a: 1, d: 1}, side, side, side, side); got > 1.5 || got > 3*a.ExpectedError+0.02 {
		t.Errorf("off by %.3f px, expected %.3f", got, a.ExpectedError)
	}
}
