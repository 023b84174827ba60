package decode

import "encoding/binary"

// flatBlock writes a block that has no more than its mean.
func flatBlock(to []byte, stride int, dc int32) {
	v := uint64(clamp32((dc+4)>>3+128)) * 0x0101010101010101
	for y := range 8 {
		binary.LittleEndian.PutUint64(to[y*stride:], v)
	}
}

// The factors of Loeffler, Ligtenberg and Moschytz (ICASSP 1989, "Practical fast 1-D DCT
// algorithms with 11 multiplications") times 2¹³, √2 taken out, as libjpeg rounds them,
// so that the samples equal those of its accurate integer method.
const (
	dct0298 = 2446
	dct0390 = 3196
	dct0541 = 4433
	dct0765 = 6270
	dct0899 = 7373
	dct1175 = 9633
	dct1501 = 12299
	dct1847 = 15137
	dct1961 = 16069
	dct2053 = 16819
	dct2562 = 20995
	dct3072 = 25172

	dctBits  = 13
	passBits = 2 // kept between columns and rows
)

// inverseDCT turns dequantised coefficients into samples: columns first, in place, then
// rows. deepest is the last coefficient, in the order stored, that isn't zero.
func inverseDCT(b *[64]int32, deepest int, to []byte, stride int) {
	if deepest < firstBeyondFour {
		inverseFour(b, to, stride)
		return
	}
	for x := range 8 {
		if b[8+x]|b[16+x]|b[24+x]|b[32+x]|b[40+x]|b[48+x]|b[56+x] == 0 {
			v := b[x] << passBits
			b[x], b[8+x], b[16+x], b[24+x], b[32+x], b[40+x], b[48+x], b[56+x] = v, v, v, v, v, v, v, v
			continue
		}
		e0, e1, e2, e3 := dctEven(b[x], b[16+x], b[32+x], b[48+x])
		o0, o1, o2, o3 := dctOdd(b[8+x], b[24+x], b[40+x], b[56+x])
		writeColumn(b, x, e0, e1, e2, e3, o0, o1, o2, o3)
	}
	for y := range 8 {
		r := b[8*y : 8*y+8 : 8*y+8]
		e0, e1, e2, e3 := dctEven(r[0], r[2], r[4], r[6])
		o0, o1, o2, o3 := dctOdd(r[1], r[3], r[5], r[7])
		writeRow(to[y*stride:], e0, e1, e2, e3, o0, o1, o2, o3)
	}
}

// firstBeyondFour is the first coefficient, in the order stored, outside the upper left
// four by four.
const firstBeyondFour = 10

// inverseFour is inverseDCT where all but four by four coefficients are zero: most blocks.
func inverseFour(b *[64]int32, to []byte, stride int) {
	for x := range 4 {
		if b[8+x]|b[16+x]|b[24+x] == 0 {
			v := b[x] << passBits
			b[x], b[8+x], b[16+x], b[24+x], b[32+x], b[40+x], b[48+x], b[56+x] = v, v, v, v, v, v, v, v
			continue
		}
		e0, e1, e2, e3 := even2(b[x], b[16+x])
		o0, o1, o2, o3 := odd2(b[8+x], b[24+x])
		writeColumn(b, x, e0, e1, e2, e3, o0, o1, o2, o3)
	}
	for y := range 8 {
		r := b[8*y : 8*y+4 : 8*y+4]
		e0, e1, e2, e3 := even2(r[0], r[2])
		o0, o1, o2, o3 := odd2(r[1], r[3])
		writeRow(to[y*stride:], e0, e1, e2, e3, o0, o1, o2, o3)
	}
}

// even2 is dctEven where coefficients 4 and 6 are zero, odd2 is dctOdd where 5 and 7 are.
func even2(c0, c2 int32) (e0, e1, e2, e3 int32) {
	c0 <<= dctBits
	t2, t3 := c2*dct0541, c2*(dct0541+dct0765)
	return c0 + t3, c0 + t2, c0 - t2, c0 - t3
}

func odd2(c1, c3 int32) (o0, o1, o2, o3 int32) {
	z := (c1 + c3) * dct1175
	return z - c1*dct0899 - c3*dct1961, z - c1*dct0390 - c3*dct2562,
		z + c3*(dct3072-dct2562-dct1961), z + c1*(dct1501-dct0899-dct0390)
}

// writeColumn writes what the two halves of a column's transform make.
func writeColumn(b *[64]int32, x int, e0, e1, e2, e3, o0, o1, o2, o3 int32) {
	const down, half = dctBits - passBits, 1 << (dctBits - passBits - 1)
	e0, e1, e2, e3 = e0+half, e1+half, e2+half, e3+half
	b[x], b[56+x] = (e0+o3)>>down, (e0-o3)>>down
	b[8+x], b[48+x] = (e1+o2)>>down, (e1-o2)>>down
	b[16+x], b[40+x] = (e2+o1)>>down, (e2-o1)>>down
	b[24+x], b[32+x] = (e3+o0)>>down, (e3-o0)>>down
}

// writeRow writes the samples that the two halves of a row's transform make.
func writeRow(to []byte, e0, e1, e2, e3, o0, o1, o2, o3 int32) {
	const down, half = dctBits + passBits + 3, 1<<(dctBits+passBits+2) + 128<<(dctBits+passBits+3)
	e0, e1, e2, e3 = e0+half, e1+half, e2+half, e3+half
	a, h := (e0+o3)>>down, (e0-o3)>>down
	b, g := (e1+o2)>>down, (e1-o2)>>down
	c, f := (e2+o1)>>down, (e2-o1)>>down
	d, e := (e3+o0)>>down, (e3-o0)>>down
	if uint32(a|b|c|d|e|f|g|h) > 255 {
		a, b, c, d = clamp32(a), clamp32(b), clamp32(c), clamp32(d)
		e, f, g, h = clamp32(e), clamp32(f), clamp32(g), clamp32(h)
	}
	binary.LittleEndian.PutUint64(to, uint64(uint32(a|b<<8|c<<16|d<<24))|uint64(uint32(e|f<<8|g<<16|h<<24))<<32)
}

func clamp32(v int32) int32 { return min(max(v, 0), 255) }

// dctEven transforms coefficients 0, 2, 4 and 6.
func dctEven(c0, c2, c4, c6 int32) (e0, e1, e2, e3 int32) {
	z := (c2 + c6) * dct0541
	t2, t3 := z-c6*dct1847, z+c2*dct0765
	t0, t1 := (c0+c4)<<dctBits, (c0-c4)<<dctBits
	return t0 + t3, t1 + t2, t1 - t2, t0 - t3
}

// dctOdd transforms coefficients 1, 3, 5 and 7.
func dctOdd(c1, c3, c5, c7 int32) (o0, o1, o2, o3 int32) {
	z1, z2, z3, z4 := c7+c1, c5+c3, c7+c3, c5+c1
	z5 := (z3 + z4) * dct1175
	z1, z2 = -z1*dct0899, -z2*dct2562
	z3, z4 = z5-z3*dct1961, z5-z4*dct0390
	return c7*dct0298 + z1 + z3, c5*dct2053 + z2 + z4, c3*dct3072 + z2 + z3, c1*dct1501 + z1 + z4
}
