package decode

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/antequem/antequem/imagery/geo"
)

// tiffFields are the fields of a directory to be written, little-endian.
type tiffFields struct{ list []writtenField }

type writtenField struct {
	tag   uint16
	typ   uint16
	count int
	value []byte
}

// set adds a field, or takes the place of the one of that tag.
func (f *tiffFields) set(x writtenField) {
	f.list = append(slices.DeleteFunc(f.list, func(y writtenField) bool { return y.tag == x.tag }), x)
}

func (f *tiffFields) short(tag uint16, vs ...int) {
	var b []byte
	for _, v := range vs {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	f.set(writtenField{tag, 3, len(vs), b})
}

func (f *tiffFields) long(tag uint16, vs ...int) {
	var b []byte
	for _, v := range vs {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	f.set(writtenField{tag, 4, len(vs), b})
}

func (f *tiffFields) double(tag uint16, vs ...float64) {
	var b []byte
	for _, v := range vs {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	f.set(writtenField{tag, 12, len(vs), b})
}

func (f *tiffFields) text(tag uint16, s string) {
	if s != "" {
		f.set(writtenField{tag, 2, len(s) + 1, append([]byte(s), 0)})
	}
}

// entries returns the directory that stands at at, without the place of the next one;
// values that don't fit into it go behind that place.
func (f *tiffFields) entries(at int, values *[]byte) []byte {
	slices.SortFunc(f.list, func(a, b writtenField) int { return cmp.Compare(a.tag, b.tag) })
	le := binary.LittleEndian
	behind := at + 2 + 12*len(f.list) + 4
	out := le.AppendUint16(nil, uint16(len(f.list)))
	for _, x := range f.list {
		out = le.AppendUint32(le.AppendUint16(le.AppendUint16(out, x.tag), x.typ), uint32(x.count))
		if len(x.value) <= 4 {
			out = append(append(out, x.value...), make([]byte, 4-len(x.value))...)
			continue
		}
		out = le.AppendUint32(out, uint32(behind+len(*values)))
		*values = append(*values, x.value...)
		*values = append(*values, make([]byte, len(x.value)&1)...)
	}
	return out
}

// colour says what the bands mean.
func (f *tiffFields) colour(s *samples) {
	photo, ok := map[colour]int{inverse: photoWhiteIsZero, rgb: photoRGB, indexed: photoPalette, cmyk: photoCMYK, lab: photoLab}[s.colour]
	if !ok {
		photo = photoBlackIsZero
	}
	f.short(tagPhotometric, photo)
	base := 1
	if s.colour != other {
		base = s.colour.channels(s.bands)
	}
	if extra := make([]int, s.bands-base); len(extra) > 0 {
		if s.alpha >= base {
			extra[s.alpha-base] = 2
			if s.premultiplied {
				extra[s.alpha-base] = 1
			}
		}
		f.short(tagExtraSamples, extra...)
	}
	if s.colour == indexed {
		colours := make([]int, 3*256)
		for i, c := range s.palette[:min(256, len(s.palette))] {
			for k := range 3 {
				colours[256*k+i] = 257 * int(c[k])
			}
		}
		f.short(tagColorMap, colours...)
	}
}

// place says where a part lies, and what its file says of the scene.
func (f *tiffFields) place(p *Part) {
	if d := p.dir; d != nil {
		keys := d.ints(tagGeoKeys)
		for i := 4; i+3 < len(keys); i += 4 {
			if keys[i] == keyRasterType {
				keys[i+3] = rasterPixelArea
			}
		}
		if len(keys) > 0 {
			shorts := make([]int, len(keys))
			for i, v := range keys {
				shorts[i] = int(v)
			}
			f.short(tagGeoKeys, shorts...)
		}
		if v := d.floats(tagGeoDoubles); len(v) > 0 {
			f.double(tagGeoDoubles, v...)
		}
		for _, tag := range []uint16{tagGeoASCII, tagGDALMetadata, tagGDALNodata} {
			f.text(tag, d.text(tag))
		}
	}
	g := p.Picture.head.meta.geo
	if g == nil || !g.HasGrid {
		return
	}
	if p.dir == nil || !p.dir.has(tagGeoKeys) {
		f.system(g.EPSG)
	}
	if a := g.Transform; a.B == 0 && a.D == 0 && a.E < 0 && a.A > 0 {
		f.double(tagScale, a.A, -a.E, 0)
		f.double(tagTiepoint, 0, 0, 0, a.C, a.F, 0)
	} else {
		f.double(tagMatrix, a.A, a.B, 0, a.C, a.D, a.E, 0, a.F, 0, 0, 0, 0, 0, 0, 0, 1)
	}
}

// system names a coordinate system that is known here by its EPSG number.
func (f *tiffFields) system(epsg int) {
	s, ok := geo.SystemOf(epsg)
	if !ok {
		return
	}
	model, key := 1, 3072 // projected
	if s.Geographic {
		model, key = 2, 2048
	}
	f.short(tagGeoKeys, 1, 1, 0, 3, 1024, 0, 1, model, keyRasterType, 0, 1, rasterPixelArea, key, 0, 1, epsg)
}

// GTRasterTypeGeoKey and its value for a grid that counts from a pixel's corner (OGC 19-008r4).
const (
	keyRasterType   = 1025
	rasterPixelArea = 1
)
