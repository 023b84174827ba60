package decode

import (
	"encoding/binary"
	"errors"
	"hash/adler32"
	"sync"
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
	f := inflaters.Get().(*inflater)
	defer func() {
		f.dst, f.src = nil, nil
		inflaters.Put(f)
	}()
	f.dst, f.src, f.n, f.at, f.bits, f.have = dst, src, 0, 2, 0, 0
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

// inflaters keeps the tables' memory, which is more than many a tile.
var inflaters = sync.Pool{New: func() any { return new(inflater) }}

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
		case err != nil && err != errFull:
			return false, err
		case f.at-int(f.have/8) > len(f.src):
			return false, errShort // the zeros behind the end were taken for data
		case err == errFull:
			return false, nil
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
