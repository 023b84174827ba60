package workshop_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/samples/synth"
	"github.com/antequem/antequem/server/workshop"
)

// originals are files that are held in memory.
type originals map[imagery.Digest][]byte

func (o originals) ReadOriginal(_ context.Context, d imagery.Digest) ([]byte, error) {
	return o[d], nil
}

func (o originals) Original(_ context.Context, d imagery.Digest) (io.ReadSeekCloser, error) {
	return opened{bytes.NewReader(o[d])}, nil
}

type opened struct{ *bytes.Reader }

func (opened) Close() error { return nil }

// draw adds a picture of 320 × 240 px of a town, with its clinic whole or struck.
func (o originals) draw(t *testing.T, look uint64, struck bool) imagery.Image {
	t.Helper()
	im, _ := synth.Draw(synth.Spec{
		Town: 1, Look: look, W: 320, H: 240, ToMoving: synth.Similarity(320, 240, 0.5, 0, 0, 0), Damaged: struck,
		SunAz: 150, SunEl: 50, Leaf: 0.5, Green: 0.5, Blur: 0.5, Noise: 2,
	})
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		t.Fatal(err)
	}
	d := imagery.DigestOf(b.Bytes())
	o[d] = b.Bytes()
	return imagery.Image{
		File: fmt.Sprintf("%d.png", look), Digest: d, Acquired: date(t, fmt.Sprint(2014+look)), Basis: imagery.BasisCapture,
		Platform: imagery.PlatformSatellite, OffNadir: math.NaN(), SunAz: math.NaN(), SunEl: math.NaN(),
	}
}

func TestAMapBetweenCopiesIsTakenToThePicturesThemselves(t *testing.T) {
	// Copies of a quarter and of half the size, the second shifted by (3, 4) of its pixels.
	// The centre of the whole's pixel (2, 2) lies at (0.125, 0.125) of the first copy: 2.5/4 - 0.5.
	al := compare.Alignment{Aligned: true, Matrix: [3][3]float64{{1, 0, 3}, {0, 1, 4}, {0, 0, 1}}}
	x, y := workshop.WholeMap(al, 4, 2).Map(2, 2)
	if wantX, wantY := 2*(0.125+3+0.5)-0.5, 2*(0.125+4+0.5)-0.5; math.Abs(x-wantX) > 1e-9 || math.Abs(y-wantY) > 1e-9 {
		t.Errorf("(%v, %v), want (%v, %v)", x, y, wantX, wantY)
	}
}

func TestALargePairHasTheTilesThatASmallOneHas(t *testing.T) {
	kept := originals{}
	before, after := kept.draw(t, 1, false), kept.draw(t, 2, true)
	r, err := workshop.PairRecipe(before, after, nil, assess.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	make := func(large int64) map[string][]byte {
		w := workshop.Work{Originals: kept, Limits: decode.DefaultLimits(), Large: large}
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
	kept := originals{}
	r, err := workshop.CaseRecipe(imagery.Case{Images: []imagery.Image{kept.draw(t, 1, false), kept.draw(t, 2, true)}}, assess.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	w := workshop.Work{Originals: kept, Limits: decode.DefaultLimits(), Judged: 1000}
	_, err = w.Make(context.Background(), r, nil)
	if !errors.Is(err, imagery.ErrTooLarge) || !strings.Contains(err.Error(), "320 × 240 px") || !strings.Contains(err.Error(), "crop it") {
		t.Errorf("%v", err)
	}
}
