package timeline

import (
	"fmt"
	"image"
	"math"

	"github.com/antequem/antequem/imagery"
)

// A grid is the part of the frames' common grid that is looked at, and the
// region's shape on it.
type grid struct {
	x0, y0 int // of the part, in the common grid
	w, h   int
	shape  shape
	rows   shape           // of these, as many rows as measuring needs: all of a small region
	layout layout          // of the rows, in pieces
	whole  layout          // of the rows, in one piece
	rx, ry int             // of the shape's corner, in the part
	kept   image.Rectangle // of the part: the whole region, which no control touches
}

// lay makes s the shape that is read.
func (g *grid) lay(s shape) {
	g.shape, g.rows = s, s.thinned(enough)
	g.layout, g.whole = newLayout(g.rows), inOne(g.rows)
}

// enough pixels, evenly spread over rows, measure a large region as well as all do.
const enough = 6000

// thinned keeps every k-th row, so that about n pixels remain at least.
func (s shape) thinned(n int) shape {
	k := max(s.area/n, 1)
	if k == 1 {
		return s
	}
	out := shape{w: s.w, h: s.h}
	for _, r := range s.runs {
		if r.y%k == 0 {
			out.runs = append(out.runs, r)
			out.area += r.n
		}
	}
	if out.area == 0 {
		return s
	}
	return out
}

// within returns the part of s from (x0, y0) to before (x1, y1).
func (s *shape) within(x0, y0, x1, y1 int) shape {
	c := shape{w: s.w, h: s.h}
	for _, r := range s.runs {
		if r.y < y0 || r.y >= y1 {
			continue
		}
		from, to := max(r.x, x0), min(r.x+r.n, x1)
		if from < to {
			c.runs = append(c.runs, run{from, r.y, to - from})
			c.area += to - from
		}
	}
	return c
}

// part returns the outline of a piece of the region in the common grid; nil for the whole.
func (g *grid) part(piece int) []imagery.Point {
	if piece == 0 {
		return nil
	}
	return g.outline(g.layout.boxes[piece])
}

// outline is that of a rectangle of the shape in the common grid.
func (g *grid) outline(b image.Rectangle) []imagery.Point {
	b = b.Add(image.Pt(g.x0+g.rx, g.y0+g.ry))
	x0, y0, x1, y1 := float64(b.Min.X)-0.5, float64(b.Min.Y)-0.5, float64(b.Max.X)-0.5, float64(b.Max.Y)-0.5
	return []imagery.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

// A shape is a set of pixels as runs, relative to the corner of its bounding box.
type shape struct {
	w, h, area int
	runs       []run
}

// A run is the pixels x to x+n-1 of row y.
type run struct{ x, y, n int }

// newGrid lays the region over the grid that every aligned frame must share.
func newGrid(frames []Frame, region []imagery.Point, opts Options) (grid, error) {
	w, h := 0, 0
	for _, f := range frames {
		if !f.Aligned {
			continue
		}
		fw, fh := f.Picture.Size()
		if w == 0 {
			w, h = fw, fh
		}
		if fw != w || fh != h || fw == 0 || fh == 0 {
			return grid{}, fmt.Errorf("frame %s of %d × %d px on a grid of %d × %d: %w", f.File, fw, fh, w, h, imagery.ErrInvalid)
		}
	}
	if w == 0 {
		return grid{}, nil
	}
	s, x, y, err := fill(region, w, h)
	if err != nil {
		return grid{}, err
	}
	var g grid
	g.lay(s)
	g.x0, g.y0 = max(0, x-opts.Context), max(0, y-opts.Context)
	g.w = min(w, x+s.w+opts.Context) - g.x0
	g.h = min(h, y+s.h+opts.Context) - g.y0
	g.rx, g.ry = x-g.x0, y-g.y0
	g.kept = image.Rect(g.rx, g.ry, g.rx+s.w, g.ry+s.h)
	return g, nil
}

// ErrNoPixel says that a region lies off the grid, or between the centres of its pixels.
var ErrNoPixel = fmt.Errorf("region holds no pixel of the grid: %w", imagery.ErrInvalid)

// fill returns the pixels whose centres lie inside the polygon (even-odd rule) and
// on a grid of w × h, and the corner of their bounding box.
func fill(poly []imagery.Point, w, h int) (s shape, x0, y0 int, err error) {
	if len(poly) < 3 {
		return s, 0, 0, fmt.Errorf("region of %d points: want 3 or more: %w", len(poly), imagery.ErrInvalid)
	}
	var runs []run
	x0, y0 = w, h
	x1, y1 := -1, -1
	for y := range h {
		for _, r := range imagery.Crossings(poly, float64(y)) {
			a := int(math.Ceil(max(r[0], 0)))
			b := int(math.Ceil(min(r[1], float64(w)))) // the right edge is outside
			if a >= b {
				continue
			}
			runs = append(runs, run{a, y, b - a})
			s.area += b - a
			x0, x1, y0, y1 = min(x0, a), max(x1, b-1), min(y0, y), max(y1, y)
		}
	}
	if s.area == 0 {
		return s, 0, 0, ErrNoPixel
	}
	for _, r := range runs {
		s.runs = append(s.runs, run{r.x - x0, r.y - y0, r.n})
	}
	s.w, s.h = x1-x0+1, y1-y0+1
	return s, x0, y0, nil
}
