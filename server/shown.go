package server

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/disintegration/imaging"
)

// Pages show copies as JPEG, so that a reader on a slow line sees something soon:
// one for wide screens and one for narrow screens and lists. The PNG beside them
// is for taking away, and tiles are for looking closer.
const (
	shownWidth   = 1600 // px at most
	smallWidth   = 640  // px at most
	shownQuality = 76   // a first picture within 2.5 s at 1.6 Mbit/s; tiles are finer
)

// Names of pictures that are shown, beside the digests of a case's images.
const (
	shownBefore = "before" // pair
	shownAfter  = "after"  // pair
	shownHeat   = "heat"   // pair: the change score in colours over the picture after
	shownImage  = "image"  // view
)

func shownName(id string) string { return "shown/" + id + ".jpg" }
func smallName(id string) string { return "small/" + id + ".jpg" }

// addShown adds the copies of a picture that pages show.
func addShown(b map[string][]byte, id string, im image.Image) error {
	var own image.Image = onDark(im) // imaging panics on some palettes, so it gets pixels of our own
	for _, copy := range []struct {
		name  string
		width int
	}{{shownName(id), shownWidth}, {smallName(id), smallWidth}} {
		if own.Bounds().Dx() > copy.width {
			own = imaging.Resize(own, copy.width, 0, imaging.Box)
		}
		text, err := encodeJPEG(own, shownQuality)
		if err != nil {
			return fmt.Errorf("%s: %w", copy.name, err)
		}
		b[copy.name] = text
	}
	return nil
}

// shownPicture describes the copies of a picture of w × h px; nil if there are none.
func shownPicture(m made, id string, w, h int) *page.Picture {
	if m.result == nil || !holds(*m.result, shownName(id)) || w <= 0 || h <= 0 {
		return nil
	}
	p := &page.Picture{URL: m.url(shownName(id)), Width: w, Height: h}
	if w > shownWidth {
		p.Width, p.Height = shownWidth, max(int(math.Floor(float64(h)*shownWidth/float64(w)+0.5)), 1)
	}
	if p.Width > smallWidth {
		p.Small, p.SmallWidth = m.url(smallName(id)), smallWidth
	}
	return p
}

// alignedID names what is shown of an image on the reference grid.
func alignedID(im imagery.Image) string { return im.Digest.Short() }

// noData is the colour where a picture without transparency has none: nearly
// black, as nothing on the ground is.
var noData = color.Gray{Y: 0x10}

// onDark returns im without transparency, its origin at (0, 0).
func onDark(im image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: im.Bounds().Size()})
	draw.Draw(out, out.Rect, image.NewUniform(noData), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, im, im.Bounds().Min, draw.Over)
	return out
}

func encodeJPEG(im image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, im, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}
