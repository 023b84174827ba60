package casefile

import (
	"fmt"

	"github.com/antequem/antequem/imagery"
)

// A SizeOf returns the width and height of a case's image, in pixels, and whether
// they are known.
type SizeOf func(file string) (w, h int, ok bool)

// CheckRegions says which polygons reach outside their image, or hold no pixel of it.
// The error is a [Mistakes] with the lines of the regions.
func (f *File) CheckRegions(size SizeOf) error {
	var ms Mistakes
	for i, reg := range f.Case.Regions {
		if text := misfit(reg, size); text != "" {
			ms = append(ms, Mistake{f.Name, f.regionLines[i], text})
		}
	}
	if len(ms) > 0 {
		return ms
	}
	return nil
}

// CheckRegions is File.CheckRegions for a case that no file holds.
func CheckRegions(c imagery.Case, size SizeOf) error {
	for _, reg := range c.Regions {
		if text := misfit(reg, size); text != "" {
			return fmt.Errorf("%s: %w", text, imagery.ErrInvalid)
		}
	}
	return nil
}

// misfit says which corner of the region is not in its image, or that none of the
// image's pixels is in it, and the mend. Half a pixel is forgiven, since some programs
// count from the corner of a pixel.
func misfit(reg imagery.Region, size SizeOf) string {
	if reg.Image == "" {
		return ""
	}
	w, h, ok := size(reg.Image)
	if !ok {
		return ""
	}
	name := "region"
	if reg.Name != "" {
		name = fmt.Sprintf("region %q", reg.Name)
	}
	for i, p := range reg.Polygon {
		if p.X < -1 || p.Y < -1 || p.X > float64(w) || p.Y > float64(h) {
			return fmt.Sprintf("%s: polygon: corner %d, (%g, %g), lies outside %s, which is %d × %d px; draw it inside or name the image that it was drawn on",
				name, i+1, p.X, p.Y, reg.Image, w, h)
		}
	}
	if !holdsPixel(reg.Polygon, w, h) {
		return fmt.Sprintf("%s: polygon: it holds the centre of no pixel of %s; draw it larger", name, reg.Image)
	}
	return ""
}
