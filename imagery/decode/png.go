package decode

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// A pngFile is a PNG (ISO/IEC 15948:2004) taken apart into its chunks.
type pngFile struct {
	width, height   int
	depth           int // bits of a sample
	kind            uint8
	interlaced      bool
	palette, alphas []byte
	data            [][]byte // compressed pixels, in pieces
	meta            metadata
	orientation     int
	warnings        []string
}

// PNG's colour types.
const (
	pngGrey      = 0
	pngRGB       = 2
	pngIndexed   = 3
	pngGreyAlpha = 4
	pngRGBA      = 6
)

// pngDepths lists the depths that a colour type allows, a bit for each.
var pngDepths = map[uint8]uint{
	pngGrey: 1<<1 | 1<<2 | 1<<4 | 1<<8 | 1<<16, pngRGB: 1<<8 | 1<<16, pngIndexed: 1<<1 | 1<<2 | 1<<4 | 1<<8,
	pngGreyAlpha: 1<<8 | 1<<16, pngRGBA: 1<<8 | 1<<16,
}

var pngBands = map[uint8]int{pngGrey: 1, pngRGB: 3, pngIndexed: 1, pngGreyAlpha: 2, pngRGBA: 4}

// parsePNG walks the chunks. Broken ones that pixels need are errors; others are passed over.
func parsePNG(data []byte) (*pngFile, error) {
	p := &pngFile{orientation: 1}
	ended := false
	for rest := data[8:]; len(rest) > 0 && !ended; {
		if len(rest) < 12 {
			break
		}
		n, name := int64(binary.BigEndian.Uint32(rest)), string(rest[4:8])
		if n > int64(len(rest))-12 {
			return nil, corruptf("png: chunk %q of %d bytes reaches beyond the file's end (cut off? fetch the file again)", clean(name), n)
		}
		body, sum := rest[8:8+n], binary.BigEndian.Uint32(rest[8+n:])
		sound := crc32.ChecksumIEEE(rest[4:8+n]) == sum
		rest = rest[12+n:]
		if p.width == 0 && name != "IHDR" {
			return nil, corruptf("png: begins with chunk %q and not IHDR", clean(name))
		}
		if needed := name[0] >= 'A' && name[0] <= 'Z'; !sound && needed {
			return nil, corruptf("png: chunk %q fails its checksum (damaged on the way? fetch the file again)", clean(name))
		}
		if !sound {
			p.warnings = append(p.warnings, "png: chunk "+clean(name)+" fails its checksum: left out")
			continue
		}
		if err := p.chunk(name, body); err != nil {
			return nil, err
		}
		ended = name == "IEND"
	}
	if !ended {
		p.warnings = append(p.warnings, "png: no end mark: cut off behind the pixels")
	}
	switch {
	case p.width == 0:
		return nil, corruptf("png: no header (cut off? fetch the file again)")
	case p.kind == pngIndexed && p.palette == nil && len(p.data) > 0:
		return nil, corruptf("png: no palette")
	case len(p.data) == 0:
		return nil, corruptf("png: no pixels (cut off? fetch the file again)")
	}
	return p, nil
}

func (p *pngFile) chunk(name string, b []byte) error {
	switch name {
	case "IHDR":
		return p.header(b)
	case "PLTE":
		if len(b) == 0 || len(b)%3 != 0 || len(b) > 768 {
			return corruptf("png: palette of %d bytes", len(b))
		}
		p.palette = b
	case "tRNS":
		p.alphas = b
	case "IDAT":
		p.data = append(p.data, b)
	default:
		p.describe(name, b)
	}
	return nil
}

func (p *pngFile) header(b []byte) error {
	if len(b) != 13 || p.width != 0 {
		return corruptf("png: header of %d bytes", len(b))
	}
	w, h := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	if w == 0 || h == 0 || w > 1<<31-1 || h > 1<<31-1 {
		return corruptf("png: size %d × %d px", w, h)
	}
	p.width, p.height, p.depth, p.kind = int(w), int(h), int(b[8]), b[9]
	if p.depth > 16 || pngDepths[p.kind]&(1<<p.depth) == 0 {
		return corruptf("png: colour type %d with %d bits", p.kind, p.depth)
	}
	if b[10] != 0 || b[11] != 0 || b[12] > 1 {
		return corruptf("png: compression %d, filter %d, interlace %d", b[10], b[11], b[12])
	}
	p.interlaced = b[12] == 1
	return nil
}

func (p *pngFile) bands() int { return pngBands[p.kind] }

// lineBytes returns the bytes of a row of w pixels, without its filter byte.
func (p *pngFile) lineBytes(w int) int { return (w*p.bands()*p.depth + 7) / 8 }

func (p *pngFile) check(lim Limits) error {
	perPixel := float64(p.bands()*p.depth) / 8
	if p.depth < 8 {
		perPixel++
	}
	if p.interlaced {
		perPixel *= 2
	}
	return lim.checkSize("png", int64(p.width), int64(p.height), perPixel)
}

func pngHeader(data []byte, lim Limits) (header, error) {
	p, err := parsePNG(data)
	if err != nil {
		return header{}, err
	}
	if err := p.check(lim); err != nil {
		return header{}, err
	}
	if holdsPublished(data) {
		p.meta.published("png", bytes.NewReader(data))
	}
	s := p.layout()
	return header{
		width: p.width, height: p.height, bands: s.bands, kind: s.kind, bits: s.bits, colour: s.colour,
		alpha: s.alpha >= 0 || p.alphas != nil, compression: "deflate", pages: 1,
		orientation: p.orientation, meta: p.meta, warnings: p.warnings,
	}, nil
}

// layout says what the samples mean, without pixels.
func (p *pngFile) layout() *samples {
	s := &samples{width: p.width, height: p.height, bands: p.bands(), bits: p.depth, alpha: -1}
	if p.depth == 16 {
		s.kind = u16
	}
	switch p.kind {
	case pngGrey:
		s.colour = grey
	case pngGreyAlpha:
		s.colour, s.alpha = grey, 1
	case pngRGB:
		s.colour = rgb
	case pngRGBA:
		s.colour, s.alpha = rgb, 3
	case pngIndexed:
		s.colour = indexed
		for i := 0; i < len(p.palette); i += 3 {
			a := uint8(255)
			if i/3 < len(p.alphas) {
				a = p.alphas[i/3]
			}
			s.palette = append(s.palette, [4]uint8{p.palette[i], p.palette[i+1], p.palette[i+2], a})
		}
		return s
	}
	if need := 2 * s.bands; s.alpha < 0 && len(p.alphas) >= need {
		for b := range s.bands {
			s.key = append(s.key, binary.BigEndian.Uint16(p.alphas[2*b:]))
		}
	}
	return s
}
