package decode_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"slices"
	"testing"

	"github.com/antequem/antequem/imagery/decode"
)

// A field is one entry of a TIFF directory: type 2 text, 3 short, 4 long, 12 double.
type field struct {
	tag, typ int
	values   []float64
	text     string
}

func short(tag int, v ...float64) field  { return field{tag: tag, typ: 3, values: v} }
func long(tag int, v ...float64) field   { return field{tag: tag, typ: 4, values: v} }
func double(tag int, v ...float64) field { return field{tag: tag, typ: 12, values: v} }
func ascii(tag int, s string) field      { return field{tag: tag, typ: 2, text: s + "\x00"} }

// tiffOf writes a TIFF by hand: a header, the segments one after another, one directory.
// The fields of places and lengths are added; tiled chooses which.
func tiffOf(order binary.AppendByteOrder, big, tiled bool, segments [][]byte, fields ...field) []byte {
	out := []byte("II")
	if order.String() == "BigEndian" {
		out = []byte("MM")
	}
	if big {
		out = order.AppendUint16(order.AppendUint16(order.AppendUint16(out, 43), 8), 0)
		out = order.AppendUint64(out, 0)
	} else {
		out = order.AppendUint32(order.AppendUint16(out, 42), 0)
	}
	var offsets, counts []float64
	for _, s := range segments {
		offsets, counts = append(offsets, float64(len(out))), append(counts, float64(len(s)))
		if len(s) == 0 {
			offsets[len(offsets)-1] = 0
		}
		out = append(out, s...)
	}
	if tiled {
		fields = append(fields, long(324, offsets...), long(325, counts...))
	} else {
		fields = append(fields, long(273, offsets...), long(279, counts...))
	}
	return directory(order, big, out, fields)
}

// directory appends the one directory and points the header at it.
func directory(order binary.AppendByteOrder, big bool, out []byte, fields []field) []byte {
	slices.SortFunc(fields, func(a, b field) int { return a.tag - b.tag })
	inline := 4
	if big {
		inline = 8
	}
	var entries []byte
	for _, f := range fields {
		value, count := f.encode(order)
		entries = order.AppendUint16(order.AppendUint16(entries, uint16(f.tag)), uint16(f.typ))
		entries = word(order, big, entries, count)
		if len(value) > inline {
			entries = word(order, big, entries, len(out))
			out = append(out, value...)
		} else {
			entries = append(entries, append(value, make([]byte, inline-len(value))...)...)
		}
	}
	at := len(out)
	if big {
		out = order.AppendUint64(out, uint64(len(fields)))
		copy(out[8:], order.AppendUint64(nil, uint64(at)))
	} else {
		out = order.AppendUint16(out, uint16(len(fields)))
		copy(out[4:], order.AppendUint32(nil, uint32(at)))
	}
	return word(order, big, append(out, entries...), 0)
}

func word(order binary.AppendByteOrder, big bool, out []byte, v int) []byte {
	if big {
		return order.AppendUint64(out, uint64(v))
	}
	return order.AppendUint32(out, uint32(v))
}

func (f field) encode(order binary.AppendByteOrder) (value []byte, count int) {
	if f.typ == 2 {
		return []byte(f.text), len(f.text)
	}
	for _, v := range f.values {
		switch f.typ {
		case 3:
			value = order.AppendUint16(value, uint16(v))
		case 4:
			value = order.AppendUint32(value, uint32(v))
		case 12:
			value = order.AppendUint64(value, float64bits(v))
		}
	}
	return value, len(f.values)
}

// grey returns the fields of a grey picture with one strip.
func greyFields(w, h, bits int) []field {
	return []field{short(256, float64(w)), short(257, float64(h)), short(258, float64(bits)), short(259, 1),
		short(262, 1), short(277, 1), short(278, float64(h))}
}

// with replaces or adds fields.
func with(base []field, more ...field) []field {
	out := slices.Clone(base)
	for _, m := range more {
		out = slices.DeleteFunc(out, func(f field) bool { return f.tag == m.tag })
		out = append(out, m)
	}
	return out
}

// mustDecode decodes within the default limits.
func mustDecode(t *testing.T, data []byte) *decode.Picture {
	t.Helper()
	p, err := decode.Decode(data, decode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// band returns one band of the upright raster.
func band(t *testing.T, p *decode.Picture, b int) []float32 {
	t.Helper()
	r := p.Raster()
	if b >= len(r.Bands) {
		t.Fatalf("raster has %d bands, want band %d", len(r.Bands), b)
	}
	return r.Bands[b].Pix
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
