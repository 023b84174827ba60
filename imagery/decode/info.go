package decode

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"math"
	"strconv"
)

// Info is what a file is and says of itself: the document of `antequem info --json`.
// Width and Height count the stored grid, before any EXIF turn.
type Info struct {
	SHA256        string    `json:"sha256"` // of the file
	Bytes         int64     `json:"bytes"`
	Format        string    `json:"format"`
	Width         int       `json:"width"`
	Height        int       `json:"height"`
	Bands         int       `json:"bands"`  // as stored; a palette is one band
	Sample        string    `json:"sample"` // uint8, int16, float32, …
	Bits          int       `json:"bits"`   // significant bits of a sample
	Colour        string    `json:"colour"` // grey, rgb, palette, cmyk, lab, bands
	Alpha         bool      `json:"alpha"`
	RGBASHA256    string    `json:"rgba_sha256,omitempty"`    // 8-bit pictures: RGBA, not premultiplied, stored order
	SamplesSHA256 string    `json:"samples_sha256,omitempty"` // samples as stored, bands interleaved, little-endian
	Compression   string    `json:"compression,omitempty"`
	Pages         int       `json:"pages"`
	Overviews     [][2]int  `json:"overviews,omitempty"` // width and height of each reduced copy
	Mask          bool      `json:"mask,omitempty"`      // the file holds a mask of valid pixels
	Orientation   int       `json:"orientation"`         // EXIF, 1 to 8; 1 is upright
	EPSG          *int      `json:"epsg"`                // nil where there is none
	CRS           string    `json:"crs,omitempty"`       // name in the file, known here or not
	Geotransform  []float64 `json:"geotransform"`        // x = a·col + b·row + c, y = d·col + e·row + f, from the corner of the top left pixel
	Nodata        *Number   `json:"nodata"`
	// Footprint holds longitude and latitude of the top left, top right, bottom right
	// and bottom left corners; nil where the coordinate system is not known here.
	Footprint [][2]float64 `json:"footprint,omitempty"`
	GSD       float64      `json:"gsd_m,omitempty"` // metres per pixel at the centre; 0 if unknown
	RPC       bool         `json:"rpc,omitempty"`   // rational polynomial coefficients are there
	Dates     []Date       `json:"dates,omitempty"`
	Platform  string       `json:"platform,omitempty"`
	Sensor    string       `json:"sensor,omitempty"`
	Software  string       `json:"software,omitempty"`
	Text      []Tag        `json:"text,omitempty"` // other words in the file: description, author, copyright
	GPS       bool         `json:"gps"`            // the file says where the camera stood
	Lat       *float64     `json:"gps_lat,omitempty"`
	Lon       *float64     `json:"gps_lon,omitempty"`
	C2PA      bool         `json:"c2pa"` // a Content Credentials manifest is there; it is not checked
	// Personal names the sorts of metadata that may tell who made the file, with what and
	// where: EXIF beyond the grid, a GPS position, XMP, IPTC, comments, C2PA.
	Personal []string `json:"personal,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// A Date is a time that a file names. It is not thereby the time of acquisition.
type Date struct {
	Value string `json:"value"` // EDTF; without a zone where the file gives none
	Tag   string `json:"tag"`   // where it stands: "EXIF DateTimeOriginal"
	Means string `json:"means"` // "capture", "creation" of the digital file or "change" of it
}

// A Tag is a word of the file's own.
type Tag struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Number is a float64 that JSON can hold: NaN and infinities become text.
type Number float64

func (n Number) MarshalJSON() ([]byte, error) {
	v := float64(n)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte(`"` + strconv.FormatFloat(v, 'g', -1, 64) + `"`), nil
	}
	return []byte(strconv.FormatFloat(v, 'g', -1, 64)), nil
}

// Info describes the file and hashes its pixels.
func (p *Picture) Info() Info {
	info := describe(p.Format, int64(len(p.data)), p.head)
	if p.data != nil { // a part of a picture has no bytes of its own
		sum := sha256.Sum256(p.data)
		info.SHA256 = hex.EncodeToString(sum[:])
	}
	d := newDigester(p.samples)
	d.add(p.samples)
	info.RGBASHA256, info.SamplesSHA256 = d.sums()
	return info
}

// A digester hashes pixels as rows come in: as 8-bit colour where that is what they are,
// and as stored.
//
// The first is there to be compared with other readers, so it follows Pillow (9.4) where
// that differs from PNG's specification: in grey of 1, 2 and 4 bits Pillow looks for the
// transparent value among the numbers already spread over 0…255, and so finds only 0.
// What is shown and measured follows the specification.
type digester struct {
	rgba, stored hash.Hash // rgba is nil where the samples are no 8-bit colour
	line         []uint8
}

func newDigester(s *samples) *digester {
	d := &digester{stored: sha256.New()}
	if s.kind == u8 && s.colour != other {
		d.rgba, d.line = sha256.New(), make([]uint8, 4*s.width)
	}
	return d
}

func (d *digester) add(rows *samples) {
	d.stored.Write(rows.pix)
	if d.rgba == nil {
		return
	}
	c := *rows
	if c.bits < 8 && len(c.key) == 1 && c.key[0] != 0 {
		c.key = nil
	}
	for y := range c.height {
		c.rgba(y, d.line)
		d.rgba.Write(d.line)
	}
}

func (d *digester) sums() (rgba, stored string) {
	if d.rgba != nil {
		rgba = hex.EncodeToString(d.rgba.Sum(nil))
	}
	return rgba, hex.EncodeToString(d.stored.Sum(nil))
}

// describe turns a header into the document, but for the digests.
func describe(format string, size int64, h header) Info {
	info := Info{
		Bytes: size, Format: format,
		Width: h.width, Height: h.height, Bands: h.bands, Sample: h.kind.String(), Bits: h.bits,
		Colour: colourNames[h.colour], Alpha: h.alpha, Compression: h.compression,
		Pages: max(1, h.pages), Overviews: h.overviews, Mask: h.mask, Orientation: max(1, h.orientation),
		Warnings: h.warnings,
	}
	h.meta.describe(&info)
	return info
}
