package decode

import (
	"encoding/binary"
	"math"
)

// A kind is how one sample is stored.
type kind uint8

const (
	u8 kind = iota
	i8
	u16
	i16
	u32
	i32
	u64
	i64
	f32
	f64
)

var kindNames = [...]string{"uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"}
var kindSizes = [...]int{1, 1, 2, 2, 4, 4, 8, 8, 4, 8}

func (k kind) String() string { return kindNames[k] }

// size returns the bytes of a sample.
func (k kind) size() int { return kindSizes[k] }

// A colour says what the bands mean.
type colour uint8

const (
	other   colour = iota // a sensor's own bands
	grey                  // 0 is black
	inverse               // grey, 0 is white
	rgb
	indexed // into the palette
	cmyk    // 0 is no ink
	lab     // CIE L*a*b*
)

var colourNames = [...]string{"bands", "grey", "grey, 0 is white", "rgb", "palette", "cmyk", "lab"}

// channels returns how many of the first bands make the colour.
func (c colour) channels(bands int) int {
	switch c {
	case grey, inverse, indexed:
		return 1
	case rgb, lab:
		return 3
	case cmyk:
		return 4
	}
	return bands
}

// samples are the pixels of one picture as stored: row by row, bands interleaved,
// little-endian, one to eight whole bytes for each sample.
type samples struct {
	width, height, bands int
	kind                 kind
	bits                 int // significant bits of a sample, 1 to 64
	pix                  []byte
	colour               colour
	alpha                int // the band that holds opacity; -1 if none
	premultiplied        bool
	palette              [][4]uint8 // red, green, blue, alpha, for indexed
	key                  []uint16   // the stored value, by band, that is transparent; nil if none
	valid                []uint8    // a mask beside the picture, 1 valid; nil if none
	nodata               *float64   // the value that means no data; nil if none
}

// stride returns the bytes of a row.
func (s *samples) stride() int { return s.width * s.bands * s.kind.size() }

func (s *samples) row(y int) []byte { return s.pix[y*s.stride() : (y+1)*s.stride()] }

// scale returns the factor that brings samples of 1 to 7 bits to 0…255; 1 for all others.
func (s *samples) scale() float64 {
	if s.kind == u8 && s.bits < 8 && s.colour != indexed && s.colour != other {
		return 255 / float64(int(1)<<s.bits-1)
	}
	return 1
}

// white returns the largest value a stored sample can take, 1 for floats.
func (s *samples) white() float64 {
	switch s.kind {
	case f32, f64:
		return 1
	case i8, i16, i32, i64:
		return math.Pow(2, float64(s.bits-1)) - 1
	}
	return math.Pow(2, float64(s.bits)) - 1
}

// band writes band b of a stored row to dst, in the samples' own numbers. It may write NaN and Inf.
func (s *samples) band(row []byte, b int, dst []float32) {
	n, size := s.bands, s.kind.size()
	row = row[b*size:]
	switch s.kind {
	case u8:
		for x := range dst {
			dst[x] = float32(row[x*n])
		}
	case i8:
		for x := range dst {
			dst[x] = float32(int8(row[x*n]))
		}
	case u16:
		for x := range dst {
			dst[x] = float32(binary.LittleEndian.Uint16(row[2*x*n:]))
		}
	case i16:
		for x := range dst {
			dst[x] = float32(int16(binary.LittleEndian.Uint16(row[2*x*n:])))
		}
	case u32:
		for x := range dst {
			dst[x] = float32(binary.LittleEndian.Uint32(row[4*x*n:]))
		}
	case i32:
		for x := range dst {
			dst[x] = float32(int32(binary.LittleEndian.Uint32(row[4*x*n:])))
		}
	case f32:
		for x := range dst {
			dst[x] = math.Float32frombits(binary.LittleEndian.Uint32(row[4*x*n:]))
		}
	default:
		for x := range dst {
			dst[x] = float32(s.wide(row[8*x*n:]))
		}
	}
}

// wide reads one sample of eight bytes.
func (s *samples) wide(b []byte) float64 {
	v := binary.LittleEndian.Uint64(b)
	switch s.kind {
	case u64:
		return float64(v)
	case i64:
		return float64(int64(v))
	}
	return math.Float64frombits(v)
}
