package decode

import (
	"io"
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
}

// DecodeWindow reads a part of the picture that r holds in size bytes, reduced to at
// most maxPixels (0: not reduced). A TIFF is read by the strips or tiles that the part
// touches, from the smallest overview that is fine enough, so memory follows the part
// and not the picture; other formats are decoded whole, within lim. Reduced pixels are
// means of the valid ones they stand for; of a palette, the middle one.
func DecodeWindow(r io.ReaderAt, size int64, win Window, maxPixels int64, lim Limits) (*Part, error) {
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, corruptf("file: %v", err)
	}
	name, err := sniff(head)
	if err != nil {
		return nil, err
	}
	if name != "tiff" {
		return partOfWhole(r, size, win, maxPixels, lim)
	}
	return partOfTIFF(fileSource{r, size}, win, maxPixels, lim)
}

// partOfWhole decodes everything and keeps the part.
func partOfWhole(r io.ReaderAt, size int64, win Window, maxPixels int64, lim Limits) (*Part, error) {
	if lim.MaxBytes > 0 && size > lim.MaxBytes {
		return nil, tooLargef("file: %d bytes, the limit is %d", size, lim.MaxBytes)
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), data); err != nil {
		return nil, corruptf("file: %v", err)
	}
	p, err := Decode(data, lim)
	if err != nil {
		return nil, err
	}
	win, err = win.within(p.Width, p.Height)
	if err != nil {
		return nil, err
	}
	s := p.samples
	stored := p.turn.stored(win, s.width, s.height)
	k := reduction(win, maxPixels)
	red := newReducer(s, stored, k)
	for y := stored.y; y < stored.y+stored.h; y++ {
		red.add(s.row(y))
	}
	return part(p.Format, p.head, red.done(), p.turn, win, "full size"), nil
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

func partOfTIFF(src source, win Window, maxPixels int64, lim Limits) (*Part, error) {
	f, err := newTIFF(src)
	if err != nil {
		return nil, err
	}
	page, err := f.page()
	if err != nil {
		return nil, err
	}
	full, err := page.dir.layout()
	if err != nil {
		return nil, err
	}
	head := page.header(full)
	t := head.turn()
	uprightW, uprightH := full.width, full.height
	if t.swaps() {
		uprightW, uprightH = uprightH, uprightW
	}
	if win, err = win.within(uprightW, uprightH); err != nil {
		return nil, err
	}
	stored := t.stored(win, full.width, full.height)
	k := reduction(win, maxPixels)
	l, source, stored, k := page.finest(full, stored, k)
	if err := l.checkPart(stored, k, lim); err != nil {
		return nil, err
	}
	s, err := l.readReduced(stored, k, page.nodata())
	if err != nil {
		return nil, err
	}
	if page.mask != nil && source == "full size" && k == 1 && (stored == window{0, 0, full.width, full.height}) {
		s.valid = page.readMask(lim)
	}
	return part("tiff", head, s, t, win, source), nil
}

// finest chooses the smallest overview that still has a pixel for each wanted one, and
// returns the window and the reduction that remain on it.
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
		if scale > bestScale && scale <= 1.01*float64(k) {
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
	return best, source, small, max(1, int(math.Round(float64(k)/bestScale)))
}

// checkPart compares what reading a window needs with the limits.
func (l *tiffLayout) checkPart(win window, k int, lim Limits) error {
	sample := float64(l.bands * l.kind.size())
	w, h := (win.w+k-1)/k, (win.h+k-1)/k
	if err := lim.checkSize("tiff", int64(w), int64(h), sample); err != nil {
		return err
	}
	band := sample*float64(win.w)*float64(min(win.h, l.segH)) + l.segmentMemory()
	if need := sample*float64(w)*float64(h) + band; need > float64(lim.memory()) {
		return tooLargef("tiff: strips or tiles of %d × %d px need %.0f MiB, the limit is %d MiB: rewrite it with gdal_translate -co TILED=YES",
			l.segW, l.segH, need/(1<<20), lim.memory()>>20)
	}
	return l.checkStored()
}

// readReduced reads a window band by band of segments, making one pixel of k × k.
func (l *tiffLayout) readReduced(win window, k int, nodata *float64) (*samples, error) {
	s := l.samples()
	s.nodata = nodata
	if k == 1 {
		s.width, s.height = win.w, win.h
		s.pix = make([]byte, s.stride()*s.height)
		return s, l.read(s, win)
	}
	red := newReducer(s, window{0, 0, win.w, win.h}, k)
	band := l.samples()
	band.width, band.nodata = win.w, nodata
	for y := win.y; y < win.y+win.h; {
		end := min(win.y+win.h, (y/l.segH+1)*l.segH)
		band.height = end - y
		band.pix = grow(band.pix, band.stride()*band.height)
		clear(band.pix)
		if err := l.read(band, window{win.x, y, win.w, band.height}); err != nil {
			return nil, err
		}
		for row := range band.height {
			red.add(band.row(row))
		}
		y = end
	}
	return red.done(), nil
}
