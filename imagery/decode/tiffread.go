package decode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/antequem/antequem/imagery"
	"github.com/klauspost/compress/zstd"
)

// A window is a part of a picture: its top left pixel and its size.
type window struct{ x, y, w, h int }

// read decodes the segments that touch win into dst, whose size is the window's.
func (l *tiffLayout) read(dst *samples, win window) error {
	r := &segmentReader{l: l, dst: dst, win: win}
	defer r.close()
	planes := 1
	if l.planar {
		planes = l.bands
	}
	for b := range planes {
		for row := win.y / l.segH; row <= (win.y+win.h-1)/l.segH; row++ {
			for col := win.x / l.segW; col <= (win.x+win.w-1)/l.segW; col++ {
				if err := r.segment((b*l.down+row)*l.across+col, b); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// A segmentReader keeps memory from one segment to the next.
type segmentReader struct {
	l     *tiffLayout
	dst   *samples
	win   window
	raw   []byte // unpacked segment
	line  []byte // a row of whole-byte samples
	plain []byte // input with its bits turned
	zstd  *zstd.Decoder
}

func (r *segmentReader) close() {
	if r.zstd != nil {
		r.zstd.Close()
	}
}

// segment decodes segment i, which belongs to plane b where bands are apart.
func (r *segmentReader) segment(i, b int) error {
	l := r.l
	x, y, w, h := l.box(i)
	if l.sparse(i) {
		r.fill(x, y, w, h, b)
		return nil
	}
	src, err := l.dir.f.src.bytes(l.offsets[i], l.counts[i])
	if err != nil {
		return err
	}
	if pix, bands, err := l.coded(src, w, h); pix != nil || err != nil {
		if err != nil {
			return in(l, i, err)
		}
		return r.place(pix, bands*w, x, y, w, h, b, bands)
	}
	need := int(l.rawBytes(w, h))
	if out := r.direct(x, y, w, h); out != nil {
		if err := r.unpack(out, src, w, h); err != nil {
			return in(l, i, err)
		}
		return r.finish(out, w, h, l.lineBytes(w))
	}
	if l.compression == tiffNone && !l.reverse && len(src) >= need && l.predictor == 1 && (l.dir.f.order == binary.LittleEndian || l.bits < 16) {
		r.raw = src[:need]
	} else {
		if cap(r.raw) < need || l.compression == tiffNone {
			r.raw = make([]byte, need)
		}
		r.raw = r.raw[:need]
		if err := r.unpack(r.raw, src, w, h); err != nil {
			return in(l, i, err)
		}
	}
	if l.subX*l.subY > 1 {
		return r.place(l.fromBlocks(r.raw, w, h), 3*w, x, y, w, h, b, 3)
	}
	if l.wholeBytes() {
		if err := r.finish(r.raw, w, h, l.lineBytes(w)); err != nil {
			return err
		}
		return r.place(r.raw, int(l.lineBytes(w)), x, y, w, h, b, l.segBands())
	}
	return r.placeBits(x, y, w, h, b)
}

// in names the segment that an error stands in.
func in(l *tiffLayout, i int, err error) error {
	noun := "strip"
	if l.tiled {
		noun = "tile"
	}
	if errors.Is(err, imagery.ErrUnsupported) {
		return fmt.Errorf("decode tiff: %s %d of %d: %w", noun, i+1, l.segments(), err)
	}
	return corruptf("tiff: %s %d of %d: %v (damaged or cut off? fetch the file again)", noun, i+1, l.segments(), err)
}

// wholeBytes says that stored samples have the width that they have in memory.
func (l *tiffLayout) wholeBytes() bool { return l.bits == 8*l.kind.size() }

// direct returns the part of dst that a segment fills exactly, so that it can be
// unpacked in place; nil if it does not.
func (r *segmentReader) direct(x, y, w, h int) []byte {
	l := r.l
	if l.planar && l.bands > 1 || !l.wholeBytes() || l.subX*l.subY > 1 || w != r.win.w || x != r.win.x ||
		y < r.win.y || y+h > r.win.y+r.win.h {
		return nil
	}
	at := (y - r.win.y) * r.dst.stride()
	return r.dst.pix[at : at+h*r.dst.stride()]
}

// unpack takes compression off.
func (r *segmentReader) unpack(out, src []byte, w, h int) error {
	l := r.l
	if l.reverse {
		r.plain = reversed(r.plain, src)
		src = r.plain
	}
	n, err := r.decompress(out, src, w, h)
	if err != nil {
		return err
	}
	if n < len(out) {
		return errShort
	}
	return nil
}

// finish brings unpacked rows of whole samples into order: predictor, then byte order.
func (r *segmentReader) finish(raw []byte, w, h int, line int64) error {
	l := r.l
	n := l.segBands()
	switch l.predictor {
	case 1:
	case 2:
		l.swapSamples(raw)
		for y := range h {
			addUp(raw[int64(y)*line:int64(y+1)*line], n, l.kind.size())
		}
		r.convertYCbCr(raw)
		return nil
	case 3:
		if !l.float {
			return corruptf("tiff: predictor 3 for samples that are no floats")
		}
		r.line = grow(r.line, int(line))
		for y := range h {
			unfloat(raw[int64(y)*line:int64(y+1)*line], r.line, n, l.kind.size())
		}
		return nil
	default:
		return corruptf("tiff: predictor %d", l.predictor)
	}
	l.swapSamples(raw)
	r.convertYCbCr(raw)
	return nil
}

// convertYCbCr turns full-size YCbCr into red, green and blue.
func (r *segmentReader) convertYCbCr(raw []byte) {
	if r.l.photo != photoYCbCr || r.l.planar {
		return
	}
	c := r.l.yccTable()
	for i := 0; i+2 < len(raw); i += 3 {
		c.rgb(raw[i:i+3], raw[i], raw[i+1], raw[i+2])
	}
}

func (l *tiffLayout) swapSamples(raw []byte) {
	if l.dir.f.order == binary.BigEndian {
		swap(raw, l.bits/8)
	}
}

func grow(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// place copies whole-byte samples of a segment, stride bytes to a row, into dst.
func (r *segmentReader) place(pix []byte, stride, x, y, w, h, b, bands int) error {
	size := r.dst.kind.size()
	if bands != r.l.segBands() || len(pix) < (h-1)*stride+w*bands*size {
		return corruptf("tiff: %d bands inside a segment, %d outside", bands, r.l.segBands())
	}
	x0, x1 := max(x, r.win.x), min(x+w, r.win.x+r.win.w)
	for row := max(y, r.win.y); row < min(y+h, r.win.y+r.win.h); row++ {
		from := pix[(row-y)*stride+(x0-x)*bands*size:]
		to := r.dst.row(row - r.win.y)
		if bands == r.dst.bands {
			copy(to[(x0-r.win.x)*bands*size:], from[:(x1-x0)*bands*size])
			continue
		}
		interleave(to[((x0-r.win.x)*r.dst.bands+b)*size:], from[:(x1-x0)*size], r.dst.bands*size, size)
	}
	return nil
}

// interleave spreads the samples of one band, size bytes each, step bytes apart.
func interleave(to, from []byte, step, size int) {
	if size == 1 {
		for i, v := range from {
			to[i*step] = v
		}
		return
	}
	for i := 0; i < len(from); i += size {
		copy(to[i/size*step:][:size], from[i:i+size])
	}
}

// placeBits widens samples of odd depths, row by row.
func (r *segmentReader) placeBits(x, y, w, h, b int) error {
	l := r.l
	n, line := l.segBands(), int(l.lineBytes(w))
	if l.predictor == 2 && l.bits != 16 || l.predictor > 2 && !l.float {
		return unsupportedf("tiff: predictor %d for samples of %d bits: %s", l.predictor, l.bits, toTIFF)
	}
	out := make([]byte, w*n*l.kind.size())
	for row := range h {
		if y+row < r.win.y || y+row >= r.win.y+r.win.h {
			continue
		}
		src := r.raw[row*line : (row+1)*line]
		switch {
		case l.predictor == 3:
			r.line = grow(r.line, line)
			unfloat(src, r.line, n, l.bits/8)
		case l.float:
			l.swapSamples(src)
		}
		if l.predictor == 2 {
			addUp(src, n, 2)
		}
		l.widen(out, src, w*n)
		if err := r.place(out, len(out), x, y+row, w, 1, b, n); err != nil {
			return err
		}
	}
	return nil
}

// fill writes nodata, or zero, where a segment was never written.
func (r *segmentReader) fill(x, y, w, h, b int) {
	if r.dst.nodata == nil {
		return
	}
	size, n := r.dst.kind.size(), r.l.segBands()
	one := r.dst.kind.encode(*r.dst.nodata)
	pix := make([]byte, w*n*size)
	for i := 0; i < len(pix); i += size {
		copy(pix[i:], one)
	}
	for row := range h {
		_ = r.place(pix, len(pix), x, y+row, w, 1, b, n)
	}
}

// encode writes a number as a stored sample; what does not fit becomes 0.
func (k kind) encode(v float64) []byte {
	b := make([]byte, 8)
	le := binary.LittleEndian
	switch k {
	case f32:
		le.PutUint32(b, math.Float32bits(float32(v)))
	case f64:
		le.PutUint64(b, math.Float64bits(v))
	case u64:
		if v >= 0 && v < 1<<64 {
			le.PutUint64(b, uint64(v))
		}
	default:
		size := 8 * k.size()
		if v == math.Trunc(v) && v >= -math.Pow(2, float64(size-1)) && v < math.Pow(2, float64(size)) {
			le.PutUint64(b, uint64(int64(v)))
		}
	}
	return b[:k.size()]
}
