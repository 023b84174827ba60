package raster_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/antequem/antequem/imagery/raster"
	"github.com/google/go-cmp/cmp"
)

// A mapFunc is a map from reference to moving positions.
type mapFunc func(x, y float64) (float64, float64)

func (f mapFunc) Map(x, y float64) (float64, float64) { return f(x, y) }

func ramp(w, h int, f func(x, y float64) float64) raster.Plane {
	p := raster.NewPlane(w, h)
	for y := range h {
		for x := range w {
			p.Pix[y*w+x] = float32(f(float64(x), float64(y)))
		}
	}
	return p
}

func still(x, y float64) (float64, float64) { return x, y }

func TestWarpByTheIdentityReturnsTheSamples(t *testing.T) {
	p := ramp(37, 23, func(x, y float64) float64 { return math.Sin(x) * 40 * math.Cos(y) })
	got := raster.Warp(raster.Raster{Bands: []raster.Plane{p}}, 37, 23, mapFunc(still), 2)
	if d := cmp.Diff(p, got.Bands[0]); d != "" {
		t.Error(d)
	}
	if got.Valid.Share() != 1 {
		t.Errorf("share %v of the identity is valid, want all", got.Valid.Share())
	}
}

func TestWarpFollowsAPlaneExactly(t *testing.T) {
	// Brightness 2x + 3y, shifted by a quarter and a half: 2(x+0.25) + 3(y+0.5).
	p := ramp(50, 40, func(x, y float64) float64 { return 2*x + 3*y })
	got := raster.Warp(raster.Raster{Bands: []raster.Plane{p}}, 50, 40, mapFunc(func(x, y float64) (float64, float64) { return x + 0.25, y + 0.5 }), 1)
	for y := 2; y < 37; y++ {
		for x := 2; x < 47; x++ {
			if v := got.Bands[0].At(x, y); math.Abs(float64(v)-2*(float64(x)+0.25)-3*(float64(y)+0.5)) > 1e-3 {
				t.Fatalf("(%d, %d) is %v", x, y, v)
			}
		}
	}
	if got.Valid.Valid(49, 10) || !got.Valid.Valid(48, 10) {
		t.Error("x + 0.25 lies outside for the last column, and for it alone")
	}
}

func TestWarpNeverLetsNodataIn(t *testing.T) {
	const w, h = 40, 40
	p, m := raster.NewPlane(w, h), raster.Full(w, h)
	for i := range p.Pix {
		p.Pix[i] = 7
		if x, y := i%w, i/w; (x-20)*(x-20)+(y-20)*(y-20) < 50 || x < 3 {
			p.Pix[i], m.Pix[i] = 1e9, 0
		}
	}
	for _, scale := range []float64{0.7, 1, 1.4, 2.6} {
		got := raster.Warp(raster.Raster{Bands: []raster.Plane{p}, Valid: m}, 30, 30, mapFunc(func(x, y float64) (float64, float64) { return scale*x + 0.3, scale*y + 0.6 }), 2)
		for i, v := range got.Bands[0].Pix {
			if got.Valid.Pix[i] != 0 && math.Abs(float64(v)-7) > 1e-3 {
				t.Fatalf("scale %v: sample %d is %v, want 7", scale, i, v)
			}
		}
		if got.Valid.Share() == 0 {
			t.Errorf("scale %v: nothing valid", scale)
		}
	}
}

func TestWarpToACoarserGridAverages(t *testing.T) {
	// A chessboard of 0 and 100 at a quarter of its size is grey.
	p := ramp(64, 64, func(x, y float64) float64 { return float64((int(x)+int(y))%2) * 100 })
	got := raster.Warp(raster.Raster{Bands: []raster.Plane{p}}, 16, 16, mapFunc(func(x, y float64) (float64, float64) { return 4*x + 1.5, 4*y + 1.5 }), 1)
	for y := 2; y < 14; y++ {
		for x := 2; x < 14; x++ {
			if v := got.Bands[0].At(x, y); math.Abs(float64(v)-50) > 3 {
				t.Fatalf("(%d, %d) is %v, want about 50", x, y, v)
			}
		}
	}
}

func TestWarpOutsideAndBeyondTheHorizonIsInvalid(t *testing.T) {
	p := ramp(20, 20, func(x, y float64) float64 { return x })
	got := raster.Warp(raster.Raster{Bands: []raster.Plane{p}}, 20, 20, mapFunc(func(x, y float64) (float64, float64) { return math.NaN(), y }), 1)
	if got.Valid.Share() != 0 {
		t.Error("NaN counts as a position")
	}
	if got := raster.Warp(raster.Raster{}, 5, 5, mapFunc(still), 1); got.Valid.Share() != 0 {
		t.Error("a raster without bands has data")
	}
}

func TestKernelsGiveTheSameWithAnyNumberOfWorkers(t *testing.T) {
	p := ramp(201, 133, func(x, y float64) float64 { return math.Sin(x*y/50) * 90 })
	r := raster.Raster{Bands: []raster.Plane{p}}
	turn := mapFunc(func(x, y float64) (float64, float64) { return 0.9*x - 0.3*y + 30 + 1e-4*x*x, 0.3*x + 0.9*y })
	for _, workers := range []int{2, 8} {
		if d := cmp.Diff(raster.Warp(r, 200, 120, turn, 1), raster.Warp(r, 200, 120, turn, workers)); d != "" {
			t.Error("warp:", d)
		}
		if d := cmp.Diff(raster.Blur(p, raster.Mask{}, 1.7, 1), raster.Blur(p, raster.Mask{}, 1.7, workers)); d != "" {
			t.Error("blur:", d)
		}
		if d := cmp.Diff(raster.Pyramid(r, 16, 1), raster.Pyramid(r, 16, workers)); d != "" {
			t.Error("pyramid:", d)
		}
	}
}

func TestBlurKeepsAFlatPictureFlat(t *testing.T) {
	p := ramp(30, 9, func(_, _ float64) float64 { return 12 })
	m := raster.Full(30, 9)
	for y := range 9 {
		p.Pix[y*30+11], m.Pix[y*30+11] = 1e9, 0
	}
	for i, v := range raster.Blur(p, m, 2, 1).Pix {
		if want := float64(m.Pix[i]) * 12; math.Abs(float64(v)-want) > 1e-3 {
			t.Fatalf("sample %d is %v, want %v", i, v, want)
		}
	}
}

func TestBlurOverIsBlurInPlace(t *testing.T) {
	p := ramp(31, 17, func(x, y float64) float64 { return math.Sin(x*y) * 40 })
	want := raster.Blur(p, raster.Mask{}, 1.7, 1)
	raster.BlurOver(p, 1.7, 3)
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestHalfKeepsCentres(t *testing.T) {
	// Brightness x: pixel i of the half lies at 2i + 0.5.
	half := raster.Half(raster.Raster{Bands: []raster.Plane{ramp(21, 12, func(x, _ float64) float64 { return x })}}, 1)
	if w, h := half.Size(); w != 10 || h != 6 {
		t.Fatalf("got %d × %d", w, h)
	}
	for x := 1; x < 9; x++ {
		if v := half.Bands[0].At(x, 3); math.Abs(float64(v)-(2*float64(x)+0.5)) > 1e-5 {
			t.Errorf("pixel %d is %v", x, v)
		}
	}
}

func TestLumaWeighsRedGreenAndBlueByRec601AndOtherBandsAlike(t *testing.T) {
	band := func(v float32) raster.Plane { return raster.Plane{W: 1, H: 1, Pix: []float32{v}} }
	for _, c := range []struct {
		name  string
		bands []raster.Plane
		want  float32
	}{
		{"grey is itself", []raster.Plane{band(70)}, 70},
		{"red, green and blue", []raster.Plane{band(100), band(200), band(50)}, 29.9 + 117.4 + 5.7},
		{"a fourth band, near infrared or opacity, counts nothing", []raster.Plane{band(100), band(200), band(50), band(999)}, 29.9 + 117.4 + 5.7},
		{"two bands by their mean", []raster.Plane{band(10), band(30)}, 20},
		{"five bands by their mean", []raster.Plane{band(1), band(2), band(3), band(4), band(10)}, 4},
	} {
		if got := (raster.Raster{Bands: c.bands}).Luma().At(0, 0); math.Abs(float64(got-c.want)) > 1e-4 {
			t.Errorf("%s: got %g, want %g", c.name, got, c.want)
		}
	}
}

func TestErodeAndDilateMoveABorderByTheirRadius(t *testing.T) {
	m := raster.Full(12, 9)
	for y := range 9 {
		for x := range 4 {
			m.Pix[y*12+x] = 0
		}
	}
	for _, c := range []struct {
		name  string
		got   raster.Mask
		first int
	}{{"eroded", m.Erode(2), 6}, {"dilated", m.Dilate(3), 1}} {
		for x := range 12 {
			if c.got.Valid(x, 4) != (x >= c.first) {
				t.Errorf("%s: valid at %d is %v", c.name, x, c.got.Valid(x, 4))
			}
		}
	}
}

func TestAndIsValidWhereBothAre(t *testing.T) {
	a, b := raster.Full(2, 1), raster.Full(2, 1)
	a.Pix[0], b.Pix[1] = 0, 0
	if a.And(b).Share() != 0 || a.And(raster.Mask{W: 2, H: 1}).Share() != 0.5 {
		t.Error("and")
	}
}

func TestCropKeepsSamplesAndMaskOfItsWindow(t *testing.T) {
	r := raster.Raster{Bands: []raster.Plane{ramp(7, 5, func(x, y float64) float64 { return 10*y + x })}, Valid: raster.Full(7, 5)}
	r.Valid.Pix[2*7+3] = 0 // (3, 2), which is (1, 1) of the window
	got := r.Crop(2, 1, 3, 2)
	want := raster.Raster{
		Bands: []raster.Plane{{W: 3, H: 2, Pix: []float32{12, 13, 14, 22, 23, 24}}},
		Valid: raster.Mask{W: 3, H: 2, Pix: []uint8{1, 1, 1, 1, 0, 1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	r.Valid.Pix = nil
	if got := r.Crop(2, 1, 3, 2); got.Valid.Pix != nil {
		t.Error("a mask that is valid everywhere got samples")
	}
	got.Bands[0].Pix[0] = 99
	if r.Bands[0].At(2, 1) != 12 {
		t.Error("the window shares memory with the picture")
	}
}

func TestFillMeanWritesWhereThereIsNoDataAlone(t *testing.T) {
	for _, c := range []struct {
		name  string
		valid []uint8
		want  []float32
	}{
		{"two of four hold data", []uint8{1, 0, 1, 0}, []float32{2, 3, 4, 3}},
		{"all hold data", []uint8{1, 1, 1, 1}, []float32{2, 70, 4, 80}},
		{"a mask without samples", nil, []float32{2, 70, 4, 80}},
		{"none holds data", []uint8{0, 0, 0, 0}, []float32{2, 70, 4, 80}},
	} {
		p := raster.Plane{W: 4, H: 1, Pix: []float32{2, 70, 4, 80}}
		p.FillMean(raster.Mask{W: 4, H: 1, Pix: c.valid})
		if diff := cmp.Diff(c.want, p.Pix); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

func TestFilledSaysWhetherAWindowHoldsDataAllOver(t *testing.T) {
	m := raster.Full(6, 4)
	m.Pix[1*6+4] = 0 // (4, 1)
	for _, c := range []struct {
		name           string
		x0, y0, x1, y1 int
		want           bool
	}{
		{"the hole is its last pixel", 2, 0, 5, 2, false},
		{"it ends before the hole's column", 2, 0, 4, 4, true},
		{"it ends before the hole's row", 0, 0, 6, 1, true},
		{"it begins below the hole", 0, 2, 6, 4, true},
	} {
		if got := m.Filled(c.x0, c.y0, c.x1, c.y1); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
	if !(raster.Mask{W: 6, H: 4}).Filled(0, 0, 6, 4) {
		t.Error("a mask without samples is valid everywhere")
	}
}

func TestEachIsCalledOnceForEachIndex(t *testing.T) {
	for _, workers := range []int{0, 1, 3, 40} {
		calls := make([]int, 25)
		raster.Each(len(calls), workers, func(i int) { calls[i]++ })
		for i, n := range calls {
			if n != 1 {
				t.Errorf("%d workers: index %d was called %d times", workers, i, n)
			}
		}
	}
}

func BenchmarkWarp(b *testing.B) {
	for _, side := range []int{256, 1024, 4096} {
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			p := ramp(side, side, func(x, y float64) float64 { return x + y })
			r := raster.Raster{Bands: []raster.Plane{p, p, p}}
			m := mapFunc(func(x, y float64) (float64, float64) { return 0.999*x - 0.02*y + 5.3, 0.02*x + 0.999*y - 3.1 })
			b.SetBytes(int64(side * side)) // one byte per pixel: MB/s reads as megapixels per second
			b.ReportAllocs()
			for b.Loop() {
				raster.Warp(r, side, side, m, 0)
			}
		})
	}
}

func BenchmarkBlur(b *testing.B) {
	for _, side := range []int{256, 1024, 4096} {
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			p := ramp(side, side, func(x, y float64) float64 { return x + y })
			b.SetBytes(int64(side * side))
			b.ReportAllocs()
			for b.Loop() {
				raster.Blur(p, raster.Mask{}, 1.2, 0)
			}
		})
	}
}
