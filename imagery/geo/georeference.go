// Package geo says where on the Earth a picture's pixels lie: coordinate systems,
// footprints and ground sample distance.
//
// Two frames meet here and nowhere else. Pixel positions have (0, 0) at the centre of
// the top left pixel, x right, y down. An [Affine] counts columns and rows from that
// pixel's outer corner, as GeoTIFF and GDAL do: column = x + 0.5, row = y + 0.5.
// World coordinates are easting before northing and longitude before latitude, in
// metres and degrees; longitude and latitude are WGS 84.
package geo

import (
	"errors"
	"fmt"
	"math"
)

// ErrUnknownCRS says that a coordinate system is not computed here. Its name and
// number are kept; the picture is treated as having no georeference.
var ErrUnknownCRS = errors.New("coordinate system not known here")

// An Affine maps column and row, counted from the outer corner of the top left pixel,
// to world coordinates: X = A·col + B·row + C, Y = D·col + E·row + F.
type Affine struct{ A, B, C, D, E, F float64 }

// At returns the world position of a column and row.
func (t Affine) At(col, row float64) (x, y float64) {
	return t.A*col + t.B*row + t.C, t.D*col + t.E*row + t.F
}

// Coefficients returns A to F in order, as rasterio prints them.
func (t Affine) Coefficients() []float64 { return []float64{t.A, t.B, t.C, t.D, t.E, t.F} }

// Invert returns the map from world coordinates to column and row; ok is false where
// the pixels have no area.
func (t Affine) Invert() (inv Affine, ok bool) {
	det := t.A*t.E - t.B*t.D
	if det == 0 || !finite(det) {
		return Affine{}, false
	}
	inv = Affine{A: t.E / det, B: -t.B / det, D: -t.D / det, E: t.A / det}
	inv.C = -(inv.A*t.C + inv.B*t.F)
	inv.F = -(inv.D*t.C + inv.E*t.F)
	return inv, finite(inv.C, inv.F)
}

// A Georeference ties a pixel grid to a coordinate system.
type Georeference struct {
	EPSG      int    // 0 if the file names none
	Name      string // the coordinate system in the file's words; may be empty
	Transform Affine
	HasGrid   bool // Transform is known; a file may name a system and give no grid
}

// A LonLat is a position on WGS 84, degrees.
type LonLat struct{ Lon, Lat float64 }

// World returns the world coordinates, in the picture's own system, of a pixel position.
func (g Georeference) World(x, y float64) (wx, wy float64) {
	return g.Transform.At(x+0.5, y+0.5)
}

// Pixel returns the pixel position of world coordinates.
func (g Georeference) Pixel(wx, wy float64) (x, y float64, ok bool) {
	inv, ok := g.Transform.Invert()
	if !ok {
		return 0, 0, false
	}
	col, row := inv.At(wx, wy)
	return col - 0.5, row - 0.5, true
}

// A Locator takes pixel positions to longitude and latitude and back.
type Locator struct {
	forward, inverse Affine
	system           System
}

// Locate returns g's way to longitude and latitude. The error is ErrUnknownCRS where
// the system is not computed here.
func (g Georeference) Locate() (Locator, error) {
	inv, ok := g.Transform.Invert()
	if !g.HasGrid || !ok {
		return Locator{}, errors.New("georeference has no grid of pixels")
	}
	s, ok := SystemOf(g.EPSG)
	if !ok {
		return Locator{}, fmt.Errorf("EPSG %d %s: %w", g.EPSG, g.Name, ErrUnknownCRS)
	}
	return Locator{forward: g.Transform, inverse: inv, system: s}, nil
}

// LonLat returns where a pixel position lies; NaN outside what the system can show.
func (l Locator) LonLat(x, y float64) LonLat {
	return l.system.ToLonLat(l.forward.At(x+0.5, y+0.5))
}

// Pixel returns the pixel position of a place; NaN outside what the system can show.
func (l Locator) Pixel(p LonLat) (x, y float64) {
	col, row := l.inverse.At(l.system.FromLonLat(p))
	return col - 0.5, row - 0.5
}

// Pixels takes a ring of places, as GeoJSON lists them, to pixel positions.
func (l Locator) Pixels(ring []LonLat) ([][2]float64, error) {
	out := make([][2]float64, len(ring))
	for i, p := range ring {
		x, y := l.Pixel(p)
		if !finite(x, y) {
			return nil, fmt.Errorf("position %d (%g, %g) lies outside what %s can show", i+1, p.Lon, p.Lat, l.system.Name)
		}
		out[i] = [2]float64{x, y}
	}
	return out, nil
}

// Caution says what the system's use costs, in a sentence; empty if nothing.
func (l Locator) Caution() string { return l.system.Caution }

// Footprint returns the outer corners of a picture of w × h pixels: top left, top
// right, bottom right, bottom left.
func (g Georeference) Footprint(w, h int) ([4]LonLat, error) {
	var out [4]LonLat
	l, err := g.Locate()
	if err != nil {
		return out, err
	}
	right, bottom := float64(w)-0.5, float64(h)-0.5
	for i, c := range [4][2]float64{{-0.5, -0.5}, {right, -0.5}, {right, bottom}, {-0.5, bottom}} {
		out[i] = l.LonLat(c[0], c[1])
		if !finite(out[i].Lon, out[i].Lat) {
			return out, fmt.Errorf("corner %d lies outside what %s can show", i+1, l.system.Name)
		}
	}
	return out, nil
}

// GSD returns the metres on the ground that a pixel at the centre of a picture of
// w × h pixels spans: the square root of its area on the WGS 84 ellipsoid. That is the
// true length, not the unit of the projection: at 60° north Web Mercator's metres are
// half of the ground's.
func (g Georeference) GSD(w, h int) (float64, error) {
	l, err := g.Locate()
	if err != nil {
		return 0, err
	}
	x, y := float64(w-1)/2, float64(h-1)/2
	at := l.LonLat(x, y)
	ex, ey := metres(at, l.LonLat(x+1, y))
	sx, sy := metres(at, l.LonLat(x, y+1))
	area := math.Abs(ex*sy - ey*sx)
	if area == 0 || !finite(area) {
		return 0, errors.New("the centre lies outside what the coordinate system can show")
	}
	return math.Sqrt(area), nil
}

// metres returns the short way from a to b, east and north, by the ellipsoid's radii
// of curvature at a.
func metres(a, b LonLat) (east, north float64) {
	e2 := WGS84.F * (2 - WGS84.F)
	sin, cos := math.Sincos(rad(a.Lat))
	w := math.Sqrt(1 - e2*sin*sin)
	east = rad(wrap(b.Lon-a.Lon)) * cos * WGS84.A / w
	north = rad(b.Lat-a.Lat) * WGS84.A * (1 - e2) / (w * w * w)
	return east, north
}

// finite says that none of the values is NaN or infinite.
func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

func rad(deg float64) float64 { return deg * math.Pi / 180 }
func deg(rad float64) float64 { return rad * 180 / math.Pi }

// wrap brings a longitude into [-180, 180]; what lies there already is left exactly alone.
func wrap(lon float64) float64 {
	if lon >= -180 && lon <= 180 {
		return lon
	}
	return lon - 360*math.Floor((lon+180)/360)
}
