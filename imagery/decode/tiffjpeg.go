package decode

import (
	"bytes"
	"errors"
	"fmt"
)

// coded decodes a segment that is a picture of its own, JPEG or WebP, and returns its
// samples and bands; nil for other compressions.
func (l *tiffLayout) coded(src []byte, w, h int) ([]byte, int, error) {
	switch l.compression {
	case tiffJPEG:
		return l.jpegSegment(src, w, h)
	case tiffWebP:
		s, err := decodeWebP(src, w, h)
		if err != nil {
			return nil, 0, err
		}
		switch {
		case s.bands == 4 && l.segBands() == 3:
			s.dropAlpha()
		case s.bands == 3 && l.segBands() == 4:
			s = s.withAlpha()
		}
		return s.pix, s.bands, l.fits(s, w, h)
	}
	return nil, 0, nil
}

func (l *tiffLayout) fits(s *samples, w, h int) error {
	if s.width != w || s.height < h || l.bits != 8 {
		return fmt.Errorf("holds %d × %d px of 8 bits, want %d × %d of %d", s.width, s.height, w, h, l.bits)
	}
	return nil
}

// withAlpha adds an opaque band to red, green and blue.
func (s *samples) withAlpha() *samples {
	out := *s
	out.bands, out.alpha = 4, 3
	out.pix = make([]byte, 4*s.width*s.height)
	for i := range s.width * s.height {
		copy(out.pix[4*i:], s.pix[3*i:3*i+3])
		out.pix[4*i+3] = 255
	}
	return &out
}

// jpegSegment decodes a strip or tile of TIFF Technical Note 2: an abbreviated JPEG whose
// tables may stand in a field of their own.
func (l *tiffLayout) jpegSegment(src []byte, w, h int) ([]byte, int, error) {
	stream, err := l.jpegStream(src)
	if err != nil {
		return nil, 0, err
	}
	j, err := parseJPEG(stream)
	if err != nil {
		return nil, 0, err
	}
	if j.width > w+64 || j.height > h+64 || j.width < w {
		return nil, 0, fmt.Errorf("holds %d × %d px, want %d × %d", j.width, j.height, w, h)
	}
	s, err := decodeJPEG(stream, j)
	if err != nil {
		return nil, 0, err
	}
	if s.width > w {
		s = s.crop(w)
	}
	return s.pix, s.bands, l.fits(s, w, h)
}

// crop keeps the first w columns.
func (s *samples) crop(w int) *samples {
	out := *s
	out.width = w
	out.pix = make([]byte, out.stride()*s.height)
	for y := range s.height {
		copy(out.row(y), s.row(y))
	}
	return &out
}

// jpegStream puts the tables before the segment, and says by an Adobe marker whether the
// bands are YCbCr, which JPEG alone leaves to guessing.
func (l *tiffLayout) jpegStream(src []byte) ([]byte, error) {
	if !at(src, 0, "\xff\xd8") {
		return nil, errors.New("no JPEG")
	}
	transform := byte(0)
	if l.photo == photoYCbCr && l.segBands() == 3 {
		transform = 1
	}
	out := []byte("\xff\xd8\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00")
	out = append(out, transform)
	if tables := l.dir.raw(tagJPEGTables); len(tables) > 4 && at(tables, 0, "\xff\xd8") {
		out = append(out, bytes.TrimSuffix(tables[2:], []byte("\xff\xd9"))...)
	}
	return append(out, withoutAdobe(src[2:])...), nil
}

// withoutAdobe leaves out a segment's own Adobe marker, which must not overrule ours.
func withoutAdobe(b []byte) []byte {
	for i := 0; i+18 < len(b) && b[i] == 0xff && b[i+1] != 0xda; {
		n := 2 + int(b[i+2])<<8 + int(b[i+3])
		if i+n > len(b) {
			return b
		}
		if b[i+1] == 0xee {
			return append(append([]byte{}, b[:i]...), b[i+n:]...)
		}
		i += n
	}
	return b
}
