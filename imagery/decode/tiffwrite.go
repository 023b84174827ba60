package decode

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/antequem/antequem/imagery"
)

// stripBytes is about how many bytes of rows make one strip of a written TIFF.
const stripBytes = 1 << 20

// WriteTIFF writes the part as a TIFF of its own, deflated: samples, mask, no-data value,
// georeference and what the file's seller says of the scene, about as its description.
// It keeps no other metadata. The same part gives the same bytes.
func (p *Part) WriteTIFF(w io.Writer, about string) error {
	t := &tiffWriter{}
	if err := t.part(p, about); err != nil {
		return fmt.Errorf("write tiff: %w", err)
	}
	if _, err := w.Write(t.file.Bytes()); err != nil {
		return fmt.Errorf("write tiff: %w", err)
	}
	return nil
}

// A tiffWriter packs a file in memory, for its header names places behind it.
type tiffWriter struct{ file bytes.Buffer }

func (t *tiffWriter) part(p *Part, about string) error {
	s := p.Picture.samples
	if s.colour == inverse && s.kind != u8 && s.bits != 8*s.kind.size() {
		return unsupportedf("tiff: grey of %d bits, 0 is white: %s", s.bits, toTIFF)
	}
	s = s.wholeRange()
	t.file.WriteString("II*\x00\x00\x00\x00\x00")
	main, err := t.picture(s)
	if err != nil {
		return err
	}
	main.text(tagDescription, about)
	main.text(tagSoftware, "antequem")
	main.short(tagOrientation, max(1, int(p.Picture.turn)))
	main.place(p)
	dirs := []*tiffFields{main}
	if valid := s.visible(); valid != nil {
		mask, err := t.mask(s, valid)
		if err != nil {
			return err
		}
		dirs = append(dirs, mask)
	}
	t.directories(dirs)
	if t.file.Len() > math.MaxUint32 {
		return fmt.Errorf("%d bytes, more than 4 GiB: %w", t.file.Len(), imagery.ErrTooLarge)
	}
	return nil
}

// wholeRange spreads samples of fewer than 8 bits over 8, so that they need no depth of
// their own.
func (s *samples) wholeRange() *samples {
	white := 1<<s.bits - 1
	if s.kind != u8 || s.bits >= 8 || s.colour == indexed || s.colour == other {
		return s
	}
	out := *s
	out.bits, out.key, out.pix = 8, nil, slices.Clone(s.pix)
	for i, v := range out.pix {
		out.pix[i] = uint8(min(int(v), white) * 255 / white)
	}
	out.valid = s.visible()
	return &out
}

// visible returns the mask that nothing but a mask can tell a reader: of the file's own
// mask, a transparent colour and a palette with transparent entries; nil for none.
func (s *samples) visible() []uint8 {
	c := *s
	c.alpha, c.nodata = -1, nil
	return c.mask(nil)
}

// picture packs samples in strips and returns the fields that describe them.
func (t *tiffWriter) picture(s *samples) (*tiffFields, error) {
	rows := max(1, stripBytes/max(1, s.stride()))
	var offsets, counts []int
	for y := 0; y < s.height; y += rows {
		from := t.file.Len()
		z := zlib.NewWriter(&t.file)
		if _, err := z.Write(s.pix[y*s.stride() : min(y+rows, s.height)*s.stride()]); err != nil {
			return nil, err
		}
		if err := z.Close(); err != nil {
			return nil, err
		}
		offsets, counts = append(offsets, from), append(counts, t.file.Len()-from)
	}
	f := &tiffFields{}
	f.long(tagWidth, s.width)
	f.long(tagHeight, s.height)
	f.short(tagBits, slices.Repeat([]int{8 * s.kind.size()}, s.bands)...)
	f.short(tagCompression, tiffDeflate)
	f.short(tagBands, s.bands)
	f.long(tagRowsPerStrip, rows)
	f.long(tagStripOffsets, offsets...)
	f.long(tagStripCounts, counts...)
	f.short(tagSampleFormat, slices.Repeat([]int{s.kind.sampleFormat()}, s.bands)...)
	f.colour(s)
	return f, nil
}

// mask packs a mask of the size of s.
func (t *tiffWriter) mask(s *samples, valid []uint8) (*tiffFields, error) {
	m := &samples{width: s.width, height: s.height, bands: 1, bits: 8, colour: grey, alpha: -1, pix: make([]byte, len(valid))}
	for i, v := range valid {
		m.pix[i] = 255 * min(v, 1)
	}
	f, err := t.picture(m)
	if err == nil {
		f.short(tagPhotometric, photoMask)
		f.long(tagSubfileType, subMask)
	}
	return f, err
}

// directories writes directories, each naming the next, and points the header at the first.
func (t *tiffWriter) directories(dirs []*tiffFields) {
	link := 4
	for _, d := range dirs {
		if t.file.Len()&1 == 1 {
			t.file.WriteByte(0)
		}
		binary.LittleEndian.PutUint32(t.file.Bytes()[link:], uint32(t.file.Len()))
		var values []byte
		entries := d.entries(t.file.Len(), &values)
		link = t.file.Len() + len(entries)
		t.file.Write(entries)
		t.file.WriteString("\x00\x00\x00\x00")
		t.file.Write(values)
	}
}

// sampleFormat returns TIFF's word for a kind.
func (k kind) sampleFormat() int {
	switch k {
	case i8, i16, i32, i64:
		return 2
	case f32, f64:
		return 3
	}
	return 1
}
