package assess

import (
	"context"
	"image"
	"image/color"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/overlay"
	"github.com/antequem/antequem/compare/radiometry"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/encode"
	"github.com/antequem/antequem/imagery/raster"
)

// AlignedPNG returns mov on ref's grid as PNG: 8 bits for people, transparent
// where mov has no data.
func AlignedPNG(ctx context.Context, ref, mov Picture, al compare.Alignment, opts Options) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return encode.PNG(overlay.View(resample(mov.Raster, al, whole(ref.Raster), opts.Workers)), opts.Workers)
}

// AlignmentBundle returns pictures that show how well an alignment fits: tie
// points with residual arrows, both pictures in alternate squares, and the report.
func AlignmentBundle(ctx context.Context, ref, mov Picture, al compare.Alignment, opts Options) (Bundle, error) {
	b := Bundle{}
	moved := resample(mov.Raster, al, whole(ref.Raster), opts.Workers)
	err := b.encode(map[string]func() ([]byte, error){
		ReportJSON:      func() ([]byte, error) { return JSON(ReportTied(al, nil, mov.Image.TiePoints)) },
		AfterPNG:        picture(opts.Workers, func() image.Image { return overlay.View(moved) }),
		ResidualsPNG:    picture(opts.Workers, func() image.Image { return overlay.Residuals(ref.Raster, al) }),
		CheckerboardPNG: picture(opts.Workers, func() image.Image { return overlay.Checkerboard(ref.Raster, moved, 0) }),
	})
	if err != nil {
		return nil, err
	}
	return b, ctx.Err()
}

// Overview draws before, after and the change score side by side, dated.
func (r *PairResult) Overview() image.Image {
	if r.overview != nil {
		return r.overview
	}
	status := compare.StatusUnaligned
	if r.Alignment.Aligned {
		status = compare.StatusUsed
	}
	before := still(r.Before, r.Reference, compare.Frame{Status: compare.StatusReference})
	after := still(r.After, r.Moved, compare.Frame{Status: status})
	r.overview = overlay.Overview(before, after, r.Score, r.Valid, overlay.DefaultOverview())
	return r.overview
}

// Filmstrip draws the first region in date order; nil if there is none.
func (r *CaseResult) Filmstrip() image.Image {
	if len(r.run.regions) == 0 {
		return nil
	}
	return r.run.filmstrip(0)
}

// Evened returns after on before's grid in before's tones, for looking; nil if the
// two are not aligned.
func (r *PairResult) Evened() *image.NRGBA {
	if !r.Alignment.Aligned {
		return nil
	}
	return overlay.View(radiometry.Apply(r.Moved, r.Tones))
}

// picture defers the drawing and encoding of a picture.
func picture(workers int, draw func() image.Image) func() ([]byte, error) {
	return func() ([]byte, error) { return encode.PNG(draw(), workers) }
}

// scorePicture returns a change score as 16-bit grey: 0 is none, 65535 is 1.
func scorePicture(p raster.Plane) image.Image {
	im := image.NewGray16(image.Rect(0, 0, p.W, p.H))
	for i, v := range p.Pix {
		u := uint16(min(max(v, 0), 1)*65535 + 0.5)
		im.Pix[2*i], im.Pix[2*i+1] = uint8(u>>8), uint8(u)
	}
	return im
}

// maskPicture returns a mask in black and white.
func maskPicture(m raster.Mask) image.Image {
	im := image.NewPaletted(image.Rect(0, 0, m.W, m.H), color.Palette{color.Black, color.White})
	for y := range m.H {
		for x := range m.W {
			if m.Valid(x, y) {
				im.Pix[y*im.Stride+x] = 1
			}
		}
	}
	return im
}

// still is an image laid on a grid, as a drawing shows it.
func still(im imagery.Image, r raster.Raster, f compare.Frame) overlay.Still {
	return overlay.Still{
		Name: im.File, Words: overlay.DateWords(im), Picture: r, Synthetic: im.Synthetic,
		Status: f.Status, State: f.State, Group: f.Group,
	}
}
