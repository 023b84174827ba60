package change_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/antequem/antequem/compare/change"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// roofs draws overlapping rectangles of random grey.
func roofs(seed uint64, side int) raster.Plane {
	rng := rand.New(rand.NewPCG(seed, 1))
	p := raster.NewPlane(side, side)
	for range side * side / 60 {
		x, y, w, h := rng.IntN(side), rng.IntN(side), 3+rng.IntN(12), 3+rng.IntN(12)
		v := float32(30 + rng.IntN(170))
		for j := y; j < min(y+h, side); j++ {
			for i := x; i < min(x+w, side); i++ {
				p.Pix[j*side+i] = v
			}
		}
	}
	return p
}

func grey(p raster.Plane) raster.Raster { return raster.Raster{Bands: []raster.Plane{p}} }

// mean is the mean score over the square with its corner at (x, y).
func mean(p raster.Plane, x, y, side int) float64 {
	var sum float64
	for j := y; j < y+side; j++ {
		for i := x; i < x+side; i++ {
			sum += float64(p.At(i, j))
		}
	}
	return sum / float64(side*side)
}

func TestMapOfAPictureAgainstItselfIsZero(t *testing.T) {
	p := grey(roofs(1, 80))
	score, _ := change.Map(p, p, change.DefaultOptions())
	for i, v := range score.Pix {
		if v > 1e-6 {
			t.Fatalf("pixel %d scores %g", i, v)
		}
	}
}

func TestMapFindsWhatChangedAndForgivesWhatDidNot(t *testing.T) {
	const side = 128
	before := roofs(1, side)
	brighter, shifted, rebuilt := raster.NewPlane(side, side), raster.NewPlane(side, side), raster.NewPlane(side, side)
	other := roofs(2, side)
	for y := range side {
		for x := range side {
			i := y*side + x
			brighter.Pix[i] = 1.4*before.Pix[i] + 20
			shifted.Pix[i] = before.At(max(x-1, 0), y)
			rebuilt.Pix[i] = before.Pix[i]
			if x >= 40 && x < 70 && y >= 50 && y < 80 {
				rebuilt.Pix[i] = other.Pix[i]
			}
		}
	}
	opts := change.DefaultOptions()
	opts.ExpectedError = 1
	for _, c := range []struct {
		name     string
		after    raster.Plane
		low, top float64 // bounds of the mean score over x, y 45 to 74
		rest     float64 // and the most elsewhere
	}{
		{"1.4 times the light and a haze", brighter, 0, 0.01, 0.01},
		{"a slip of one pixel, as large as the expected error", shifted, 0, 0.12, 0.12},
		{"other roofs on the same spot", rebuilt, 0.35, 1, 0.01},
	} {
		score, _ := change.Map(grey(before), grey(c.after), opts)
		if got := mean(score, 45, 55, 20); got < c.low || got > c.top {
			t.Errorf("%s: mean score %.3f, want %g to %g", c.name, got, c.low, c.top)
		}
		if got := mean(score, 95, 95, 20); got > c.rest {
			t.Errorf("%s: %.3f where nothing happened", c.name, got)
		}
	}
}

func TestMapReadsNothingWhereThereIsNoData(t *testing.T) {
	const side = 64
	holed := func(rubbish float32) raster.Raster {
		p := roofs(1, side)
		m := raster.Mask{W: side, H: side, Pix: make([]uint8, side*side)}
		for i := range m.Pix {
			m.Pix[i] = 1
			if i%side < 20 {
				m.Pix[i], p.Pix[i] = 0, rubbish
			}
		}
		return raster.Raster{Bands: []raster.Plane{p}, Valid: m}
	}
	b := grey(roofs(2, side))
	zero, valid := change.Map(holed(0), b, change.DefaultOptions())
	rubbish, _ := change.Map(holed(60000), b, change.DefaultOptions())
	if diff := cmp.Diff(zero.Pix, rubbish.Pix); diff != "" {
		t.Error("what has no data changed the score")
	}
	for i, v := range zero.Pix {
		if i%side < 20 && (v != 0 || valid.Pix[i] != 0) {
			t.Fatalf("pixel %d has no data, yet scores %g", i, v)
		}
	}
}

func TestMapIsTheSameWithAnyNumberOfWorkers(t *testing.T) {
	a, b := grey(roofs(1, 100)), grey(roofs(2, 100))
	var first raster.Plane
	for i, n := range []int{1, 2, 8} {
		opts := change.DefaultOptions()
		opts.Workers = n
		got, _ := change.Map(a, b, opts)
		if i == 0 {
			first = got
		} else if diff := cmp.Diff(first.Pix, got.Pix); diff != "" {
			t.Errorf("%d workers differ from one", n)
		}
	}
}

func TestMapTakesAnyPictures(t *testing.T) {
	blank := grey(raster.NewPlane(20, 20))
	for _, c := range []struct {
		name          string
		before, after raster.Raster
	}{
		{"none", raster.Raster{}, raster.Raster{}},
		{"one pixel", grey(raster.NewPlane(1, 1)), grey(raster.NewPlane(1, 1))},
		{"blank ones", blank, blank},
		{"sizes that differ", blank, grey(roofs(1, 40))},
	} {
		score, valid := change.Map(c.before, c.after, change.DefaultOptions())
		if len(score.Pix) != len(valid.Pix) {
			t.Errorf("%s: score of %d pixels, mask of %d", c.name, len(score.Pix), len(valid.Pix))
		}
		for _, v := range score.Pix {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("%s: score %g", c.name, v)
			}
		}
	}
}

func TestOptionsSayWhatIsWrong(t *testing.T) {
	if err := change.DefaultOptions().Validate(); err != nil {
		t.Error(err)
	}
	for _, o := range []change.Options{{Neighbourhood: 0}, {Neighbourhood: 4, ExpectedError: math.NaN()}, {Neighbourhood: 4, Workers: -1}} {
		if err := o.Validate(); !errors.Is(err, imagery.ErrInvalid) {
			t.Errorf("%+v: got %v", o, err)
		}
	}
}

func BenchmarkMap(b *testing.B) {
	for _, side := range []int{256, 1024} {
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			x, y := grey(roofs(1, side)), grey(roofs(2, side))
			b.SetBytes(int64(side * side)) // one byte per pixel: MB/s reads as megapixels per second
			b.ReportAllocs()
			for b.Loop() {
				change.Map(x, y, change.DefaultOptions())
			}
		})
	}
}
