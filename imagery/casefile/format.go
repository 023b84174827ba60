package casefile

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
	"go.yaml.in/yaml/v3"
)

// Format writes c as a case file that Parse reads back as c. Equal cases give
// equal bytes. What Parse would refuse is refused here, with the same words.
func Format(c imagery.Case) ([]byte, error) {
	root := mapping(0)
	put(root, "title", text(c.Title))
	putText(root, "summary", c.Summary)
	put(root, "location", locationNode(c.Location))
	if len(c.Images) > 0 {
		put(root, "images", listOf(c.Images, imageNode))
	}
	putText(root, "reference", c.Reference)
	switch {
	case len(c.Regions) == 1:
		put(root, "region", regionNode(c.Regions[0]))
	case len(c.Regions) > 1:
		put(root, "regions", listOf(c.Regions, regionNode))
	}
	if len(c.Claims) > 0 {
		put(root, "claims", listOf(c.Claims, claimNode))
	}
	if len(c.LookFor) > 0 {
		put(root, "look_for", listOf(c.LookFor, text))
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("format case: %w", err)
	}
	if _, err := Parse("case.yaml", out.Bytes()); err != nil {
		return nil, fmt.Errorf("format case: %w", err)
	}
	return out.Bytes(), nil
}

func locationNode(l imagery.Location) *yaml.Node {
	n := mapping(yaml.FlowStyle)
	put(n, "name", text(l.Name))
	putText(n, "slug", l.Slug)
	putNumber(n, "lat", l.Lat)
	putNumber(n, "lon", l.Lon)
	putText(n, "position", l.Position)
	return n
}

func imageNode(im imagery.Image) *yaml.Node {
	n := mapping(0)
	put(n, "file", text(im.File))
	if im.Acquired.IsZero() {
		put(n, "acquired", plain("../.."))
	} else {
		put(n, "acquired", dateNode(im.Acquired))
	}
	putText(n, "basis", string(im.Basis))
	putText(n, "source", im.Source)
	putText(n, "publisher", im.Publisher)
	putText(n, "licence", im.Licence)
	putText(n, "platform", string(im.Platform))
	putText(n, "sensor", im.Sensor)
	if im.GSD != 0 {
		putNumber(n, "gsd_m", im.GSD)
	}
	putNumber(n, "off_nadir", im.OffNadir)
	putNumber(n, "sun_azimuth", im.SunAz)
	putNumber(n, "sun_elevation", im.SunEl)
	putText(n, "notes", im.Notes)
	if im.Synthetic {
		put(n, "synthetic", plain("true"))
	}
	if !im.Digest.IsZero() {
		put(n, "sha256", text(im.Digest.String()))
	}
	if len(im.TiePoints) > 0 {
		put(n, "tie_points", listOf(im.TiePoints, func(tp imagery.UserTiePoint) *yaml.Node {
			return points([]imagery.Point{tp.Reference, tp.Moving})
		}))
	}
	return n
}

func regionNode(r imagery.Region) *yaml.Node {
	n := mapping(0)
	putText(n, "name", r.Name)
	if r.Rings == nil {
		put(n, "image", text(r.Image))
		put(n, "polygon", points(r.Polygon))
		return n
	}
	rings := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, ring := range r.Rings {
		if len(ring) > 0 {
			ring = append(ring[:len(ring):len(ring)], ring[0]) // GeoJSON closes its rings
		}
		rings.Content = append(rings.Content, points(ring))
	}
	shape := mapping(yaml.FlowStyle)
	put(shape, "type", text("Polygon"))
	put(shape, "coordinates", rings)
	put(n, "geojson", shape)
	return n
}

func claimNode(c imagery.Claim) *yaml.Node {
	n := mapping(0)
	put(n, "id", text(c.ID))
	putText(n, "text", c.Text)
	putText(n, "claimant", c.Claimant)
	putText(n, "source", c.Source)
	putText(n, "region", c.Region)
	switch c.Kind {
	case imagery.ClaimChanged, imagery.ClaimUnchanged:
		put(n, string(c.Kind), dateNode(c.When))
	case imagery.ClaimSame, imagery.ClaimDiffers:
		pair := listOf(c.Images[:], text)
		pair.Style = yaml.FlowStyle
		put(n, string(c.Kind), pair)
	default:
		put(n, string(c.Kind), text(c.Why))
	}
	return n
}

func mapping(style yaml.Style) *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Style: style} }

func listOf[T any](items []T, node func(T) *yaml.Node) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, it := range items {
		n.Content = append(n.Content, node(it))
	}
	return n
}

func put(n *yaml.Node, key string, value *yaml.Node) {
	n.Content = append(n.Content, plain(key), value)
}

func putText(n *yaml.Node, key, value string) {
	if value != "" {
		put(n, key, text(value))
	}
}

// putNumber leaves out what is unknown.
func putNumber(n *yaml.Node, key string, v float64) {
	if !math.IsNaN(v) {
		put(n, key, number(v))
	}
}

// text is a string, quoted wherever YAML could take it for something else. Line
// breaks are escaped, so that no reader folds them.
func text(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.ContainsAny(s, "\n\r\u0085\u2028\u2029\ufeff") {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

func plain(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }

func dateNode(d edtf.Date) *yaml.Node { return plain(d.String()) }

func number(v float64) *yaml.Node {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if math.Abs(v) >= 1e15 || v != 0 && math.Abs(v) < 1e-6 {
		s = strconv.FormatFloat(v, 'e', -1, 64)
		if !strings.Contains(s, ".") {
			s = strings.Replace(s, "e", ".0e", 1) // YAML's floats have a point
		}
	}
	return plain(s)
}

func points(ps []imagery.Point) *yaml.Node {
	n := listOf(ps, func(p imagery.Point) *yaml.Node {
		xy := listOf([]float64{p.X, p.Y}, number)
		xy.Style = yaml.FlowStyle
		return xy
	})
	n.Style = yaml.FlowStyle
	return n
}
