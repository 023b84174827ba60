package decode

import (
	"bytes"
	"image"
	"image/gif"
)

func gifHeader(data []byte, lim Limits) (header, error) {
	cfg, err := gif.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return header{}, corruptf("gif: %v (cut off? fetch the file again)", err)
	}
	if err := lim.checkSize("gif", int64(cfg.Width), int64(cfg.Height), 6); err != nil {
		return header{}, err
	}
	// A code of GIF's LZW has at most 12 bits and stands for at most 4096 pixels.
	if int64(cfg.Width)*int64(cfg.Height)/4096 > int64(len(data)) {
		return header{}, corruptf("gif: %d bytes can't hold %d × %d px", len(data), cfg.Width, cfg.Height)
	}
	h := header{width: cfg.Width, height: cfg.Height, bands: 1, bits: 8, colour: indexed, compression: "lzw", pages: 1, orientation: 1}
	f := walkGIF(data)
	h.pages, h.alpha, h.meta = max(1, f.count), f.transparent, f.meta
	return h, nil
}

// gifFrames is what a walk over a GIF's blocks finds.
type gifFrames struct {
	count       int
	transparent bool // the first picture has a transparent colour
	table       int  // where its colours stand
	meta        metadata
}

func walkGIF(data []byte) (f gifFrames) {
	at := 13
	if len(data) > 10 && data[10]&0x80 != 0 {
		f.table = at
		at += 3 << (data[10]&7 + 1)
	}
	for at+1 < len(data) {
		switch data[at] {
		case 0x21:
			if data[at+1] == 0xf9 && f.count == 0 && at+3 < len(data) {
				f.transparent = data[at+3]&1 != 0
			}
			f.extension(data[at+1], data[at+2:])
			at += 2
		case 0x2c:
			if f.count++; at+10 > len(data) {
				return f
			}
			if flags := data[at+9]; flags&0x80 != 0 {
				if f.count == 1 {
					f.table = at + 10
				}
				at += 3 << (flags&7 + 1)
			}
			at += 11
		default:
			return f
		}
		for at < len(data) && data[at] != 0 { // sub-blocks
			at += 1 + int(data[at])
		}
		at++
	}
	return f
}

// extension reads what a block that isn't a picture says: a comment, or the name of the
// program whose data it holds.
func (f *gifFrames) extension(label byte, b []byte) {
	switch {
	case label == 0xfe && len(b) > 0:
		f.meta.word("Comment", latin1(b[1:min(len(b), 1+int(b[0]))]))
		f.meta.tells(personalComment)
	case label == 0xff && at(b, 1, "XMP DataXMP"):
		f.meta.tells(personalXMP)
	case label == 0xff && at(b, 1, "C2PA_GIF"):
		f.meta.c2pa = true
	}
}

func gifPixels(data []byte, lim Limits) (*samples, error) {
	h, err := gifHeader(data, lim)
	if err != nil {
		return nil, err
	}
	img, err := gif.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, corruptf("gif: %v (cut off or damaged? fetch the file again)", err)
	}
	m, ok := img.(*image.Paletted)
	if !ok {
		return nil, corruptf("gif: no palette")
	}
	s := &samples{width: m.Rect.Dx(), height: m.Rect.Dy(), bands: 1, bits: 8, colour: indexed, alpha: -1}
	s.pack(m.Pix, m.Stride)
	table := data[walkGIF(data).table:]
	for i, c := range m.Palette {
		r, g, b, a := c.RGBA()
		entry := [4]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}
		if a == 0 && 3*i+3 <= len(table) { // the colour below a transparent entry, as the file has it
			copy(entry[:3], table[3*i:])
		}
		s.palette = append(s.palette, entry)
	}
	if m.Rect != image.Rect(0, 0, h.width, h.height) {
		return s.onto(h.width, h.height, m.Rect.Min.X, m.Rect.Min.Y), nil
	}
	return s, nil
}
