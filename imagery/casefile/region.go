package casefile

import (
	"fmt"
	"slices"

	"github.com/antequem/antequem/imagery"
	"go.yaml.in/yaml/v3"
)

// readRegions reads region: or regions:, the latter as a list of named regions or
// as a mapping from names to regions.
func (r *reader) readRegions(top fields, c *imagery.Case, f *File) {
	if top.has("region") && top.has("regions") {
		r.fail(top.at["regions"], "case: both region and regions; put all under regions, each with a name")
	}
	add := func(n *yaml.Node, reg imagery.Region) {
		c.Regions = append(c.Regions, reg)
		f.regionLines = append(f.regionLines, max(n.Line, 1))
	}
	if top.has("region") {
		add(top.at["region"], r.readRegion(top.at["region"], "region", *c))
	}
	if !top.has("regions") {
		return
	}
	n := top.at["regions"]
	if n.Kind == yaml.MappingNode {
		r.namedRegions(n, c, add)
	} else {
		for i, item := range r.sequence(n, "case: regions") {
			reg := r.readRegion(item, fmt.Sprintf("region %d", i+1), *c)
			r.checkName(item, i+1, reg.Name, *c)
			add(item, reg)
		}
	}
}

func (r *reader) namedRegions(n *yaml.Node, c *imagery.Case, add func(*yaml.Node, imagery.Region)) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name := r.scalar(key, "case: regions")
		reg := r.readRegion(value, fmt.Sprintf("region %q", name), *c)
		if reg.Name != "" && reg.Name != name {
			r.fail(value, "region %q: its name is also given as %q; keep one", name, reg.Name)
		}
		reg.Name = name
		r.checkName(key, i/2+1, name, *c)
		add(key, reg)
	}
}

func (r *reader) checkName(n *yaml.Node, number int, name string, c imagery.Case) {
	if name == "" {
		r.fail(n, "region %d: it has no name; one of several regions needs a name: for claims to call it by", number)
	}
	if name != "" && slices.ContainsFunc(c.Regions, func(reg imagery.Region) bool { return reg.Name == name }) {
		r.fail(n, "region %d: the name %q is taken by an earlier region; give each its own", number, name)
	}
}

func (r *reader) readRegion(n *yaml.Node, what string, c imagery.Case) imagery.Region {
	f := r.mapping(n, what, "name", "image", "polygon", "geojson")
	if n.Kind != yaml.MappingNode {
		return imagery.Region{}
	}
	reg := imagery.Region{Name: f.text("name")}
	if reg.Name != "" {
		f.what = fmt.Sprintf("region %q", reg.Name)
	}
	switch hasPixels, hasGround := f.at["polygon"] != nil, f.at["geojson"] != nil; {
	case hasPixels && hasGround:
		r.fail(n, "%s: both polygon and geojson; keep the one that was drawn", f.what)
	case hasGround:
		if f.at["image"] != nil {
			r.fail(f.at["image"], "%s: image: geojson needs none, it counts in degrees; delete one of the two", f.what)
		}
		reg.Rings = r.geojson(f.at["geojson"], f.what)
	case hasPixels:
		reg.Polygon = r.polygon(f)
		if f.missing("image") {
			r.fail(n, "%s: it has no image; write image: and the file whose pixels the polygon counts", f.what)
		} else if file := f.text("image"); file != "" || f.has("image") {
			reg.Image = r.knownImage(f.at["image"], f.what+": image", c, file)
		}
	case !f.meant["polygon"] && !f.meant["geojson"]:
		r.fail(n, "%s: it has no outline; draw image: and polygon: [[x, y], …], or geojson:", f.what)
	}
	return reg
}

// polygon reads a ring of pixel positions.
func (r *reader) polygon(f fields) []imagery.Point {
	var ring []imagery.Point
	before := len(r.mistakes)
	for i, item := range f.items("polygon") {
		if p, ok := r.point(item, fmt.Sprintf("%s: polygon: point %d", f.what, i+1)); ok {
			ring = append(ring, p)
		}
	}
	if len(r.mistakes) > before {
		return nil
	}
	ring, wrong := checkRing(ring)
	if wrong != "" {
		r.fail(f.at["polygon"], "%s: polygon: %s", f.what, wrong)
	}
	return ring
}
