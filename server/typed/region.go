// Package typed reads what people type into forms: an image with its date, a region, tie
// points, the name of a file. It writes each back as they would type it.
//
// Whatever is wrong is told in words for whoever typed it. Pixels are x before y, the
// centre of the top left one being (0, 0); degrees are longitude before latitude.
package typed

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/antequem/antequem/imagery"
)

// Region reads a region as people type or paste it:
//
//	412,300 470,300 470,352 412,352         pixels of an image: x right, y down
//	POLYGON ((37.1 36.2, 37.2 36.2, …))     WKT, longitude before latitude, WGS 84
//	{"type": "Polygon", "coordinates": …}   GeoJSON (RFC 7946): a Polygon, a Feature of one, or a collection of one such
//
// Whether the corners enclose something is left to the reader of cases.
func Region(name, image, text string) (imagery.Region, error) {
	g := imagery.Region{Name: strings.TrimSpace(name)}
	text = strings.TrimSpace(text)
	var err error
	switch {
	case strings.HasPrefix(text, "{"):
		g.Rings, err = parseGeoJSON(text)
	case len(text) > 7 && strings.EqualFold(text[:7], "POLYGON"):
		g.Rings, err = parseWKT(text[7:])
	default:
		g.Image = image
		g.Polygon, err = parsePairs(text)
	}
	return g, err
}

// parsePairs reads pixels: "x,y x,y …", with commas, semicolons or blanks between.
func parsePairs(text string) ([]imagery.Point, error) {
	numbers := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' || r == '\r' || r == '\t' })
	if len(numbers)%2 != 0 {
		return nil, errors.New("every corner needs an x and a y, as 412,300 470,300 470,352")
	}
	var out []imagery.Point
	for i := 0; i < len(numbers); i += 2 {
		p, err := pointOf(numbers[i], numbers[i+1])
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func pointOf(x, y string) (p imagery.Point, err error) {
	for _, c := range []struct {
		text string
		into *float64
	}{{x, &p.X}, {y, &p.Y}} {
		v, err := strconv.ParseFloat(c.text, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return p, fmt.Errorf("%.30q is no number", c.text)
		}
		*c.into = v
	}
	return p, nil
}

// parseWKT reads what follows the word POLYGON: rings in brackets.
func parseWKT(text string) ([][]imagery.Point, error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "(") || !strings.HasSuffix(text, ")") {
		return nil, errors.New("write POLYGON ((lon lat, lon lat, …))")
	}
	var rings [][]imagery.Point
	for rest := strings.TrimSpace(text[1 : len(text)-1]); rest != ""; {
		inner, after, ok := strings.Cut(strings.TrimPrefix(rest, "("), ")")
		if !ok || !strings.HasPrefix(rest, "(") {
			return nil, errors.New("write POLYGON ((lon lat, lon lat, …))")
		}
		var ring []imagery.Point
		for _, corner := range strings.Split(inner, ",") {
			xy := strings.Fields(corner)
			if len(xy) < 2 || len(xy) > 4 {
				return nil, fmt.Errorf("%.30q is no corner: write longitude, a blank, and latitude", corner)
			}
			p, err := pointOf(xy[0], xy[1])
			if err != nil {
				return nil, err
			}
			ring = append(ring, p)
		}
		rings = append(rings, ring)
		rest = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(after), ","))
	}
	return onEarth(rings)
}

func parseGeoJSON(text string) ([][]imagery.Point, error) {
	var s struct {
		Type        string
		Geometry    json.RawMessage
		Features    []json.RawMessage
		Coordinates [][][]float64
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, errors.New("this is no GeoJSON: write {\"type\": \"Polygon\", \"coordinates\": [[[lon, lat], …]]}")
	}
	if s.Type == "FeatureCollection" && len(s.Features) == 1 {
		var inner struct{ Type string }
		if json.Unmarshal(s.Features[0], &inner) != nil || inner.Type != "Feature" {
			return nil, errors.New("the feature holds no Polygon")
		}
		return parseGeoJSON(string(s.Features[0]))
	}
	if s.Type == "Feature" {
		var inner struct{ Type string }
		if json.Unmarshal(s.Geometry, &inner) != nil || inner.Type != "Polygon" {
			return nil, errors.New("the feature holds no Polygon")
		}
		return parseGeoJSON(string(s.Geometry))
	}
	if s.Type != "Polygon" {
		return nil, fmt.Errorf("a %.30q is no region: give a Polygon", s.Type)
	}
	var rings [][]imagery.Point
	for _, r := range s.Coordinates {
		var ring []imagery.Point
		for _, c := range r {
			if len(c) < 2 {
				return nil, errors.New("every corner needs a longitude and a latitude")
			}
			ring = append(ring, imagery.Point{X: c[0], Y: c[1]})
		}
		rings = append(rings, ring)
	}
	return onEarth(rings)
}

// onEarth returns rings without the last point that repeats the first, and refuses
// degrees that don't exist, as where latitude was written first.
func onEarth(rings [][]imagery.Point) ([][]imagery.Point, error) {
	if len(rings) == 0 {
		return nil, errors.New("the polygon has no corners")
	}
	for i, r := range rings {
		rings[i] = Opened(r)
		for _, p := range r {
			if !(math.Abs(p.X) <= 180 && math.Abs(p.Y) <= 90) {
				return nil, fmt.Errorf("%v, %v is no place on earth: write longitude before latitude", p.X, p.Y)
			}
		}
	}
	return rings, nil
}

// Opened returns a ring without the last corner where that repeats the first, as GeoJSON
// and WKT close theirs.
func Opened(ring []imagery.Point) []imagery.Point {
	if n := len(ring) - 1; n > 0 && ring[n] == ring[0] {
		return ring[:n]
	}
	return ring
}

// Ties reads tie points: on each line x, y in the reference image and x, y in this
// one.
func Ties(text string) ([]imagery.UserTiePoint, error) {
	var out []imagery.UserTiePoint
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		ps, err := parsePairs(line)
		if err != nil {
			return nil, err
		}
		if len(ps) != 2 {
			return nil, fmt.Errorf("%.40q: write x, y in the reference and x, y in this image on each line", strings.TrimSpace(line))
		}
		out = append(out, imagery.UserTiePoint{Reference: ps[0], Moving: ps[1]})
	}
	return out, nil
}

// WriteTies writes tie points as Ties reads them.
func WriteTies(ts []imagery.UserTiePoint) string {
	var b strings.Builder
	for _, t := range ts {
		fmt.Fprintf(&b, "%v, %v, %v, %v\n", t.Reference.X, t.Reference.Y, t.Moving.X, t.Moving.Y)
	}
	return b.String()
}

// WriteCorners writes pixels as Region reads them.
func WriteCorners(polygon []imagery.Point) string {
	out := make([]string, len(polygon))
	for i, p := range polygon {
		out[i] = strconv.FormatFloat(p.X, 'f', -1, 64) + "," + strconv.FormatFloat(p.Y, 'f', -1, 64)
	}
	return strings.Join(out, " ")
}

// WriteRings writes rings on the ground as Region reads them.
func WriteRings(rings [][]imagery.Point) string {
	coordinates := make([][][2]float64, len(rings))
	for i, ring := range rings {
		for _, p := range append(slices.Clone(ring), ring[:min(1, len(ring))]...) { // GeoJSON closes its rings
			coordinates[i] = append(coordinates[i], [2]float64{p.X, p.Y})
		}
	}
	b, err := json.Marshal(coordinates)
	if err != nil {
		return "" // never: degrees are numbers
	}
	return fmt.Sprintf(`{"type":"Polygon","coordinates":%s}`, b)
}
