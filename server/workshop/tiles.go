package workshop

import (
	"fmt"
	"image"
	"math/bits"
)

// Tiles follow Deep Zoom: level 0 is one pixel, each level twice the one below,
// and the topmost the picture itself.
const (
	tileSide    = 512 // px, without overlap
	tileOverlap = 1   // px that neighbours share on each side, so that no seam shows
	tileQuality = 85
)

// topLevel returns the level that shows a picture of w × h pixels itself.
func topLevel(w, h int) int { return bits.Len(uint(max(w, h, 1) - 1)) }

// addTiles adds the pyramid of im to b: folder + "{level}/{column}_{row}.jpg".
func addTiles(b map[string][]byte, folder string, im image.Image) error {
	level := onDark(im)
	for l := topLevel(level.Rect.Dx(), level.Rect.Dy()); l >= 0; l-- {
		w, h := level.Rect.Dx(), level.Rect.Dy()
		for row := 0; row*tileSide < h; row++ {
			for col := 0; col*tileSide < w; col++ {
				tile := image.Rect(col*tileSide, row*tileSide, (col+1)*tileSide, (row+1)*tileSide).Inset(-tileOverlap).Intersect(level.Rect)
				text, err := encodeJPEG(level.SubImage(tile), tileQuality)
				if err != nil {
					return fmt.Errorf("tile: %w", err)
				}
				b[fmt.Sprintf("%s%d/%d_%d.jpg", folder, l, col, row)] = text
			}
		}
		level = halve(level)
	}
	return nil
}

// halve returns im at half its size, odd sides rounded up; each pixel is the mean
// of the four that it covers, those beyond the border taken as the last inside.
func halve(im *image.RGBA) *image.RGBA {
	w, h := im.Rect.Dx(), im.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, (w+1)/2, (h+1)/2))
	for y := range out.Rect.Dy() {
		upper := im.Pix[2*y*im.Stride:]
		lower := im.Pix[min(2*y+1, h-1)*im.Stride:]
		line := out.Pix[y*out.Stride:]
		for x := range out.Rect.Dx() {
			i, j := 8*x, 4*min(2*x+1, w-1)
			for k := range 4 {
				line[4*x+k] = uint8((int(upper[i+k]) + int(upper[j+k]) + int(lower[i+k]) + int(lower[j+k]) + 2) / 4)
			}
		}
	}
	return out
}

// Tiles are the pyramid of a picture in a result.
type Tiles struct {
	Width, Height int // px of the picture
	Size, Overlap int // px of a tile's side, and those that it shares with each neighbour
}

// Tiles returns the pyramid of a picture of w × h px, and whether there is one.
func (r Result) Tiles(folder string, w, h int) (Tiles, bool) {
	ok := r.Holds(fmt.Sprintf("%s%d/0_0.jpg", folder, topLevel(w, h)))
	return Tiles{Width: w, Height: h, Size: tileSide, Overlap: tileOverlap}, ok
}
