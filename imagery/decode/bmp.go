package decode

import (
	"encoding/binary"
	"math/bits"
)

// A bmpFile is the head of a Windows bitmap (BITMAPCOREHEADER to BITMAPV5HEADER).
type bmpFile struct {
	width, height int
	topDown       bool
	depth         int // bits of a pixel
	rle           int // 4 or 8 for run-length coding, else 0
	masks         [4]uint32
	palette       [][4]uint8
	pixels        int // where they begin
}

func parseBMP(data []byte) (*bmpFile, error) {
	if len(data) < 26 {
		return nil, corruptf("bmp: %d bytes are no header (cut off? fetch the file again)", len(data))
	}
	le := binary.LittleEndian
	b := &bmpFile{pixels: int(le.Uint32(data[10:]))}
	head := int(le.Uint32(data[14:]))
	entry, compression := 4, uint32(0)
	var used uint32
	switch {
	case head == 12:
		entry = 3
		b.width, b.height, b.depth = int(le.Uint16(data[18:])), int(le.Uint16(data[20:])), int(le.Uint16(data[24:]))
	case head >= 40 && head <= 1024 && len(data) >= 14+head:
		b.width, b.height = int(int32(le.Uint32(data[18:]))), int(int32(le.Uint32(data[22:])))
		b.depth, compression = int(le.Uint16(data[28:])), le.Uint32(data[30:])
		used = le.Uint32(data[46:])
	default:
		return nil, corruptf("bmp: header of %d bytes", head)
	}
	if b.height < 0 {
		b.height, b.topDown = -b.height, true
	}
	if b.width <= 0 || b.height <= 0 {
		return nil, corruptf("bmp: size %d × %d px", b.width, b.height)
	}
	if err := b.coding(data, head, compression); err != nil {
		return nil, err
	}
	return b, b.colours(data, 14+head, entry, used)
}

// coding checks depth and compression and finds the masks of colour bits.
func (b *bmpFile) coding(data []byte, head int, compression uint32) error {
	allowed := map[uint32]uint64{0: 1<<1 | 1<<4 | 1<<8 | 1<<16 | 1<<24 | 1<<32, 1: 1 << 8, 2: 1 << 4, 3: 1<<16 | 1<<32, 6: 1<<16 | 1<<32}
	depths, known := allowed[compression]
	switch {
	case compression == 4 || compression == 5:
		return unsupportedf("bmp: JPEG or PNG inside a bitmap: %s", toPNG)
	case !known:
		return corruptf("bmp: compression %d", compression)
	case b.depth > 32 || depths&(1<<b.depth) == 0:
		return corruptf("bmp: %d bits a pixel with compression %d", b.depth, compression)
	}
	switch compression {
	case 1:
		b.rle = 8
	case 2:
		b.rle = 4
	}
	if b.depth == 16 {
		b.masks = [4]uint32{0x7c00, 0x3e0, 0x1f}
	}
	if b.depth == 32 {
		b.masks = [4]uint32{0xff0000, 0xff00, 0xff}
	}
	if compression == 3 || compression == 6 {
		n := 3
		if head >= 56 || compression == 6 {
			n = 4
		}
		if len(data) < 54+4*n {
			return corruptf("bmp: colour masks are missing")
		}
		for i := range n {
			b.masks[i] = binary.LittleEndian.Uint32(data[54+4*i:])
		}
	}
	return nil
}

// colours reads the palette and checks where pixels begin.
func (b *bmpFile) colours(data []byte, at, entry int, used uint32) error {
	if b.depth <= 8 {
		n := 1 << b.depth
		if used > 0 {
			if used > 256 {
				return corruptf("bmp: palette of %d colours", used)
			}
			n = int(used)
		}
		if b.pixels > at {
			n = min(n, (b.pixels-at)/entry)
		}
		for i := range n {
			if at+entry*i+3 > len(data) {
				return corruptf("bmp: palette ends early (cut off? fetch the file again)")
			}
			c := data[at+entry*i:]
			b.palette = append(b.palette, [4]uint8{c[2], c[1], c[0], 255})
		}
	}
	if b.pixels < 14 || b.pixels > len(data) {
		return corruptf("bmp: pixels begin at %d of %d bytes (cut off? fetch the file again)", b.pixels, len(data))
	}
	return nil
}

func (b *bmpFile) lineBytes() int64 { return (int64(b.width)*int64(b.depth) + 31) / 32 * 4 }

func (b *bmpFile) check(data []byte, lim Limits) error {
	if err := lim.checkSize("bmp", int64(b.width), int64(b.height), float64(b.bands())); err != nil {
		return err
	}
	have := int64(len(data) - b.pixels)
	if b.rle == 0 && b.lineBytes()*int64(b.height) > have {
		return corruptf("bmp: %d bytes can't hold %d × %d px (cut off? fetch the file again)", have, b.width, b.height)
	}
	// A run may be skipped by deltas of 255 × 255 px in four bytes.
	if b.rle != 0 && int64(b.width)*int64(b.height)/(255*64) > have {
		return corruptf("bmp: %d bytes can't hold %d × %d px", have, b.width, b.height)
	}
	return nil
}

func (b *bmpFile) bands() int {
	switch {
	case b.depth <= 8:
		return 1
	case b.masks[3] != 0:
		return 4
	}
	return 3
}

func bmpHeader(data []byte, lim Limits) (header, error) {
	b, err := parseBMP(data)
	if err == nil {
		err = b.check(data, lim)
	}
	if err != nil {
		return header{}, err
	}
	h := header{width: b.width, height: b.height, bands: b.bands(), bits: 8, colour: rgb, pages: 1, orientation: 1, alpha: b.bands() == 4}
	if b.depth <= 8 {
		h.colour = indexed
	}
	if b.rle != 0 {
		h.compression = "rle"
	}
	return h, nil
}

func bmpPixels(data []byte, lim Limits) (*samples, error) {
	b, err := parseBMP(data)
	if err == nil {
		err = b.check(data, lim)
	}
	if err != nil {
		return nil, err
	}
	s := &samples{width: b.width, height: b.height, bands: b.bands(), bits: 8, colour: rgb, alpha: -1}
	s.pix = make([]byte, s.stride()*s.height)
	if s.bands == 4 {
		s.alpha = 3
	}
	if b.depth <= 8 {
		s.colour, s.palette = indexed, b.palette
	}
	if b.rle != 0 {
		return s, b.unrun(s, data[b.pixels:])
	}
	line := int(b.lineBytes())
	for y := range b.height {
		row := s.row(y)
		if !b.topDown {
			row = s.row(b.height - 1 - y)
		}
		b.unpack(row, data[b.pixels+y*line:])
	}
	return s, nil
}

// unpack turns a stored row into bands.
func (b *bmpFile) unpack(row, src []byte) {
	switch b.depth {
	case 8:
		copy(row, src)
	case 1, 4:
		unpackBits(row, src, b.depth)
	case 24:
		for i := 0; i < len(row); i += 3 {
			row[i], row[i+1], row[i+2] = src[i+2], src[i+1], src[i]
		}
	case 16:
		for x := range b.width {
			b.masked(row, x, uint32(binary.LittleEndian.Uint16(src[2*x:])))
		}
	case 32:
		for x := range b.width {
			b.masked(row, x, binary.LittleEndian.Uint32(src[4*x:]))
		}
	}
}

// masked takes the bands out of a pixel's bits and scales them to 0…255.
func (b *bmpFile) masked(row []byte, x int, v uint32) {
	n := b.bands()
	for k := range n {
		m := b.masks[k]
		if m == 0 {
			continue
		}
		low := bits.TrailingZeros32(m)
		row[x*n+k] = uint8(uint64(v&m>>low) * 255 / uint64(m>>low))
	}
}

// unrun decodes run-length coding, from the bottom row up.
func (b *bmpFile) unrun(s *samples, src []byte) error {
	x, y := 0, 0
	put := func(v byte) {
		if x < b.width && y < b.height {
			s.pix[(b.height-1-y)*b.width+x] = v
		}
		x++
	}
	nibble := func(v byte, i int) byte {
		if b.rle == 8 {
			return v
		}
		return v >> (4 * (1 - i&1)) & 15
	}
	for len(src) >= 2 {
		n, v := int(src[0]), src[1]
		src = src[2:]
		switch {
		case n > 0:
			for i := range n {
				put(nibble(v, i))
			}
		case v == 0:
			x, y = 0, y+1
		case v == 1:
			return nil
		case v == 2:
			if len(src) < 2 {
				return corruptf("bmp: a run ends early (cut off? fetch the file again)")
			}
			x, y = x+int(src[0]), y+int(src[1])
			src = src[2:]
		default:
			size := (int(v)*b.rle/8 + int(v)*b.rle%8/4 + 1) &^ 1
			if len(src) < size {
				return corruptf("bmp: a run ends early (cut off? fetch the file again)")
			}
			for i := range int(v) {
				put(nibble(src[i*b.rle/8], i))
			}
			src = src[size:]
		}
		if y > b.height || x > b.width+255 {
			return corruptf("bmp: a run reaches beyond the picture")
		}
	}
	if y < b.height-1 {
		return corruptf("bmp: pixels end in row %d of %d (cut off? fetch the file again)", y, b.height)
	}
	return nil
}
