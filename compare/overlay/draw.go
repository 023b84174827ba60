package overlay

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"github.com/antequem/antequem/imagery"
)

var (
	white = color.NRGBA{255, 255, 255, 255}
	black = color.NRGBA{0, 0, 0, 255}
	dusk  = color.NRGBA{17, 20, 24, 255} // paper of pictures
	pale  = color.NRGBA{174, 183, 194, 255}
)

// blank returns a picture of one colour.
func blank(w, h int, c color.NRGBA) *image.NRGBA {
	im := image.NewNRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	fillRect(im, im.Rect, c)
	return im
}

func fillRect(im *image.NRGBA, r image.Rectangle, c color.NRGBA) {
	r = r.Intersect(im.Rect)
	if c.A == 255 && !r.Empty() {
		top := im.Pix[im.PixOffset(r.Min.X, r.Min.Y):][:4*r.Dx()]
		for i := 0; i < len(top); i += 4 {
			top[i], top[i+1], top[i+2], top[i+3] = c.R, c.G, c.B, c.A
		}
		for y := r.Min.Y + 1; y < r.Max.Y; y++ {
			copy(im.Pix[im.PixOffset(r.Min.X, y):], top)
		}
		return
	}
	draw.Draw(im, r, image.NewUniform(c), image.Point{}, draw.Over)
}

// A shape gathers polygons in picture coordinates, (0, 0) the centre of the top
// left pixel, and fills them with soft edges.
type shape struct{ polygons [][]imagery.Point }

func (s *shape) polygon(ps ...imagery.Point) { s.polygons = append(s.polygons, ps) }

// fill paints the shape over the part of im that it covers.
func (s *shape) fill(im *image.NRGBA, c color.NRGBA) {
	box := s.bounds().Intersect(im.Rect)
	if box.Empty() {
		return
	}
	ras := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, ps := range s.polygons {
		for i, p := range ps {
			x, y := float32(within(p.X)+0.5-float64(box.Min.X)), float32(within(p.Y)+0.5-float64(box.Min.Y))
			if i == 0 {
				ras.MoveTo(x, y)
			} else {
				ras.LineTo(x, y)
			}
		}
		ras.ClosePath()
	}
	ras.Draw(im, box, image.NewUniform(c), image.Point{})
}

// within holds a coordinate near the picture: far outside nothing shows, and the
// rasterizer wants numbers of a size that it can count.
func within(v float64) float64 {
	if math.IsNaN(v) {
		return -1e5
	}
	return min(max(v, -1e5), 1e5)
}

func (s *shape) bounds() image.Rectangle {
	var box image.Rectangle
	for _, ps := range s.polygons {
		for _, p := range ps {
			x, y := within(p.X), within(p.Y)
			box = box.Union(image.Rect(int(math.Floor(x))-1, int(math.Floor(y))-1, int(math.Ceil(x))+3, int(math.Ceil(y))+3))
		}
	}
	return box
}

// line adds a stroke of some width as a rectangle with ends a half width longer.
func (s *shape) line(a, b imagery.Point, width float64) {
	dx, dy := b.X-a.X, b.Y-a.Y
	n := math.Hypot(dx, dy)
	if n < 1e-9 {
		dx, dy, n = 1, 0, 1
	}
	ux, uy := dx/n*width/2, dy/n*width/2
	s.polygon(
		imagery.Point{X: a.X - ux - uy, Y: a.Y - uy + ux}, imagery.Point{X: b.X + ux - uy, Y: b.Y + uy + ux},
		imagery.Point{X: b.X + ux + uy, Y: b.Y + uy - ux}, imagery.Point{X: a.X - ux + uy, Y: a.Y - uy - ux})
}

func (s *shape) circle(c imagery.Point, radius float64) {
	var ps []imagery.Point
	for i := range 20 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / 20)
		ps = append(ps, imagery.Point{X: c.X + radius*cos, Y: c.Y + radius*sin})
	}
	s.polygon(ps...)
}

// outline draws a ring's sides in one colour with a casing of another, so that it
// shows on light ground and on dark. It breaks them into dashes of about the length
// given, and is whole for 0.
func outline(im *image.NRGBA, ring []imagery.Point, width, dash float64, c, casing color.NRGBA) {
	if len(ring) < 2 {
		return
	}
	for _, pass := range []struct {
		width float64
		c     color.NRGBA
	}{{width + 2, casing}, {width, c}} {
		for i, p := range ring { // each by itself: crossing strokes must not cancel
			for _, d := range dashes(p, ring[(i+1)%len(ring)], dash) {
				var s shape
				s.line(d[0], d[1], pass.width)
				s.fill(im, pass.c)
			}
		}
	}
}

// dashes cuts the line from a to b into dashes and gaps of one length, about as long as
// given or shorter, three dashes at least and one at either end; 0 leaves it whole.
func dashes(a, b imagery.Point, length float64) [][2]imagery.Point {
	n := 1
	if length > 0 {
		n = max(int(math.Hypot(b.X-a.X, b.Y-a.Y)/length)/2*2+1, 5)
	}
	at := func(k int) imagery.Point {
		f := float64(k) / float64(n)
		return imagery.Point{X: a.X + f*(b.X-a.X), Y: a.Y + f*(b.Y-a.Y)}
	}
	var out [][2]imagery.Point
	for k := 0; k < n; k += 2 {
		out = append(out, [2]imagery.Point{at(k), at(k + 1)})
	}
	return out
}

// letter writes t with its baseline at (x, y).
func letter(im draw.Image, x, y float64, t string, size float64, heavy bool, c color.Color) {
	f := regular()
	if heavy {
		f = bold()
	}
	face, err := newFace(f, size)
	if err != nil {
		return
	}
	defer face.Close()
	d := font.Drawer{Dst: im, Src: image.NewUniform(c), Face: face, Dot: fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}}
	d.DrawString(t)
}

func newFace(f *sfnt.Font, size float64) (font.Face, error) {
	return opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
}

// banner burns words into a strip at the bottom of r, white on black, and returns
// the strip's height. Each line is cut to fit.
func banner(im *image.NRGBA, r image.Rectangle, size float64, lines ...string) int {
	pad := size * 0.45
	h := int(math.Ceil(float64(len(lines))*size*1.3 + pad))
	strip := image.Rect(r.Min.X, max(r.Max.Y-h, r.Min.Y), r.Max.X, r.Max.Y)
	fillRect(im, strip, color.NRGBA{0, 0, 0, 216})
	for i, t := range lines {
		y := float64(strip.Min.Y) + pad/2 + float64(i)*size*1.3 + size
		t = shorten(t, size, float64(r.Dx())-2*pad, i == 0)
		letter(im, float64(r.Min.X)+pad, y, t, size, i == 0, white)
	}
	return strip.Dy()
}

// markSynthetic burns the word into a box in the top left corner of r: black on
// yellow, which stays dark on light without colour.
func markSynthetic(im *image.NRGBA, r image.Rectangle, size float64) {
	const word = "SYNTHETIC"
	for size > 7 && advance(word, size, true)+size > float64(r.Dx()) {
		size--
	}
	w, h := int(advance(word, size, true)+size*0.9), int(size*1.5)
	box := image.Rect(r.Min.X, r.Min.Y, min(r.Min.X+w, r.Max.X), min(r.Min.Y+h, r.Max.Y))
	fillRect(im, box, color.NRGBA{255, 222, 60, 255})
	letter(im, float64(box.Min.X)+size*0.45, float64(box.Min.Y)+size*1.1, word, size, true, black)
}
