package decode

import (
	"github.com/antequem/antequem/imagery/raster"
)

// A Picture is a decoded file.
type Picture struct {
	Format string // "png", "jpeg", "webp", "gif", "bmp" or "tiff"
	Width  int    // pixels, upright
	Height int
	View   string // how NRGBA made numbers of more than 8 bits visible; empty if it shows them as they are, or was not called

	data    []byte
	head    header
	samples *samples
	turn    turn
}

// Raster returns the samples upright as float32: one band for grey, three for colour
// (a palette, CMYK and Lab are expanded), a sensor's own otherwise. 8-bit samples and
// those of fewer bits span 0 to 255; others keep their own numbers, rounded to
// float32. Bright is large: grey stored with 0 as white is turned round. Alpha is no
// band: what is fully transparent, masked, nodata, NaN or infinite is 0 and invalid.
func (p *Picture) Raster() raster.Raster {
	s := p.samples
	planes := s.planes()
	valid := s.mask(planes)
	r := raster.Raster{Valid: raster.Mask{W: p.Width, H: p.Height}}
	if valid != nil {
		for _, pix := range planes {
			for i, v := range valid {
				if v == 0 {
					pix[i] = 0
				}
			}
		}
		r.Valid.Pix = upright(p.turn, s.width, s.height, valid)
	}
	for _, pix := range planes {
		r.Bands = append(r.Bands, raster.Plane{W: p.Width, H: p.Height, Pix: upright(p.turn, s.width, s.height, pix)})
	}
	return r
}

// planes returns the colour bands in stored order.
func (s *samples) planes() [][]float32 {
	if s.kind == u8 && (s.colour == indexed || s.colour == cmyk || s.colour == lab) || s.kind == u8 && s.premultiplied {
		return s.colourPlanes()
	}
	var out [][]float32
	for _, b := range s.colourBands() {
		pix := make([]float32, s.width*s.height)
		for y := range s.height {
			s.band(s.row(y), b, pix[y*s.width:(y+1)*s.width])
		}
		s.brighten(pix)
		out = append(out, pix)
	}
	if s.colour == cmyk {
		return s.inkPlanes(out)
	}
	return out
}

// colourBands lists the stored bands that are no alpha.
func (s *samples) colourBands() []int {
	var out []int
	for b := range s.bands {
		if b != s.alpha && b < s.colour.channels(s.bands) {
			out = append(out, b)
		}
	}
	return out
}

// brighten scales samples of few bits to 0…255 and turns grey with white at 0 round.
func (s *samples) brighten(pix []float32) {
	scale, white := float32(s.scale()), float32(s.white())
	switch {
	case s.colour == inverse:
		for i, v := range pix {
			pix[i] = (white - v) * scale
		}
	case scale != 1:
		for i, v := range pix {
			pix[i] = v * scale
		}
	}
}

// colourPlanes returns red, green and blue, 0 to 255, of 8-bit samples that need converting.
func (s *samples) colourPlanes() [][]float32 {
	n := 3
	if s.colour == grey || s.colour == inverse {
		n = 1
	}
	out := make([][]float32, n)
	for b := range out {
		out[b] = make([]float32, s.width*s.height)
	}
	line := make([]uint8, 4*s.width)
	for y := range s.height {
		if !s.rgba(y, line) {
			return s.plain()
		}
		for b, pix := range out {
			for x := range s.width {
				pix[y*s.width+x] = float32(line[4*x+b])
			}
		}
	}
	return out
}

// plain returns all bands but alpha as they are.
func (s *samples) plain() [][]float32 {
	c := *s
	c.colour, c.premultiplied = other, false
	return c.planes()
}

// inkPlanes turns cyan, magenta, yellow and black of any depth into red, green and
// blue in the same range.
func (s *samples) inkPlanes(in [][]float32) [][]float32 {
	if len(in) < 4 {
		return in
	}
	white := float32(s.white())
	for _, pix := range in[:3] {
		for i := range pix {
			pix[i] = (white - pix[i]) * (white - in[3][i]) / white
		}
	}
	return in[:3]
}

// mask returns 1 where there is data, in stored order, or nil if that is everywhere.
func (s *samples) mask(planes [][]float32) []uint8 {
	m := &maskBuilder{n: s.width * s.height}
	for _, pix := range planes {
		m.finite(pix)
	}
	if s.valid != nil {
		m.drop(func(i int) bool { return s.valid[i] == 0 })
	}
	if s.nodata != nil {
		m.nodata(s)
	}
	switch {
	case s.alpha >= 0:
		a := make([]float32, s.width)
		for y := range s.height {
			s.band(s.row(y), s.alpha, a)
			m.dropRow(y*s.width, s.width, func(x int) bool { return a[x] == 0 })
		}
	case s.key != nil:
		for y := range s.height {
			row := s.row(y)
			m.dropRow(y*s.width, s.width, func(x int) bool { return s.keyed(row, x) })
		}
	case s.colour == indexed && s.kind == u8:
		for y := range s.height {
			row := s.row(y)
			m.dropRow(y*s.width, s.width, func(x int) bool { return s.entry(row[x*s.bands])[3] == 0 })
		}
	}
	return m.pix
}

// A maskBuilder takes memory only when the first invalid pixel is found.
type maskBuilder struct {
	n   int
	pix []uint8
}

func (m *maskBuilder) clear(i int) {
	if m.pix == nil {
		m.pix = make([]uint8, m.n)
		for j := range m.pix {
			m.pix[j] = 1
		}
	}
	m.pix[i] = 0
}

func (m *maskBuilder) drop(bad func(i int) bool) { m.dropRow(0, m.n, bad) }

func (m *maskBuilder) dropRow(at, n int, bad func(x int) bool) {
	for x := range n {
		if bad(x) {
			m.clear(at + x)
		}
	}
}

// finite drops what is NaN or infinite.
func (m *maskBuilder) finite(pix []float32) {
	for i, v := range pix {
		if v-v != 0 {
			m.clear(i)
		}
	}
}

// nodata drops pixels all of whose colour bands hold the value for no data.
func (m *maskBuilder) nodata(s *samples) {
	bands := s.colourBands()
	line := make([]float32, s.width)
	hits := make([]uint8, s.width)
	want := float32(*s.nodata)
	for y := range s.height {
		clear(hits)
		for k, b := range bands {
			s.band(s.row(y), b, line)
			for x, v := range line {
				if (v == want || want != want && v != v) && int(hits[x]) == min(k, 254) {
					hits[x]++
				}
			}
		}
		m.dropRow(y*s.width, s.width, func(x int) bool { return int(hits[x]) >= min(len(bands), 255) })
	}
}
