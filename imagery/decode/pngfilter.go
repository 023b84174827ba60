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

// unPaeth walks each byte of a pixel on its own, so that its neighbours stay in registers.
func unPaeth(row, above []byte, bpp int) {
	above = above[:len(row)]
	for k := range min(bpp, len(row)) {
		var a, c int // left and upper left
		for i := k; i < len(row); i += bpp {
			b := int(above[i])
			pa, pb := b-c, a-c
			pc := abs(pa + pb)
			pa, pb = abs(pa), abs(pb)
			pred := c
			if pa <= pb && pa <= pc {
				pred = a
			} else if pb <= pc {
				pred = b
			}
			a = int(uint8(pred) + row[i])
			row[i] = uint8(a)
			c = b
		}
	}
}

func abs(x int) int {
	m := x >> 63
	return (x ^ m) - m
}
