package decode_test

import (
	"bytes"
	"compress/zlib"
	"hash/crc32"
	"math"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/edtf"
	"pgregory.net/rapid"
)

func crcOf(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

func TestTimesBecomeEDTF(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"2015:10:15 08:21:00", "2015-10-15T08:21:00"},
		{"2015:10:15 08:21:00+02:00", "2015-10-15T08:21:00+02:00"},
		{"2015-10-15T08:21:00Z", "2015-10-15T08:21:00Z"},
		{"2015-10-15T08:21:00.123456Z", "2015-10-15T08:21:00Z"},
		{"20151015T082100Z", "2015-10-15T08:21:00Z"},
		{"2015-10-15", "2015-10-15"},
		{"20151015", "2015-10-15"},
		{"2015-10", "2015-10"},
		{"2015-10-15T08:21", "2015-10-15"}, // EDTF has no time without seconds
		{"Thu, 15 Oct 2015 08:21:00 GMT", "2015-10-15T08:21:00Z"},
		{"Thu, 15 Oct 2015 08:21:00 +0200", "2015-10-15T06:21:00Z"},
		{"0000:00:00 00:00:00", ""}, // a camera whose clock was never set
		{"2015:13:01 00:00:00", ""},
		{"2015:02:30 00:00:00", ""},
		{"2015:10:15 25:00:00", "2015-10-15"},
		{"yesterday", ""},
		{"", ""},
	} {
		if got := decode.EDTF(c.in); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
		if _, err := edtf.Parse(c.want); c.want != "" && err != nil {
			t.Errorf("%q is no EDTF: %v", c.want, err)
		}
	}
}

func TestLZWReadsTheSpecificationsExample(t *testing.T) {
	// TIFF 6.0, section 13: 7 7 7 8 8 7 7 6 6 becomes Clear 7 258 8 8 258 6 6 EOI, nine bits each.
	src := packBits(9, 256, 7, 258, 8, 8, 258, 6, 6, 257)
	out := make([]byte, 9)
	n, err := decode.LZW(out, src)
	if want := []byte{7, 7, 7, 8, 8, 7, 7, 6, 6}; err != nil || !bytes.Equal(out[:n], want) {
		t.Errorf("got %v, %v, want %v", out[:n], err, want)
	}
	if _, err := decode.LZW(out, packBits(9, 256, 7, 300)); err == nil {
		t.Error("a code that was never made is accepted")
	}
}

// packBits writes codes of width bits, highest first.
func packBits(width int, codes ...int) []byte {
	var out []byte
	acc, have := 0, 0
	for _, c := range codes {
		acc, have = acc<<width|c, have+width
		for have >= 8 {
			out = append(out, byte(acc>>(have-8)))
			have -= 8
		}
		acc &= 1<<have - 1
	}
	return append(out, byte(acc<<(8-have)))
}

func TestPackBitsReadsTheSpecificationsExample(t *testing.T) {
	// Apple Technical Note TN1023.
	src := []byte{0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa}
	want := []byte{0xaa, 0xaa, 0xaa, 0x80, 0, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x80, 0, 0x2a, 0x22,
		0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa}
	out := make([]byte, len(want))
	if n, _ := decode.PackBits(out, src); n != len(want) || !bytes.Equal(out, want) {
		t.Errorf("got %x, want %x", out[:n], want)
	}
}

func TestInflateGivesBackWhatWasDeflated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "unit")
		want := bytes.Repeat(unit, rapid.IntRange(1, 200).Draw(t, "times"))
		level := rapid.IntRange(-2, 9).Draw(t, "level")
		var b bytes.Buffer
		w, _ := zlib.NewWriterLevel(&b, level)
		w.Write(want)
		w.Close()
		got := make([]byte, len(want))
		if n, err := decode.Inflate(got, b.Bytes()); err != nil || n != len(want) || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes came back as %d, %v", len(want), n, err)
		}
		if _, err := decode.Inflate(got, b.Bytes()[:b.Len()/2]); err == nil && b.Len() > 20 {
			t.Fatal("half a stream is accepted")
		}
	})
}

func TestHalfFloatsGrowExactly(t *testing.T) {
	for h, want := range map[uint16]float32{0: 0, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 1: 5.9604645e-8, 0x3555: 0.33325195} {
		if got := math.Float32frombits(decode.Half(h)); got != want {
			t.Errorf("%#04x: got %g, want %g", h, got, want)
		}
	}
	if !math.IsNaN(float64(math.Float32frombits(decode.Half(0x7e00)))) {
		t.Error("a NaN got lost")
	}
}

func TestNoFaxCodeBeginsAnother(t *testing.T) {
	for name, list := range map[string]string{"white": decode.FaxWhite, "black": decode.FaxBlack} {
		codes := strings.Fields(list + decode.FaxLong)
		if len(codes) != 64+27+13 {
			t.Errorf("%s: %d codes, want 104", name, len(codes))
		}
		for i, a := range codes {
			for j, b := range codes {
				_, x, _ := strings.Cut(a, ":")
				_, y, _ := strings.Cut(b, ":")
				if i != j && strings.HasPrefix(y, x) {
					t.Errorf("%s: %s begins %s", name, a, b)
				}
			}
		}
	}
}

func TestFaxRowsByRunsAndByTheRowAbove(t *testing.T) {
	bits := func(s string) []byte {
		s = strings.ReplaceAll(s, " ", "")
		s += strings.Repeat("0", (8-len(s)%8)%8)
		var out []byte
		for i := 0; i < len(s); i += 8 {
			v := byte(0)
			for _, d := range s[i : i+8] {
				v = v<<1 | byte(d-'0')
			}
			out = append(out, v)
		}
		return out
	}
	for _, c := range []struct {
		name                 string
		compression, options int
		src                  string
		want                 []byte
	}{
		// 8 px: 2 white, 3 black, 3 white.
		{"run-length rows", 2, 0, "0111 10 1000", []byte{0b00111000}},
		{"group 3 after an end-of-line", 3, 0, "000000000001 0111 10 1000", []byte{0b00111000}},
		// The first row against an all-white one: horizontal mode, then nothing changes.
		{"group 4, the second row as the first", 4, 0, "001 0111 10 1 1 1 1", []byte{0b00111000, 0b00111000}},
		// The black run begins one column to the left and ends one to the right.
		{"group 4, edges that move", 4, 0, "001 0111 10 1 010 011 1", []byte{0b00111000, 0b01111100}},
		// Passing the run above leaves the second row white.
		{"group 4, a run that ends", 4, 0, "001 0111 10 1 0001 1", []byte{0b00111000, 0}},
		{"group 3 in two dimensions", 3, 1, "000000000001 1 0111 10 1000 000000000001 0 1 1 1", []byte{0b00111000, 0b00111000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := make([]byte, len(c.want))
			n, err := decode.Fax(out, bits(c.src), c.compression, c.options, 8, len(c.want))
			if err != nil || n != len(out) || !bytes.Equal(out, c.want) {
				t.Errorf("got %08b (%d), %v, want %08b", out, n, err, c.want)
			}
		})
	}
}
