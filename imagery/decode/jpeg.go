package decode

import (
	"bytes"
	"encoding/binary"
)

// A jpegFile is what JPEG's segments (ITU-T T.81, annex B) say before the pixels.
type jpegFile struct {
	width, height, bands int
	precision            int
	progressive          bool
	sof                  byte
	jfif                 bool
	adobe                int // Adobe's colour transform; -1 without an Adobe segment
	luma                 int // blocks of 8 × 8 samples in a unit, of all bands
	unitW, unitH         int // pixels that a unit spans
	meta                 metadata
	orientation          int
	scan                 int // where the first scan begins
}

// jpegProcesses names the coding processes that are not read, by their marker.
var jpegProcesses = map[byte]string{
	0xc3: "lossless JPEG", 0xc5: "hierarchical JPEG", 0xc6: "hierarchical JPEG", 0xc7: "hierarchical JPEG",
	0xc9: "JPEG with arithmetic coding", 0xca: "JPEG with arithmetic coding", 0xcb: "lossless JPEG",
	0xcd: "hierarchical JPEG", 0xce: "hierarchical JPEG", 0xcf: "hierarchical JPEG", 0xf7: "JPEG-LS",
}

// parseJPEG walks the segments up to the first scan.
func parseJPEG(data []byte) (*jpegFile, error) {
	j := &jpegFile{adobe: -1, orientation: 1}
	for at := 2; ; {
		for at < len(data) && data[at] != 0xff {
			at++ // stray bytes between segments are passed over, as libjpeg does
		}
		for at < len(data) && data[at] == 0xff {
			at++
		}
		if at >= len(data) {
			return nil, corruptf("jpeg: ends before the picture (cut off? fetch the file again)")
		}
		marker := data[at]
		at++
		if marker == 0 || marker == 1 || marker >= 0xd0 && marker <= 0xd8 {
			continue
		}
		if marker == 0xd9 {
			return nil, corruptf("jpeg: ends before the picture")
		}
		if at+2 > len(data) {
			continue
		}
		n := int(binary.BigEndian.Uint16(data[at:]))
		if n < 2 || at+n > len(data) {
			return nil, corruptf("jpeg: segment %#x reaches beyond the file's end (cut off? fetch the file again)", marker)
		}
		if err := j.segment(marker, data[at+2:at+n]); err != nil {
			return nil, err
		}
		at += n
		if marker == 0xda {
			j.scan = at
			break
		}
	}
	if j.bands == 0 {
		return nil, corruptf("jpeg: pixels before the frame header")
	}
	return j, nil
}

func (j *jpegFile) segment(marker byte, b []byte) error {
	if name := jpegProcesses[marker]; name != "" {
		return unsupportedf("jpeg: this is a %s: %s", name, toPNG)
	}
	switch {
	case marker >= 0xc0 && marker <= 0xc2:
		return j.frame(marker, b)
	case marker == 0xe1 && at(b, 0, "Exif\x00"):
		if len(b) > 6 {
			j.orientation = j.meta.exif(b[6:])
		}
	case marker == 0xe1:
		j.meta.tells(personalXMP)
	case marker == 0xed:
		j.meta.tells(personalIPTC)
	case marker == 0xe0 && at(b, 0, "JFIF\x00"):
		j.jfif = true
	case marker == 0xeb && bytes.Contains(b, []byte("c2pa")):
		j.meta.c2pa = true
	case marker == 0xee && at(b, 0, "Adobe") && len(b) >= 12:
		j.adobe = int(b[11])
	case marker == 0xfe:
		j.meta.word("Comment", latin1(b))
		if !bytes.HasPrefix(b, []byte("CREATOR: gd-jpeg")) { // a library that names itself
			j.meta.tells(personalComment)
		}
	}
	return nil
}

func (j *jpegFile) frame(marker byte, b []byte) error {
	if len(b) < 6 || len(b) < 6+3*int(b[5]) || j.bands != 0 {
		return corruptf("jpeg: frame header")
	}
	j.sof, j.progressive = marker, marker == 0xc2
	j.precision = int(b[0])
	j.height, j.width, j.bands = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:])), int(b[5])
	if j.precision != 8 {
		return unsupportedf("jpeg: %d bits a sample (8 are read here): %s", j.precision, toTIFF)
	}
	if j.bands != 1 && j.bands != 3 && j.bands != 4 {
		return unsupportedf("jpeg: %d bands (1, 3 or 4 are read here): %s", j.bands, toTIFF)
	}
	if j.height == 0 {
		return unsupportedf("jpeg: height given after the pixels: %s", toPNG)
	}
	hmax, vmax := 1, 1
	for i := range j.bands {
		h, v := int(b[7+3*i]>>4), int(b[7+3*i]&15)
		hmax, vmax, j.luma = max(hmax, h), max(vmax, v), j.luma+h*v
	}
	j.unitW, j.unitH = 8*hmax, 8*vmax
	return nil
}

func (j *jpegFile) check(data []byte, lim Limits) error {
	planes := float64(64*j.luma) / float64(j.unitW*j.unitH)
	if j.progressive {
		planes *= 3 // two bytes of coefficient for each sample
	}
	perPixel := float64(j.bands) + planes
	if err := lim.checkSize("jpeg", int64(j.width), int64(j.height), perPixel); err != nil {
		return err
	}
	// A block of a sequential scan takes two bits at least: one code for DC, one for the end.
	units := (j.width + j.unitW - 1) / j.unitW * ((j.height + j.unitH - 1) / j.unitH)
	if !j.progressive && j.bands > 1 && units*j.luma/4 > len(data)-j.scan {
		return corruptf("jpeg: %d bytes can't hold %d × %d px (cut off? fetch the file again)", len(data)-j.scan, j.width, j.height)
	}
	return nil
}

func jpegHeader(data []byte, lim Limits) (header, error) {
	j, err := parseJPEG(data)
	if err != nil {
		return header{}, err
	}
	if err := j.check(data, lim); err != nil {
		return header{}, err
	}
	if holdsPublished(data) {
		j.meta.published("jpeg", bytes.NewReader(data))
	}
	h := header{width: j.width, height: j.height, bands: j.bands, bits: 8, colour: grey, pages: 1,
		compression: "jpeg", orientation: j.orientation, meta: j.meta}
	if j.progressive {
		h.compression = "jpeg, progressive"
	}
	switch j.bands {
	case 3:
		h.colour = rgb
	case 4:
		h.colour = cmyk
	}
	return h, nil
}

func jpegPixels(data []byte, lim Limits) (*samples, error) {
	j, err := parseJPEG(data)
	if err != nil {
		return nil, err
	}
	if err := j.check(data, lim); err != nil {
		return nil, err
	}
	s, err := decodeJPEG(data, j)
	if err != nil {
		return nil, corruptf("jpeg: %v (cut off or damaged? fetch the file again)", err)
	}
	if j.bands == 4 && j.adobe >= 0 {
		for i, v := range s.pix { // Adobe's programs store 255 for no ink
			s.pix[i] = 255 - v
		}
	}
	return s, nil
}

// pack copies rows of whole pixels, leaving out their padding.
func (s *samples) pack(pix []byte, stride int) {
	line := s.stride()
	if stride == line && len(pix) >= line*s.height {
		s.pix = pix[:line*s.height]
		return
	}
	s.pix = make([]byte, line*s.height)
	for y := range s.height {
		copy(s.pix[y*line:(y+1)*line], pix[y*stride:])
	}
}
