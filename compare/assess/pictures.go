package assess

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster"
)

// AlignedPNG returns mov on ref's grid as PNG: 8 bits for people, transparent
// where mov has no data.
func AlignedPNG(ctx context.Context, ref, mov Picture, al compare.Alignment, opts Options) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return encodePNG(view(resample(mov.Raster, al, whole(ref.Raster), opts.Workers)))
}

// encodePNG writes a picture without metadata, the same bytes each time.
func encodePNG(im image.Image) ([]byte, error) {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, im); err != nil {
		return nil, fmt.Errorf("encode png: %w", err)
	}
	return b.Bytes(), nil
}

// scorePNG writes a change score as 16-bit grey: 0 is none, 65535 is 1.
func scorePNG(p raster.Plane) ([]byte, error) {
	im := image.NewGray16(image.Rect(0, 0, p.W, p.H))
	for i, v := range p.Pix {
		u := uint16(min(max(v, 0), 1)*65535 + 0.5)
		im.Pix[2*i], im.Pix[2*i+1] = uint8(u>>8), uint8(u)
	}
	return encodePNG(im)
}

// maskPNG writes a mask as a palette of black and white.
func maskPNG(m raster.Mask) ([]byte, error) {
	im := image.NewPaletted(image.Rect(0, 0, m.W, m.H), color.Palette{color.Black, color.White})
	for y := range m.H {
		for x := range m.W {
			if m.Valid(x, y) {
				im.Pix[y*im.Stride+x] = 1
			}
		}
	}
	return encodePNG(im)
}
