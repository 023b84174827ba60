// Package workshop makes the files that pages show, and reads them back.
//
// A recipe says what goes in: a case with its claims, a pair of images, or one image,
// named by digest, with every option that bears on the result. [Work] makes a folder of
// files from it, the same bytes each time; what is asked for and what is kept are the
// business of others. A [Result] is such a folder:
//
//	report.json, aligned/…  a case or a pair, as package assess writes it
//	crops/K/ID.jpg          case: close-up of region K in an image
//	shown/ID.jpg, small/…   copies that pages show, for wide and for narrow screens
//	tiles/before/, after/   pair: Deep Zoom pyramids, level/column_row.jpg
//	difference.png          pair: how far the pictures differ in like tones
//	card.png, turns.gif     pair: pictures to take away, what they are burned in
//	grid.json, ties.json    what a pixel of the grid stands for; the points of the alignment
//	view.png, view.json     one image as it came
//
// Sizes are px. Pictures larger than memory allows are read a window at a time; see
// large.go. Nothing here knows of addresses, readers or HTTP.
package workshop

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/encode"
)

// Files of results beside those that package assess names.
const (
	ViewPNG  = "view.png"  // view: the image as it came, upright, 8 bits
	viewJSON = "view.json" // view: View

	DifferencePNG = "difference.png" // pair: how far the 8-bit pictures differ in like tones, per channel
	TilesBefore   = "tiles/before/"  // pair: see addTiles
	TilesAfter    = "tiles/after/"
)

// A View says what the pictures of a single image are.
type View struct {
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Format string `json:"format"`
	How    string `json:"how"` // how samples of more than 8 bits were made visible; "" if they needn't be
}

// Originals are the files as uploaded.
type Originals interface {
	Original(ctx context.Context, d imagery.Digest) (io.ReadSeekCloser, error)
	ReadOriginal(ctx context.Context, d imagery.Digest) ([]byte, error)
}

// Work makes results from recipes. It reads originals and nothing else.
type Work struct {
	Originals Originals
	Limits    decode.Limits
	Workers   int   // goroutines of one job; 0: one for each processor
	Large     int64 // px of a picture beyond which a pair is measured on reduced copies; 0: largePair
	Judged    int64 // px of a picture beyond which a case is not judged here; 0: judgedPixels
}

// Make makes what r says, telling tell how far it has come.
func (w Work) Make(ctx context.Context, r archive.Recipe, tell func(step string, done, total int)) (map[string][]byte, error) {
	p := progressFunc(tell)
	switch {
	case r.Kind == KindCase && r.Version == workVersion():
		return w.makeCase(ctx, r, p)
	case r.Kind == KindPair && r.Version == workVersion():
		return w.makePair(ctx, r, p)
	case r.Kind == KindView && r.Version == viewVersion:
		return w.makeView(ctx, r, p)
	}
	return nil, fmt.Errorf("make a %s of version %s: %w", r.Kind, r.Version, imagery.ErrUnsupported)
}

type progressFunc func(step string, done, total int)

func (f progressFunc) Step(name string, done, total int) {
	if f != nil {
		f(name, done, total)
	}
}

func (w Work) makeCase(ctx context.Context, r archive.Recipe, p progressFunc) (map[string][]byte, error) {
	var o caseOrder
	if err := json.Unmarshal(r.Options, &o); err != nil {
		return nil, fmt.Errorf("recipe of a case: %w: %w", imagery.ErrInvalid, err)
	}
	c := o.made()
	o.Options.Workers = w.Workers
	norths := map[string]*float64{}
	res, err := assess.Case(ctx, c, func(ctx context.Context, im imagery.Image) (assess.Picture, error) {
		if err := w.judgeable(ctx, im); err != nil {
			return assess.Picture{}, err
		}
		pic, err := w.load(ctx, im)
		norths[im.File] = northOf(pic)
		return pic, err
	}, o.Options, p)
	if err != nil {
		return nil, err
	}
	p.Step("draw", 0, 1)
	b, err := res.Bundle(ctx, w.load)
	if err != nil {
		return nil, err
	}
	if err := addGround(b, Ground{Step: 1, North: norths[res.Report.Reference]}); err != nil {
		return nil, err
	}
	if err := addCrops(b, c, res.Report); err != nil {
		return nil, err
	}
	p.Step("draw", 1, 1)
	return b, nil
}

func (w Work) makePair(ctx context.Context, r archive.Recipe, p progressFunc) (map[string][]byte, error) {
	var o pairOrder
	if err := json.Unmarshal(r.Options, &o); err != nil {
		return nil, fmt.Errorf("recipe of a pair: %w: %w", imagery.ErrInvalid, err)
	}
	o.Options.Workers = w.Workers
	if b, large, err := w.makeLarge(ctx, o, p); large || err != nil {
		return b, err
	}
	before, err := w.load(ctx, o.Before.image())
	if err != nil {
		return nil, err
	}
	after, err := w.load(ctx, o.After.image())
	if err != nil {
		return nil, err
	}
	res, err := assess.Pair(ctx, before, after, o.Region, o.Options, p)
	if err != nil {
		return nil, err
	}
	p.Step("draw", 0, 1)
	b, err := res.Bundle(ctx)
	if err != nil {
		return nil, err
	}
	if err := addGround(b, Ground{Step: 1, North: northOf(before)}); err != nil {
		return nil, err
	}
	al, evened := res.Alignment, res.Evened() // all that is kept of the pair from here on: its pictures take gigabytes
	if !al.Aligned {
		return b, nil
	}
	if err := addViews(b, o, evened, w.Workers); err != nil {
		return nil, err
	}
	if err := addTies(b, al); err != nil {
		return nil, err
	}
	p.Step("draw", 1, 1)
	return b, nil
}

func (w Work) makeView(ctx context.Context, r archive.Recipe, p progressFunc) (map[string][]byte, error) {
	if len(r.Inputs) != 1 {
		return nil, fmt.Errorf("recipe of a view with %d images: %w", len(r.Inputs), imagery.ErrInvalid)
	}
	p.Step("draw", 0, 1)
	f, err := w.open(ctx, r.Inputs[0])
	if err != nil {
		return nil, err
	}
	defer f.close()
	part, err := f.Window(decode.Window{}, viewPixels)
	if err != nil {
		return nil, err
	}
	pic := part.Picture
	im := pic.NRGBA()
	whole, err := encode.PNG(im, w.Workers)
	if err != nil {
		return nil, err
	}
	report, err := json.Marshal(View{Width: pic.Width, Height: pic.Height, Format: pic.Format, How: pic.View})
	if err != nil {
		return nil, err
	}
	b := map[string][]byte{ViewPNG: whole, viewJSON: report}
	if err := addShown(b, ShownImage, im); err != nil {
		return nil, err
	}
	p.Step("draw", 1, 1)
	return b, nil
}

// read decodes an original.
func (w Work) read(ctx context.Context, d imagery.Digest) (*decode.Picture, error) {
	data, err := w.Originals.ReadOriginal(ctx, d)
	if err != nil {
		return nil, err
	}
	return decode.Decode(data, w.Limits)
}

// load is the assess.Loader of the service.
func (w Work) load(ctx context.Context, im imagery.Image) (assess.Picture, error) {
	pic, err := w.read(ctx, im.Digest)
	if err != nil {
		return assess.Picture{}, fmt.Errorf("%s: %w", im.File, err)
	}
	return assess.FromFile(im, pic), nil
}

// addViews adds to the bundle of a pair what only pages need: copies to be shown,
// tiles, what is taken away, the heat map over the picture after, and the difference of the picture before
// from evened, which is the other in its tones.
func addViews(b map[string][]byte, o pairOrder, evened *image.NRGBA, workers int) error {
	before, err := png.Decode(bytes.NewReader(b[assess.BeforePNG]))
	if err != nil {
		return fmt.Errorf("%s: %w", assess.BeforePNG, err)
	}
	after, err := png.Decode(bytes.NewReader(b[assess.AfterPNG]))
	if err != nil {
		return fmt.Errorf("%s: %w", assess.AfterPNG, err)
	}
	for _, side := range []struct {
		im        image.Image
		id, tiles string
	}{{before, ShownBefore, TilesBefore}, {after, ShownAfter, TilesAfter}} {
		if err := addShown(b, side.id, side.im); err != nil {
			return err
		}
		if err := addTiles(b, side.tiles, side.im); err != nil {
			return err
		}
	}
	if err := addHeat(b, after); err != nil {
		return err
	}
	if err := addTakeaway(b, o.Before.image(), o.After.image(), before, after, o.Region); err != nil {
		return err
	}
	return addDifference(b, nrgba(before), evened, workers)
}

// addHeat adds the change score in colours over the picture after.
func addHeat(b map[string][]byte, after image.Image) error {
	layer, err := png.Decode(bytes.NewReader(b[assess.HeatPNG]))
	if err != nil {
		return fmt.Errorf("%s: %w", assess.HeatPNG, err)
	}
	over := onDark(after)
	draw.Draw(over, over.Rect, layer, layer.Bounds().Min, draw.Over)
	return addShown(b, ShownHeat, over)
}

// addDifference adds how far x and y, which it may change, differ in each channel.
func addDifference(b map[string][]byte, x, y *image.NRGBA, workers int) (err error) {
	if x.Rect != y.Rect {
		return fmt.Errorf("difference of %v and %v: %w", x.Rect, y.Rect, imagery.ErrInvalid)
	}
	for i := 0; i < len(x.Pix); i += 4 {
		if x.Pix[i+3] == 0 || y.Pix[i+3] == 0 {
			x.Pix[i], x.Pix[i+1], x.Pix[i+2], x.Pix[i+3] = 0, 0, 0, 0
			continue
		}
		for k := range 3 {
			x.Pix[i+k] = max(x.Pix[i+k], y.Pix[i+k]) - min(x.Pix[i+k], y.Pix[i+k])
		}
		x.Pix[i+3] = 0xff
	}
	b[DifferencePNG], err = encode.PNG(x, workers)
	return err
}

// nrgba returns im as NRGBA with its origin at (0, 0), the same pixels where it
// can and a copy otherwise.
func nrgba(im image.Image) *image.NRGBA {
	if own, ok := im.(*image.NRGBA); ok && own.Rect.Min == (image.Point{}) {
		return own
	}
	if own, ok := im.(*image.RGBA); ok && own.Rect.Min == (image.Point{}) && own.Opaque() {
		return &image.NRGBA{Pix: own.Pix, Stride: own.Stride, Rect: own.Rect}
	}
	out := image.NewNRGBA(image.Rectangle{Max: im.Bounds().Size()})
	draw.Draw(out, out.Rect, im, im.Bounds().Min, draw.Src)
	return out
}
