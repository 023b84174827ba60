package decode

import (
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery/geo"
)

// metadata is what a file says beside its pixels, gathered by the reader of its format.
type metadata struct {
	geo      *geo.Georeference // nil without a grid or a coordinate system
	nodata   *float64
	rpc      bool
	dates    []Date
	platform string
	sensor   string
	software string
	text     []Tag
	gps      bool
	lat, lon *float64
	c2pa     bool
	personal []string // sorts of metadata that may tell of people
}

// date adds a date unless the same one is known from the same tag.
func (m *metadata) date(tag, means, value string) {
	value = edtfOf(value)
	if value == "" {
		return
	}
	d := Date{Value: value, Tag: tag, Means: means}
	for _, have := range m.dates {
		if have == d {
			return
		}
	}
	m.dates = append(m.dates, d)
}

// word adds a text of the file's own, made safe to print on one line.
func (m *metadata) word(name, value string) {
	if value = clean(value); value != "" && len(m.text) < 64 {
		m.text = append(m.text, Tag{Name: clean(name), Value: value})
	}
}

// clean returns printable text of at most 500 bytes in one line.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0:
			return -1
		}
		return r
	}, s)
	if s = strings.TrimSpace(s); len(s) > 500 {
		s = strings.ToValidUTF8(s[:500], "") + "…"
	}
	return s
}

// first keeps the first text that says something.
func first(dst *string, s string) {
	if *dst == "" {
		*dst = clean(s)
	}
}

// describe writes the metadata into the document.
func (m metadata) describe(info *Info) {
	info.Dates, info.Text = m.dates, m.text
	info.Platform, info.Sensor, info.Software = m.platform, m.sensor, m.software
	info.GPS, info.Lat, info.Lon = m.gps, m.lat, m.lon
	info.C2PA, info.RPC = m.c2pa, m.rpc
	if info.Personal = slices.Sorted(slices.Values(m.personal)); m.c2pa {
		info.Personal = append(info.Personal, personalC2PA)
		slices.Sort(info.Personal)
	}
	if m.nodata != nil {
		n := Number(*m.nodata)
		info.Nodata = &n
	}
	if m.geo != nil {
		m.place(info)
	}
}

// place writes the georeference and what follows from it.
func (m metadata) place(info *Info) {
	g := *m.geo
	info.CRS = clean(g.Name)
	if g.EPSG != 0 {
		info.EPSG = &g.EPSG
	}
	if !g.HasGrid {
		return
	}
	info.Geotransform = g.Transform.Coefficients()
	l, err := g.Locate()
	if err != nil {
		info.Warnings = append(info.Warnings, "georeference: "+clean(err.Error())+": treated as none")
		return
	}
	if c := l.Caution(); c != "" {
		info.Warnings = append(info.Warnings, "georeference: "+c)
	}
	corners, err := g.Footprint(info.Width, info.Height)
	if err != nil {
		info.Warnings = append(info.Warnings, "georeference: "+err.Error())
		return
	}
	for _, c := range corners {
		info.Footprint = append(info.Footprint, [2]float64{c.Lon, c.Lat})
	}
	if gsd, err := g.GSD(info.Width, info.Height); err == nil {
		info.GSD = gsd
	}
}

// Georeference returns where the picture's stored grid lies; ok is false where the file
// does not say.
func (p *Picture) Georeference() (g geo.Georeference, ok bool) {
	if p.head.meta.geo == nil || !p.head.meta.geo.HasGrid {
		return geo.Georeference{}, false
	}
	return *p.head.meta.geo, true
}

// Place says where the picture's stored grid lies, as a world file beside it does. A
// placed picture is never turned by its EXIF, because the place counts stored pixels.
func (p *Picture) Place(g geo.Georeference) {
	p.head.meta.geo = &g
	p.turn = p.head.turn()
	p.Width, p.Height = p.samples.width, p.samples.height
}
