package decode

// unfilter takes PNG's filters (ISO/IEC 15948, 9.2) off h rows of line bytes, each with
// its filter byte before it, in place.
func (p *pngFile) unfilter(raw []byte, line, h int) error {
	bpp := max(1, p.bands()*p.depth/8)
	above := make([]byte, line)
	for y := range h {
		at := y * (line + 1)
		row := raw[at+1 : at+1+line]
		switch raw[at] {
		case 0:
		case 1:
			unSub(row, bpp)
		case 2:
			unUp(row, above)
		case 3:
			unAverage(row, above, bpp)
		case 4:
			unPaeth(row, above, bpp)
		default:
			return corruptf("png: filter %d in row %d", raw[at], y)
		}
		above = row
	}
	return nil
}

func unSub(row []byte, bpp int) {
	for i := bpp; i < len(row); i++ {
		row[i] += row[i-bpp]
	}
}

func unUp(row, above []byte) {
	above = above[:len(row)]
	for i := range row {
		row[i] += above[i]
	}
}

func unAverage(row, above []byte, bpp int) {
	above = above[:len(row)]
	for i := range min(bpp, len(row)) {
		row[i] += above[i] / 2
	}
	for i := bpp; i < len(row); i++ {
		row[i] += uint8((int(row[i-bpp]) + int(above[i])) / 2)
	}
}

// unPaeth keeps the neighbours of each byte of a pixel in registers: three or four walks
// side by side for the common depths, else one after another.
func unPaeth(row, above []byte, bpp int) {
	above = above[:len(row)]
	switch {
	case bpp == 3:
		unPaeth3(row, above)
		return
	case bpp == 4:
		unPaeth4(row, above)
		return
	}
	for k := range min(bpp, len(row)) {
		var a, c int32 // left and upper left
		for i := k; i < len(row); i += bpp {
			b := int32(above[i])
			a = int32(uint8(paeth(a, b, c)) + row[i])
			row[i] = uint8(a)
			c = b
		}
	}
}

func unPaeth3(row, above []byte) {
	var a0, a1, a2, c0, c1, c2 int32
	for len(row) >= 3 && len(above) >= 3 {
		b0, b1, b2 := int32(above[0]), int32(above[1]), int32(above[2])
		a0 = int32(uint8(paeth(a0, b0, c0)) + row[0])
		a1 = int32(uint8(paeth(a1, b1, c1)) + row[1])
		a2 = int32(uint8(paeth(a2, b2, c2)) + row[2])
		row[0], row[1], row[2] = uint8(a0), uint8(a1), uint8(a2)
		c0, c1, c2 = b0, b1, b2
		row, above = row[3:], above[3:]
	}
}

func unPaeth4(row, above []byte) {
	var a0, a1, a2, a3, c0, c1, c2, c3 int32
	for len(row) >= 4 && len(above) >= 4 {
		b0, b1, b2, b3 := int32(above[0]), int32(above[1]), int32(above[2]), int32(above[3])
		a0 = int32(uint8(paeth(a0, b0, c0)) + row[0])
		a1 = int32(uint8(paeth(a1, b1, c1)) + row[1])
		a2 = int32(uint8(paeth(a2, b2, c2)) + row[2])
		a3 = int32(uint8(paeth(a3, b3, c3)) + row[3])
		row[0], row[1], row[2], row[3] = uint8(a0), uint8(a1), uint8(a2), uint8(a3)
		c0, c1, c2, c3 = b0, b1, b2, b3
		row, above = row[4:], above[4:]
	}
}

// paeth returns which of left, above and upper left lies nearest to left + above - upper left.
func paeth(a, b, c int32) int32 {
	pa, pb := b-c, a-c
	pc := abs32(pa + pb)
	pa, pb = abs32(pa), abs32(pb)
	if pb < pa {
		pa, a = pb, b
	}
	if pc < pa {
		a = c
	}
	return a
}

func abs32(x int32) int32 {
	m := x >> 31
	return (x ^ m) - m
}
