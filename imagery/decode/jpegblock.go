package decode

import (
	"bytes"
	"encoding/binary"
)

// load takes the data up to the next marker, without the zeros stuffed behind 255, and
// returns what begins with that marker.
func (d *jpegDecoder) load(data []byte) []byte {
	if d.buf == nil && d.restart == 0 {
		d.buf = make([]byte, 0, len(data))
	}
	d.buf, d.at, d.acc, d.have, d.runOfEmpty = d.buf[:0], 0, 0, 0, 0
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

// mean reads the difference to the last block's DC coefficient and returns the sum.
func (d *jpegDecoder) mean(c *jpegBand) (int32, error) {
	if d.have < 32 {
		d.fill()
	}
	e := c.dc.fast[d.acc>>(64-jpegFastBits)]
	size, l := uint(e>>8), uint(e&255)
	if l == 0 {
		s, n, err := c.dc.symbol(d.acc)
		if err != nil {
			return 0, err
		}
		size, l = uint(s), n
	}
	if size > 11 {
		return 0, errJPEG
	}
	d.acc <<= l
	d.have -= l
	if size > 0 {
		c.last += int32(extend(int(d.acc>>(64-size)), int(size)))
		d.acc <<= size
		d.have -= size
	}
	return c.last, nil
}

// oneBlock decodes block (bx, by) of a sequential band into its plane.
func (d *jpegDecoder) oneBlock(c *jpegBand, bx, by int) error {
	dc, err := d.mean(c)
	if err != nil {
		return err
	}
	to := c.plane.block(bx, by)
	q := &d.quants[c.quant]
	b := &d.block
	b[0] = dc * q[0]
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
	inverseDCT(b, deepest, to, c.plane.stride)
	*b = [64]int32{}
	return nil
}
