package decode

import (
	"encoding/binary"
	"image/color"
	"math"
)

// rgba writes a stored row as 8-bit red, green, blue, alpha, not premultiplied. It
// serves 8-bit samples; ok is false where the bands mean no colour.
func (s *samples) rgba(y int, dst []uint8) (ok bool) {
	if s.kind != u8 {
		return false
	}
	row, n := s.row(y), s.bands
	switch s.colour {
	case grey, inverse:
		scale := s.greys()
		for x := range s.width {
			v := scale[row[x*n]]
			putRGBA(dst[4*x:], v, v, v, 255)
		}
	case rgb:
		scale := s.greys()
		for x := range s.width {
			p := row[x*n : x*n+3]
			putRGBA(dst[4*x:], scale[p[0]], scale[p[1]], scale[p[2]], 255)
		}
	case indexed:
		for x := range s.width {
			c := s.entry(row[x*n])
			putRGBA(dst[4*x:], c[0], c[1], c[2], c[3])
		}
	case cmyk:
		for x := range s.width {
			p := row[x*n : x*n+4]
			putRGBA(dst[4*x:], ink(p[0], p[3]), ink(p[1], p[3]), ink(p[2], p[3]), 255)
		}
	case lab:
		for x := range s.width {
			r, g, b := labToRGB(float64(row[x*n])*100/255, float64(int8(row[x*n+1])), float64(int8(row[x*n+2])))
			putRGBA(dst[4*x:], r, g, b, 255)
		}
	default:
		return false
	}
	s.opacity(row, dst)
	return true
}

func putRGBA(d []uint8, r, g, b, a uint8) { _ = d[3]; d[0], d[1], d[2], d[3] = r, g, b, a }

// entry returns a palette colour; an index beyond the palette is black, as libpng has it.
func (s *samples) entry(i uint8) [4]uint8 {
	if int(i) < len(s.palette) {
		return s.palette[i]
	}
	return [4]uint8{0, 0, 0, 255}
}

// greys maps a stored value to 0…255, 0 black.
func (s *samples) greys() (table [256]uint8) {
	white := int(1)<<min(s.bits, 8) - 1
	for i := range table {
		v := min(i, white) * 255 / white
		if s.colour == inverse {
			v = 255 - v
		}
		table[i] = uint8(v)
	}
	return table
}

// ink returns the light that an ink and black leave, 0 to 255, rounded as Pillow does.
func ink(c, k uint8) uint8 {
	light := 255 - int(k)
	t := int(c)*light + 128
	return uint8(max(0, light-((t>>8)+t)>>8))
}

// opacity sets alpha in a row of RGBA from the alpha band or the transparent colour,
// and takes premultiplied colours apart.
func (s *samples) opacity(row, dst []uint8) {
	n := s.bands
	switch {
	case s.alpha >= 0 && s.premultiplied:
		for x := range s.width {
			unmultiply(dst[4*x:4*x+4], row[x*n+s.alpha])
		}
	case s.alpha >= 0:
		for x := range s.width {
			dst[4*x+3] = row[x*n+s.alpha]
		}
	case s.key != nil:
		for x := range s.width {
			if s.keyed(row, x) {
				dst[4*x+3] = 0
			}
		}
	}
}

func unmultiply(p []uint8, a uint8) {
	p[3] = a
	if a == 255 {
		return
	}
	for i := range 3 {
		if a == 0 {
			p[i] = 0
		} else {
			p[i] = uint8(min(255, int(p[i])*255/int(a)))
		}
	}
}

// keyed says that pixel x of a stored row has the colour that stands for transparent.
func (s *samples) keyed(row []byte, x int) bool {
	for b, k := range s.key {
		var v uint16
		if s.kind == u16 {
			v = binary.LittleEndian.Uint16(row[2*(x*s.bands+b):])
		} else {
			v = uint16(row[x*s.bands+b])
		}
		if v != k {
			return false
		}
	}
	return true
}

// labToRGB converts CIE L*a*b* (D50, as TIFF 6.0 section 23 stores it) to sRGB.
func labToRGB(l, a, b float64) (r, g, bl uint8) {
	fy := (l + 16) / 116
	x, y, z := 0.9642*labCube(fy+a/500), labCube(fy), 0.8249*labCube(fy-b/200)
	// D50 XYZ to linear sRGB with Bradford adaptation (IEC 61966-2-1, ICC.1).
	return gamma(3.1338561*x - 1.6168667*y - 0.4906146*z),
		gamma(-0.9787684*x + 1.9161415*y + 0.0334540*z),
		gamma(0.0719453*x - 0.2289914*y + 1.4052427*z)
}

func labCube(t float64) float64 {
	if t > 6.0/29 {
		return t * t * t
	}
	return 3 * (6.0 / 29) * (6.0 / 29) * (t - 4.0/29)
}

func gamma(v float64) uint8 {
	if v <= 0.0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint8(math.Round(255 * min(1, max(0, v))))
}

// ycc converts full-range BT.601 YCbCr, JPEG's and TIFF's default.
func ycc(dst []uint8, y, cb, cr uint8) { dst[0], dst[1], dst[2] = color.YCbCrToRGB(y, cb, cr) }
