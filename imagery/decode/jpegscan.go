package decode

import (
	"encoding/binary"
	"errors"
	"slices"
)

// JPEG's entropy-coded data (ITU-T T.81) become planes of samples here: sequential and
// progressive, Huffman coded, 8 bits. jpegcolour.go makes pixels of them. image/jpeg would
// read the same files, in two to three times the time, and with samples and colours that
// differ from libjpeg's, and so from what everyone else sees, by a few steps.

var errJPEG = errors.New("entropy-coded data contradict themselves")

// The most scans of one picture; encoders make about ten.
const maxJPEGScans = 100

// A jpegPlane is one band at its own resolution, padded to whole blocks. It keeps all
// rows, or the last few of a picture whose bands come together: row y lies at y modulo rows.
type jpegPlane struct {
	pix    []byte
	stride int
	rows   int
	w, h   int // of the band, without padding
}

// row returns row y, or the nearest one that the band has.
func (p *jpegPlane) row(y int) []byte {
	y = min(max(y, 0), p.h-1) % p.rows
	return p.pix[y*p.stride:][:p.w]
}

// block returns where block (bx, by) begins.
func (p *jpegPlane) block(bx, by int) []byte { return p.pix[by*8%p.rows*p.stride+bx*8:] }

// A jpegBand is one component of the frame.
type jpegBand struct {
	id, h, v     int
	quant        int
	dc, ac       *jpegHuffman
	across, down int // blocks of the padded plane
	last         int32
	plane        jpegPlane
	coefs        [][64]int16 // of a progressive picture, until all scans are in
	seen         bool
}

// A jpegDecoder holds a frame's tables and its position in the scan.
type jpegDecoder struct {
	width, height int
	progressive   bool
	bands         []jpegBand
	quants        [4][64]int32
	tables        [2][4]jpegHuffman // DC and AC
	restart       int
	hmax, vmax    int
	scans         int
	flowing       bool                      // pixels are made while the scan is read
	ycc           func(d *jpegDecoder) bool // whether bands are luma and chroma
	out           *jpegJoin

	buf        []byte // the scan's data up to the next marker, without stuffing
	at         int
	acc        uint64 // next bits, the first in the highest place
	have       uint
	block      [64]int32
	from, to   int // the coefficients that a progressive scan brings
	high, low  uint
	runOfEmpty int // blocks to come that bring nothing
}

// scanJPEG decodes a JPEG; ycc says, when the frame is known, what its bands mean.
func scanJPEG(data []byte, ycc func(d *jpegDecoder) bool) (*jpegDecoder, error) {
	d := &jpegDecoder{ycc: ycc}
	for rest := data[2:]; ; {
		for len(rest) > 0 && rest[0] != 0xff {
			rest = rest[1:]
		}
		for len(rest) > 1 && rest[1] == 0xff {
			rest = rest[1:]
		}
		if len(rest) < 4 || rest[1] == 0xd9 {
			return d, d.finish(len(rest) >= 2)
		}
		marker := rest[1]
		if marker <= 1 || marker >= 0xd0 && marker <= 0xd8 {
			rest = rest[2:]
			continue
		}
		n := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if n < 4 || n > len(rest) {
			return nil, errShort
		}
		body := rest[4:n]
		rest = rest[n:]
		if marker == 0xda {
			var err error
			if rest, err = d.scan(body, rest); err != nil {
				return nil, err
			}
			if d.whole() && !d.progressive {
				return d, nil
			}
			continue
		}
		if err := d.segment(marker, body); err != nil {
			return nil, err
		}
	}
}

func (d *jpegDecoder) segment(marker byte, body []byte) error {
	switch {
	case marker == 0xdb:
		return d.quantisation(body)
	case marker == 0xc4:
		return d.huffman(body)
	case marker >= 0xc0 && marker <= 0xc2:
		d.progressive = marker == 0xc2
		return d.frame(body)
	case marker == 0xdd && len(body) >= 2:
		d.restart = int(binary.BigEndian.Uint16(body))
	}
	return nil
}

// whole says that every band has had a scan.
func (d *jpegDecoder) whole() bool {
	for _, b := range d.bands {
		if !b.seen {
			return false
		}
	}
	return len(d.bands) > 0
}

// finish makes samples of a progressive picture's coefficients.
func (d *jpegDecoder) finish(ended bool) error {
	if !d.whole() || !ended {
		return errShort
	}
	for i := range d.bands {
		c := &d.bands[i]
		q := &d.quants[c.quant]
		for j := range c.coefs {
			deep := int16(0)
			for k, v := range c.coefs[j] {
				d.block[k] = int32(v) * q[k]
				if k > 0 {
					deep |= v
				}
			}
			to := c.plane.block(j%c.across, j/c.across)
			if deep == 0 {
				flatBlock(to, c.plane.stride, d.block[0])
			} else {
				inverseDCT(&d.block, 63, to, c.plane.stride)
			}
		}
		c.coefs = nil
	}
	return nil
}

func (d *jpegDecoder) frame(b []byte) error {
	if len(b) < 6 || b[0] != 8 || b[5] > 4 || len(b) < 6+3*int(b[5]) || d.bands != nil {
		return errJPEG
	}
	d.height, d.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	if d.width == 0 || d.height == 0 {
		return errJPEG
	}
	for i := range int(b[5]) {
		c := b[6+3*i:]
		band := jpegBand{id: int(c[0]), h: int(c[1] >> 4), v: int(c[1] & 15), quant: int(c[2])}
		if b[5] == 1 {
			band.h, band.v = 1, 1
		}
		if band.quant > 3 || band.h < 1 || band.h > 4 || band.v < 1 || band.v > 4 {
			return errJPEG
		}
		d.hmax, d.vmax = max(d.hmax, band.h), max(d.vmax, band.v)
		d.bands = append(d.bands, band)
	}
	unitsX, unitsY := d.units()
	for i := range d.bands {
		c := &d.bands[i]
		if d.hmax%c.h != 0 || d.vmax%c.v != 0 {
			return errors.New("bands whose resolutions don't divide each other")
		}
		c.across, c.down = unitsX*c.h, unitsY*c.v
		c.plane = jpegPlane{
			stride: 8 * c.across, rows: 8 * c.down,
			w: (d.width*c.h + d.hmax - 1) / d.hmax, h: (d.height*c.v + d.vmax - 1) / d.vmax,
		}
	}
	return nil
}

// units returns how many groups of blocks of all bands lie across and down.
func (d *jpegDecoder) units() (x, y int) {
	return (d.width + 8*d.hmax - 1) / (8 * d.hmax), (d.height + 8*d.vmax - 1) / (8 * d.vmax)
}

// take takes the memory for the planes before the first scan, which holds n bands. Where
// all bands come in one sequential scan, pixels are made as rows are finished, and two
// rows of units are enough: chroma is smoothed with the row beyond.
func (d *jpegDecoder) take(n int) {
	d.flowing = !d.progressive && n == len(d.bands)
	for i := range d.bands {
		c := &d.bands[i]
		if d.flowing {
			c.plane.rows = min(c.plane.rows, 16*c.v)
		}
		c.plane.pix = make([]byte, c.plane.stride*c.plane.rows)
		if d.progressive {
			c.coefs = make([][64]int16, c.across*c.down)
		}
	}
	d.out = d.newPixels()
}

// scan decodes one scan and returns what follows it.
func (d *jpegDecoder) scan(head, data []byte) ([]byte, error) {
	bands, err := d.scanHead(head)
	if err != nil {
		return nil, err
	}
	if d.scans == 1 {
		d.take(len(bands))
	}
	one := d.decoder()
	unitsX, unitsY := d.units()
	if len(bands) == 1 { // a band alone comes block by block, without padding
		unitsX, unitsY = (bands[0].plane.w+7)/8, (bands[0].plane.h+7)/8
	}
	data = d.load(data)
	left := d.restart
	for uy := range unitsY {
		for ux := range unitsX {
			if d.restart > 0 && left == 0 {
				if d.overrun() || len(data) < 2 || data[1] < 0xd0 || data[1] > 0xd7 {
					return nil, errShort
				}
				data = d.load(data[2:])
				left = d.restart
			}
			left--
			if len(bands) == 1 {
				if err := one(bands[0], ux, uy); err != nil {
					return nil, err
				}
				continue
			}
			for _, c := range bands {
				for v := range c.v {
					for h := range c.h {
						if err := one(c, ux*c.h+h, uy*c.v+v); err != nil {
							return nil, err
						}
					}
				}
			}
		}
		if d.overrun() {
			return nil, errShort
		}
		if d.flowing {
			d.out.upTo((uy+1)*8*d.vmax - d.vmax)
		}
	}
	return data, nil
}

// scanHead reads which bands a scan holds, and which of their coefficients.
func (d *jpegDecoder) scanHead(b []byte) ([]*jpegBand, error) {
	if d.scans++; d.scans > maxJPEGScans || len(b) < 4 || len(b) < 4+2*int(b[0]) || b[0] == 0 || int(b[0]) > len(d.bands) {
		return nil, errJPEG
	}
	n := int(b[0])
	d.from, d.to = int(b[1+2*n]), int(b[2+2*n])
	d.high, d.low = uint(b[3+2*n]>>4), uint(b[3+2*n]&15)
	if d.progressive && (d.to > 63 || d.from > d.to || d.from == 0 && d.to != 0 || d.from > 0 && n > 1 || d.low > 13 || d.high > 13) {
		return nil, errJPEG
	}
	var out []*jpegBand
	for i := range n {
		for k := range d.bands {
			c := &d.bands[k]
			dc, ac := b[2+2*i]>>4&3, b[2+2*i]&3
			if c.id != int(b[1+2*i]) || slices.Contains(out, c) {
				continue
			}
			c.dc, c.ac, c.seen = &d.tables[0][dc], &d.tables[1][ac], true
			if needDC, needAC := d.from == 0 && d.high == 0, !d.progressive || d.from > 0; needDC && !c.dc.defined || needAC && !c.ac.defined {
				return nil, errJPEG
			}
			out = append(out, c)
			break
		}
	}
	if len(out) != n {
		return nil, errJPEG
	}
	return out, nil
}

// decoder returns what decodes one block of the scan.
func (d *jpegDecoder) decoder() func(c *jpegBand, bx, by int) error {
	switch {
	case !d.progressive:
		return d.oneBlock
	case d.from == 0 && d.high == 0:
		return d.dcFirst
	case d.from == 0:
		return d.dcMore
	case d.high == 0:
		return d.acFirst
	}
	return d.acMore
}
