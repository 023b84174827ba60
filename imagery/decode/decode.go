// Package decode turns the bytes of a file into a raster and what the file says of
// itself. Sizes are checked against [Limits] before memory is taken.
package decode

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"
)

// Limits bound what a file may claim before it is believed.
type Limits struct {
	MaxBytes  int64 // of the file
	MaxPixels int64 // width × height
}

// DefaultLimits returns 1 GiB and 400 megapixels.
func DefaultLimits() Limits { return Limits{MaxBytes: 1 << 30, MaxPixels: 400 << 20} }

// A Picture is a decoded file.
type Picture struct {
	Format string
	Width  int
	Height int
	img    image.Image
}

// Decode reads the picture in data.
func Decode(data []byte, lim Limits) (*Picture, error) {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decode: %w: %w", imagery.ErrUnsupported, err)
	}
	if int64(cfg.Width)*int64(cfg.Height) > lim.MaxPixels {
		return nil, fmt.Errorf("decode: %d × %d px: %w", cfg.Width, cfg.Height, imagery.ErrTooLarge)
	}
	img, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decode: %w: %w", imagery.ErrCorrupt, err)
	}
	return &Picture{Format: format, Width: cfg.Width, Height: cfg.Height, img: img}, nil
}

// Raster returns the samples upright, scaled so that 8-bit samples keep 0 to 255.
func (p *Picture) Raster() raster.Raster {
	b := p.img.Bounds()
	w, h := b.Dx(), b.Dy()
	r := raster.Raster{Bands: []raster.Plane{raster.NewPlane(w, h), raster.NewPlane(w, h), raster.NewPlane(w, h)}}
	for y := range h {
		for x := range w {
			c := color.NRGBA64Model.Convert(p.img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA64)
			i := y*w + x
			r.Bands[0].Pix[i] = float32(c.R) / 257
			r.Bands[1].Pix[i] = float32(c.G) / 257
			r.Bands[2].Pix[i] = float32(c.B) / 257
		}
	}
	return r
}
