package geo_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/imagery/geo"
	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.9f, want %.9f ± %g", what, got, want, tolerance)
	}
}

// IOGP Publication 373-7-2, Guidance Note 7-2, 3.2.5.1: OSGB36 / British National Grid.
func TestTransverseMercatorFollowsTheGuidanceNote(t *testing.T) {
	airy := geo.Ellipsoid{A: 6377563.396, F: 1 / 299.32496}
	tm := geo.NewTransverseMercator(airy, 49, -2, 0.9996012717, 400000, -100000)
	e, n := tm.FromLonLat(geo.LonLat{Lon: 0.5, Lat: 50.5})
	near(t, "easting", e, 577274.99, 0.01) // PROJ 9.1.1: 577274.983813
	near(t, "northing", n, 69740.50, 0.01) // PROJ 9.1.1: 69740.492267
	p := tm.ToLonLat(577274.99, 69740.50)
	near(t, "latitude", p.Lat, 50.5, 1e-7)
	near(t, "longitude", p.Lon, 0.5, 1e-7)
}

// The same, 3.2.1.2: WGS 84 / Pseudo-Mercator.
func TestWebMercatorFollowsTheGuidanceNote(t *testing.T) {
	s, _ := geo.SystemOf(3857)
	lat, lon := 24+22.0/60+54.433/3600, -(100 + 20.0/60)
	x, y := s.FromLonLat(geo.LonLat{Lon: lon, Lat: lat})
	near(t, "easting", x, -11169055.58, 0.006)
	near(t, "northing", y, 2800000.00, 0.006)
	p := s.ToLonLat(-11169055.58, 2800000.00)
	near(t, "latitude", p.Lat, 24+22.0/60+54.433/3600, 1e-7)
	near(t, "longitude", p.Lon, lon, 1e-7)
}

// Expected numbers by PROJ 9.1.1 through GDAL 3.6.2.
func TestPlacesProjectAsPROJHasThem(t *testing.T) {
	for _, c := range []struct {
		name           string
		epsg           int
		lon, lat, x, y float64
	}{
		{"Aleppo in its zone", 32637, 37.15, 36.2, 333677.102741, 4007717.941962},
		{"six degrees off the central meridian", 32637, 44.9, 12.5, 1142096.630141, 1389017.812108},
		{"Jerusalem", 32636, 35.2137, 31.7683, 709643.325322, 3516886.848666},
		{"south of the equator", 32733, 15.05, -33.9, 504622.795499, 6248930.608862},
		{"just east of the antimeridian", 32601, -179.9, 65, 363283.217115, 7211591.252156},
		{"just west of the antimeridian", 32660, 179.99, 10, 827831.363022, 1106898.884084},
		{"the origin of a zone", 32631, 3, 0, 500000, 0},
		{"near the south pole", 32733, 12, -79.5, 438993.455565, 1172650.181101},
		{"far north and far east of the zone", 32632, 16.5, 60, 917733.205698, 6675139.727231},
		{"Jerusalem on the web's map", 3857, 35.2137, 31.7683, 3919971.152947, 3732934.681672},
		{"the web map's corner", 3857, -179.999, -85, -20037397.023298, -19971868.880409},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, ok := geo.SystemOf(c.epsg)
			if !ok {
				t.Fatalf("EPSG %d is not known", c.epsg)
			}
			x, y := s.FromLonLat(geo.LonLat{Lon: c.lon, Lat: c.lat})
			near(t, "x", x, c.x, 2e-6)
			near(t, "y", y, c.y, 2e-6)
			p := s.ToLonLat(c.x, c.y)
			near(t, "longitude", p.Lon, c.lon, 1e-10)
			near(t, "latitude", p.Lat, c.lat, 1e-10)
		})
	}
}

func TestThereAndBackIsTheSamePlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.IntRange(1, 60).Draw(t, "zone")
		base := rapid.SampledFrom([]int{32600, 32700}).Draw(t, "base")
		s, _ := geo.SystemOf(base + zone)
		want := geo.LonLat{
			Lon: float64(6*zone-183) + rapid.Float64Range(-6, 6).Draw(t, "east"),
			Lat: rapid.Float64Range(-84, 84).Draw(t, "lat"),
		}
		got := s.ToLonLat(s.FromLonLat(want))
		east := math.Abs(math.Remainder(got.Lon-want.Lon, 360))
		if !(east < 1e-9) || !(math.Abs(got.Lat-want.Lat) < 1e-9) {
			t.Fatalf("EPSG %d: %v came back as %v", base+zone, want, got)
		}
	})
}

func TestWhatASystemCannotShowIsNaN(t *testing.T) {
	utm, _ := geo.SystemOf(32637)
	mercator, _ := geo.SystemOf(3857)
	for name, v := range map[string]float64{
		"UTM a quarter of the globe away":     first(utm.FromLonLat(geo.LonLat{Lon: 150, Lat: 10})),
		"UTM from a northing beyond a pole":   utm.ToLonLat(500000, 3e7).Lat,
		"UTM from an easting without a place": utm.ToLonLat(1e9, 0).Lon,
		"Mercator at the pole":                first(mercator.FromLonLat(geo.LonLat{Lat: 90})),
		"UTM of no number":                    utm.ToLonLat(math.NaN(), 0).Lat,
	} {
		if !math.IsNaN(v) {
			t.Errorf("%s: got %g, want NaN", name, v)
		}
	}
	if _, ok := geo.SystemOf(2154); ok {
		t.Error("Lambert 93 is claimed to be known")
	}
}

func first(a, _ float64) float64 { return a }
