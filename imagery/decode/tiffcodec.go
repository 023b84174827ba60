package decode

import (
	"fmt"
	"math/bits"

	"github.com/klauspost/compress/zstd"
)

// decompress fills out from a segment and returns how much it could fill.
func (r *segmentReader) decompress(out, src []byte, w, h int) (int, error) {
	l := r.l
	switch l.compression {
	case tiffNone:
		return copy(out, src), nil
	case tiffLZW:
		return unLZW(out, src)
	case tiffPackBits:
		return unPackBits(out, src)
	case tiffDeflate, tiffOldFlate:
		return inflate(out, src)
	case tiffZSTD:
		return r.unZSTD(out, src)
	case tiffCCITTRLE, tiffCCITT3, tiffCCITT4, tiffCCITTRLEW:
		if l.bits != 1 || l.segBands() != 1 {
			return 0, fmt.Errorf("fax coding of %d bits and %d bands", l.bits, l.segBands())
		}
		return l.unFax(out, src, w, h)
	}
	return 0, fmt.Errorf("compression %d", l.compression)
}

// reversed turns the bits of each byte round.
func reversed(buf, src []byte) []byte {
	buf = grow(buf, len(src))
	for i, v := range src {
		buf[i] = bits.Reverse8(v)
	}
	return buf
}

// unPackBits decodes TIFF 6.0, section 9.
func unPackBits(out, src []byte) (int, error) {
	n := 0
	for n < len(out) && len(src) > 0 {
		c := int(int8(src[0]))
		src = src[1:]
		switch {
		case c >= 0:
			k := min(c+1, len(src), len(out)-n)
			copy(out[n:], src[:k])
			n, src = n+k, src[min(c+1, len(src)):]
		case c != -128 && len(src) > 0:
			k := min(1-c, len(out)-n)
			for i := range k {
				out[n+i] = src[0]
			}
			n, src = n+k, src[1:]
		}
	}
	return n, nil
}

// The largest window that level 22 of zstd asks for is 128 MiB.
const maxZSTDWindow = 128 << 20

// unZSTD keeps its decoder from one segment to the next.
func (r *segmentReader) unZSTD(out, src []byte) (int, error) {
	if r.zstd == nil {
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxMemory(uint64(len(out))+maxZSTDWindow), zstd.WithDecoderMaxWindow(maxZSTDWindow))
		if err != nil {
			return 0, err
		}
		r.zstd = d
	}
	got, err := r.zstd.DecodeAll(src, out[:0:len(out)])
	if len(got) > 0 && &got[0] != &out[0] {
		copy(out, got) // the frame holds more than the segment needs
	}
	return min(len(got), len(out)), err
}
