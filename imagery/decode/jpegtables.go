package decode

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
			return errJPEG
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
			return errJPEG
		}
		if err := d.tables[class][id].define(b[1:17], b[17:17+n]); err != nil {
			return errJPEG
		}
		b = b[17+n:]
	}
	return nil
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
