package workshop

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/disintegration/imaging"
)

const (
	cropSide   = 360 // px, the longer side of a close-up
	cropMargin = 0.5 // of the region's size, left around it on each side
	cropLeast  = 48  // px of the reference that a close-up shows at least
)

// CropName names the close-up of region k in an image of a case.
func CropName(k int, im imagery.Image) string {
	return fmt.Sprintf("crops/%d/%s.jpg", k, im.Digest.Short())
}

// cropBox returns what a close-up of a region shows, in reference pixels; empty
// where the region has no place on the grid.
func cropBox(polygon [][2]float64, grid [2]int) image.Rectangle {
	if len(polygon) == 0 {
		return image.Rectangle{}
	}
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range polygon {
		x0, x1 = min(x0, p[0]), max(x1, p[0])
		y0, y1 = min(y0, p[1]), max(y1, p[1])
	}
	m := max((x1-x0)*cropMargin, (y1-y0)*cropMargin, (cropLeast-(x1-x0))/2, (cropLeast-(y1-y0))/2)
	box := image.Rect(int(x0-m), int(y0-m), int(math.Ceil(x1+m))+1, int(math.Ceil(y1+m))+1)
	return box.Intersect(image.Rect(0, 0, grid[0], grid[1]))
}

// CropSize returns the size, px, of the close-up of a region that is given in pixels
// of a grid of the given width and height.
func CropSize(polygon [][2]float64, grid [2]int) (w, h int) { return shownSize(cropBox(polygon, grid)) }

// shownSize returns the size of the picture that shows a box.
func shownSize(box image.Rectangle) (w, h int) {
	k := float64(cropSide) / float64(max(box.Dx(), box.Dy(), 1))
	return max(int(float64(box.Dx())*k+0.5), 1), max(int(float64(box.Dy())*k+0.5), 1)
}

// addCrops adds what pages show of the images on the reference grid, and the close-ups
// of every region in each of them.
func addCrops(b map[string][]byte, c imagery.Case, rep assess.Report) error {
	for _, im := range c.Images {
		whole, ok := b[AlignedName(im)]
		if !ok {
			continue
		}
		pic, err := png.Decode(bytes.NewReader(whole))
		if err != nil {
			return fmt.Errorf("%s: %w", AlignedName(im), err)
		}
		if err := addShown(b, im.Digest.Short(), pic); err != nil {
			return err
		}
		own := onDark(pic)
		for k, g := range rep.Regions {
			box := cropBox(g.Polygon, rep.Grid)
			if box.Empty() {
				continue
			}
			w, h := shownSize(box)
			b[CropName(k, im)], err = encodeJPEG(imaging.Resize(imaging.Crop(own, box), w, h, imaging.CatmullRom), shownQuality)
			if err != nil {
				return fmt.Errorf("%s: %w", CropName(k, im), err)
			}
		}
	}
	return nil
}
