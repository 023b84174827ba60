package server_test

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"math"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/server"
)

func TestAMapBetweenCopiesIsTakenToThePicturesThemselves(t *testing.T) {
	// Copies of a quarter and of half the size, the second shifted by (3, 4) of its pixels.
	// The centre of the whole's pixel (2, 2) lies at (0.125, 0.125) of the first copy: 2.5/4 - 0.5.
	al := compare.Alignment{Aligned: true, Matrix: [3][3]float64{{1, 0, 3}, {0, 1, 4}, {0, 0, 1}}}
	x, y := server.WholeMap(al, 4, 2).Map(2, 2)
	if wantX, wantY := 2*(0.125+3+0.5)-0.5, 2*(0.125+4+0.5)-0.5; math.Abs(x-wantX) > 1e-9 || math.Abs(y-wantY) > 1e-9 {
		t.Errorf("(%v, %v), want (%v, %v)", x, y, wantX, wantY)
	}
}

func TestALargePairHasTheTilesThatASmallOneHas(t *testing.T) {
	h, _, _, _ := judged(t, settle())
	c, err := h.archive.Case(context.Background(), "block")
	if err != nil {
		t.Fatal(err)
	}
	r, err := server.PairRecipe(c.Images[0], c.Images[1], nil, brief())
	if err != nil {
		t.Fatal(err)
	}
	make := func(large int64) map[string][]byte {
		w := server.Work{Originals: h.archive, Limits: decode.DefaultLimits(), Large: large}
		b, err := w.Make(context.Background(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	small, large := make(0), make(1)
	if len(large) < len(small) {
		t.Fatalf("%d files, want %d", len(large), len(small))
	}
	for _, name := range []string{"tiles/before/9/0_0.jpg", "tiles/after/9/0_0.jpg"} {
		a, errA := jpeg.Decode(bytes.NewReader(small[name]))
		b, errB := jpeg.Decode(bytes.NewReader(large[name]))
		if errA != nil || errB != nil || a.Bounds() != b.Bounds() {
			t.Fatalf("%s: %v, %v", name, errA, errB)
		}
		sum := 0.0
		for y := range a.Bounds().Dy() {
			for x := range a.Bounds().Dx() {
				p, _, _, _ := a.At(x, y).RGBA()
				q, _, _, _ := b.At(x, y).RGBA()
				sum += math.Abs(float64(p>>8) - float64(q>>8))
			}
		}
		if mean := sum / float64(a.Bounds().Dx()*a.Bounds().Dy()); mean > 3 {
			t.Errorf("%s differs by %.1f grey levels on average", name, mean)
		}
	}
}

func TestAPictureTooLargeToBeJudgedIsRefusedBeforeItIsHeld(t *testing.T) {
	h, _, _, _ := judged(t, settle())
	c, err := h.archive.Case(context.Background(), "block")
	if err != nil {
		t.Fatal(err)
	}
	r, err := server.CaseRecipe(c, brief())
	if err != nil {
		t.Fatal(err)
	}
	w := server.Work{Originals: h.archive, Limits: decode.DefaultLimits(), Judged: 1000}
	_, err = w.Make(context.Background(), r, nil)
	if !errors.Is(err, imagery.ErrTooLarge) || !strings.Contains(err.Error(), "320 × 240 px") || !strings.Contains(err.Error(), "crop it") {
		t.Errorf("%v", err)
	}
}
