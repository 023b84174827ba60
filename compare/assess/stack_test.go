package assess_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/imagery/raster"
)

// roofs draws overlapping rectangles of random grey; grey of x, y of the ground.
func roofs(seed uint64, side int) raster.Plane {
	rng := rand.New(rand.NewPCG(seed, 1))
	p := raster.NewPlane(side, side)
	for range side * side / 80 {
		x, y, w, h := rng.IntN(side), rng.IntN(side), 4+rng.IntN(14), 4+rng.IntN(14)
		v := float32(30 + rng.IntN(170))
		for j := y; j < min(y+h, side); j++ {
			for i := x; i < min(x+w, side); i++ {
				p.Pix[j*side+i] = v
			}
		}
	}
	return p
}

// moved shows the ground from (dx, dy) on.
func moved(ground raster.Plane, dx, dy, side int) raster.Raster {
	p := raster.NewPlane(side, side)
	for y := range side {
		copy(p.Row(y), ground.Row(y + dy)[dx:dx+side])
	}
	return raster.Raster{Bands: []raster.Plane{p}}
}

func TestAnImageThatSharesNothingWithTheReferenceIsLaidOverItByWayOfOneThatSharesWithBoth(t *testing.T) {
	const side = 256
	before, after := roofs(1, side+20), roofs(2, side+20)
	half := raster.NewPlane(side+20, side+20)
	for y := range half.H {
		copy(half.Row(y), before.Row(y)[:half.W/2])
		copy(half.Row(y)[half.W/2:], after.Row(y)[half.W/2:])
	}
	pictures := map[string]raster.Raster{"0.png": moved(before, 10, 10, side), "1.png": moved(half, 12, 9, side), "2.png": moved(after, 7, 14, side)}
	c := imagery.Case{Title: "halves", Reference: "0.png"}
	for i := range 3 {
		d, err := edtf.Parse(fmt.Sprintf("2015-0%d-01", i+1))
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%d.png", i)
		c.Images = append(c.Images, imagery.Image{File: name, Acquired: d, Digest: sha256.Sum256([]byte(name))})
	}
	c.Regions = []imagery.Region{{Image: "0.png", Polygon: []imagery.Point{{X: 100, Y: 100}, {X: 140, Y: 100}, {X: 140, Y: 140}, {X: 100, Y: 140}}}}
	load := func(_ context.Context, im imagery.Image) (assess.Picture, error) {
		return assess.Picture{Image: im, Raster: pictures[im.File]}, nil
	}
	res, err := assess.Case(t.Context(), c, load, assess.DefaultOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := res.Report.Images[2].Alignment
	if got.Status != "aligned" || got.Through != "1.png" {
		t.Fatalf("2.png is %s through %q (%s), want aligned through 1.png", got.Status, got.Through, got.Reason)
	}
	// 2.png shows the ground 3 px further left and 4 px further down than 0.png does.
	if m := got.Matrix; math.Hypot(m[0][2]-3, m[1][2]+4) > 0.5 {
		t.Errorf("2.png lies at %.2f, %.2f; want 3, -4", m[0][2], m[1][2])
	}
}

func TestComposedMapsLeadWhereBothLeadInTurn(t *testing.T) {
	shift := func(dx, dy float64) compare.Alignment {
		return compare.Alignment{Aligned: true, Model: compare.Translation, Matrix: [3][3]float64{{1, 0, dx}, {0, 1, dy}, {0, 0, 1}}, ExpectedError: 0.3}
	}
	bent := shift(-2, 5)
	bent.Model, bent.ExpectedError = compare.Local, 0.4
	bent.Field = &compare.Field{Step: 16, Cols: 9, Rows: 9, DX: make([]float64, 81), DY: make([]float64, 81)}
	for i := range bent.Field.DX {
		bent.Field.DX[i] = math.Sin(float64(i%9)/3) - 0.5
	}
	ground := moved(roofs(1, 128), 0, 0, 128)
	for name, maps := range map[string][2]compare.Alignment{
		"two shifts": {shift(3, 4), shift(-1, 1)}, "a bent map second": {shift(3, 4), bent}, "a bent map first": {bent, shift(3, 4)},
	} {
		got := assess.Compose(maps[0], maps[1], ground, ground)
		for _, p := range [][2]float64{{40, 40}, {64, 30}, {90, 100}} {
			wx, wy := maps[1].Map(maps[0].Map(p[0], p[1]))
			if x, y := got.Map(p[0], p[1]); math.Hypot(x-wx, y-wy) > 0.05 {
				t.Errorf("%s: (%g, %g) leads to %.2f, %.2f; want %.2f, %.2f", name, p[0], p[1], x, y, wx, wy)
			}
		}
		// Two errors of 0.3 px, or of 0.3 and 0.4 px, make 0.42 or 0.5 px.
		if want := math.Hypot(maps[0].ExpectedError, maps[1].ExpectedError); math.Abs(got.ExpectedError-want) > 0.01 {
			t.Errorf("%s: expected error %g, want %g", name, got.ExpectedError, want)
		}
	}
}
