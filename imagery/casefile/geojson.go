package casefile

import (
	"encoding/json"
	"fmt"

	"github.com/antequem/antequem/imagery"
	"go.yaml.in/yaml/v3"
)

// A shape is as much of GeoJSON (RFC 7946) as a region can be.
type shape struct {
	Type        string
	Geometry    *shape
	Features    []shape
	Coordinates json.RawMessage
}

// geojson reads one polygon from GeoJSON, given as keys and values or as JSON in
// a text: a Polygon, a MultiPolygon of one, a Feature, or a FeatureCollection of one.
func (r *reader) geojson(n *yaml.Node, what string) [][]imagery.Point {
	text, ok := r.asJSON(n, what)
	if !ok {
		return nil
	}
	var s shape
	if err := json.Unmarshal(text, &s); err != nil {
		r.fail(n, "%s: geojson: %v; write {type: Polygon, coordinates: [[[lon, lat], …]]}", what, err)
		return nil
	}
	rings, wrong := s.rings()
	if wrong != "" {
		r.fail(n, "%s: geojson: %s", what, wrong)
		return nil
	}
	return rings
}

// asJSON returns the JSON that n is or holds.
func (r *reader) asJSON(n *yaml.Node, what string) ([]byte, bool) {
	if n.Kind == yaml.ScalarNode {
		text := r.scalar(n, what+": geojson")
		return []byte(text), text != ""
	}
	if alias := findAlias(n, 0); alias != nil {
		r.fail(alias, "%s: geojson: want values written out, not %s", what, kindOf(alias))
		return nil, false
	}
	var v any
	if err := n.Decode(&v); err != nil {
		r.fail(n, "%s: geojson: %v", what, err)
		return nil, false
	}
	text, err := json.Marshal(v)
	if err != nil {
		r.fail(n, "%s: geojson: %v; write {type: Polygon, coordinates: [[[lon, lat], …]]}", what, err)
		return nil, false
	}
	return text, true
}

// deepest is more nesting than any region has: collection, features, feature,
// geometry, coordinates, polygon, ring, point, number.
const deepest = 16

// findAlias returns an alias within n, or a node that is nested too deep to be GeoJSON.
func findAlias(n *yaml.Node, depth int) *yaml.Node {
	if n.Kind == yaml.AliasNode || depth > deepest {
		return n
	}
	for _, c := range n.Content {
		if a := findAlias(c, depth+1); a != nil {
			return a
		}
	}
	return nil
}

// rings returns the polygon's outline, longitude before latitude, without the
// repeated last point, or what is wrong with it.
func (s shape) rings() ([][]imagery.Point, string) {
	switch s.Type {
	case "Feature":
		if s.Geometry == nil {
			return nil, "the Feature has no geometry; give it a Polygon"
		}
		return s.Geometry.rings()
	case "FeatureCollection":
		if len(s.Features) != 1 {
			return nil, fmt.Sprintf("the collection has %d features; a region is one: put each under regions with a name", len(s.Features))
		}
		return s.Features[0].rings()
	case "Polygon":
		var rings [][][]float64
		if err := json.Unmarshal(s.Coordinates, &rings); err != nil {
			return nil, "coordinates: want a list of rings, [[[lon, lat], …]]"
		}
		return polygonRings(rings)
	case "MultiPolygon":
		var many [][][][]float64
		if err := json.Unmarshal(s.Coordinates, &many); err != nil {
			return nil, "coordinates: want a list of polygons, [[[[lon, lat], …]]]"
		}
		if len(many) != 1 {
			return nil, fmt.Sprintf("it has %d polygons; a region is one: put each under regions with a name", len(many))
		}
		return polygonRings(many[0])
	}
	return nil, fmt.Sprintf("want a Polygon, or a Feature that holds one, not %q", s.Type)
}

func polygonRings(rings [][][]float64) ([][]imagery.Point, string) {
	switch {
	case len(rings) == 0:
		return nil, "the polygon has no ring; write coordinates: [[[lon, lat], …]]"
	case len(rings) > 1:
		return nil, "the polygon has a hole; a region has none: draw its outline alone"
	}
	var ring []imagery.Point
	for i, p := range rings[0] {
		if len(p) < 2 {
			return nil, fmt.Sprintf("position %d: want [lon, lat]", i+1)
		}
		if lon, lat := p[0], p[1]; lon < -180 || lon > 180 || lat < -90 || lat > 90 {
			return nil, fmt.Sprintf("position %d: %g, %g is not on Earth; positions are longitude, then latitude, in degrees", i+1, lon, lat)
		}
		ring = append(ring, imagery.Point{X: p[0], Y: p[1]})
	}
	ring, wrong := checkRing(ring)
	return [][]imagery.Point{ring}, wrong
}
