package overlay

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
	"github.com/disintegration/imaging"
)

// A Still is one image's view of the region.
type Still struct {
	Name      string
	Words     string        // its date in words
	Picture   raster.Raster // on the common grid; no bands where it could not be aligned
	Synthetic bool
	Status    compare.Status
	State     compare.State
	Group     int
	Note      string          // shown in place of the state; "" for the state
	Part      []imagery.Point // where in the region it differs most, px of the picture; nil for no such part
}

// FilmstripOptions of a filmstrip.
type FilmstripOptions struct {
	Tile    int // width of a tile, px
	Columns int // tiles in a row at most
}

// DefaultFilmstrip returns tiles that show a region of a hundred pixels and fit a
// page four in a row.
func DefaultFilmstrip() FilmstripOptions { return FilmstripOptions{Tile: 300, Columns: 4} }

// Filmstrip lays the region's views side by side in the order given, with the date,
// the name and the state burned into each, and the region, in pixels of the views,
// outlined. Views are enlarged or reduced to fit; their own proportions stay.
func Filmstrip(stills []Still, region []imagery.Point, o FilmstripOptions) *image.NRGBA {
	tile, columns := min(max(o.Tile, 120), 1200), min(max(o.Columns, 1), 12)
	columns = min(columns, max(len(stills), 1))
	const gap = 6
	size := max(float64(tile)/20, 11)
	rows := (len(stills) + columns - 1) / columns
	height := tileHeight(stills, tile)
	strip := int(size*1.3*3+size*0.45) + 1
	out := blank(columns*(tile+gap)+gap, max(rows, 1)*(height+strip+gap)+gap, dusk)
	for i, s := range stills {
		x, y := gap+i%columns*(tile+gap), gap+i/columns*(height+strip+gap)
		box := image.Rect(x, y, x+tile, y+height)
		drawView(out, box, s, region, size)
		if s.Note != "" {
			banner(out, image.Rect(x, y, x+tile, y+height+strip), size, s.Words, s.Name, s.Note)
			continue
		}
		words := stateWords(s.Status, s.State, s.Group)
		if len(s.Part) > 0 {
			words += ", most so in the dashes"
		}
		banner(out, image.Rect(x, y, x+tile, y+height+strip), size, s.Words, s.Name, words)
		stateMark(out, imagery.Point{X: float64(x+tile) - size, Y: float64(y+height+strip) - size*0.8}, size*0.45, s)
	}
	return out
}

// Stack lays pictures one below the other, on the ground of filmstrips.
func Stack(pictures []image.Image) *image.NRGBA {
	w, h := 1, 0
	for _, p := range pictures {
		w, h = max(w, p.Bounds().Dx()), h+p.Bounds().Dy()
	}
	out := blank(w, max(h, 1), dusk)
	y := 0
	for _, p := range pictures {
		draw.Draw(out, p.Bounds().Sub(p.Bounds().Min).Add(image.Pt(0, y)), p, p.Bounds().Min, draw.Src)
		y += p.Bounds().Dy()
	}
	return out
}

// tileHeight is what the tallest view needs at a tile's width, up to half as much again.
func tileHeight(stills []Still, tile int) int {
	height := 0
	for _, s := range stills {
		if w, h := s.Picture.Size(); w > 0 {
			height = max(height, min(tile*h/w, tile*3/2))
		}
	}
	if height == 0 {
		return tile
	}
	return max(height, tile/4)
}

// drawView fits a picture into box, centred, with the region outlined.
func drawView(out *image.NRGBA, box image.Rectangle, s Still, region []imagery.Point, size float64) {
	w, h := s.Picture.Size()
	if w == 0 || h == 0 {
		empty(out, box)
		return
	}
	view, scale := fitView(View(s.Picture), box.Dx(), box.Dy())
	at := image.Pt(box.Min.X+(box.Dx()-view.Rect.Dx())/2, box.Min.Y+(box.Dy()-view.Rect.Dy())/2)
	paste(out, view, at)
	scaled := func(ring []imagery.Point) []imagery.Point {
		out := make([]imagery.Point, len(ring))
		for i, p := range ring { // pixel centres are half a pixel in, before scaling and after
			out[i] = imagery.Point{X: (p.X+0.5)*scale - 0.5 + float64(at.X), Y: (p.Y+0.5)*scale - 0.5 + float64(at.Y)}
		}
		return out
	}
	width := max(size/8, 1.5)
	outline(out, scaled(region), width, 0, white, black)
	outline(out, scaled(s.Part), width, 4*width, white, black)
	if s.Synthetic {
		markSynthetic(out, view.Rect.Add(at), size)
	}
}

// fitView scales a view to fit into w × h: Lanczos where it shrinks, whole pixels
// where it grows, so that nobody takes smoothness for detail.
func fitView(im *image.NRGBA, w, h int) (*image.NRGBA, float64) {
	iw, ih := im.Rect.Dx(), im.Rect.Dy()
	scale := min(float64(w)/float64(iw), float64(h)/float64(ih))
	filter := imaging.NearestNeighbor
	if scale < 1 {
		filter = imaging.Lanczos
	}
	nw, nh := max(int(float64(iw)*scale+0.5), 1), max(int(float64(ih)*scale+0.5), 1)
	if nw == iw && nh == ih {
		return im, 1
	}
	return imaging.Resize(im, nw, nh, filter), float64(nw) / float64(iw)
}

// paste lays a view over out, which is opaque, with its corner at the point given.
func paste(out, view *image.NRGBA, at image.Point) {
	box := view.Rect.Add(at.Sub(view.Rect.Min)).Intersect(out.Rect)
	n := 4 * box.Dx()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		dst := out.Pix[out.PixOffset(box.Min.X, y):][:n]
		src := view.Pix[view.PixOffset(view.Rect.Min.X+box.Min.X-at.X, view.Rect.Min.Y+y-at.Y):][:n]
		for i := 0; i+3 < n; i += 4 {
			switch a := int(src[i+3]); a {
			case 255:
				copy(dst[i:i+3], src[i:])
			case 0:
			default:
				for k := range 3 {
					dst[i+k] = uint8((int(dst[i+k])*(255-a) + int(src[i+k])*a + 127) / 255)
				}
			}
		}
	}
}

// empty hatches a box in which there is no picture.
func empty(im *image.NRGBA, box image.Rectangle) {
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if (x+y)%16 < 2 {
				im.SetNRGBA(x, y, color.NRGBA{70, 78, 88, 255})
			}
		}
	}
}

// stateMark draws the timeline's glyph of a state, see [sheet.stateGlyph], white on the
// strip and 2r px wide round c; nothing where the state is unclear.
func stateMark(im *image.NRGBA, c imagery.Point, r float64, s Still) {
	if s.State != compare.StateOld && s.State != compare.StateNew {
		return
	}
	square := func(half float64, colour color.NRGBA) {
		var sh shape
		sh.polygon(imagery.Point{X: c.X - half, Y: c.Y - half}, imagery.Point{X: c.X + half, Y: c.Y - half}, imagery.Point{X: c.X + half, Y: c.Y + half}, imagery.Point{X: c.X - half, Y: c.Y + half})
		sh.fill(im, colour)
	}
	square(r, white)
	if s.State == compare.StateNew && s.Group > 1 {
		return
	}
	inner := r * 5 / 7 // the glyph is 14 px wide, its frame 2
	square(inner, black)
	if s.State == compare.StateNew {
		var half shape
		half.polygon(imagery.Point{X: c.X + inner, Y: c.Y - inner}, imagery.Point{X: c.X + inner, Y: c.Y + inner}, imagery.Point{X: c.X - inner, Y: c.Y + inner})
		half.fill(im, white)
	}
}
