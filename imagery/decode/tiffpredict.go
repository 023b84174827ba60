package decode

import (
	"encoding/binary"
	"math"
)

// addUp undoes horizontal differencing (TIFF 6.0, section 14) on a row of n bands of
// little-endian samples.
func addUp(row []byte, n, size int) {
	le := binary.LittleEndian
	switch size {
	case 1:
		switch n {
		case 1:
			var a byte
			for i, v := range row {
				a += v
				row[i] = a
			}
		case 3:
			var a, b, c byte
			for i := 0; i+2 < len(row); i += 3 {
				p := row[i : i+3 : i+3]
				a, b, c = a+p[0], b+p[1], c+p[2]
				p[0], p[1], p[2] = a, b, c
			}
		default:
			for i := n; i < len(row); i++ {
				row[i] += row[i-n]
			}
		}
	case 2:
		for i := 2 * n; i+1 < len(row); i += 2 {
			le.PutUint16(row[i:], le.Uint16(row[i:])+le.Uint16(row[i-2*n:]))
		}
	case 4:
		for i := 4 * n; i+3 < len(row); i += 4 {
			le.PutUint32(row[i:], le.Uint32(row[i:])+le.Uint32(row[i-4*n:]))
		}
	case 8:
		for i := 8 * n; i+7 < len(row); i += 8 {
			le.PutUint64(row[i:], le.Uint64(row[i:])+le.Uint64(row[i-8*n:]))
		}
	}
}

// unfloat undoes the floating point predictor (Adobe Photoshop TIFF Technical Note 3):
// differences of bytes, then the bytes of all samples together, highest first.
func unfloat(row, buf []byte, n, size int) {
	for i := n; i < len(row); i++ {
		row[i] += row[i-n]
	}
	copy(buf, row)
	samples := len(row) / size
	for s := range samples {
		for b := range size {
			row[s*size+b] = buf[(size-1-b)*samples+s]
		}
	}
}

// widen turns n stored samples of an odd depth into whole little-endian ones. Floats are
// little-endian already; whole numbers run from the highest bit down, whatever the
// file's byte order.
func (l *tiffLayout) widen(dst, src []byte, n int) {
	le := binary.LittleEndian
	switch {
	case l.float && l.bits == 16:
		for i := range n {
			le.PutUint32(dst[4*i:], half(le.Uint16(src[2*i:])))
		}
	case l.float:
		for i := range n {
			p := src[3*i : 3*i+3]
			le.PutUint32(dst[4*i:], float24(uint32(p[0])|uint32(p[1])<<8|uint32(p[2])<<16))
		}
	case l.bits == 1:
		for i := range dst[:n] {
			dst[i] = src[i>>3] >> (7 - i&7) & 1
		}
	default:
		l.widenBits(dst, src, n)
	}
}

// widenBits keeps the bits to come in one word; depths above 56 bits would not fit beside
// what is left of a byte and take two.
func (l *tiffLayout) widenBits(dst, src []byte, n int) {
	le, size, depth := binary.LittleEndian, l.kind.size(), uint(l.bits)
	var acc, v uint64
	have, at := uint(0), 0
	for i := range n {
		if depth > 56 {
			v = bitsAt(src, i*l.bits, l.bits)
		} else {
			for have < depth {
				acc = acc<<8 | uint64(src[at])
				at, have = at+1, have+8
			}
			have -= depth
			v = acc >> have & (1<<depth - 1)
		}
		switch size {
		case 1:
			dst[i] = byte(v)
		case 2:
			le.PutUint16(dst[2*i:], uint16(v))
		case 4:
			le.PutUint32(dst[4*i:], uint32(v))
		default:
			le.PutUint64(dst[8*i:], v)
		}
	}
}

// bitsAt reads n bits from bit position at, the highest bit of a byte first.
func bitsAt(src []byte, at, n int) uint64 {
	var v uint64
	for n > 0 {
		free := 8 - at%8
		take := min(free, n)
		v = v<<take | uint64(src[at/8]>>(free-take))&(1<<take-1)
		at, n = at+take, n-take
	}
	return v
}

// half widens an IEEE 754 binary16.
func half(h uint16) uint32 {
	sign, exp, frac := uint32(h>>15)<<31, int(h>>10&31), uint32(h&0x3ff)
	return widenFloat(sign, exp, frac, 5, 10)
}

// float24 widens a float of 7 bits of exponent and 16 of fraction.
func float24(h uint32) uint32 {
	sign, exp, frac := h>>23<<31, int(h>>16&127), h&0xffff
	return widenFloat(sign, exp, frac, 7, 16)
}

// widenFloat makes a binary32 of a smaller float with e bits of exponent and f of fraction.
func widenFloat(sign uint32, exp int, frac uint32, e, f int) uint32 {
	bias := 1<<(e-1) - 1
	switch {
	case exp == 1<<e-1:
		return sign | 0xff<<23 | frac<<(23-f)
	case exp == 0:
		return sign | math.Float32bits(float32(math.Ldexp(float64(frac), 1-bias-f)))
	}
	return sign | uint32(exp-bias+127)<<23 | frac<<(23-f)
}
