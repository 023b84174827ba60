package workshop_test

import (
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery/geo"
	"github.com/antequem/antequem/imagery/raster"
	"github.com/antequem/antequem/server/workshop"
)

func TestNorthIsWhereThePictureSaysItLies(t *testing.T) {
	picture := func(a geo.Affine) assess.Picture {
		return assess.Picture{
			Raster: raster.Raster{Bands: []raster.Plane{raster.NewPlane(100, 100)}},
			Georef: &geo.Georeference{EPSG: 4326, HasGrid: true, Transform: a},
		}
	}
	// Degrees of longitude and latitude, 1e-5 each for a pixel, at the equator.
	for name, c := range map[string]struct {
		a    geo.Affine
		want float64
	}{
		"north is up":                          {geo.Affine{A: 1e-5, E: -1e-5}, 0},
		"turned over: north is down":           {geo.Affine{A: -1e-5, E: 1e-5}, 180},
		"a quarter: north is to the right":     {geo.Affine{B: 1e-5, D: 1e-5}, 90},
		"an eighth: north is up and the right": {geo.Affine{A: 1e-5, B: 1e-5, D: 1e-5, E: -1e-5}, 45},
	} {
		if got := workshop.NorthOf(picture(c.a)); got == nil || *got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if workshop.NorthOf(assess.Picture{}) != nil {
		t.Error("a picture that doesn't say where it lies has a north")
	}
}
