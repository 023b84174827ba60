package decode

import (
	"fmt"
	"io"
	"math/bits"

	"github.com/klauspost/compress/zstd"
)

// decompress fills out from a segment and returns how much it could fill.
func (l *tiffLayout) decompress(out, src []byte, w, h int) (int, error) {
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
		return unZSTD(out, src)
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

func unZSTD(out, src []byte) (int, error) {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(uint64(len(out))+maxZSTDWindow), zstd.WithDecoderMaxWindow(maxZSTDWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return 0, err
	}
	defer d.Close()
	if err := d.Reset(&sliceReader{src}); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(d, out)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return n, err
}

// A sliceReader reads bytes and nothing more, so that no decoder looks behind it.
type sliceReader struct{ b []byte }

func (r *sliceReader) Read(p []byte) (int, error) {
	if len(r.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.b)
	r.b = r.b[n:]
	return n, nil
}
