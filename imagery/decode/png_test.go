package decode_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/antequem/antequem/imagery/decode"
	"github.com/google/go-cmp/cmp"
)

// chunk writes one chunk of a PNG.
func chunk(name string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crcOf(out[4:]))
}

// rawPNG writes a PNG by hand from filtered rows.
func rawPNG(w, h int, depth, kind, interlace byte, rows []byte, extra ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, depth, kind, 0, 0, interlace))...)
	out = append(out, bytes.Join(extra, nil)...)
	return append(append(out, chunk("IDAT", deflated(rows))...), chunk("IEND", nil)...)
}

// GDAL 3.6.2 gives interlaced pictures of 16 bits with the bytes of each sample changed
// places; their plain twins, which hold the same numbers by construction, show who is right.
func TestInterlacedEqualsPlain(t *testing.T) {
	const w, h = 11, 9
	for name, c := range map[string]struct {
		depth, kind byte
		size        int // bytes of a pixel
	}{
		"grey of 8 bits": {8, 0, 1}, "grey of 16 bits": {16, 0, 2}, "colour of 8 bits": {8, 2, 3}, "colour of 16 bits": {16, 2, 6},
		"grey of 16 bits and alpha": {16, 4, 4}, "colour of 16 bits and alpha": {16, 6, 8},
	} {
		t.Run(name, func(t *testing.T) {
			value := func(x, y int) (b []byte) {
				for i := range c.size {
					b = append(b, byte(20*x+3*y+50*i))
				}
				return b
			}
			var plain, passes []byte
			for y := range h {
				plain = append(plain, 0)
				for x := range w {
					plain = append(plain, value(x, y)...)
				}
			}
			// Adam7: first column and row, then the steps, of the seven passes.
			for _, a := range [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
				for y := a[1]; y < h; y += a[3] {
					passes = append(passes, 0)
					for x := a[0]; x < w; x += a[2] {
						passes = append(passes, value(x, y)...)
					}
				}
			}
			want := mustDecode(t, rawPNG(w, h, c.depth, c.kind, 0, plain))
			got := mustDecode(t, rawPNG(w, h, c.depth, c.kind, 1, passes))
			if diff := cmp.Diff(want.Raster(), got.Raster()); diff != "" {
				t.Error(diff)
			}
			if a, b := want.Info().SamplesSHA256, got.Info().SamplesSHA256; a != b {
				t.Errorf("samples interlaced %s, plain %s", b, a)
			}
			if c.depth == 16 { // the first byte of a sample is the larger part (PNG specification, 7.2)
				if v := got.Raster().Bands[0].At(1, 0); v != float32(int(value(1, 0)[0])<<8|int(value(1, 0)[1])) {
					t.Errorf("the second pixel is %g", v)
				}
			}
		})
	}
}

func TestFiltersComeOff(t *testing.T) {
	// One row for each filter; every one of them decodes to 10 20 30.
	rows := []byte{
		0, 10, 20, 30,
		1, 10, 10, 10, // from the left
		2, 0, 0, 0, // from above
		3, 5, 5, 5, // from the mean of both: 10/2, (10+20)/2, (20+30)/2
		4, 0, 0, 0, // Paeth: above is nearest in each
	}
	want := []float32{10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30}
	if diff := cmp.Diff(want, band(t, mustDecode(t, rawPNG(3, 5, 8, 0, 0, rows)), 0)); diff != "" {
		t.Error(diff)
	}
}

// The fast walks over three and four bands against the specification's words (9.4).
func TestPaethOnSeveralBandsEqualsThePlainOne(t *testing.T) {
	const w, h = 13, 6
	for kind, n := range map[byte]int{2: 3, 6: 4} {
		var rows, want []byte
		above := make([]byte, w*n)
		for y := range h {
			row := make([]byte, w*n)
			rows = append(rows, 4)
			for i := range row {
				filtered := byte(i*i*7 + y*31)
				rows = append(rows, filtered)
				var left, upperLeft int
				if i >= n {
					left, upperLeft = int(row[i-n]), int(above[i-n])
				}
				row[i] = filtered + byte(paeth(left, int(above[i]), upperLeft))
			}
			want, above = append(want, row...), row
		}
		got := mustDecode(t, rawPNG(w, h, 8, kind, 0, rows)).NRGBA().Pix
		for p := range w * h {
			if !bytes.Equal(got[4*p:4*p+n], want[n*p:n*p+n]) {
				t.Fatalf("%d bands: pixel %d is %v, want %v", n, p, got[4*p:4*p+n], want[n*p:n*p+n])
			}
		}
	}
}

func paeth(a, b, c int) int {
	p := a + b - c
	far := func(v int) int { return max(p-v, v-p) }
	switch {
	case far(a) <= far(b) && far(a) <= far(c):
		return a
	case far(b) <= far(c):
		return b
	}
	return c
}

func TestATransparentGreyIsInvalid(t *testing.T) {
	// 2 bits: 0 1 2 3, of which 1 is transparent.
	data := rawPNG(4, 1, 2, 0, 0, []byte{0, 0b00_01_10_11}, chunk("tRNS", []byte{0, 1}))
	p := mustDecode(t, data)
	r := p.Raster()
	if diff := cmp.Diff([]float32{0, 0, 170, 255}, r.Bands[0].Pix); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]uint8{1, 0, 1, 1}, r.Valid.Pix); diff != "" {
		t.Error(diff)
	}
	if got := p.NRGBA().NRGBAAt(1, 0).A; got != 0 {
		t.Errorf("the view's alpha is %d, want 0", got)
	}
}

func TestPNGSaysWhenItWasMade(t *testing.T) {
	info := mustDecode(t, rawPNG(1, 1, 8, 0, 0, []byte{0, 5},
		chunk("tIME", []byte{0x07, 0xdf, 10, 15, 8, 21, 0}),
		chunk("tEXt", []byte("Creation Time\x00Thu, 15 Oct 2015 08:20:00 GMT")),
		chunk("tEXt", []byte("Author\x00A. Volunteer")),
		chunk("eXIf", directory(binary.LittleEndian, false, []byte("II*\x00\x00\x00\x00\x00"), []field{short(274, 6)})),
		chunk("caBX", []byte("manifest")))).Info()
	want := []decode.Date{
		{Value: "2015-10-15T08:21:00Z", Tag: "PNG tIME", Means: "change"},
		{Value: "2015-10-15T08:20:00Z", Tag: "PNG Creation Time", Means: "creation"},
	}
	if diff := cmp.Diff(want, info.Dates); diff != "" {
		t.Error(diff)
	}
	if info.Orientation != 6 || !info.C2PA || len(info.Text) != 1 || info.Text[0].Value != "A. Volunteer" {
		t.Errorf("orientation %d, C2PA %v, text %v", info.Orientation, info.C2PA, info.Text)
	}
}

func TestWordsOfAFileAreMadeHarmless(t *testing.T) {
	info := mustDecode(t, rawPNG(1, 1, 8, 0, 0, []byte{0, 5},
		chunk("tEXt", []byte("Comment\x00one\ntwo\x1b[31mred\x07")))).Info()
	if len(info.Text) != 1 || info.Text[0].Value != "one two[31mred" {
		t.Errorf("got %q", info.Text)
	}
}

func TestBMPRunsAreUnrolled(t *testing.T) {
	le := binary.LittleEndian
	head := le.AppendUint32([]byte("BM"), 0)
	head = le.AppendUint32(le.AppendUint32(head, 0), 62) // pixels begin behind two colours
	head = le.AppendUint32(le.AppendUint32(le.AppendUint32(head, 40), 3), 2)
	head = le.AppendUint16(le.AppendUint16(head, 1), 8)
	head = le.AppendUint32(le.AppendUint32(le.AppendUint32(le.AppendUint32(le.AppendUint32(le.AppendUint32(head, 1), 0), 0), 0), 2), 0)
	head = append(head, 0, 0, 10, 0, 0, 0, 200, 0)           // red 10, red 200
	data := append(head, 3, 1, 0, 0, 0, 3, 0, 1, 0, 0, 0, 1) // bottom row: three of colour 1; top row: 0 1 0
	if diff := cmp.Diff([]float32{10, 200, 10, 200, 200, 200}, band(t, mustDecode(t, data), 0)); diff != "" {
		t.Error(diff)
	}
}
