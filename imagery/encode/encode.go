// Package encode writes pictures as PNG: what antequem draws, resamples and
// scores, never an original. It serves speed first: the rows are cut into stripes
// that are compressed by themselves and on several processors, so the same picture
// gives the same bytes whatever the number of workers. No file holds metadata.
package encode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"image"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// stripeBytes is about how many filtered bytes are compressed by themselves: many
// times the 32 KiB that deflate looks back, so that little is lost at the cuts.
const stripeBytes = 384 << 10

// PNG returns im as a PNG file, made on at most workers goroutines (all processors
// where workers is 0). [image.NRGBA] becomes RGB where every pixel is opaque and
// RGBA otherwise, [image.Gray] and [image.Gray16] stay grey of 8 and 16 bits, an
// [image.Paletted] of two colours takes a bit a pixel; everything else is turned
// into NRGBA first. It fails with [imagery.ErrInvalid] for a picture without pixels.
func PNG(im image.Image, workers int) ([]byte, error) {
	b := im.Bounds()
	if b.Empty() || int64(b.Dx()) > 1<<31-1 || int64(b.Dy()) > 1<<31-1 {
		return nil, fmt.Errorf("encode png of %d × %d px: %w", b.Dx(), b.Dy(), imagery.ErrInvalid)
	}
	src := scanlines(im)
	stripes, err := compress(src, workers)
	if err != nil {
		return nil, fmt.Errorf("encode png: %w", err)
	}
	size := 128
	for _, s := range stripes {
		size += len(s.data) + 16
	}
	out := append(make([]byte, 0, size), "\x89PNG\r\n\x1a\n"...)
	out = chunk(out, "IHDR", src.header())
	if len(src.palette) > 0 {
		out = chunk(out, "PLTE", src.palette)
	}
	sum := uint32(1) // Adler-32 of nothing
	for i, s := range stripes {
		data := s.data
		if i == 0 {
			data = append([]byte{0x78, 0x01}, data...) // zlib: a window of 32 KiB, fast
		}
		sum = joinAdler(sum, s.sum, s.length)
		if i == len(stripes)-1 {
			data = binary.BigEndian.AppendUint32(data, sum)
		}
		out = chunk(out, "IDAT", data)
	}
	return chunk(out, "IEND", nil), nil
}

// chunk appends a chunk of a PNG: length, type, data and the CRC of the last two.
func chunk(out []byte, kind string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	from := len(out)
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}

// A stripe is a run of rows, filtered and compressed.
type stripe struct {
	data   []byte // deflate blocks that end on a whole byte
	sum    uint32 // Adler-32 of the filtered bytes
	length int    // of the filtered bytes
}

// compress filters and deflates all rows of src.
func compress(src source, workers int) ([]stripe, error) {
	rows := max(1, stripeBytes/(1+src.stride))
	out := make([]stripe, (src.h+rows-1)/rows)
	errs := make([]error, len(out))
	raster.Each(len(out), workers, func(i int) {
		p := presses.Get().(*press)
		defer presses.Put(p)
		from, to := i*rows, min((i+1)*rows, src.h)
		filtered := p.filter(src, from, to)
		out[i] = stripe{sum: adler32.Checksum(filtered), length: len(filtered)}
		out[i].data, errs[i] = p.deflate(filtered, to == src.h)
	})
	return out, errors.Join(errs...)
}

// joinAdler returns the Adler-32 of two runs of bytes from the sums of each and the
// length of the second (RFC 1950, 8.2).
func joinAdler(a, b uint32, length int) uint32 {
	const mod = 65521
	n := uint32(length % mod)
	a1, a2, b1, b2 := a&0xffff, a>>16, b&0xffff, b>>16
	s1 := (a1 + b1 + mod - 1) % mod
	s2 := (a2 + b2 + uint32(uint64(n)*uint64(a1+mod-1)%mod)) % mod
	return s2<<16 | s1
}
