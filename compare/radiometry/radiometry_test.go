package radiometry_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/antequem/antequem/compare/radiometry"
	"github.com/antequem/antequem/imagery/raster"
)

// tones draws a plane of even noise between 20 and 220.
func tones(seed uint64, side int) raster.Plane {
	rng := rand.New(rand.NewPCG(seed, 1))
	p := raster.NewPlane(side, side)
	for i := range p.Pix {
		p.Pix[i] = float32(20 + 200*rng.Float64())
	}
	return p
}

// lit is p times gain plus offset.
func lit(p raster.Plane, gain, offset float32) raster.Plane {
	q := raster.NewPlane(p.W, p.H)
	for i, v := range p.Pix {
		q.Pix[i] = gain*v + offset
	}
	return q
}

func rgb(ps ...raster.Plane) raster.Raster { return raster.Raster{Bands: ps} }

func TestFitFindsTheLineOfEachBand(t *testing.T) {
	p := tones(1, 64)
	changed := lit(p, 0.5, 30)
	for i := range changed.Pix[:len(changed.Pix)/4] {
		changed.Pix[i] = 200 // a quarter of the picture was built over
	}
	for _, c := range []struct {
		name     string
		ref, mov raster.Raster
		want     []radiometry.Line
	}{
		{"a picture against itself", rgb(p), rgb(p), []radiometry.Line{{Gain: 1}}},
		// Moving tones are half the reference's plus 30, so the way back is twice less 60.
		{"half the light and a haze", rgb(p), rgb(lit(p, 0.5, 30)), []radiometry.Line{{Gain: 2, Offset: -60}}},
		{"the same, a quarter of it changed", rgb(p), rgb(changed), []radiometry.Line{{Gain: 2, Offset: -60}}},
		{"each band by itself", rgb(p, p, p), rgb(p, lit(p, 2, 0), lit(p, 1, 10)), []radiometry.Line{{Gain: 1}, {Gain: 0.5}, {Gain: 1, Offset: -10}}},
		{"grey against colour, by brightness", rgb(p), rgb(lit(p, 2, 0), lit(p, 2, 0), lit(p, 2, 0)), []radiometry.Line{{Gain: 0.5}, {Gain: 0.5}, {Gain: 0.5}}},
		{"a blank picture", rgb(p), rgb(raster.NewPlane(64, 64)), []radiometry.Line{{Gain: 1}}},
		{"no reference", raster.Raster{}, rgb(p), []radiometry.Line{{Gain: 1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := radiometry.Fit(c.ref, c.mov)
			if len(got) != len(c.want) {
				t.Fatalf("got %d lines, want %d", len(got), len(c.want))
			}
			for b := range got {
				if math.Abs(got[b].Gain-c.want[b].Gain) > 0.01 || math.Abs(got[b].Offset-c.want[b].Offset) > 1 {
					t.Errorf("band %d: got %+v, want %+v", b, got[b], c.want[b])
				}
			}
		})
	}
}

func TestApplyBringsBackTheTones(t *testing.T) {
	p := tones(1, 64)
	mov := rgb(lit(p, 0.5, 30))
	got := radiometry.Apply(mov, radiometry.Fit(rgb(p), mov))
	for i, v := range got.Bands[0].Pix {
		if math.Abs(float64(v-p.Pix[i])) > 1 {
			t.Fatalf("pixel %d is %g, was %g", i, v, p.Pix[i])
		}
	}
}

func TestFitReadsNothingWhereThereIsNoData(t *testing.T) {
	p := tones(1, 64)
	mov := rgb(lit(p, 0.5, 30))
	mov.Valid = raster.Mask{W: 64, H: 64, Pix: make([]uint8, 64*64)}
	for i := range mov.Valid.Pix {
		mov.Valid.Pix[i] = 1
		if i < 2500 {
			mov.Valid.Pix[i], mov.Bands[0].Pix[i] = 0, 60000
		}
	}
	if got := radiometry.Fit(rgb(p), mov)[0]; math.Abs(got.Gain-2) > 0.01 {
		t.Errorf("got %+v, want a gain of 2", got)
	}
}

func BenchmarkFit(b *testing.B) {
	for _, side := range []int{256, 1024, 4096} {
		ref, mov := rgb(tones(1, side)), rgb(lit(tones(1, side), 0.5, 30))
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			b.SetBytes(int64(side * side)) // one byte per pixel: MB/s reads as megapixels per second
			b.ReportAllocs()
			for b.Loop() {
				radiometry.Fit(ref, mov)
			}
		})
	}
}
