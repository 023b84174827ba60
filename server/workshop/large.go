package workshop

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"io"
	"math"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
)

// A pair of which a picture is larger than largePair is measured on copies of at
// most reducedPair, and says so, while its tiles are made from the pictures
// themselves, a window at a time: memory follows the window and not the picture.
const (
	largePair   = 24 << 20 // px
	reducedPair = 4 << 20  // px, or a sixth of Work.Large where that is set
	viewPixels  = 24 << 20 // px of the picture of a single image
)

// judgedPixels is how large a picture may be to be judged by the service: two of
// them take about 5 GiB. A service that runs out of memory is killed, and takes up
// the same job again when it is started.
const judgedPixels = 160 << 20

// judgeable says what is too large to be judged here, before memory is taken for it.
func (w Work) judgeable(ctx context.Context, im imagery.Image) error {
	f, err := w.open(ctx, im.Digest)
	if err != nil {
		return fmt.Errorf("%s: %w", im.File, err)
	}
	defer f.close()
	if most := cmp.Or(w.Judged, judgedPixels); f.pixels() > most {
		return fmt.Errorf("%s has %d × %d px, and the service judges pictures of at most %d megapixels: crop it to the region and a wide margin around it, or judge the case from the command line where there is more memory: %w",
			im.File, f.Width, f.Height, most>>20, imagery.ErrTooLarge)
	}
	return nil
}

// An openOriginal is a file of which parts are read.
type openOriginal struct {
	*decode.File
	close func() error
}

// open opens an original for reading parts of it.
func (w Work) open(ctx context.Context, d imagery.Digest) (openOriginal, error) {
	f, err := w.Originals.Original(ctx, d)
	if err != nil {
		return openOriginal{}, err
	}
	at, ok := f.(io.ReaderAt)
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil || !ok {
		_ = f.Close() // the other error tells more
		return openOriginal{}, fmt.Errorf("original %s: parts can't be read: %w", d.Short(), imagery.ErrUnsupported)
	}
	file, err := decode.Open(at, size, w.Limits)
	if err != nil {
		_ = f.Close()
		return openOriginal{}, err
	}
	return openOriginal{file, f.Close}, nil
}

func (o openOriginal) pixels() int64 { return int64(o.Width) * int64(o.Height) }

// makeLarge makes a pair of pictures too large to be held; ok is false where it is none.
func (w Work) makeLarge(ctx context.Context, o pairOrder, p progressFunc) (b map[string][]byte, ok bool, err error) {
	before, err := w.open(ctx, o.Before.Digest)
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", o.Before.File, err)
	}
	defer before.close()
	after, err := w.open(ctx, o.After.Digest)
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", o.After.File, err)
	}
	defer after.close()
	if max(before.pixels(), after.pixels()) <= cmp.Or(w.Large, largePair) {
		return nil, false, nil
	}
	b, err = w.reducedPair(ctx, o, before, after, p)
	return b, true, err
}

// reducedPair measures copies, and cuts tiles from the pictures themselves.
func (w Work) reducedPair(ctx context.Context, o pairOrder, before, after openOriginal, p progressFunc) (map[string][]byte, error) {
	x, stepX, err := w.copyOf(o.Before, before)
	if err != nil {
		return nil, err
	}
	y, stepY, err := w.copyOf(o.After, after)
	if err != nil {
		return nil, err
	}
	o.Region = scaled(o.Region, stepX)
	res, err := assess.Pair(ctx, x, y, o.Region, o.Options, p)
	if err != nil {
		return nil, err
	}
	b, err := res.Bundle(ctx)
	if err != nil {
		return nil, err
	}
	if err := addGround(b, Ground{Width: before.Width, Height: before.Height, Step: max(stepX, 1), North: northOf(x)}); err != nil {
		return nil, err
	}
	al, evened := res.Alignment, res.Evened()
	if !al.Aligned {
		return b, nil
	}
	if err := addViews(b, o, evened, w.Workers); err != nil {
		return nil, err
	}
	if err := addTies(b, al); err != nil {
		return nil, err
	}
	return b, w.cutTiles(ctx, b, before, after, wholeMap{al, stepX, stepY}, p)
}

// copyOf reads a picture at a reduced size, with its ground sample distance.
func (w Work) copyOf(o imageOrder, f openOriginal) (assess.Picture, float64, error) {
	most := int64(reducedPair)
	if w.Large > 0 {
		most = max(w.Large/6, 1<<17)
	}
	part, err := f.Survey(most)
	if err != nil {
		return assess.Picture{}, 0, fmt.Errorf("%s: %w", o.File, err)
	}
	step := math.Sqrt(part.StepX * part.StepY)
	im := o.image()
	im.GSD *= step
	return assess.FromFile(im, part.Picture), step, nil
}

// scaled takes positions of a picture to its copy, of which a pixel spans step.
func scaled(polygon []imagery.Point, step float64) []imagery.Point {
	out := make([]imagery.Point, len(polygon))
	for i, p := range polygon {
		out[i] = imagery.Point{X: (p.X+0.5)/step - 0.5, Y: (p.Y+0.5)/step - 0.5}
	}
	return out
}

// A wholeMap is an alignment of two copies, between the pictures themselves.
type wholeMap struct {
	al           compare.Alignment
	stepX, stepY float64 // of the picture before and of the one after
}

// Map takes a position in the picture before to the one after, px of full size.
func (m wholeMap) Map(x, y float64) (mx, my float64) {
	mx, my = m.al.Map((x+0.5)/m.stepX-0.5, (y+0.5)/m.stepX-0.5)
	return (mx+0.5)*m.stepY - 0.5, (my+0.5)*m.stepY - 0.5
}

// cutTiles replaces the tiles of the copies by those of the pictures themselves.
func (w Work) cutTiles(ctx context.Context, b map[string][]byte, before, after openOriginal, m wholeMap, p progressFunc) error {
	dropFolder(b, TilesBefore)
	dropFolder(b, TilesAfter)
	sx, err := before.Stretch()
	if err != nil {
		return err
	}
	sy, err := after.Stretch()
	if err != nil {
		return err
	}
	size := image.Pt(before.Width, before.Height)
	own := func(r image.Rectangle) (*image.RGBA, error) {
		part, err := before.Window(decode.Window{X: r.Min.X, Y: r.Min.Y, W: r.Dx(), H: r.Dy()}, 0)
		if err != nil {
			return nil, err
		}
		return onDark(part.Picture.Shown(sx)), nil
	}
	laid := func(r image.Rectangle) (*image.RGBA, error) { return layWindow(after, sy, m, r) }
	for i, side := range []struct {
		folder string
		read   func(image.Rectangle) (*image.RGBA, error)
	}{{TilesBefore, own}, {TilesAfter, laid}} {
		p.Step("cut tiles", i, 2)
		if err := streamTiles(ctx, b, side.folder, size, side.read); err != nil {
			return fmt.Errorf("tiles: %w", err)
		}
	}
	p.Step("cut tiles", 2, 2)
	return nil
}

// layWindow lays a window of the grid's full size over the picture after: a mean of
// the four pixels around each position, nearly black where there are none.
func layWindow(after openOriginal, st decode.Stretch, m wholeMap, r image.Rectangle) (*image.RGBA, error) {
	out := image.NewRGBA(image.Rectangle{Max: r.Size()})
	for i := 0; i < len(out.Pix); i += 4 {
		out.Pix[i], out.Pix[i+1], out.Pix[i+2], out.Pix[i+3] = noData.Y, noData.Y, noData.Y, 0xff
	}
	box := mapped(m, r).Intersect(image.Rect(0, 0, after.Width, after.Height))
	if box.Empty() {
		return out, nil
	}
	if int64(box.Dx())*int64(box.Dy()) > 4*int64(r.Dx())*int64(r.Dy())+1<<20 && r.Dx() > 64 {
		return layHalves(after, st, m, r, out)
	}
	part, err := after.Window(decode.Window{X: box.Min.X, Y: box.Min.Y, W: box.Dx(), H: box.Dy()}, 0)
	if err != nil {
		return nil, err
	}
	src := part.Picture.Shown(st)
	for y := range r.Dy() {
		for x := range r.Dx() {
			mx, my := m.Map(float64(r.Min.X+x), float64(r.Min.Y+y))
			between(out.Pix[y*out.Stride+4*x:][:3:3], src, mx-float64(box.Min.X), my-float64(box.Min.Y))
		}
	}
	return out, nil
}

// layHalves lays the two halves of a window one by one where the picture after is
// turned so far that the whole window needs much more of it than its size.
func layHalves(after openOriginal, st decode.Stretch, m wholeMap, r image.Rectangle, out *image.RGBA) (*image.RGBA, error) {
	mid := (r.Min.X + r.Max.X) / 2
	for _, h := range []image.Rectangle{{r.Min, image.Pt(mid, r.Max.Y)}, {image.Pt(mid, r.Min.Y), r.Max}} {
		part, err := layWindow(after, st, m, h)
		if err != nil {
			return nil, err
		}
		for y := range h.Dy() {
			copy(out.Pix[y*out.Stride+4*(h.Min.X-r.Min.X):], part.Pix[y*part.Stride:][:4*h.Dx()])
		}
	}
	return out, nil
}

// mapped bounds what a window needs of the picture after, by points of its border
// and inside, with a little room for what bends in between.
func mapped(m wholeMap, r image.Rectangle) image.Rectangle {
	const n, room = 8, 6
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for j := range n + 1 {
		for i := range n + 1 {
			x, y := m.Map(float64(r.Min.X)+float64(i*r.Dx())/n, float64(r.Min.Y)+float64(j*r.Dy())/n)
			if math.IsNaN(x + y) {
				continue
			}
			x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
		}
	}
	if !(x1 >= x0) || math.Abs(x0)+math.Abs(x1)+math.Abs(y0)+math.Abs(y1) > 1e8 {
		return image.Rectangle{}
	}
	return image.Rect(int(x0)-room, int(y0)-room, int(x1)+room, int(y1)+room)
}

// between writes the colour of src at (x, y), pixel centres being whole numbers; it
// leaves d alone where one of the four pixels around holds no data.
func between(d []uint8, src *image.NRGBA, x, y float64) {
	fx, fy := math.Floor(x), math.Floor(y)
	if !(fx >= 0 && fy >= 0 && fx < float64(src.Rect.Dx()-1) && fy < float64(src.Rect.Dy()-1)) {
		return
	}
	u, v := x-fx, y-fy
	a := src.Pix[int(fy)*src.Stride+4*int(fx):][:8:8]
	b := src.Pix[(int(fy)+1)*src.Stride+4*int(fx):][:8:8]
	if a[3] == 0 || a[7] == 0 || b[3] == 0 || b[7] == 0 {
		return
	}
	for k := range 3 {
		top := (1-u)*float64(a[k]) + u*float64(a[k+4])
		low := (1-u)*float64(b[k]) + u*float64(b[k+4])
		d[k] = uint8((1-v)*top + v*low + 0.5)
	}
}
