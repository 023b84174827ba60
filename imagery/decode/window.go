package decode

import (
	"math"

	"github.com/antequem/antequem/imagery/geo"
)

// A Window is a part of a picture, in upright pixels of full size: its top left pixel,
// its width and its height. The zero Window is the whole picture.
type Window struct{ X, Y, W, H int }

// A Part is a window of a picture, perhaps at a reduced size.
type Part struct {
	Picture *Picture // its georeference is the part's own; it has no digest of the file
	Window  Window   // what it shows, in pixels of full size
	StepX   float64  // pixels of full size that one pixel of Picture spans
	StepY   float64
	Source  string // "full size" or the overview it was made from

	dir *tiffDir // of a TIFF
}

// within returns the window itself, or the whole picture for none.
func (w Window) within(width, height int) (Window, error) {
	if w == (Window{}) {
		return Window{0, 0, width, height}, nil
	}
	if w.X < 0 || w.Y < 0 || w.W <= 0 || w.H <= 0 || w.W > width-w.X || w.H > height-w.Y {
		return w, invalidf("window of %d × %d px at %d, %d lies outside the picture of %d × %d", w.W, w.H, w.X, w.Y, width, height)
	}
	return w, nil
}

// reduction returns how many pixels to make one of, along each side.
func reduction(win Window, maxPixels int64) int {
	if maxPixels <= 0 {
		return 1
	}
	k := int(math.Ceil(math.Sqrt(float64(win.W) * float64(win.H) / float64(maxPixels))))
	for k > 1 && int64((win.W+k-2)/(k-1))*int64((win.H+k-2)/(k-1)) <= maxPixels {
		k--
	}
	for int64((win.W+k-1)/max(k, 1))*int64((win.H+k-1)/max(k, 1)) > maxPixels {
		k++
	}
	return max(1, k)
}

// stored turns a window of the upright picture into one of the stored w × h grid.
func (t turn) stored(win Window, w, h int) window {
	start, right, down := t.walk(w, h)
	a := start + win.X*right + win.Y*down
	b := a + (win.W-1)*right + (win.H-1)*down
	x0, x1 := min(a%w, b%w), max(a%w, b%w)
	y0, y1 := min(a/w, b/w), max(a/w, b/w)
	return window{x0, y0, x1 - x0 + 1, y1 - y0 + 1}
}

// part dresses samples as a picture of their own.
func part(format string, head header, s *samples, t turn, win Window, source string) *Part {
	head.width, head.height = s.width, s.height
	head.overviews, head.pages = nil, 1
	p := &Picture{Format: format, Width: s.width, Height: s.height, head: head, samples: s, turn: t}
	if t.swaps() {
		p.Width, p.Height = p.Height, p.Width
	}
	out := &Part{Picture: p, Window: win, StepX: float64(win.W) / float64(p.Width), StepY: float64(win.H) / float64(p.Height), Source: source}
	if g := head.meta.geo; g != nil && g.HasGrid {
		moved := *g
		moved.Transform = shifted(g.Transform, win, out.StepX, out.StepY)
		p.head.meta.geo = &moved
	}
	return out
}

// shifted returns the transform of a window whose pixels span stepX × stepY of full size.
func shifted(t geo.Affine, win Window, stepX, stepY float64) geo.Affine {
	c, f := t.At(float64(win.X), float64(win.Y))
	return geo.Affine{A: t.A * stepX, B: t.B * stepY, C: c, D: t.D * stepX, E: t.E * stepY, F: f}
}

// part reads a window of the first picture.
func (t *tiffPicture) part(win Window, maxPixels int64, lim Limits) (*Part, error) {
	win, err := win.within(t.upright())
	if err != nil {
		return nil, err
	}
	turn := t.head.turn()
	stored := turn.stored(win, t.full.width, t.full.height)
	onFull, steps := stored, reduction(win, maxPixels)
	l, source, stored, k := t.page.finest(t.full, stored, steps)
	if err := l.checkPart(stored, k, lim); err != nil {
		return nil, err
	}
	s, err := l.readReduced(stored, k, t.page.nodata())
	if err != nil {
		return nil, err
	}
	if t.page.mask != nil {
		s.valid = t.page.maskPart(t.full, onFull, steps, s.width, s.height, lim)
	}
	out := part("tiff", t.head, s, turn, win, source)
	out.dir = &t.page.dir
	return out, nil
}

// upright returns the picture's size as people see it.
func (t *tiffPicture) upright() (w, h int) {
	if t.head.turn().swaps() {
		return t.full.height, t.full.width
	}
	return t.full.width, t.full.height
}

// maskPart returns the mask of a window as w × h pixels, of which each stands for
// k × k: valid where at least half of them are. It is nil if the mask can't be read.
func (p tiffPage) maskPart(full *tiffLayout, win window, k, w, h int, lim Limits) []uint8 {
	l, err := p.maskLayout()
	if err != nil || l.width != full.width || l.height != full.height || l.checkPart(win, k, lim) != nil {
		return nil
	}
	m, err := l.readReduced(win, k, nil)
	if err != nil {
		return nil
	}
	least := byte(1) // of a mask as stored, whatever isn't 0 is valid
	if k > 1 && l.bits > 1 {
		least = 128
	}
	out := make([]uint8, w*h)
	for y := range h {
		row := m.row(y * m.height / h)
		for x := range w {
			if row[x*m.width/w] >= least {
				out[y*w+x] = 1
			}
		}
	}
	return out
}

// coarser is by how much a pixel made of an overview may be larger than asked for, so
// that a small overview can be taken and not one many times its size.
const coarser = 1.5

// finest chooses the smallest overview of which whole pixels make one that is no finer,
// and not much coarser, than k × k of full size. It returns the window and the reduction
// that remain on it.
func (p tiffPage) finest(full *tiffLayout, win window, k int) (*tiffLayout, string, window, int) {
	best, bestScale, source := full, 1.0, "full size"
	for _, d := range p.overviews {
		o, err := d.layout()
		if err != nil || o.bands != full.bands || o.kind != full.kind || o.photo != full.photo {
			continue
		}
		scale := float64(full.width) / float64(o.width)
		if even := scale * float64(o.height) / float64(full.height); even < 0.98 || even > 1.02 {
			continue
		}
		if scale > bestScale && scale <= 1.01*float64(k) && scale*float64(remaining(k, scale)) <= coarser*float64(k) {
			best, bestScale, source = o, scale, overviewName(o)
		}
	}
	if best == full {
		return full, source, win, k
	}
	x0, y0 := int(float64(win.x)/bestScale), int(float64(win.y)/bestScale)
	x1 := min(best.width, int(math.Ceil(float64(win.x+win.w)/bestScale)))
	y1 := min(best.height, int(math.Ceil(float64(win.y+win.h)/bestScale)))
	small := window{min(x0, best.width-1), min(y0, best.height-1), 0, 0}
	small.w, small.h = max(1, x1-small.x), max(1, y1-small.y)
	return best, source, small, remaining(k, bestScale)
}

// remaining returns how many pixels of an overview make one that stands for k of full
// size, along each side. An overview's size is rounded, so a hundredth makes no other number.
func remaining(k int, scale float64) int { return max(1, int(math.Ceil(float64(k)/scale-0.01))) }

// maxFactor is how many times the limit of pixels may be read to show a few of them:
// enough for the largest mosaics, and not for a file of nothing that claims the Earth.
const maxFactor = 16

// checkPart compares what reading a window needs with the limits.
func (l *tiffLayout) checkPart(win window, k int, lim Limits) error {
	sample := float64(l.bands * l.kind.size())
	w, h := (win.w+k-1)/k, (win.h+k-1)/k
	if err := lim.checkSize("tiff", int64(w), int64(h), sample); err != nil {
		return err
	}
	if lim.MaxPixels > 0 && int64(win.w) > maxFactor*lim.MaxPixels/int64(win.h) {
		return tooLargef("tiff: %d × %d px in all, the limit is %d px to make a small picture of: give a window of it", win.w, win.h, maxFactor*lim.MaxPixels)
	}
	band := sample*float64(win.w)*float64(min(win.h, l.bandRows(win.w))) + l.segmentMemory()
	if need := sample*float64(w)*float64(h) + band; need > float64(lim.memory()) {
		return tooLargef("tiff: strips or tiles of %d × %d px need %.0f MiB, the limit is %d MiB: rewrite it with gdal_translate -co TILED=YES",
			l.segW, l.segH, need/(1<<20), lim.memory()>>20)
	}
	return l.checkStored()
}

// bandBytes is how many bytes of rows are read together where segments are small.
const bandBytes = 8 << 20

// bandRows returns the rows of whole segments that are read together.
func (l *tiffLayout) bandRows(w int) int {
	segment := w * l.bands * l.kind.size() * l.segH
	return l.segH * max(1, bandBytes/max(1, segment))
}

// eachBand reads a window from top to bottom, some rows at a time.
func (l *tiffLayout) eachBand(win window, nodata *float64, f func(rows *samples)) error {
	step := l.bandRows(win.w)
	band := l.samples()
	band.width, band.nodata = win.w, nodata
	for y := win.y; y < win.y+win.h; {
		end := min(win.y+win.h, (y/step+1)*step)
		band.height = end - y
		band.pix = grow(band.pix, band.stride()*band.height)[:band.stride()*band.height]
		clear(band.pix)
		if err := l.read(band, window{win.x, y, win.w, band.height}); err != nil {
			return err
		}
		f(band)
		y = end
	}
	return nil
}

// readReduced reads a window, making one pixel of k × k.
func (l *tiffLayout) readReduced(win window, k int, nodata *float64) (*samples, error) {
	s := l.samples()
	s.nodata = nodata
	if k == 1 {
		s.width, s.height = win.w, win.h
		s.pix = make([]byte, s.stride()*s.height)
		return s, l.read(s, win)
	}
	red := newReducer(s, window{0, 0, win.w, win.h}, k)
	err := l.eachBand(win, nodata, func(rows *samples) {
		for y := range rows.height {
			red.add(rows.row(y))
		}
	})
	return red.done(), err
}
