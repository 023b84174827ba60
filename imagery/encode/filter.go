package encode

// The filters of the PNG specification, 9.2.
const (
	filterNone = iota
	filterSub
	filterUp
	filterAverage
	filterPaeth
)

// looked is how far apart the bytes lie by which a row's filter is chosen: prime to
// the 1 to 4 bytes of a pixel, so that every channel is looked at.
const looked = 13

// choose returns the filter that leaves the least to code in a row, as the sum of
// absolute differences has it (PNG specification, 12.8), counted at every
// thirteenth byte. row and above begin with bpp zeros.
func choose(row, above []byte, bpp int) uint8 {
	var none, sub, up, average, paeth int
	above = above[:len(row)]
	for i := bpp; i < len(row); i += looked {
		v, a, b, c := row[i], row[i-bpp], above[i], above[i-bpp]
		none += size(v)
		sub += size(v - a)
		up += size(v - b)
		average += size(v - uint8((int(a)+int(b))/2))
		paeth += size(v - predict(a, b, c))
	}
	best, f := none, uint8(filterNone)
	for i, n := range [...]int{sub, up, average, paeth} {
		if n < best {
			best, f = n, uint8(i+1)
		}
	}
	return f
}

// size is the distance of a difference from 0, either way round.
func size(d uint8) int { return max(int(int8(d)), -int(int8(d))) }

// predict is Paeth's predictor: whichever of left, up and upper left lies nearest
// to left + up - upper left.
func predict(a, b, c uint8) uint8 {
	pa, pb := int(b)-int(c), int(a)-int(c)
	pc := pa + pb
	pa, pb, pc = max(pa, -pa), max(pb, -pb), max(pc, -pc)
	if pb < pa {
		a, pa = b, pb
	}
	if pc < pa {
		a = c
	}
	return a
}

// apply writes row, filtered by f, to dst.
func apply(f uint8, dst, row, above []byte, bpp int) {
	n := len(dst)
	v, a := row[bpp:][:n], row[:n]
	b, c := above[bpp:][:n], above[:n]
	switch f {
	case filterNone:
		copy(dst, v)
	case filterSub:
		for i := range dst {
			dst[i] = v[i] - a[i]
		}
	case filterUp:
		for i := range dst {
			dst[i] = v[i] - b[i]
		}
	case filterAverage:
		for i := range dst {
			dst[i] = v[i] - uint8((int(a[i])+int(b[i]))/2)
		}
	case filterPaeth:
		for i := range dst {
			dst[i] = v[i] - predict(a[i], b[i], c[i])
		}
	}
}
