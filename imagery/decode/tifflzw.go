package decode

import "errors"

var errLZW = errors.New("LZW code that was never made")

// unLZW decodes TIFF's LZW (TIFF 6.0, section 13), and the form with the first bits
// lowest that writers before 1989 made, which shows by its first code.
func unLZW(out, src []byte) (int, error) {
	if len(src) >= 2 && src[0] == 0 && src[1]&1 == 1 {
		return lzw(out, src, true)
	}
	return lzw(out, src, false)
}

const (
	lzwClear = 256
	lzwEnd   = 257
)

// lzw keeps for each code where its string lies in out: strings are never copied into a
// table, for each is the one before it and one byte more, which stand in out already.
func lzw(out, src []byte, old bool) (int, error) {
	var start [4096]int32  // of a code's string in out
	var length [4096]int32 // of that string; 0 if the code is not made yet
	next, width := int32(258), uint(9)
	early := int32(1) // codes grow one sooner than need be, except in the old form
	if old {
		early = 0
	}
	var bits uint64
	var have uint
	n, prevAt, prevLen := 0, 0, 0 // prevLen 0: no code since the last clear
	for n < len(out) {
		for have < width {
			if len(src) == 0 {
				return n, nil
			}
			if old {
				bits |= uint64(src[0]) << have
			} else {
				bits = bits<<8 | uint64(src[0])
			}
			have += 8
			src = src[1:]
		}
		var code int32
		if old {
			code = int32(bits & (1<<width - 1))
			bits >>= width
		} else {
			code = int32(bits >> (have - width) & (1<<width - 1))
		}
		have -= width
		if code == lzwClear {
			next, width, prevLen = 258, 9, 0
			continue
		}
		if code == lzwEnd {
			return n, nil
		}
		at, size := n, 0
		switch {
		case code < 256:
			out[n] = byte(code)
			size = 1
		case code < next:
			s, k := int(start[code]), int(length[code])
			size = min(k, len(out)-n)
			if s+size <= n {
				copy(out[n:n+size], out[s:])
			} else {
				for i := range size {
					out[n+i] = out[s+i]
				}
			}
		case code == next && prevLen > 0:
			size = min(prevLen+1, len(out)-n)
			for i := range size { // the last string and its own first byte
				out[n+i] = out[prevAt+i]
			}
		default:
			return n, errLZW
		}
		n += size
		if prevLen > 0 && next < 4096 {
			start[next], length[next] = int32(prevAt), int32(prevLen+1)
			next++
		}
		prevAt, prevLen = at, size
		if next+early >= 1<<width && width < 12 {
			width++
		}
	}
	return n, nil
}
