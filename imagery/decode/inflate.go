package decode

import (
	"encoding/binary"
	"errors"
	"hash/adler32"
	"math/bits"
)

// Deflate makes at most 1032 bytes of one (RFC 1951: 258 bytes for two bits of code).
const maxDeflateRatio = 1032

var (
	errShort   = errors.New("data end early")
	errDeflate = errors.New("deflate data contradict themselves")
	errAdler   = errors.New("checksum of the deflated data is wrong")
)

// inflate fills dst from a zlib stream (RFC 1950) and returns how much it could fill.
// What the stream holds beyond dst is not read. It writes into dst alone and so needs no
// window beside it: the standard library's reader, which can't know where its bytes go,
// takes twice as long.
func inflate(dst, src []byte) (int, error) {
	if len(src) < 2 {
		return 0, errShort
	}
	if src[0]&15 != 8 || src[1]&0x20 != 0 || (uint(src[0])<<8|uint(src[1]))%31 != 0 {
		return 0, errors.New("no zlib stream")
	}
	f := &inflater{dst: dst, src: src, at: 2}
	ended, err := f.blocks()
	if err != nil || f.n < len(dst) {
		if err == nil {
			err = errShort
		}
		return f.n, err
	}
	if !ended {
		return f.n, nil
	}
	at := f.at - int(f.have/8)
	if at+4 > len(src) {
		return f.n, errShort
	}
	if binary.BigEndian.Uint32(src[at:]) != adler32.Checksum(dst) {
		return f.n, errAdler
	}
	return f.n, nil
}

// An inflater reads RFC 1951.
type inflater struct {
	dst, src []byte
	n        int // bytes written
	at       int // next byte to read; beyond the end once zeros stand in for it
	bits     uint64
	have     uint // bits in bits
	lit      [litSize]uint32
	dist     [distSize]uint32
	lengths  [320]uint8
}

// blocks decodes until the last block ends (ended) or dst is full.
func (f *inflater) blocks() (ended bool, err error) {
	for last := false; !last; {
		f.fill()
		last = f.bits&1 == 1
		kind := f.bits >> 1 & 3
		f.take(3)
		switch kind {
		case 0:
			err = f.stored()
		case 1:
			f.fixed()
			err = f.codes()
		case 2:
			if err = f.dynamic(); err == nil {
				err = f.codes()
			}
		default:
			err = errDeflate
		}
		switch {
		case err == errFull:
			return false, nil
		case err != nil:
			return false, err
		case f.at-int(f.have/8) > len(f.src):
			return false, errShort
		}
	}
	return true, nil
}

var errFull = errors.New("full")

// fill brings bits to 56 or more. Beyond the end of src it gives zeros and counts on.
func (f *inflater) fill() {
	if f.at+8 <= len(f.src) {
		f.bits |= binary.LittleEndian.Uint64(f.src[f.at:]) << f.have
		f.at += int(63-f.have) >> 3
		f.have |= 56
		return
	}
	for f.have <= 56 {
		if f.at < len(f.src) {
			f.bits |= uint64(f.src[f.at]) << f.have
		}
		f.at++
		f.have += 8
	}
}

func (f *inflater) take(n uint) { f.bits >>= n; f.have -= n }

// stored copies a block that is not compressed.
func (f *inflater) stored() error {
	f.take(f.have & 7)
	f.at -= int(f.have / 8)
	f.bits, f.have = 0, 0
	if f.at+4 > len(f.src) {
		return errShort
	}
	n := int(binary.LittleEndian.Uint16(f.src[f.at:]))
	if n != int(^binary.LittleEndian.Uint16(f.src[f.at+2:])) {
		return errDeflate
	}
	f.at += 4
	room := min(n, len(f.dst)-f.n)
	if f.at+room > len(f.src) {
		f.n += copy(f.dst[f.n:], f.src[f.at:])
		return errShort
	}
	f.n += copy(f.dst[f.n:f.n+room], f.src[f.at:])
	f.at += n
	if room < n {
		return errFull
	}
	return nil
}

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

func (f *inflater) fixed() {
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
}

// dynamic reads a block's own codes.
func (f *inflater) dynamic() error {
	f.fill()
	lits, dists, codes := int(f.bits&31)+257, int(f.bits>>5&31)+1, int(f.bits>>10&15)+4
	f.take(14)
	if lits > 286 || dists > 30 {
		return errDeflate
	}
	var small [19]uint8
	for _, i := range codeOrder[:codes] {
		f.fill()
		small[i] = uint8(f.bits & 7)
		f.take(3)
	}
	if err := build(f.dist[:], 7, small[:], plainEntry); err != nil {
		return err
	}
	l := f.lengths[:lits+dists]
	for i := 0; i < len(l); {
		f.fill()
		e := f.dist[f.bits&127]
		if e == 0 {
			return errDeflate
		}
		f.take(uint(e & codeBits))
		s := e >> 16
		if s < 16 {
			l[i] = uint8(s)
			i++
			continue
		}
		again, v := 0, uint8(0)
		switch s {
		case 16:
			if i == 0 {
				return errDeflate
			}
			again, v = int(f.bits&3)+3, l[i-1]
			f.take(2)
		case 17:
			again = int(f.bits&7) + 3
			f.take(3)
		default:
			again = int(f.bits&127) + 11
			f.take(7)
		}
		if i+again > len(l) {
			return errDeflate
		}
		for range again {
			l[i] = v
			i++
		}
	}
	if l[256] == 0 {
		return errDeflate
	}
	if err := build(f.dist[:], distBits, l[lits:], distEntry); err != nil {
		return err
	}
	return build(f.lit[:], litBits, l[:lits], litEntry)
}

// codes decodes literals and matches until the block ends.
func (f *inflater) codes() error {
	dst, src := f.dst, f.src
	n, at, hold, have := f.n, f.at, f.bits, f.have
	defer func() { f.n, f.at, f.bits, f.have = n, at, hold, have }()
	for {
		if at+8 <= len(src) {
			hold |= binary.LittleEndian.Uint64(src[at:]) << have
			at += int(63-have) >> 3
			have |= 56
		} else {
			for have <= 56 {
				if at < len(src) {
					hold |= uint64(src[at]) << have
				}
				at++
				have += 8
			}
			if at-int(have/8) > len(src) {
				return errShort
			}
		}
		e := f.lit[hold&(1<<litBits-1)]
		// Four literals of at most 11 bits each fit into 56; a match, at most 48 bits long, needs them anew.
		if e&isLiteral != 0 && n+4 <= len(dst) {
			hold >>= e & codeBits
			have -= uint(e & codeBits)
			dst[n] = byte(e >> 16)
			n++
			e = f.lit[hold&(1<<litBits-1)]
			for k := 0; k < 3 && e&isLiteral != 0; k++ {
				hold >>= e & codeBits
				have -= uint(e & codeBits)
				dst[n] = byte(e >> 16)
				n++
				e = f.lit[hold&(1<<litBits-1)]
			}
			if have < 48 {
				continue
			}
		}
		if e&isLong != 0 {
			hold >>= litBits
			have -= litBits
			e = f.lit[uint64(e>>16)+hold&(1<<(e>>8&15)-1)]
		}
		hold >>= e & codeBits
		have -= uint(e & codeBits)
		switch {
		case e&isLiteral != 0:
			if n >= len(dst) {
				return errFull
			}
			dst[n] = byte(e >> 16)
			n++
			continue
		case e&isEnd != 0:
			return nil
		case e == 0:
			return errDeflate
		}
		extra := e >> 8 & 15
		size := int(e>>16) + int(hold&(1<<extra-1))
		hold >>= extra
		have -= uint(extra)
		e = f.dist[hold&(1<<distBits-1)]
		if e&isLong != 0 {
			hold >>= distBits
			have -= distBits
			e = f.dist[uint64(e>>16)+hold&(1<<(e>>8&15)-1)]
		}
		if e == 0 {
			return errDeflate
		}
		hold >>= e & codeBits
		have -= uint(e & codeBits)
		extra = e >> 8 & 15
		back := int(e>>16) + int(hold&(1<<extra-1))
		hold >>= extra
		have -= uint(extra)
		if back > n {
			return errDeflate
		}
		if n+size > len(dst) {
			repeat(dst, n, back, len(dst)-n)
			n = len(dst)
			return errFull
		}
		repeat(dst, n, back, size)
		n += size
	}
}

// repeat copies size bytes to n from back bytes before, which may overlap: then they
// repeat. It may write up to seven bytes too many where dst has room.
func repeat(dst []byte, n, back, size int) {
	if back >= 8 && n+size+8 <= len(dst) {
		for end := n + size; n < end; n += 8 {
			binary.LittleEndian.PutUint64(dst[n:], binary.LittleEndian.Uint64(dst[n-back:]))
		}
		return
	}
	if back == 1 {
		v := dst[n-1]
		run := dst[n : n+size]
		for i := range run {
			run[i] = v
		}
		return
	}
	for i := n; i < n+size; i++ {
		dst[i] = dst[i-back]
	}
}
