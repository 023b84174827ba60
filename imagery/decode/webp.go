package decode

import (
	"bytes"
	"encoding/binary"
	"image"

	"golang.org/x/image/webp"
)

// A webpFile is a RIFF container (developers.google.com/speed/webp/docs/riff_container)
// taken apart.
type webpFile struct {
	still         []byte // a complete still WebP of the first frame
	width, height int    // of the canvas
	x, y          int    // where the first frame lies on it
	frames        int
	alpha         bool
	lossless      bool
	orientation   int
	meta          metadata
}

func parseWebP(data []byte) (*webpFile, error) {
	if size := int64(binary.LittleEndian.Uint32(data[4:])); size+8 > int64(len(data)) {
		return nil, corruptf("webp: holds %d of %d bytes (cut off? fetch the file again)", len(data), size+8)
	}
	w := &webpFile{still: data, orientation: 1}
	err := eachChunk(data[12:], func(name string, b []byte) error { return w.chunk(name, b) })
	if err != nil {
		return nil, err
	}
	if w.width == 0 {
		cfg, err := webp.DecodeConfig(bytes.NewReader(w.still))
		if err != nil {
			return nil, corruptf("webp: %v", err)
		}
		w.width, w.height = cfg.Width, cfg.Height
	}
	return w, nil
}

// eachChunk walks RIFF chunks, which are padded to even lengths.
func eachChunk(b []byte, do func(name string, b []byte) error) error {
	for len(b) >= 8 {
		n := int64(binary.LittleEndian.Uint32(b[4:]))
		if n > int64(len(b))-8 {
			return corruptf("webp: chunk %q of %d bytes reaches beyond the file's end (cut off? fetch the file again)", clean(string(b[:4])), n)
		}
		if err := do(string(b[:4]), b[8:8+n]); err != nil {
			return err
		}
		b = b[min(int64(len(b)), 8+n+n&1):]
	}
	return nil
}

func (w *webpFile) chunk(name string, b []byte) error {
	switch name {
	case "VP8X":
		if len(b) < 10 {
			return corruptf("webp: header of %d bytes", len(b))
		}
		w.alpha = b[0]&0x10 != 0
		w.width, w.height = 1+uint24(b[4:]), 1+uint24(b[7:])
	case "VP8L":
		w.lossless = true
		w.alpha = w.alpha || len(b) > 4 && b[4]&0x10 != 0
	case "ANMF":
		w.frames++
		if w.frames == 1 {
			return w.frame(b)
		}
	case "EXIF":
		w.orientation = w.meta.exif(bytes.TrimPrefix(b, []byte("Exif\x00\x00")))
	case "XMP ":
		w.meta.tells(personalXMP)
	case "C2PA":
		w.meta.c2pa = true
	}
	return nil
}

// frame makes a still WebP of an animation's first frame.
func (w *webpFile) frame(b []byte) error {
	if len(b) < 16 {
		return corruptf("webp: frame of %d bytes", len(b))
	}
	w.x, w.y = 2*uint24(b), 2*uint24(b[3:])
	fw, fh := 1+uint24(b[6:]), 1+uint24(b[9:])
	if w.x+fw > w.width || w.y+fh > w.height {
		return corruptf("webp: the first frame reaches beyond the canvas")
	}
	body := b[16:]
	var out []byte
	if bytes.HasPrefix(body, []byte("ALPH")) {
		x := make([]byte, 10)
		x[0] = 0x10
		put24(x[4:], fw-1)
		put24(x[7:], fh-1)
		out = append(append(out, "VP8X\x0a\x00\x00\x00"...), x...)
	}
	out = append(out, body...)
	head := append([]byte("RIFF"), 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(head[4:], uint32(len(out)+4))
	w.still = append(append(head, "WEBP"...), out...)
	w.lossless = bytes.HasPrefix(body, []byte("VP8L"))
	return nil
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

func put24(b []byte, v int) { b[0], b[1], b[2] = byte(v), byte(v>>8), byte(v>>16) }

func (w *webpFile) check(lim Limits) error {
	return lim.checkSize("webp", int64(w.width), int64(w.height), 10)
}

func webpHeader(data []byte, lim Limits) (header, error) {
	w, err := parseWebP(data)
	if err != nil {
		return header{}, err
	}
	if err := w.check(lim); err != nil {
		return header{}, err
	}
	if holdsPublished(data) {
		w.meta.published("webp", bytes.NewReader(data))
	}
	h := header{width: w.width, height: w.height, bands: 3, bits: 8, colour: rgb, alpha: w.alpha, compression: "webp",
		pages: max(1, w.frames), orientation: w.orientation, meta: w.meta}
	if w.alpha {
		h.bands = 4
	}
	if w.lossless {
		h.compression = "webp, lossless"
	}
	return h, nil
}

func webpPixels(data []byte, lim Limits) (*samples, error) {
	w, err := parseWebP(data)
	if err != nil {
		return nil, err
	}
	if err := w.check(lim); err != nil {
		return nil, err
	}
	s, err := decodeWebP(w.still, w.width, w.height)
	if err != nil {
		return nil, err
	}
	if s.width != w.width || s.height != w.height {
		s = s.onto(w.width, w.height, w.x, w.y)
	}
	if !w.alpha {
		s.dropAlpha()
	}
	return s, nil
}

// decodeWebP reads one still WebP that must not be larger than w × h.
func decodeWebP(still []byte, w, h int) (*samples, error) {
	cfg, err := webp.DecodeConfig(bytes.NewReader(still))
	if err != nil {
		return nil, corruptf("webp: %v", err)
	}
	if cfg.Width > w || cfg.Height > h {
		return nil, corruptf("webp: pixels of %d × %d on a canvas of %d × %d", cfg.Width, cfg.Height, w, h)
	}
	img, err := webp.Decode(bytes.NewReader(still))
	if err != nil {
		return nil, corruptf("webp: %v (cut off or damaged? fetch the file again)", err)
	}
	b := img.Bounds()
	s := &samples{width: b.Dx(), height: b.Dy(), bands: 4, bits: 8, colour: rgb, alpha: 3}
	switch m := img.(type) {
	case *image.YCbCr:
		s.bands, s.alpha = 3, -1
		s.fromVP8(m)
	case *image.NYCbCrA:
		s.fromVP8(&m.YCbCr)
		s.setAlpha(m)
	case *image.NRGBA:
		s.pack(m.Pix, m.Stride)
	default:
		return nil, corruptf("webp: pixels of the kind %T", img)
	}
	return s, nil
}

func (s *samples) setAlpha(m *image.NYCbCrA) {
	for y := range s.height {
		for x, a := range m.A[y*m.AStride:][:s.width] {
			s.pix[4*(y*s.width+x)+3] = a
		}
	}
}

// onto lays 8-bit colour on a transparent canvas.
func (s *samples) onto(w, h, x0, y0 int) *samples {
	c := &samples{width: w, height: h, bands: 4, bits: 8, colour: rgb, alpha: 3, pix: make([]byte, 4*w*h)}
	line := make([]byte, 4*s.width)
	for y := range s.height {
		if y0+y < 0 || y0+y >= h || !s.rgba(y, line) {
			continue
		}
		for x := range s.width {
			if x0+x >= 0 && x0+x < w {
				copy(c.pix[4*((y0+y)*w+x0+x):][:4], line[4*x:])
			}
		}
	}
	return c
}

// dropAlpha leaves out an alpha band in last place.
func (s *samples) dropAlpha() {
	if s.alpha < 0 || s.alpha != s.bands-1 || s.kind != u8 {
		return
	}
	n := s.bands - 1
	for i := range s.width * s.height {
		copy(s.pix[i*n:(i+1)*n], s.pix[i*(n+1):])
	}
	s.bands, s.alpha, s.pix = n, -1, s.pix[:s.width*s.height*n]
}
