package decode

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
)

// A source gives bytes of a file by position: from memory without copying, or from a reader.
type source interface {
	size() int64
	// bytes returns n bytes at off, or ErrCorrupt where the file ends before.
	bytes(off, n int64) ([]byte, error)
	reader() io.ReadSeeker
}

type memory []byte

func (m memory) size() int64 { return int64(len(m)) }

func (m memory) reader() io.ReadSeeker { return bytes.NewReader(m) }

func (m memory) bytes(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > int64(len(m)) || n > int64(len(m))-off {
		return nil, cutOff(off, n, int64(len(m)))
	}
	return m[off : off+n : off+n], nil
}

type fileSource struct {
	r io.ReaderAt
	n int64
}

func (f fileSource) size() int64 { return f.n }

func (f fileSource) reader() io.ReadSeeker { return io.NewSectionReader(f.r, 0, f.n) }

func (f fileSource) bytes(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > f.n || n > f.n-off {
		return nil, cutOff(off, n, f.n)
	}
	b := make([]byte, n)
	if k, err := f.r.ReadAt(b, off); int64(k) < n {
		return nil, corruptf("tiff: read %d bytes at %d: %v", n, off, err)
	}
	return b, nil
}

func cutOff(off, n, size int64) error {
	return corruptf("tiff: %d bytes at %d lie beyond the file's end at %d (cut off? fetch the file again)", n, off, size)
}

// A tiffField is one entry of a directory; its value is read when it is asked for.
type tiffField struct {
	typ   uint16
	count uint64
	off   int64 // of the value
}

// A tiffDir is one directory (IFD).
type tiffDir struct {
	f      *tiffFile
	fields map[uint16]tiffField
}

// A tiffFile reads TIFF, BigTIFF and EXIF blocks.
type tiffFile struct {
	src   source
	order binary.ByteOrder
	big   bool // BigTIFF: 64-bit offsets
	first int64
}

// Sizes of the field types of TIFF 6.0, section 2, and BigTIFF; 0 is no type.
var tiffTypeSizes = [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8}

const (
	maxTIFFEntries = 4096
	maxTIFFPages   = 10000
)

// newTIFF reads the file's first bytes.
func newTIFF(src source) (*tiffFile, error) {
	h, err := src.bytes(0, min(16, src.size()))
	if err != nil || len(h) < 8 {
		return nil, corruptf("tiff: %d bytes are no header (cut off? fetch the file again)", len(h))
	}
	f := &tiffFile{src: src}
	switch string(h[:2]) {
	case "II":
		f.order = binary.LittleEndian
	case "MM":
		f.order = binary.BigEndian
	default:
		return nil, corruptf("tiff: byte order %q", h[:2])
	}
	switch magic := f.order.Uint16(h[2:]); {
	case magic == 42:
		f.first = int64(f.order.Uint32(h[4:]))
	case magic == 43 && len(h) == 16 && f.order.Uint16(h[4:]) == 8:
		f.big = true
		f.first = f.offset(f.order.Uint64(h[8:]))
	default:
		return nil, corruptf("tiff: version %d", magic)
	}
	return f, nil
}

// offset keeps a 64-bit position from wrapping round.
func (f *tiffFile) offset(v uint64) int64 {
	if v > math.MaxInt64/2 {
		return math.MaxInt64 / 2
	}
	return int64(v)
}

// dir reads the directory at off and returns the position of the next one, 0 for none.
func (f *tiffFile) dir(off int64) (tiffDir, int64, error) {
	d := tiffDir{f: f, fields: map[uint16]tiffField{}}
	head, entry, inline := int64(2), int64(12), int64(4)
	if f.big {
		head, entry, inline = 8, 20, 8
	}
	b, err := f.src.bytes(off, head)
	if err != nil {
		return d, 0, err
	}
	n := f.word(b)
	if n > maxTIFFEntries {
		return d, 0, corruptf("tiff: directory at %d has %d entries", off, n)
	}
	b, err = f.src.bytes(off+head, int64(n)*entry)
	if err != nil {
		return d, 0, err
	}
	for i := range int64(n) {
		e := b[i*entry : (i+1)*entry]
		fl := tiffField{typ: f.order.Uint16(e[2:])}
		if f.big {
			fl.count = f.order.Uint64(e[4:])
		} else {
			fl.count = uint64(f.order.Uint32(e[4:]))
		}
		fl.off = off + head + (i+1)*entry - inline
		if size := fl.size(); size < 0 || size > inline {
			fl.off = f.pointer(e[entry-inline:])
		}
		if tag := f.order.Uint16(e); !d.has(tag) {
			d.fields[tag] = fl
		}
	}
	next, err := f.src.bytes(off+head+int64(n)*entry, inline)
	if err != nil {
		return d, 0, nil // a last directory without its closing zero does no harm
	}
	return d, f.pointer(next), nil
}

// word reads a directory's count of entries.
func (f *tiffFile) word(b []byte) uint64 {
	if f.big {
		return f.order.Uint64(b)
	}
	return uint64(f.order.Uint16(b))
}

func (f *tiffFile) pointer(b []byte) int64 {
	if f.big {
		return f.offset(f.order.Uint64(b))
	}
	return int64(f.order.Uint32(b))
}

// size returns the bytes of the value, -1 if the type is unknown or they are too many.
func (fl tiffField) size() int64 {
	if int(fl.typ) >= len(tiffTypeSizes) || tiffTypeSizes[fl.typ] == 0 || fl.count > 1<<40 {
		return -1
	}
	return int64(fl.count) * tiffTypeSizes[fl.typ]
}

func (d tiffDir) has(tag uint16) bool { _, ok := d.fields[tag]; return ok }

// raw returns the bytes of a value; nil if it is absent, of no known type, or beyond the file.
func (d tiffDir) raw(tag uint16) []byte {
	fl, ok := d.fields[tag]
	if !ok || fl.size() < 0 {
		return nil
	}
	b, err := d.f.src.bytes(fl.off, fl.size())
	if err != nil {
		return nil
	}
	return b
}

// ints returns whole numbers; nil if absent or of another type.
func (d tiffDir) ints(tag uint16) []int64 {
	b, typ := d.raw(tag), d.fields[tag].typ
	step := int64(0)
	switch typ {
	case 1, 3, 4, 6, 8, 9, 13, 16, 17, 18:
		step = tiffTypeSizes[typ]
	}
	if b == nil || step == 0 {
		return nil
	}
	out := make([]int64, int64(len(b))/step)
	for i := range out {
		p := b[int64(i)*step:]
		switch typ {
		case 1:
			out[i] = int64(p[0])
		case 6:
			out[i] = int64(int8(p[0]))
		case 3:
			out[i] = int64(d.f.order.Uint16(p))
		case 8:
			out[i] = int64(int16(d.f.order.Uint16(p)))
		case 4, 13:
			out[i] = int64(d.f.order.Uint32(p))
		case 9:
			out[i] = int64(int32(d.f.order.Uint32(p)))
		case 17:
			out[i] = int64(d.f.order.Uint64(p))
		default:
			out[i] = d.f.offset(d.f.order.Uint64(p))
		}
	}
	return out
}

// int returns one whole number, or def if it is absent.
func (d tiffDir) int(tag uint16, def int64) int64 {
	if v := d.ints(tag); len(v) > 0 {
		return v[0]
	}
	return def
}

// floats returns numbers of any type.
func (d tiffDir) floats(tag uint16) []float64 {
	b, typ := d.raw(tag), d.fields[tag].typ
	o := d.f.order
	var out []float64
	switch typ {
	case 5:
		for ; len(b) >= 8; b = b[8:] {
			out = append(out, float64(o.Uint32(b))/float64(o.Uint32(b[4:])))
		}
	case 10:
		for ; len(b) >= 8; b = b[8:] {
			out = append(out, float64(int32(o.Uint32(b)))/float64(int32(o.Uint32(b[4:]))))
		}
	case 11:
		for ; len(b) >= 4; b = b[4:] {
			out = append(out, float64(math.Float32frombits(o.Uint32(b))))
		}
	case 12:
		for ; len(b) >= 8; b = b[8:] {
			out = append(out, math.Float64frombits(o.Uint64(b)))
		}
	default:
		for _, v := range d.ints(tag) {
			out = append(out, float64(v))
		}
	}
	return out
}

// text returns an ASCII value without its closing zeros.
func (d tiffDir) text(tag uint16) string {
	b := d.raw(tag)
	if t := d.fields[tag].typ; t != 2 && t != 1 && t != 7 {
		return ""
	}
	for len(b) > 0 && (b[len(b)-1] == 0 || b[len(b)-1] == ' ') {
		b = b[:len(b)-1]
	}
	return string(b)
}
