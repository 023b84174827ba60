package decode

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// The most bytes that a compressed text may unfold to.
const maxText = 1 << 20

// describe reads the chunks that speak of the picture.
func (p *pngFile) describe(name string, b []byte) {
	switch name {
	case "tIME":
		if len(b) == 7 {
			p.meta.date("PNG tIME", change, fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ",
				binary.BigEndian.Uint16(b), b[2], b[3], b[4], b[5], min(b[6], 59)))
		}
	case "eXIf":
		p.orientation = p.meta.exif(b)
	case "caBX":
		p.meta.c2pa = true
	case "tEXt":
		if key, value, ok := bytes.Cut(b, []byte{0}); ok {
			p.text(string(key), latin1(value))
		}
	case "zTXt":
		if key, value, ok := bytes.Cut(b, []byte{0}); ok && len(value) > 1 {
			p.text(string(key), latin1(unfold(value[1:])))
		}
	case "iTXt":
		p.international(b)
	}
}

// international reads UTF-8 text: keyword, compressed or not, language, translation, text.
func (p *pngFile) international(b []byte) {
	key, rest, ok := bytes.Cut(b, []byte{0})
	if !ok || len(rest) < 2 {
		return
	}
	compressed := rest[0] == 1
	parts := bytes.SplitN(rest[2:], []byte{0}, 3)
	if len(parts) < 3 {
		return
	}
	value := parts[2]
	if compressed {
		value = unfold(value)
	}
	if string(key) == "XML:com.adobe.xmp" {
		p.meta.packet(value)
		return
	}
	p.text(string(key), string(value))
}

// text files a keyword under what it means.
func (p *pngFile) text(key, value string) {
	switch key {
	case "Creation Time", "date:create":
		p.meta.date("PNG "+key, creation, value)
	case "date:modify", "date:timestamp":
		p.meta.date("PNG "+key, change, value)
	case "Software":
		first(&p.meta.software, value)
	case "Raw profile type exif", "Raw profile type APP1", "Raw profile type xmp":
		p.rawProfile(value)
	case "Raw profile type iptc": // read by published
		p.meta.tells(personalIPTC)
	default:
		p.meta.word(key, value)
		p.meta.tells(personalComment)
	}
}

// rawProfile reads what ImageMagick writes where a PNG has no chunk for it: a name, a
// length, and the block itself in hexadecimal.
func (p *pngFile) rawProfile(value string) {
	parts := strings.Fields(value)
	if len(parts) < 3 {
		return
	}
	block, err := hex.DecodeString(strings.Join(parts[2:], ""))
	if err != nil {
		return
	}
	if exif, ok := bytes.CutPrefix(block, []byte("Exif\x00\x00")); ok {
		p.orientation = p.meta.exif(exif)
		return
	}
	p.meta.packet(bytes.TrimPrefix(block, []byte(xmpName)))
}

func latin1(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(rune(c))
	}
	return s.String()
}

// unfold inflates a text of any length up to maxText.
func unfold(src []byte) []byte {
	dst := make([]byte, min(maxText, len(src)*maxDeflateRatio))
	n, _ := inflate(dst, src)
	return dst[:n]
}
