package page

import (
	"fmt"
	"html/template"
	"math"
	"strconv"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
)

// A sketch shows the ground that each image covers, on the grid of the reference.
type sketch struct {
	ViewBox       string
	Width, Height int // px of the reference
	Outlines      []sketched
	Regions       []string
	Bar           *sketchBar
	North         string // transform that turns the arrow; "" where north is not known
	Key           []sketchKey
	Alt           template.HTML
}

type sketched struct {
	Points string
	Look   int // which of the lines that tell images apart
}

type sketchBar struct {
	Path, Label string
	X, Y, Size  float64
}

type sketchKey struct {
	Class string
	Words template.HTML
}

// sketchLooks is how many kinds of line tell images apart.
const sketchLooks = 6

// footprints sketches where the images of a location lie; nil where fewer than two
// footprints are known.
func (v *voice) footprints(l LocationView) *sketch {
	w, h := l.Grid.Width, l.Grid.Height
	if w <= 0 || h <= 0 {
		return nil
	}
	s := &sketch{Width: w, Height: h}
	box := frameOf(w, h)
	for _, im := range l.Images {
		switch {
		case im.Status == compare.StatusReference:
			s.key("sketch-reference", v.say("location.footprints.reference", "date", v.acquired(im)))
		case im.Status == compare.StatusUnaligned:
			s.key("", v.say("location.footprints.out", "date", v.acquired(im)))
		case len(im.Footprint) > 2:
			look := len(s.Outlines)%sketchLooks + 1
			s.Outlines = append(s.Outlines, sketched{points(im.Footprint), look})
			s.key("sketch-image sketch-"+strconv.Itoa(look), v.say("location.footprints.covers", "date", v.acquired(im), "share", v.fraction(im.Alignment.Overlap)))
			box.take(im.Footprint)
		}
	}
	if len(s.Outlines) == 0 {
		return nil
	}
	for _, o := range l.Outlines {
		s.Regions = append(s.Regions, points(o.Polygon))
	}
	if len(s.Regions) > 0 {
		s.key("sketch-region", v.say("location.footprints.region"))
	}
	s.Alt = v.say("location.footprints.alt", "images", v.count(len(s.Outlines)+1, "image"))
	v.finish(s, box, l.Grid)
	return s
}

func (s *sketch) key(class string, words template.HTML) {
	s.Key = append(s.Key, sketchKey{class, words})
}

// finish frames the sketch and sets the scale bar and north into its corners.
func (v *voice) finish(s *sketch, box bounds, g Grid) {
	box.limit(s.Width, s.Height)
	m := 0.04 * max(box.x1-box.x0, box.y1-box.y0)
	box.x0, box.y0, box.x1, box.y1 = box.x0-m, box.y0-m, box.x1+m, box.y1+2.4*m
	across := box.x1 - box.x0
	s.ViewBox = fmt.Sprintf("%.1f %.1f %.1f %.1f", box.x0, box.y0, across, box.y1-box.y0)
	if bar := v.scale(g); bar != nil {
		long := bar.Metres / g.GSD
		x, y := box.x1-0.5*m, box.y1-0.5*m
		s.Bar = &sketchBar{
			Path:  fmt.Sprintf("M%.1f %.1fv%.1fh%.1fv%.1f", x-long, y-0.4*m, 0.4*m, long, -0.4*m),
			Label: bar.Label, X: math.Round(x - long - 0.4*m), Y: math.Round(y), Size: math.Round(0.032 * across),
		}
	}
	if known(g.North) {
		s.North = fmt.Sprintf("translate(%.1f %.1f) scale(%.3f) rotate(%.1f)", box.x0+1.2*m, box.y1-1.2*m, across/500, g.North)
	}
}

// bounds is a rectangle of the reference grid.
type bounds struct{ x0, y0, x1, y1 float64 }

func frameOf(w, h int) bounds { return bounds{0, 0, float64(w), float64(h)} }

func (b *bounds) take(polygon []imagery.Point) {
	for _, p := range polygon {
		b.x0, b.x1 = min(b.x0, p.X), max(b.x1, p.X)
		b.y0, b.y1 = min(b.y0, p.Y), max(b.y1, p.Y)
	}
}

// limit keeps one huge image from making the reference too small to see.
func (b *bounds) limit(w, h int) {
	fw, fh := float64(w), float64(h)
	b.x0, b.x1 = max(b.x0, -fw), min(b.x1, 2*fw)
	b.y0, b.y1 = max(b.y0, -fh), min(b.y1, 2*fh)
}
