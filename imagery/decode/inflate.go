package decode

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/zlib"
)

// Deflate makes at most 1032 bytes of one (RFC 1951: 258 bytes for two bits of code).
const maxDeflateRatio = 1032

var errShort = errors.New("data end early")

// inflate fills dst from a zlib stream (RFC 1950) and returns how much it could fill.
// What the stream holds beyond dst is not read.
func inflate(dst, src []byte) (int, error) {
	zr, err := zlib.NewReader(bytes.NewReader(src))
	if err != nil {
		return 0, err
	}
	defer zr.Close()
	n, err := io.ReadFull(zr, dst)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return n, errShort
	}
	if err != nil {
		return n, err
	}
	var one [1]byte
	if _, err := zr.Read(one[:]); err == zlib.ErrChecksum {
		return n, err
	}
	return n, nil
}
