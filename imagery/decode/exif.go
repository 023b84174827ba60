package decode

import "math"

// EXIF 3.0 and TIFF 6.0 field numbers that are read.
const (
	tagDescription = 270
	tagMake        = 271
	tagModel       = 272
	tagOrientation = 274
	tagSoftware    = 305
	tagDateTime    = 306
	tagArtist      = 315
	tagCopyright   = 33432
	tagExifIFD     = 34665
	tagGPSIFD      = 34853
	tagUserComment = 37510

	tagDateTimeOriginal  = 36867
	tagDateTimeDigitized = 36868
	tagOffsetTime        = 36880
	tagOffsetOriginal    = 36881
	tagOffsetDigitized   = 36882
)

// exif reads an EXIF block: a small TIFF inside JPEG, PNG and WebP. What is broken in it
// is left out; it never makes the picture unreadable.
func (m *metadata) exif(block []byte) (orientation int) {
	f, err := newTIFF(memory(block))
	if err != nil {
		return 1
	}
	d, _, err := f.dir(f.first)
	if err != nil {
		return 1
	}
	m.tellsEXIF(d)
	m.camera(d)
	return int(d.int(tagOrientation, 1))
}

// camera reads the fields that EXIF and TIFF share, and EXIF's own below them.
func (m *metadata) camera(d tiffDir) {
	first(&m.sensor, joinMake(d.text(tagMake), d.text(tagModel)))
	first(&m.software, d.text(tagSoftware))
	m.word("ImageDescription", d.text(tagDescription))
	m.word("Artist", d.text(tagArtist))
	m.word("Copyright", d.text(tagCopyright))
	sub := tiffDir{f: d.f}
	if off := d.int(tagExifIFD, 0); off > 0 {
		if s, _, err := d.f.dir(off); err == nil {
			sub = s
			m.tellsEXIF(s)
		}
	}
	m.date("EXIF DateTimeOriginal", capture, sub.text(tagDateTimeOriginal)+sub.zone(tagOffsetOriginal))
	m.date("EXIF DateTimeDigitized", creation, sub.text(tagDateTimeDigitized)+sub.zone(tagOffsetDigitized))
	name := "TIFF DateTime"
	if d.has(tagExifIFD) {
		name = "EXIF DateTime"
	}
	m.date(name, change, d.text(tagDateTime)+sub.zone(tagOffsetTime))
	if off := d.int(tagGPSIFD, 0); off > 0 {
		if g, _, err := d.f.dir(off); err == nil && len(g.fields) > 0 {
			m.tells(personalGPS)
			m.position(g)
		}
	}
}

// zone returns EXIF's offset from UTC, "+02:00", or nothing.
func (d tiffDir) zone(tag uint16) string {
	if s := d.text(tag); len(s) == 6 && (s[0] == '+' || s[0] == '-') {
		return s
	}
	return ""
}

// joinMake puts a maker before its model unless the model already begins with it.
func joinMake(maker, model string) string {
	maker, model = clean(maker), clean(model)
	if maker == "" || len(model) >= len(maker) && model[:len(maker)] == maker {
		return model
	}
	if model == "" {
		return maker
	}
	return maker + " " + model
}

// position reads the GPS directory (EXIF 3.0, 4.6.6): where the camera stood.
func (m *metadata) position(d tiffDir) {
	if !d.has(2) || !d.has(4) {
		return
	}
	m.gps = true
	lat, okLat := degrees(d.floats(2), d.text(1), "S")
	lon, okLon := degrees(d.floats(4), d.text(3), "W")
	if okLat && okLon && math.Abs(lat) <= 90 && math.Abs(lon) <= 180 {
		m.lat, m.lon = &lat, &lon
	}
	if t := d.floats(7); len(t) == 3 && t[0] >= 0 && t[0] < 24 && t[1] >= 0 && t[1] < 60 && t[2] >= 0 && t[2] < 60 {
		m.date("EXIF GPSDateStamp", capture, d.text(29)+gpsTime(t))
	}
}

// degrees joins degrees, minutes and seconds.
func degrees(v []float64, ref, negative string) (float64, bool) {
	if len(v) == 0 {
		return 0, false
	}
	deg := 0.0
	for i, part := range v[:min(3, len(v))] {
		if part-part != 0 {
			return 0, false
		}
		deg += part / math.Pow(60, float64(i))
	}
	if len(ref) > 0 && ref[:1] == negative {
		deg = -deg
	}
	return deg, true
}

func gpsTime(t []float64) string {
	two := func(v float64) string { n := int(v); return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }
	return " " + two(t[0]) + ":" + two(t[1]) + ":" + two(t[2]) + "Z"
}
