package geo_test

import (
	"errors"
	"math"
	"testing"

	"github.com/antequem/antequem/imagery/geo"
)

// Half-metre pixels, north up, whose top left corner lies at 500000 E, 4000000 N.
func utmGrid(gsd float64) geo.Georeference {
	return geo.Georeference{EPSG: 32637, HasGrid: true, Transform: geo.Affine{A: gsd, C: 500000, E: -gsd, F: 4000000}}
}

func TestThePixelsCentreIsHalfAPixelFromItsCorner(t *testing.T) {
	g := utmGrid(2)
	x, y := g.World(0, 0)
	if x != 500001 || y != 3999999 {
		t.Errorf("centre of the top left pixel at %g, %g, want 500001, 3999999", x, y)
	}
	px, py, ok := g.Pixel(500000, 4000000)
	if !ok || px != -0.5 || py != -0.5 {
		t.Errorf("the corner is pixel %g, %g, want -0.5, -0.5", px, py)
	}
}

func TestGeoTIFFTagsGiveGridAndSystem(t *testing.T) {
	keys := func(kv ...uint16) []uint16 {
		out := []uint16{1, 1, 0, uint16(len(kv) / 2)}
		for i := 0; i < len(kv); i += 2 {
			out = append(out, kv[i], 0, 1, kv[i+1])
		}
		return out
	}
	area, point := keys(1024, 1, 1025, 1, 3072, 32637), keys(1024, 1, 1025, 2, 3072, 32637)
	scale, tie := []float64{2, 2, 0}, []float64{0, 0, 0, 500000, 4000000, 0}
	for _, c := range []struct {
		name string
		tags geo.GeoTags
		epsg int
		want geo.Affine
	}{
		{"a tie point at the corner", geo.GeoTags{Scale: scale, Tiepoint: tie, Keys: area}, 32637, geo.Affine{A: 2, C: 500000, E: -2, F: 4000000}},
		{"a tie point at the centre of the pixel", geo.GeoTags{Scale: scale, Tiepoint: tie, Keys: point}, 32637, geo.Affine{A: 2, C: 499999, E: -2, F: 4000001}},
		{"a tie point inside the picture", geo.GeoTags{Scale: scale, Tiepoint: []float64{10, 20, 0, 500020, 3999960, 0}, Keys: area}, 32637, geo.Affine{A: 2, C: 500000, E: -2, F: 4000000}},
		{"a matrix", geo.GeoTags{Matrix: []float64{1, 0.5, 0, 7, 0.25, -1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1}, Keys: area}, 32637, geo.Affine{A: 1, B: 0.5, C: 7, D: 0.25, E: -1, F: 9}},
		{"degrees", geo.GeoTags{Scale: scale, Tiepoint: tie, Keys: keys(1024, 2, 2048, 4326)}, 4326, geo.Affine{A: 2, C: 500000, E: -2, F: 4000000}},
		{"datum and zone by themselves", geo.GeoTags{Scale: scale, Tiepoint: tie, Keys: keys(1024, 1, 2048, 4326, 3072, 32767, 3074, 16137)}, 32737, geo.Affine{A: 2, C: 500000, E: -2, F: 4000000}},
		{"a projection of the writer's own", geo.GeoTags{Scale: scale, Tiepoint: tie, Keys: keys(1024, 1, 2048, 4326, 3072, 32767)}, 0, geo.Affine{A: 2, C: 500000, E: -2, F: 4000000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, warnings := c.tags.Georeference()
			if g.EPSG != c.epsg || g.Transform != c.want || !g.HasGrid || warnings != nil {
				t.Errorf("got EPSG %d, %+v, grid %v, %q; want EPSG %d, %+v", g.EPSG, g.Transform, g.HasGrid, warnings, c.epsg, c.want)
			}
		})
	}
}

func TestBrokenTagsGiveNoGridAndNoPanic(t *testing.T) {
	for name, tags := range map[string]geo.GeoTags{
		"pixels without area":     {Scale: []float64{0, 0, 0}, Tiepoint: make([]float64, 6)},
		"not a number":            {Scale: []float64{math.NaN(), 1, 0}, Tiepoint: make([]float64, 6)},
		"control points alone":    {Tiepoint: make([]float64, 18)},
		"keys that end early":     {Keys: []uint16{1, 1, 0, 5, 1024}},
		"text beyond the tag":     {Keys: []uint16{1, 1, 0, 1, 1026, 34737, 500, 3}, ASCII: "abc"},
		"a scale without a place": {Scale: []float64{1, 1, 0}},
	} {
		if g, _ := tags.Georeference(); g.HasGrid {
			t.Errorf("%s: got a grid %+v", name, g.Transform)
		}
	}
}

func TestGSDIsTheLengthOnTheGround(t *testing.T) {
	// On the central meridian UTM shrinks by 0.9996, so a grid metre is 1/0.9996 on the ground.
	got, err := utmGrid(0.5).GSD(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "UTM", got, 0.5/0.9996, 1e-6)

	// At 60° north Web Mercator's metre is cos 60° = half a metre, but for the ellipsoid.
	s, _ := geo.SystemOf(3857)
	x, y := s.FromLonLat(geo.LonLat{Lon: 30, Lat: 60})
	got, err = geo.Georeference{EPSG: 3857, HasGrid: true, Transform: geo.Affine{A: 1, C: x, E: -1, F: y}}.GSD(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Web Mercator", got, 0.5, 0.002)
}

func TestFootprintListsTheOuterCorners(t *testing.T) {
	g := geo.Georeference{EPSG: 4326, HasGrid: true, Transform: geo.Affine{A: 0.1, C: 37, E: -0.1, F: 36}}
	got, err := g.Footprint(10, 5)
	if err != nil {
		t.Fatal(err)
	}
	want := [4]geo.LonLat{{Lon: 37, Lat: 36}, {Lon: 38, Lat: 36}, {Lon: 38, Lat: 35.5}, {Lon: 37, Lat: 35.5}}
	for i := range want {
		near(t, "longitude", got[i].Lon, want[i].Lon, 1e-12)
		near(t, "latitude", got[i].Lat, want[i].Lat, 1e-12)
	}
}

func TestAnUnknownSystemIsSaidToBeOne(t *testing.T) {
	g := utmGrid(1)
	g.EPSG = 2154
	if _, err := g.Footprint(2, 2); !errors.Is(err, geo.ErrUnknownCRS) {
		t.Errorf("got %v, want ErrUnknownCRS", err)
	}
}

func TestARingOfPlacesBecomesPixels(t *testing.T) {
	g := geo.Georeference{EPSG: 4326, HasGrid: true, Transform: geo.Affine{A: 0.1, C: 37, E: -0.1, F: 36}}
	l, err := g.Locate()
	if err != nil {
		t.Fatal(err)
	}
	got, err := l.Pixels([]geo.LonLat{{Lon: 37, Lat: 36}, {Lon: 37.05, Lat: 35.95}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "corner x", got[0][0], -0.5, 1e-9)
	near(t, "centre x", got[1][0], 0, 1e-9)
	near(t, "centre y", got[1][1], 0, 1e-9)
}

func TestWorldFileCountsFromTheCentre(t *testing.T) {
	got, err := geo.ParseWorldFile("0.5\r\n0\r\n0\r\n-0.5\r\n500000.25\r\n3999999.75\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := (geo.Affine{A: 0.5, C: 500000, E: -0.5, F: 4000000}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, bad := range []string{"", "1 2 3", "a b c d e f", "0 0 0 0 1 1", "NaN 0 0 1 1 1"} {
		if _, err := geo.ParseWorldFile(bad); err == nil {
			t.Errorf("%q is taken for a world file", bad)
		}
	}
}

func FuzzWorldFile(f *testing.F) {
	f.Add("0.5 0 0 -0.5 1 2")
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := geo.ParseWorldFile(s); err == nil {
			if _, ok := a.Invert(); !ok {
				t.Errorf("%q gives %+v, which can't be inverted", s, a)
			}
		}
	})
}
