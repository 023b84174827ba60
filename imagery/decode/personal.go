package decode

import "slices"

// Sorts of metadata that may tell who took a picture, with what and where, or who
// worked on it: what must not be passed on unasked. Profiles of colour, sizes and the
// turn of a picture tell nothing of anybody.
const (
	personalEXIF    = "EXIF"
	personalGPS     = "GPS position"
	personalXMP     = "XMP"
	personalIPTC    = "IPTC"
	personalComment = "comment"
	personalC2PA    = "C2PA"
)

// tells notes a sort of metadata that is there.
func (m *metadata) tells(sort string) {
	if !slices.Contains(m.personal, sort) {
		m.personal = append(m.personal, sort)
	}
}

// harmless lists the EXIF fields that describe the grid of pixels and nothing else.
var harmless = map[uint16]bool{
	254: true, 256: true, 257: true, 258: true, 259: true, 262: true, tagOrientation: true, 277: true, 282: true, 283: true, 284: true,
	296: true, 301: true, 318: true, 319: true, 513: true, 514: true, 529: true, 530: true, tagYCbCrPosition: true, 532: true,
	tagExifIFD: true, 36864: true, 37121: true, 37122: true, 40960: true, 40961: true, 40962: true, 40963: true, 40965: true, 42240: true,
}

const tagYCbCrPosition = 531

// tellsEXIF notes whether a directory of an EXIF block holds more than harmless fields.
func (m *metadata) tellsEXIF(d tiffDir) {
	for tag := range d.fields {
		if !harmless[tag] && tag != tagGPSIFD {
			m.tells(personalEXIF)
		}
	}
}

// tellsTIFF notes what a TIFF's own directory says of people and cameras. What else
// stands in it describes the scene.
func (m *metadata) tellsTIFF(d tiffDir) {
	for _, tag := range []uint16{tagMake, tagModel, tagArtist, tagHostComputer, tagExifIFD} {
		if d.has(tag) {
			m.tells(personalEXIF)
		}
	}
	if d.has(tagXMP) {
		m.tells(personalXMP)
	}
	if d.has(tagIPTC) || d.has(tagPhotoshop) {
		m.tells(personalIPTC)
	}
}

const tagHostComputer = 316
