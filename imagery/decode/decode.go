// Package decode turns the bytes of a file into pixels and what the file says of
// itself: dates, place, sensor, software.
//
// A file is recognised by its first bytes, never by its name. Sizes are checked
// against [Limits], and against what the file's length could possibly hold, before
// memory is taken. A file that is cut off or contradicts itself is
// [imagery.ErrCorrupt], never half a picture; one of a sort that is not read here is
// [imagery.ErrUnsupported] and is named.
//
// Samples are kept as stored. An EXIF turn is applied to what people and the
// measurements see ([Picture.NRGBA], [Picture.Raster]) and not to what describes the
// file ([Picture.Info]).
package decode

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"

	"github.com/antequem/antequem/imagery"
)

// Limits bound what a file may claim before it is believed.
type Limits struct {
	MaxBytes  int64 // of the file; 0 is no limit
	MaxPixels int64 // width × height; 0 is no limit
	MaxMemory int64 // bytes that decoding may hold at once; 0 takes the default, 768 MiB
}

// DefaultLimits returns 1 GiB of file, 400 megapixels and 768 MiB of memory, of
// which the last is reached first by colour pictures.
func DefaultLimits() Limits {
	return Limits{MaxBytes: 1 << 30, MaxPixels: 400 << 20, MaxMemory: 768 << 20}
}

// cropIt says what a user can do about a picture that is too large.
const cropIt = "cut out what matters, or make a small copy, with antequem crop"

func (l Limits) memory() int64 {
	if l.MaxMemory > 0 {
		return l.MaxMemory
	}
	return DefaultLimits().MaxMemory
}

// checkSize refuses a picture of w × h pixels that needs perPixel bytes of memory
// for each, and sizes that are not positive.
func (l Limits) checkSize(format string, w, h int64, perPixel float64) error {
	switch {
	case w <= 0 || h <= 0:
		return corruptf("%s: size %d × %d px", format, w, h)
	case w > math.MaxInt32 || h > math.MaxInt32 || l.MaxPixels > 0 && w > l.MaxPixels/h:
		return tooLargef("%s: %d × %d px, the limit is %d px in all: "+cropIt, format, w, h, l.MaxPixels)
	}
	if need := float64(w) * float64(h) * perPixel; need > float64(l.memory()) {
		return tooLargef("%s: %d × %d px needs %.0f MiB to decode, the limit is %d MiB: "+cropIt,
			format, w, h, need/(1<<20), l.memory()>>20)
	}
	return nil
}

func (l Limits) checkBytes(n int) error {
	if l.MaxBytes > 0 && int64(n) > l.MaxBytes {
		return tooLargef("file: %d bytes, the limit is %d", n, l.MaxBytes)
	}
	return nil
}

// A codec reads one format.
type codec struct {
	name   string
	header func(data []byte, lim Limits) (header, error)   // without pixels
	pixels func(data []byte, lim Limits) (*samples, error) // as stored, first picture
}

// A header is what a file says of its pixels before they are decoded.
type header struct {
	width, height int
	bands         int // as stored: 1 for a palette
	kind          kind
	bits          int // significant bits of a sample
	colour        colour
	alpha         bool
	compression   string
	pages         int      // pictures of full size in the file; at least 1
	overviews     [][2]int // width and height of reduced copies
	mask          bool     // the file holds a mask of valid pixels
	orientation   int      // EXIF's 1 to 8; 1 is upright
	meta          metadata
	warnings      []string
}

var codecs = map[string]codec{
	"png":  {"png", pngHeader, pngPixels},
	"jpeg": {"jpeg", jpegHeader, jpegPixels},
	"webp": {"webp", webpHeader, webpPixels},
	"gif":  {"gif", gifHeader, gifPixels},
	"bmp":  {"bmp", bmpHeader, bmpPixels},
	"tiff": {"tiff", tiffHeader, tiffPixels},
}

// open recognises data and reads its header.
func open(data []byte, lim Limits) (codec, header, error) {
	if err := lim.checkBytes(len(data)); err != nil {
		return codec{}, header{}, err
	}
	name, err := sniff(data)
	if err != nil {
		return codec{}, header{}, err
	}
	c := codecs[name]
	h, err := c.header(data, lim)
	return c, h, err
}

// Decode reads the picture in data, the first one if there are several. The Picture
// keeps data, which must not be changed afterwards.
func Decode(data []byte, lim Limits) (*Picture, error) {
	c, h, err := open(data, lim)
	if err != nil {
		return nil, err
	}
	s, err := c.pixels(data, lim)
	if err != nil {
		return nil, err
	}
	p := &Picture{Format: c.name, Width: s.width, Height: s.height, data: data, head: h, samples: s, turn: h.turn()}
	if p.turn.swaps() {
		p.Width, p.Height = p.Height, p.Width
	}
	return p, nil
}

// Stat reads what data says of itself without decoding pixels; hashes of pixels are empty.
// It also describes pictures that are too large to decode, and says so in a warning.
func Stat(data []byte, lim Limits) (Info, error) {
	c, h, err := open(data, Limits{MaxBytes: lim.MaxBytes, MaxMemory: math.MaxInt64})
	if err != nil {
		return Info{}, err
	}
	info := describe(c.name, int64(len(data)), h)
	sum := sha256.Sum256(data)
	info.SHA256 = hex.EncodeToString(sum[:])
	if _, _, err := open(data, lim); errors.Is(err, imagery.ErrTooLarge) {
		info.Warnings = append(info.Warnings, err.Error())
	}
	return info, nil
}

func corruptf(format string, a ...any) error     { return fault(imagery.ErrCorrupt, format, a) }
func unsupportedf(format string, a ...any) error { return fault(imagery.ErrUnsupported, format, a) }
func invalidf(format string, a ...any) error     { return fault(imagery.ErrInvalid, format, a) }
func tooLargef(format string, a ...any) error    { return fault(imagery.ErrTooLarge, format, a) }

func fault(kind error, format string, a []any) error {
	return fmt.Errorf("decode "+format+": %w", append(a, kind)...)
}
