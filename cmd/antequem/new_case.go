package main

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"path/filepath"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/casefile"
	"go.yaml.in/yaml/v3"
)

// reviewMark begins the comment on each line that somebody must confirm.
const reviewMark = "REVIEW"

// newCase returns the case file of the pictures in dir, to be written to out.
func newCase(pics []foundPicture, out, dir, title string, polygon []imagery.Point) ([]byte, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	c := imagery.Case{Title: cmp.Or(title, filepath.Base(abs))}
	c.Location = placeOf(c.Title, pics)
	for _, p := range pics {
		file, err := relativeTo(out, filepath.Join(abs, p.name))
		if err != nil {
			return nil, err
		}
		c.Images = append(c.Images, p.image(file))
	}
	if len(polygon) > 0 {
		c.Regions = []imagery.Region{{Image: c.Images[0].File, Polygon: polygon}}
		if err := casefile.CheckRegions(c, func(string) (w, h int, ok bool) {
			w, h = pics[0].upright()
			return w, h, true
		}); err != nil {
			return nil, usage(err)
		}
	}
	text, err := casefile.Format(c)
	if err != nil {
		return nil, err
	}
	return annotate(text, pics, c)
}

// placeOf takes the place from the first picture that knows where it lies.
func placeOf(name string, pics []foundPicture) imagery.Location {
	loc := imagery.Location{Name: name, Lat: math.NaN(), Lon: math.NaN(), Position: "unverified"}
	for _, p := range pics {
		if f := p.info.Footprint; len(f) == 4 {
			loc.Lon, loc.Lat = rounded((f[0][0]+f[2][0])/2), rounded((f[0][1]+f[2][1])/2)
			loc.Position = "approximate"
			break
		}
	}
	return loc
}

// rounded keeps five decimals of a degree, about a metre.
func rounded(deg float64) float64 { return math.Round(deg*1e5) / 1e5 }

// relativeTo returns the path of file from the folder of the case, with slashes.
func relativeTo(casePath, file string) (string, error) {
	abs, err := filepath.Abs(filepath.Dir(casePath))
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(abs, file)
	if err != nil {
		return "", fmt.Errorf("%s lies on another disk than %s: %w", casePath, file, imagery.ErrInvalid)
	}
	return filepath.ToSlash(rel), nil
}

// upright is the size of the picture as people see it, and as regions count it.
func (p foundPicture) upright() (w, h int) {
	if p.info.Orientation >= 5 {
		return p.info.Height, p.info.Width
	}
	return p.info.Width, p.info.Height
}

// annotate marks each date for review, with where it was read, and says below what
// is still to be written.
func annotate(text []byte, pics []foundPicture, c imagery.Case) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("new case: %w", err)
	}
	for i, item := range value(doc.Content[0], "images").Content {
		d := pics[i].date
		comment := "# " + reviewMark + ": read from " + d.from
		if d.doubt != "" {
			comment += "; but " + d.doubt
		}
		value(item, "acquired").LineComment = comment
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, fmt.Errorf("new case: %w", err)
	}
	w, h := pics[0].upright()
	fmt.Fprintf(&b, "\n# For each image, as far as it is known: source: and a link, publisher:, licence:,\n# platform: satellite, aerial or drone, gsd_m: metres a pixel.\n")
	if len(c.Regions) == 0 {
		fmt.Fprintf(&b, "#\n# The region in question, in pixels of one image (%s is %d × %d px):\n# region:\n#   image: %s\n#   polygon: [[x, y], [x, y], [x, y]]\n", c.Images[0].File, w, h, c.Images[0].File)
	}
	b.WriteString("#\n# What is claimed of it, by whom:\n# claims:\n#   - {id: short-name, text: \"…\", claimant: \"…\", source: \"https://…\", changed: 2016-04}\n")
	if _, err := casefile.Parse("case.yaml", b.Bytes()); err != nil {
		return nil, fmt.Errorf("new case: %w", err)
	}
	return b.Bytes(), nil
}

// value returns what stands at key in a mapping; an empty node if nothing does.
func value(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return &yaml.Node{}
}
