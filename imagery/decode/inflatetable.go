package decode

import (
	"math/bits"
	"sync"
)

// Tables are looked up by the next bits; longer codes lead to a table of their own.
// An entry is value<<16 | extra bits<<8 | kind | bits of the code.
const (
	litBits, distBits = 11, 8
	litSize           = 1<<litBits + 288*16
	distSize          = 1<<distBits + 32*128

	isLiteral = 0x80
	isEnd     = 0x40
	isLong    = 0x20 // value is where the longer codes stand, extra bits how many index them
	codeBits  = 0x1f
)

var (
	lengthBase  = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtra = [29]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	codeOrder   = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
)

// litEntry and distEntry say what a symbol means, in the form of a table entry.
func litEntry(s int) uint32 {
	switch {
	case s < 256:
		return uint32(s)<<16 | isLiteral
	case s == 256:
		return isEnd
	case s < 286:
		return uint32(lengthBase[s-257])<<16 | uint32(lengthExtra[s-257])<<8
	}
	return 0xffffffff
}

func distEntry(s int) uint32 {
	if s < 4 {
		return uint32(s+1) << 16
	}
	if s >= 30 {
		return 0xffffffff
	}
	extra := uint32(s/2 - 1)
	return (1+(2+uint32(s&1))<<extra)<<16 | extra<<8
}

func plainEntry(s int) uint32 { return uint32(s) << 16 }

// build fills a table from the lengths of its symbols' codes (RFC 1951, 3.2.2).
func build(table []uint32, primary uint, lengths []uint8, entry func(int) uint32) error {
	var count, code [17]int
	longest := uint(0)
	used := 0
	for _, l := range lengths {
		count[l]++
		if l > 0 {
			longest, used = max(longest, uint(l)), used+1
		}
	}
	count[0] = 0
	left := 1
	for l := 1; l <= 15; l++ {
		code[l+1] = (code[l] + count[l]) << 1
		if left = left<<1 - count[l]; left < 0 {
			return errDeflate
		}
	}
	if left > 0 && used > 1 {
		return errDeflate // codes that leave gaps; one code alone is allowed
	}
	clear(table[:1<<primary])
	next, sub := 1<<primary, uint(0)
	if longest > primary {
		sub = longest - primary
	}
	for s, l8 := range lengths {
		l := uint(l8)
		if l == 0 {
			continue
		}
		c := int(bits.Reverse16(uint16(code[l])) >> (16 - l))
		code[l]++
		e := entry(s)
		if e == 0xffffffff {
			continue // a symbol that may have a code and never be used
		}
		if l <= primary {
			for i := c; i < 1<<primary; i += 1 << l {
				table[i] = e | uint32(l)
			}
			continue
		}
		low := c & (1<<primary - 1)
		if table[low] == 0 {
			if next+1<<sub > len(table) {
				return errDeflate
			}
			clear(table[next : next+1<<sub])
			table[low] = uint32(next)<<16 | uint32(sub)<<8 | isLong | uint32(primary)
			next += 1 << sub
		}
		at := int(table[low] >> 16)
		for i := c >> primary; i < 1<<sub; i += 1 << (l - primary) {
			table[at+i] = e | uint32(l-primary)
		}
	}
	return nil
}

// fixed takes the codes of RFC 1951, 3.2.6, which are never longer than a table's index.
func (f *inflater) fixed() {
	t := fixedTables()
	copy(f.lit[:1<<litBits], t.lit[:])
	copy(f.dist[:1<<distBits], t.dist[:])
}

var fixedTables = sync.OnceValue(func() *inflater {
	var f inflater
	l := f.lengths[:288]
	for i := range l {
		switch {
		case i < 144, i >= 280:
			l[i] = 8
		case i < 256:
			l[i] = 9
		default:
			l[i] = 7
		}
	}
	_ = build(f.lit[:], litBits, l, litEntry) // always complete
	d := f.lengths[288:320]
	for i := range d {
		d[i] = 5
	}
	_ = build(f.dist[:], distBits, d, distEntry)
	return &f
})
