package encode

import (
	"encoding/binary"
	"image"
	"image/draw"
)

// A source gives the rows of a picture as PNG stores them before filtering.
type source struct {
	w, h    int
	depth   uint8 // bits of a sample
	colour  uint8 // of the PNG specification: 0 grey, 2 RGB, 3 palette, 6 RGBA
	bpp     int   // bytes from a sample to the same of the next pixel, 1 at least
	stride  int   // bytes of a row
	palette []byte
	row     func(y int, dst []byte)
}

func (s source) header() []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(s.w))
	head = binary.BigEndian.AppendUint32(head, uint32(s.h))
	return append(head, s.depth, s.colour, 0, 0, 0) // deflate, adaptive filters, not interlaced
}

func scanlines(im image.Image) source {
	b := im.Bounds()
	s := source{w: b.Dx(), h: b.Dy(), depth: 8}
	switch im := im.(type) {
	case *image.Gray:
		s.bpp, s.stride = 1, s.w
		s.row = func(y int, dst []byte) { copy(dst, im.Pix[y*im.Stride:]) }
		return s
	case *image.Gray16:
		s.depth, s.bpp, s.stride = 16, 2, 2*s.w
		s.row = func(y int, dst []byte) { copy(dst, im.Pix[y*im.Stride:]) }
		return s
	case *image.Paletted:
		if len(im.Palette) == 2 {
			return bits(s, im)
		}
	case *image.NRGBA:
		return colours(s, im)
	}
	flat := image.NewNRGBA(image.Rect(0, 0, s.w, s.h))
	draw.Draw(flat, flat.Rect, im, b.Min, draw.Src)
	return colours(s, flat)
}

// colours drops the alpha channel where it says nothing.
func colours(s source, im *image.NRGBA) source {
	if !im.Opaque() {
		s.colour, s.bpp, s.stride = 6, 4, 4*s.w
		s.row = func(y int, dst []byte) { copy(dst, im.Pix[y*im.Stride:]) }
		return s
	}
	s.colour, s.bpp, s.stride = 2, 3, 3*s.w
	s.row = func(y int, dst []byte) {
		pix := im.Pix[y*im.Stride:]
		for ; len(dst) >= 3 && len(pix) >= 4; dst, pix = dst[3:], pix[4:] {
			dst[0], dst[1], dst[2] = pix[0], pix[1], pix[2]
		}
	}
	return s
}

// bits packs two colours into eight pixels a byte.
func bits(s source, im *image.Paletted) source {
	s.depth, s.colour, s.bpp, s.stride = 1, 3, 1, (s.w+7)/8
	for _, c := range im.Palette {
		r, g, b, _ := c.RGBA()
		s.palette = append(s.palette, uint8(r>>8), uint8(g>>8), uint8(b>>8))
	}
	s.row = func(y int, dst []byte) {
		clear(dst)
		for x, v := range im.Pix[y*im.Stride:][:s.w] {
			dst[x/8] |= (v & 1) << (7 - x%8)
		}
	}
	return s
}
