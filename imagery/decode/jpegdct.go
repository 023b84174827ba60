package decode

import "encoding/binary"

// flatBlock writes a block that has no more than its mean.
func flatBlock(to []byte, stride int, dc int32) {
	v := uint64(clampBlock((dc+4)>>3+128)) * 0x0101010101010101
	for y := range 8 {
		binary.LittleEndian.PutUint64(to[y*stride:], v)
	}
}

func clampBlock(v int32) byte {
	if uint32(v) > 255 {
		if v < 0 {
			return 0
		}
		return 255
	}
	return byte(v)
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

// inverseDCT turns dequantised coefficients into samples: columns first, in place, then rows.
func inverseDCT(b *[64]int32, to []byte, stride int) {
	for x := range 8 {
		if b[8+x]|b[16+x]|b[24+x]|b[32+x]|b[40+x]|b[48+x]|b[56+x] == 0 {
			v := b[x] << passBits
			b[x], b[8+x], b[16+x], b[24+x], b[32+x], b[40+x], b[48+x], b[56+x] = v, v, v, v, v, v, v, v
			continue
		}
		e0, e1, e2, e3 := dctEven(b[x], b[16+x], b[32+x], b[48+x])
		o0, o1, o2, o3 := dctOdd(b[8+x], b[24+x], b[40+x], b[56+x])
		const down, half = dctBits - passBits, 1 << (dctBits - passBits - 1)
		b[x], b[56+x] = (e0+o3+half)>>down, (e0-o3+half)>>down
		b[8+x], b[48+x] = (e1+o2+half)>>down, (e1-o2+half)>>down
		b[16+x], b[40+x] = (e2+o1+half)>>down, (e2-o1+half)>>down
		b[24+x], b[32+x] = (e3+o0+half)>>down, (e3-o0+half)>>down
	}
	for y := range 8 {
		r := b[8*y : 8*y+8 : 8*y+8]
		e0, e1, e2, e3 := dctEven(r[0], r[2], r[4], r[6])
		o0, o1, o2, o3 := dctOdd(r[1], r[3], r[5], r[7])
		const down, half = dctBits + passBits + 3, 1<<(dctBits+passBits+2) + 128<<(dctBits+passBits+3)
		out := to[y*stride : y*stride+8 : y*stride+8]
		out[0], out[7] = clampBlock((e0+o3+half)>>down), clampBlock((e0-o3+half)>>down)
		out[1], out[6] = clampBlock((e1+o2+half)>>down), clampBlock((e1-o2+half)>>down)
		out[2], out[5] = clampBlock((e2+o1+half)>>down), clampBlock((e2-o1+half)>>down)
		out[3], out[4] = clampBlock((e3+o0+half)>>down), clampBlock((e3-o0+half)>>down)
	}
}

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
