package decode

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// This file decodes what nine in ten JPEGs are: baseline or extended sequential, Huffman
// coded, all bands in one scan. Others are left to image/jpeg, which takes two to three
// times as long. Both give planes of samples; jpegcolour.go makes pixels of them.

// errOtherJPEG says that a file is not of the sort that is decoded here.
var errOtherJPEG = errors.New("not a plain sequential scan")

var errJPEG = errors.New("entropy-coded data contradict themselves")

// A jpegPlane is one band at its own resolution, padded to whole blocks.
type jpegPlane struct {
	pix    []byte
	stride int
	w, h   int // without padding
}

// A jpegHuffman is one code table (T.81, annex C), looked up by the next bits.
type jpegHuffman struct {
	fast    [1 << jpegFastBits]uint16 // symbol<<8 | length, 0 where the code is longer
	short   [1 << jpegFastBits]int32  // for AC: value<<16 | run<<8 | length, where all fits; else 0
	limit   [18]int32                 // first code of a length beyond those in use, shifted to 16 bits
	offset  [17]int32                 // index of a length's first symbol, less its first code
	symbols []byte
	defined bool
}

const jpegFastBits = 10

// define builds a table from the counts of codes by length and the symbols in order.
func (t *jpegHuffman) define(counts, symbols []byte) error {
	*t = jpegHuffman{symbols: symbols, defined: true}
	code, k := int32(0), int32(0)
	for l := 1; l <= 16; l++ {
		t.offset[l] = k - code
		for range counts[l-1] {
			if code >= 1<<l {
				return errJPEG
			}
			if l <= jpegFastBits {
				low := code << (jpegFastBits - l)
				for i := range int32(1) << (jpegFastBits - l) {
					t.fast[low|i] = uint16(symbols[k])<<8 | uint16(l)
				}
			}
			code, k = code+1, k+1
		}
		t.limit[l] = code << (16 - l)
		code <<= 1
	}
	t.limit[17] = 1 << 30
	for i, e := range t.fast {
		l, run, size := int(e&255), int(e>>12), int(e>>8&15)
		if l == 0 || size == 0 || l+size > jpegFastBits {
			continue
		}
		v := i >> (jpegFastBits - l - size) & (1<<size - 1)
		t.short[i] = int32(extend(v, size))<<16 | int32(run)<<8 | int32(l+size)
	}
	return nil
}

// extend turns size bits into a signed number (T.81, F.2.2.1).
func extend(v, size int) int {
	if v < 1<<(size-1) {
		return v - 1<<size + 1
	}
	return v
}

// A jpegBand is one component of the frame.
type jpegBand struct {
	id, h, v   int
	quant      *[64]int32
	quantIndex int
	dc, ac     *jpegHuffman
	across     int // blocks in a row of the padded plane
	last       int32
	plane      jpegPlane
}

// A jpegDecoder holds a frame's tables and its position in the scan.
type jpegDecoder struct {
	width, height int
	bands         []jpegBand
	quants        [4][64]int32
	tables        [2][4]jpegHuffman // DC and AC
	restart       int
	hmax, vmax    int

	buf   []byte // the scan's data up to the next marker, without stuffing
	at    int
	acc   uint64 // next bits, the first in the highest place
	have  uint
	block [64]int32
}

// scanJPEG decodes the planes of a plain sequential JPEG, or returns errOtherJPEG.
func scanJPEG(data []byte) (*jpegDecoder, error) {
	d := &jpegDecoder{}
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xff {
			return nil, errOtherJPEG
		}
		marker := data[at+1]
		if marker == 0xff {
			at++
			continue
		}
		n := int(binary.BigEndian.Uint16(data[at+2:]))
		if n < 2 || at+2+n > len(data) {
			return nil, errOtherJPEG
		}
		body := data[at+4 : at+2+n]
		at += 2 + n
		var err error
		switch {
		case marker == 0xdb:
			err = d.quantisation(body)
		case marker == 0xc4:
			err = d.huffman(body)
		case marker == 0xc0 || marker == 0xc1:
			err = d.frame(body)
		case marker == 0xdd && len(body) >= 2:
			d.restart = int(binary.BigEndian.Uint16(body))
		case marker == 0xda:
			if err := d.startScan(body); err != nil {
				return nil, err
			}
			return d, d.scan(data[at:])
		case marker >= 0xc0 && marker < 0xd0, marker < 0xc0, marker == 0xd8, marker == 0xd9, marker == 0xdc:
			return nil, errOtherJPEG
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, errOtherJPEG
}

// zigzag gives the place of the n-th stored coefficient (T.81, figure A.6). The places
// behind it catch runs that lead out of the block.
var zigzag = [64 + 16]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
	63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
}

func (d *jpegDecoder) quantisation(b []byte) error {
	for len(b) > 0 {
		wide, id := int(b[0]>>4), b[0]&15
		if wide > 1 || id > 3 || len(b) < 1+64*(1+wide) {
			return errOtherJPEG
		}
		for i := range 64 {
			v := int32(b[1+i*(1+wide)])
			if wide == 1 {
				v = v<<8 | int32(b[2+2*i])
			}
			d.quants[id][zigzag[i]] = v
		}
		b = b[1+64*(1+wide):]
	}
	return nil
}

func (d *jpegDecoder) huffman(b []byte) error {
	for len(b) >= 17 {
		class, id := b[0]>>4, b[0]&15
		n := 0
		for _, c := range b[1:17] {
			n += int(c)
		}
		if class > 1 || id > 3 || n > 256 || len(b) < 17+n {
			return errOtherJPEG
		}
		if err := d.tables[class][id].define(b[1:17], b[17:17+n]); err != nil {
			return errOtherJPEG
		}
		b = b[17+n:]
	}
	return nil
}

func (d *jpegDecoder) frame(b []byte) error {
	if len(b) < 6 || b[0] != 8 || len(b) < 6+3*int(b[5]) || d.bands != nil || b[5] != 1 && b[5] != 3 {
		return errOtherJPEG
	}
	d.height, d.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	if d.width == 0 || d.height == 0 {
		return errOtherJPEG
	}
	for i := range int(b[5]) {
		c := b[6+3*i:]
		band := jpegBand{id: int(c[0]), h: int(c[1] >> 4), v: int(c[1] & 15), quantIndex: int(c[2])}
		if b[5] == 1 {
			band.h, band.v = 1, 1
		}
		if band.quantIndex > 3 || band.h < 1 || band.h > 2 || band.v < 1 || band.v > 2 || i > 0 && (band.h != 1 || band.v != 1) {
			return errOtherJPEG
		}
		d.hmax, d.vmax = max(d.hmax, band.h), max(d.vmax, band.v)
		d.bands = append(d.bands, band)
	}
	return nil
}

// startScan takes the memory for the planes.
func (d *jpegDecoder) startScan(b []byte) error {
	n := len(d.bands)
	if n == 0 || len(b) < 4+2*n || int(b[0]) != n || b[1+2*n] != 0 || b[2+2*n] != 63 || b[3+2*n] != 0 {
		return errOtherJPEG
	}
	unitsX, unitsY := d.units()
	for i := range d.bands {
		c := &d.bands[i]
		dc, ac := b[2+2*i]>>4, b[2+2*i]&15
		if int(b[1+2*i]) != c.id || dc > 3 || ac > 3 || !d.tables[0][dc].defined || !d.tables[1][ac].defined {
			return errOtherJPEG
		}
		c.dc, c.ac, c.quant = &d.tables[0][dc], &d.tables[1][ac], &d.quants[c.quantIndex]
		c.across = unitsX * c.h
		c.plane = jpegPlane{
			pix: make([]byte, c.across*8*unitsY*c.v*8), stride: c.across * 8,
			w: (d.width*c.h + d.hmax - 1) / d.hmax, h: (d.height*c.v + d.vmax - 1) / d.vmax,
		}
	}
	return nil
}

// units returns how many groups of blocks of all bands lie across and down.
func (d *jpegDecoder) units() (x, y int) {
	return (d.width + 8*d.hmax - 1) / (8 * d.hmax), (d.height + 8*d.vmax - 1) / (8 * d.vmax)
}

// scan decodes the entropy-coded data.
func (d *jpegDecoder) scan(data []byte) error {
	unitsX, unitsY := d.units()
	data = d.load(data)
	left := d.restart
	for uy := range unitsY {
		for ux := range unitsX {
			if d.restart > 0 && left == 0 {
				if d.overrun() || len(data) < 2 || data[1] < 0xd0 || data[1] > 0xd7 {
					return errShort
				}
				data = d.load(data[2:])
				left = d.restart
			}
			left--
			for i := range d.bands {
				c := &d.bands[i]
				for v := range c.v {
					for h := range c.h {
						if err := d.oneBlock(c, ux*c.h+h, uy*c.v+v); err != nil {
							return err
						}
					}
				}
			}
		}
		if d.overrun() {
			return errShort
		}
	}
	return nil
}

// load takes the data up to the next marker, without the zeros stuffed behind 255, and
// returns what begins with that marker.
func (d *jpegDecoder) load(data []byte) []byte {
	d.buf, d.at, d.acc, d.have = d.buf[:0], 0, 0, 0
	for i := range d.bands {
		d.bands[i].last = 0
	}
	for {
		i := bytes.IndexByte(data, 0xff)
		if i < 0 {
			d.buf, data = append(d.buf, data...), nil
			break
		}
		if i+1 < len(data) && data[i+1] == 0 {
			d.buf, data = append(d.buf, data[:i+1]...), data[i+2:]
			continue
		}
		d.buf, data = append(d.buf, data[:i]...), data[i:]
		break
	}
	for len(data) > 1 && data[0] == 0xff && data[1] == 0xff {
		data = data[1:]
	}
	return data
}

// overrun says that more bits were read than there are.
func (d *jpegDecoder) overrun() bool { return d.at-int(d.have/8) > len(d.buf) }

// fill brings at least 32 bits into acc; zeros follow the end.
func (d *jpegDecoder) fill() {
	if d.at+4 <= len(d.buf) {
		d.acc |= uint64(binary.BigEndian.Uint32(d.buf[d.at:])) << (32 - d.have)
		d.at, d.have = d.at+4, d.have+32
		return
	}
	for d.have <= 32 {
		if d.at < len(d.buf) {
			d.acc |= uint64(d.buf[d.at]) << (56 - d.have)
		}
		d.at++
		d.have += 8
	}
}

// symbol decodes a code longer than the fast table's; at least 16 bits are there.
func (t *jpegHuffman) symbol(next uint64) (symbol byte, length uint, err error) {
	code := int32(next >> 48)
	for l := jpegFastBits + 1; l <= 16; l++ {
		if code < t.limit[l] {
			k := code>>(16-l) + t.offset[l]
			if k < 0 || int(k) >= len(t.symbols) {
				return 0, 0, errJPEG
			}
			return t.symbols[k], uint(l), nil
		}
	}
	return 0, 0, errJPEG
}

// oneBlock decodes block (bx, by) of a band into its plane.
func (d *jpegDecoder) oneBlock(c *jpegBand, bx, by int) error {
	if d.have < 32 {
		d.fill()
	}
	e := c.dc.fast[d.acc>>(64-jpegFastBits)]
	size, l := uint(e>>8), uint(e&255)
	if l == 0 {
		s, n, err := c.dc.symbol(d.acc)
		if err != nil {
			return err
		}
		size, l = uint(s), n
	}
	if size > 11 {
		return errJPEG
	}
	d.acc <<= l
	d.have -= l
	if size > 0 {
		c.last += int32(extend(int(d.acc>>(64-size)), int(size)))
		d.acc <<= size
		d.have -= size
	}
	to := c.plane.pix[by*8*c.plane.stride+bx*8:]
	q := c.quant
	b := &d.block
	b[0] = c.last * q[0]
	ac := c.ac
	deepest := 0
	acc, have := d.acc, d.have
	for k := 1; k < 64; k++ {
		if have < 32 {
			d.acc, d.have = acc, have
			d.fill()
			acc, have = d.acc, d.have
		}
		i := acc >> (64 - jpegFastBits)
		if s := ac.short[i]; s != 0 {
			acc <<= uint(s & 255)
			have -= uint(s & 255)
			k += int(s >> 8 & 15)
			z := zigzag[k&127]
			b[z&63] = (s >> 16) * q[z&63]
			deepest = k
			continue
		}
		e := ac.fast[i]
		l, run, size := uint(e&255), int(e>>12), uint(e>>8&15)
		if l == 0 {
			s, n, err := ac.symbol(acc)
			if err != nil {
				return err
			}
			l, run, size = n, int(s>>4), uint(s&15)
		}
		acc <<= l
		have -= l
		if size == 0 {
			if run < 15 {
				break
			}
			k += 15
			continue
		}
		k += run
		z := zigzag[k&127]
		b[z&63] = int32(extend(int(acc>>(64-size)), int(size))) * q[z&63]
		acc <<= size
		have -= size
		deepest = k
	}
	d.acc, d.have = acc, have
	if deepest > 63 {
		return errJPEG
	}
	if deepest == 0 {
		flatBlock(to, c.plane.stride, b[0])
		return nil
	}
	inverseDCT(b, to, c.plane.stride)
	*b = [64]int32{}
	return nil
}
