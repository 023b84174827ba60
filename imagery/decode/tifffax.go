package decode

import (
	"io"

	"golang.org/x/image/ccitt"
)

// unFax decodes CCITT strips.
func (l *tiffLayout) unFax(out, src []byte, w, h int) (int, error) {
	sf := ccitt.Group3
	if l.compression == tiffCCITT4 {
		sf = ccitt.Group4
	}
	r := ccitt.NewReader(&sliceReader{src}, ccitt.MSB, sf, w, h, &ccitt.Options{Invert: true})
	n, err := io.ReadFull(r, out)
	return n, err
}
