package assess

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/timeline"
	"github.com/antequem/antequem/imagery"
)

// A regionOnGrid is a region drawn on the reference, and the window of the
// reference that is kept for measuring it.
type regionOnGrid struct {
	name    string
	polygon []imagery.Point // reference px
	window  window
	lost    string // why the region can't be drawn on the reference; "" if it can
}

// inWindow returns the polygon in pixels of the window.
func (g regionOnGrid) inWindow() []imagery.Point {
	return moved(g.polygon, -float64(g.window.x), -float64(g.window.y))
}

// onReference returns points of the window in reference px.
func (g regionOnGrid) onReference(ps []imagery.Point) []imagery.Point {
	return moved(ps, float64(g.window.x), float64(g.window.y))
}

// moved returns points moved to the right and down.
func moved(ps []imagery.Point, dx, dy float64) []imagery.Point {
	out := make([]imagery.Point, len(ps))
	for i, p := range ps {
		out[i] = imagery.Point{X: p.X + dx, Y: p.Y + dy}
	}
	return out
}

// firstPlaced returns the first region that has a place on the reference, -1 for none.
func (r *run) firstPlaced() int {
	return slices.IndexFunc(r.regions, func(g regionOnGrid) bool { return g.lost == "" })
}

// placeRegions draws every region on the reference grid.
func (r *run) placeRegions(ctx context.Context) error {
	if len(r.c.Images) == 0 {
		return nil
	}
	for _, reg := range r.c.Regions {
		g := regionOnGrid{name: reg.Name}
		var err error
		switch {
		case reg.Rings != nil:
			g.polygon, g.lost, err = r.fromGround(ctx, reg)
		case reg.Image == r.reference.Image.File:
			g.polygon = reg.Polygon
		default:
			g.polygon, g.lost, err = r.fromImage(ctx, reg.Image, reg.Polygon)
		}
		if err != nil {
			return fmt.Errorf("region %q: %w", reg.Name, err)
		}
		if g.lost == "" {
			g.window = around(g.polygon, whole(r.reference.Raster), r.opts.Context)
			if g.window.w < 2 || g.window.h < 2 {
				g.lost = "the region lies outside the reference image"
			}
		}
		r.regions = append(r.regions, g)
	}
	return nil
}

// fromImage draws on the reference what was drawn on another image.
func (r *run) fromImage(ctx context.Context, file string, polygon []imagery.Point) (out []imagery.Point, lost string, err error) {
	im, ok := r.c.Image(file)
	if !ok {
		return nil, "", fmt.Errorf("%q is no image of this case: %w", file, imagery.ErrInvalid)
	}
	pic, err := r.load(ctx, im)
	if err != nil {
		return nil, "", err
	}
	al, err := Align(ctx, r.reference, pic, r.opts)
	if err != nil {
		return nil, "", err
	}
	if !al.Aligned {
		return nil, fmt.Sprintf("%s, on which the region is drawn, could not be laid over the reference", file), nil
	}
	for _, p := range polygon {
		q, ok := unmap(al, p.X, p.Y)
		if !ok {
			return nil, fmt.Sprintf("the region as drawn on %s has no place on the reference", file), nil
		}
		out = append(out, q)
	}
	return out, "", nil
}

// fromGround draws a region given in longitude and latitude, by the reference's
// own georeference or by that of the first image that has one.
func (r *run) fromGround(ctx context.Context, reg imagery.Region) (out []imagery.Point, lost string, err error) {
	if r.reference.Georef != nil {
		out, err = groundToPixels(*r.reference.Georef, reg.Rings[0])
		return out, "", err
	}
	for _, im := range r.c.Images {
		if im.File == r.reference.Image.File {
			continue
		}
		pic, err := r.load(ctx, im)
		if err != nil {
			return nil, "", err
		}
		if pic.Georef == nil {
			continue
		}
		px, err := groundToPixels(*pic.Georef, reg.Rings[0])
		if err != nil {
			return nil, "", err
		}
		return r.fromImage(ctx, im.File, px)
	}
	return nil, "the region is given on the ground, and no image is georeferenced", nil
}

// around returns the bounding box of the polygon with margin pixels more on each
// side, within the grid; a margin of 0 is the whole grid.
func around(polygon []imagery.Point, grid window, margin int) window {
	if margin == 0 {
		return grid
	}
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range polygon {
		x0, x1 = min(x0, p.X), max(x1, p.X)
		y0, y1 = min(y0, p.Y), max(y1, p.Y)
	}
	m := float64(margin)
	left, top := int(max(math.Floor(x0-m), 0)), int(max(math.Floor(y0-m), 0))
	right, bottom := int(min(math.Ceil(x1+m)+1, float64(grid.w))), int(min(math.Ceil(y1+m)+1, float64(grid.h)))
	return window{x: left, y: top, w: max(right-left, 0), h: max(bottom-top, 0)}
}

// lostRegion is the timeline of a region that has no place on the reference.
func lostRegion(frames []timeline.Frame, why string) compare.Timeline {
	t := timeline.Blank(frames)
	for i := range t.Frames {
		t.Frames[i].Why = why
	}
	t.Cautions = []string{why + "."}
	return t
}
