package casefile

import (
	"fmt"
	"math"
	"path"
	"regexp"
	"strings"

	"github.com/antequem/antequem/imagery"
	"go.yaml.in/yaml/v3"
)

func (r *reader) readCase(root *yaml.Node, f *File) imagery.Case {
	top := r.mapping(root, "case", "title", "summary", "location", "images", "reference", "region", "regions", "claims", "look_for")
	if root.Kind != yaml.MappingNode {
		return imagery.Case{}
	}
	c := imagery.Case{Title: top.text("title"), Summary: top.text("summary")}
	switch {
	case top.missing("title"):
		r.fail(root, `case: it has no title; begin the file with "title: …"`)
	case top.has("title") && strings.TrimSpace(c.Title) == "":
		r.fail(top.at["title"], "case: title: it is empty; name the case in a few words")
	}
	c.Location = r.readLocation(top, c.Title)
	seen := map[string]int{}
	for i, n := range top.items("images") {
		c.Images = append(c.Images, r.readImage(n, i+1, seen))
		f.imageLines = append(f.imageLines, max(n.Line, 1))
	}
	c.Reference = top.text("reference")
	if c.Reference != "" {
		c.Reference = r.knownImage(top.at["reference"], "case: reference", c, c.Reference)
	}
	r.readRegions(top, &c, f)
	r.readClaims(top, &c, f)
	c.LookFor = r.readLookFor(top)
	return c
}

// readLocation reads the place; a case without one is called by its title and lies nowhere known.
func (r *reader) readLocation(top fields, title string) imagery.Location {
	loc := imagery.Location{Name: title, Lat: math.NaN(), Lon: math.NaN(), Position: "unverified"}
	if !top.has("location") {
		return loc
	}
	f := r.mapping(top.at["location"], "location", "name", "slug", "lat", "lon", "position")
	if f.at["name"] != nil {
		loc.Name = f.text("name")
		if strings.TrimSpace(loc.Name) == "" && f.has("name") {
			r.fail(f.at["name"], "location: name: it is empty; name the place or delete the key")
		}
	}
	loc.Slug = f.text("slug")
	if loc.Slug != "" && !slugForm.MatchString(loc.Slug) {
		r.fail(f.at["slug"], "location: slug: want lower case letters, digits and hyphens, not %q", loc.Slug)
	}
	loc.Lat = f.number("lat", math.NaN(), -90, 90)
	loc.Lon = f.number("lon", math.NaN(), -180, 180)
	if f.missing("lat") != f.missing("lon") {
		r.fail(f.node, "location: one of lat and lon is missing; give both, in degrees, or neither")
	}
	loc.Position = word(f, "position", []string{"unverified", "approximate", "verified"})
	return loc
}

var (
	slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	idForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
)

func (r *reader) readImage(n *yaml.Node, number int, seen map[string]int) imagery.Image {
	f := r.mapping(n, fmt.Sprintf("image %d", number), "file", "acquired", "basis", "source", "publisher", "licence",
		"platform", "sensor", "gsd_m", "off_nadir", "sun_azimuth", "sun_elevation", "notes", "synthetic", "sha256", "tie_points")
	if n.Kind != yaml.MappingNode {
		return imagery.Image{}
	}
	file := f.text("file")
	switch clean := path.Clean(file); {
	case f.missing("file"):
		r.fail(n, "%s: it has no file; write file: and the path from here", f.what)
	case strings.TrimSpace(file) == "":
		if f.has("file") {
			r.fail(f.at["file"], "%s: file: it is empty; write the path from here", f.what)
		}
	case seen[clean] > 0:
		r.fail(f.at["file"], "%s: file %q is already an image, on line %d; keep one", f.what, file, seen[clean])
	default:
		seen[clean] = f.at["file"].Line
		f.what += fmt.Sprintf(" (%s)", file)
	}
	im := imagery.Image{
		File: file, Acquired: f.date("acquired"), Basis: word(f, "basis", imagery.Bases),
		Source: f.text("source"), Publisher: f.text("publisher"), Licence: f.text("licence"),
		Platform: word(f, "platform", imagery.Platforms), Sensor: f.text("sensor"),
		GSD:      f.number("gsd_m", 0, 1e-3, 1e5), // a millimetre to a hundred kilometres
		OffNadir: f.number("off_nadir", math.NaN(), 0, 90),
		SunAz:    f.number("sun_azimuth", math.NaN(), 0, 360), SunEl: f.number("sun_elevation", math.NaN(), -90, 90),
		Notes: f.text("notes"), Synthetic: f.boolean("synthetic"),
	}
	if f.missing("acquired") {
		r.fail(n, "%s: it has no date; write acquired: and when the sensor looked, or ../.. if nothing is known", f.what)
	}
	if text := f.text("sha256"); text != "" {
		d, err := imagery.ParseDigest(text)
		if err != nil {
			r.fail(f.at["sha256"], "%s: sha256: want 64 hexadecimal digits, not %s", f.what, shown(f.at["sha256"]))
		}
		im.Digest = d
	}
	for i, item := range f.items("tie_points") {
		if tp, ok := r.tiePoint(item, fmt.Sprintf("%s: tie point %d", f.what, i+1)); ok {
			im.TiePoints = append(im.TiePoints, tp)
		}
	}
	return im
}

// tiePoint reads [[x, y], [x, y]], reference first, or {reference: [x, y], moving: [x, y]}.
func (r *reader) tiePoint(n *yaml.Node, what string) (imagery.UserTiePoint, bool) {
	var pair [2]*yaml.Node
	switch {
	case n.Kind == yaml.SequenceNode && len(n.Content) == 2:
		pair = [2]*yaml.Node{n.Content[0], n.Content[1]}
	case n.Kind == yaml.MappingNode:
		f := r.mapping(n, what, "reference", "moving")
		pair = [2]*yaml.Node{f.at["reference"], f.at["moving"]}
	}
	if pair[0] == nil || pair[1] == nil {
		r.fail(n, "%s: want two positions, [[x, y], [x, y]]: the reference's, then this image's", what)
		return imagery.UserTiePoint{}, false
	}
	ref, ok := r.point(pair[0], what)
	mov, also := r.point(pair[1], what)
	return imagery.UserTiePoint{Reference: ref, Moving: mov}, ok && also
}

// knownImage returns the File of the image that text names, however the path is written.
func (r *reader) knownImage(n *yaml.Node, what string, c imagery.Case, text string) string {
	files := make([]string, 0, len(c.Images))
	for _, im := range c.Images {
		if path.Clean(im.File) == path.Clean(text) {
			return im.File
		}
		files = append(files, im.File)
	}
	r.fail(n, "%s: %q is no image of this case; %s", what, text, choice(text, files, "list it under images"))
	return ""
}

// choice says what could have been meant.
func choice(text string, known []string, none string) string {
	if near := nearest(text, known, nil); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) == 0 || len(known) > 12 {
		return none
	}
	return "it has " + strings.Join(known, ", ")
}

func (r *reader) readLookFor(top fields) []string {
	n := top.at["look_for"]
	if n == nil || isNull(n) {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return []string{r.scalar(n, "case: look_for")}
	}
	var out []string
	for i, item := range top.items("look_for") {
		out = append(out, r.scalar(item, fmt.Sprintf("case: look_for %d", i+1)))
	}
	return out
}
