package align_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
	"github.com/google/go-cmp/cmp"
)

func TestAPictureAgainstItselfIsTheIdentity(t *testing.T) {
	r := scene(300, 260, 1)
	a := estimate(t, r, r, align.DefaultOptions())
	if !a.Aligned || a.Model != compare.Identity || a.Matrix != compare.Self().Matrix {
		t.Fatalf("got %v %q, model %q, matrix %v", a.Aligned, a.Reason, a.Model, a.Matrix)
	}
	if a.ExpectedError > 0.02 || a.RMSE > 0.01 || a.Overlap != 1 {
		t.Errorf("expected error %v, residual %v, overlap %v", a.ExpectedError, a.RMSE, a.Overlap)
	}
}

func TestAKnownMapIsFound(t *testing.T) {
	reverse := func(v float64) float64 { return 255 - 0.7*v }
	haze := func(v float64) float64 { return 60 + 0.5*v }
	for _, c := range []struct {
		name  string
		m     linear
		tone  func(float64) float64
		limit float64
	}{
		{"moving lies 3 px right of and 4 px below the reference", turned(0, 1, 3, 4, 150, 150), same, 0.05},
		{"a shift of a third of the picture", turned(0, 1, 95, -20, 150, 150), same, 0.1},
		{"a turn of 3 degrees under haze", turned(3, 1.02, -7, 5, 150, 150), haze, 0.08},
		{"contrast reversed", turned(-2, 1, 6, -3, 150, 150), reverse, 0.08},
		{"a turn of 127 degrees at four fifths of the scale", turned(127, 0.8, 5, 9, 150, 150), same, 0.15},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := scene(300, 300, 2)
			mov := noisy(moved(r, 300, 300, c.m), 3, 3, c.tone)
			a := estimate(t, noisy(r, 4, 3, same), mov, align.DefaultOptions())
			if !a.Aligned {
				t.Fatalf("failed: %s", a.Reason)
			}
			got := miss(a, c.m, 300, 300, 300, 300)
			if got > c.limit || got > 3*a.ExpectedError+0.02 {
				t.Errorf("off by %.3f px, limit %v, expected %.3f", got, c.limit, a.ExpectedError)
			}
		})
	}
}

func TestUnrelatedPlacesAreNotAligned(t *testing.T) {
	for _, c := range []struct {
		name string
		w, h int
		hint []align.Hint
	}{
		{"looked for everywhere, in windows of 32 px", 78, 72, nil},
		{"looked for at any shift, in windows of 64 px", 260, 250, []align.Hint{{Matrix: compare.Self().Matrix, Radius: 300}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			opts := align.DefaultOptions()
			opts.Hints, opts.HintsOnly = c.hint, c.hint != nil
			a := estimate(t, noisy(scene(c.w, c.h, 100), 1, 4, same), noisy(scene(c.w, c.h, 200), 2, 4, same), opts)
			if a.Aligned || a.Reason == compare.ReasonNone {
				t.Errorf("aligned %v, reason %q", a.Aligned, a.Reason)
			}
		})
	}
}

func TestPicturesThatHoldTooLittleAreRefusedWithAReason(t *testing.T) {
	grey := func(w, h int) raster.Raster { return raster.Raster{Bands: []raster.Plane{raster.NewPlane(w, h)}} }
	void := scene(100, 100, 1)
	void.Valid = raster.Mask{W: 100, H: 100, Pix: make([]uint8, 100*100)}
	good := scene(100, 100, 1)
	for _, c := range []struct {
		name     string
		ref, mov raster.Raster
		want     compare.Reason
	}{
		{"no bands", raster.Raster{}, good, compare.ReasonTooSmall},
		{"one row", good, grey(500, 1), compare.ReasonTooSmall},
		{"one column", grey(1, 500), good, compare.ReasonTooSmall},
		{"31 px high", grey(400, 31), good, compare.ReasonTooSmall},
		{"one tone", good, grey(200, 200), compare.ReasonNoStructure},
		{"nothing valid", void, good, compare.ReasonNoStructure},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a := estimate(t, c.ref, c.mov, align.DefaultOptions()); a.Aligned || a.Reason != c.want || !math.IsNaN(a.ExpectedError) {
				t.Errorf("aligned %v, reason %q, want %q", a.Aligned, a.Reason, c.want)
			}
		})
	}
}

func TestTheResultDoesNotDependOnTheNumberOfWorkers(t *testing.T) {
	r := scene(280, 260, 5)
	m := turned(2, 1.03, 4, -6, 140, 130)
	ref, mov := noisy(r, 1, 4, same), noisy(moved(r, 280, 260, m), 2, 4, same)
	var want compare.Alignment
	for i, workers := range []int{1, 2, 8} {
		opts := align.DefaultOptions()
		opts.Workers = workers
		got := estimate(t, ref, mov, opts)
		if i == 0 {
			want = got
		} else if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%d workers: %s", workers, d)
		}
	}
}

func TestAMaskOfOnesIsTheSameAsNone(t *testing.T) {
	r := scene(200, 200, 6)
	mov := moved(r, 200, 200, turned(1, 1, 5, 2, 100, 100))
	mov.Valid = raster.Mask{}
	want := estimate(t, r, mov, align.DefaultOptions())
	r.Valid, mov.Valid = raster.Full(200, 200), raster.Full(200, 200)
	if d := cmp.Diff(want, estimate(t, r, mov, align.DefaultOptions())); d != "" {
		t.Error(d)
	}
}

func TestWhatTheMaskHidesHasNoInfluence(t *testing.T) {
	r := scene(320, 240, 7)
	m := turned(-2, 0.98, -5, 6, 160, 120)
	mov := noisy(moved(r, 320, 240, m), 3, 3, same)
	hide := func(fill float32) raster.Raster {
		p := raster.NewPlane(320, 240)
		copy(p.Pix, mov.Bands[0].Pix)
		mask := raster.Full(320, 240)
		for y := range 240 {
			for x := range 320 {
				if x < 70 || mov.Valid.Pix[y*320+x] == 0 {
					mask.Pix[y*320+x] = 0
					p.Pix[y*320+x] = fill * float32(x*y%17)
				}
			}
		}
		return raster.Raster{Bands: []raster.Plane{p}, Valid: mask}
	}
	want := estimate(t, r, hide(0), align.DefaultOptions())
	if !want.Aligned || miss(want, m, 320, 240, 320, 240) > 0.1 {
		t.Fatalf("aligned %v %s, off by %v", want.Aligned, want.Reason, miss(want, m, 320, 240, 320, 240))
	}
	if d := cmp.Diff(want, estimate(t, r, hide(1e6), align.DefaultOptions())); d != "" {
		t.Error(d)
	}
}

func TestInvalidOptionsAndACancelledContextAreErrors(t *testing.T) {
	r := scene(64, 64, 1)
	opts := align.DefaultOptions()
	opts.Workers = -1
	if _, err := align.Estimate(context.Background(), r, r, opts); !errors.Is(err, imagery.ErrInvalid) {
		t.Errorf("got %v, want invalid", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := align.Estimate(ctx, r, r, align.DefaultOptions()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want cancelled", err)
	}
}

func BenchmarkEstimate(b *testing.B) {
	for _, side := range []int{256, 1024, 4096} {
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			r := scene(side, side, 1)
			c := float64(side) / 2
			ref, mov := noisy(r, 1, 3, same), noisy(moved(r, side, side, turned(2, 1.02, 9, -7, c, c)), 2, 3, same)
			b.SetBytes(int64(side * side)) // one byte per pixel: MB/s reads as megapixels per second
			b.ReportAllocs()
			for b.Loop() {
				if a, err := align.Estimate(context.Background(), ref, mov, align.DefaultOptions()); err != nil || !a.Aligned {
					b.Fatal(err, a.Reason)
				}
			}
		})
	}
}

func BenchmarkWindows(b *testing.B) {
	for _, side := range []int{256, 1024, 4096} {
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			find, pixels := align.Windows(scene(side, side, 1))
			b.SetBytes(int64(pixels)) // of all windows, each correlated once
			b.ReportAllocs()
			for b.Loop() {
				if find() == 0 {
					b.Fatal("nothing found")
				}
			}
		})
	}
}

func BenchmarkFit(b *testing.B) {
	for _, across := range []int{8, 18, 32} {
		b.Run(fmt.Sprint(across*across), func(b *testing.B) {
			run := align.Fitting(across)
			b.SetBytes(int64(across * across)) // links, not pixels
			b.ReportAllocs()
			for b.Loop() {
				if run() < 0.5*float64(across*across) {
					b.Fatal("fit went astray")
				}
			}
		})
	}
}
