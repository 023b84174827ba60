package workshop

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"

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

// What is shown beside the images of a case.
const (
	ShownBefore = "before" // pair
	ShownAfter  = "after"  // pair
	ShownHeat   = "heat"   // pair: the change score in colours over the picture after
	ShownImage  = "image"  // view
)

// ShownName and SmallName name the copies of a picture for wide screens and for narrow
// ones: of an image of a case on its grid by the short form of its digest.
func ShownName(id string) string { return "shown/" + id + ".jpg" }
func SmallName(id string) string { return "small/" + id + ".jpg" }

// addShown adds the copies of a picture that pages show.
func addShown(b map[string][]byte, id string, im image.Image) error {
	var own image.Image = onDark(im) // imaging panics on some palettes, so it gets pixels of our own
	for _, copy := range []struct {
		name  string
		width int
	}{{ShownName(id), shownWidth}, {SmallName(id), smallWidth}} {
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

// A Shown is the copies of a picture that a result holds.
type Shown struct {
	Name          string // of the copy for wide screens
	Width, Height int    // of it, px
	Small         string // the copy for narrow screens and lists; "" where the other is no wider
	SmallWidth    int    // px
}

// Shown returns the copies of a picture of w × h px, and whether there are any.
func (r Result) Shown(id string, w, h int) (Shown, bool) {
	if !r.Holds(ShownName(id)) || w <= 0 || h <= 0 {
		return Shown{}, false
	}
	s := Shown{Name: ShownName(id), Width: w, Height: h}
	if w > shownWidth {
		s.Width, s.Height = shownWidth, max(int(math.Floor(float64(h)*shownWidth/float64(w)+0.5)), 1)
	}
	if s.Width > smallWidth {
		s.Small, s.SmallWidth = SmallName(id), smallWidth
	}
	return s, true
}

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
