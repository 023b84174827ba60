package decode_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"io"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/google/go-cmp/cmp"
)

// counted counts the bytes that are read of a file.
type counted struct {
	io.ReaderAt
	n int64
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.n += int64(n)
	return n, err
}

// A page is one directory of a TIFF with its one strip.
type page struct {
	strip  []byte
	fields []field
}

// chained writes a TIFF of several directories, each naming the next.
func chained(pages ...page) []byte {
	le := binary.LittleEndian
	out := tiffOf(le, false, false, [][]byte{pages[0].strip}, pages[0].fields...)
	first := le.Uint32(out[4:])
	for _, p := range pages[1:] {
		link := len(out) - 4
		at := len(out)
		out = append(out, p.strip...)
		out = directory(le, false, out, append(p.fields, long(273, float64(at)), long(279, float64(len(p.strip)))))
		copy(out[link:], out[4:8])
	}
	le.PutUint32(out[4:], first)
	return out
}

// longStrip is a picture of 64 × 200,000 px in one strip that isn't compressed: 12 MiB.
func longStrip() []byte {
	const w, h = 64, 200_000
	strip := make([]byte, w*h)
	for y := range h {
		for x := range w {
			strip[y*w+x] = byte(y*31 + x)
		}
	}
	return tiffOf(binary.LittleEndian, false, false, [][]byte{strip}, with(greyFields(w, h, 8), long(257, h), long(278, h))...)
}

func TestOnlyWhatAWindowTouchesIsRead(t *testing.T) {
	data := longStrip()
	r := &counted{ReaderAt: bytes.NewReader(data)}
	f, err := decode.Open(r, int64(len(data)), decode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.Window(decode.Window{X: 3, Y: 150_000, W: 2, H: 2}, 0)
	if err != nil {
		t.Fatal(err)
	}
	at := func(x, y int) float32 { return float32(byte(y*31 + x)) }
	want := []float32{at(3, 150_000), at(4, 150_000), at(3, 150_001), at(4, 150_001)}
	if diff := cmp.Diff(want, p.Picture.Raster().Bands[0].Pix); diff != "" {
		t.Error(diff)
	}
	if r.n > 2<<20 {
		t.Errorf("%d of %d bytes were read for four pixels", r.n, len(data))
	}
}

func TestAnOverviewServesWhereItIsFineEnough(t *testing.T) {
	// They are told apart by their values: full size 10, half 20, a quarter 40.
	data := chained(
		page{bytes.Repeat([]byte{10}, 64*64), greyFields(64, 64, 8)},
		page{bytes.Repeat([]byte{20}, 32*32), with(greyFields(32, 32, 8), long(254, 1))},
		page{bytes.Repeat([]byte{40}, 16*16), with(greyFields(16, 16, 8), long(254, 1))},
	)
	for name, c := range map[string]struct {
		most int64
		want float32
		size int
	}{
		"full size":                   {0, 10, 64},
		"half of it":                  {32 * 32, 20, 32},
		"a quarter":                   {16 * 16, 40, 16},
		"a third, from the half":      {22 * 22, 20, 16},
		"an eighth, from the quarter": {8 * 8, 40, 8},
		"a sixth, from the quarter":   {11 * 11, 40, 8},
	} {
		t.Run(name, func(t *testing.T) {
			p := windowOf(t, data, decode.Window{}, c.most)
			r := p.Picture.Raster().Bands[0]
			if r.At(0, 0) != c.want || r.W != c.size {
				t.Errorf("%d × %d px of %g from %s, want %d of %g", r.W, r.H, r.At(0, 0), p.Source, c.size, c.want)
			}
		})
	}
}

func TestAMaskIsCutWithItsPicture(t *testing.T) {
	// The left half of the mask is 0.
	data := chained(
		page{make([]byte, 8*4), greyFields(8, 4, 8)},
		page{bytes.Repeat([]byte{0, 0, 0, 0, 255, 255, 255, 255}, 4), with(greyFields(8, 4, 8), long(254, 4), short(262, 4))},
	)
	p := windowOf(t, data, decode.Window{X: 3, Y: 1, W: 2, H: 1}, 0)
	if diff := cmp.Diff([]uint8{0, 1}, p.Picture.Raster().Valid.Pix); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]uint8{0, 0, 1, 1, 0, 0, 1, 1}, windowOf(t, data, decode.Window{}, 8).Picture.Raster().Valid.Pix); diff != "" {
		t.Errorf("reduced: %s", diff)
	}
}

func TestAPartIsAFileOfItsOwn(t *testing.T) {
	p := windowOf(t, tiledRamp(), decode.Window{X: 14, Y: 15, W: 10, H: 9}, 0)
	again := writtenAgain(t, p)
	g, ok := again.Georeference()
	if !ok || g.EPSG != 32637 || g.Transform.C != 500028 || g.Transform.F != 3999970 || g.Transform.A != 2 || g.Transform.E != -2 {
		t.Errorf("it lies at %+v", g)
	}
	if info := again.Info(); info.Software != "antequem" || len(info.Text) != 1 || info.Text[0].Value != "a test" {
		t.Errorf("it says %+v", info)
	}
	var a, b bytes.Buffer
	if err := errors.Join(p.WriteTIFF(&a, "x"), p.WriteTIFF(&b, "x")); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("written twice it differs: %v", err)
	}
}

func TestEverySortOfSampleSurvivesBeingWritten(t *testing.T) {
	half := image.NewPaletted(image.Rect(0, 0, 9, 2), color.Palette{color.NRGBA{9, 0, 0, 255}, color.NRGBA{}, color.NRGBA{1, 2, 3, 255}})
	half.Pix[3], half.Pix[4] = 1, 2
	for name, data := range map[string][]byte{
		"16 bits":                 tiffOf(binary.BigEndian, false, false, [][]byte{{1, 0, 0, 1}}, greyFields(2, 1, 16)...),
		"signed":                  tiffOf(binary.BigEndian, false, false, [][]byte{{0xff, 0xff, 0x80, 0}}, with(greyFields(2, 1, 16), short(339, 2))...),
		"floats with no data":     tiffOf(binary.LittleEndian, false, false, [][]byte{{0, 0, 0x80, 0x3f, 0, 0x3c, 0x1c, 0xc6}}, with(greyFields(2, 1, 32), short(339, 3), ascii(42113, "-9999"))...),
		"one bit":                 tiffOf(binary.LittleEndian, false, false, [][]byte{{0b0110_0000}}, greyFields(4, 1, 1)...),
		"12 bits":                 tiffOf(binary.LittleEndian, false, false, [][]byte{{0x12, 0x3a, 0xbc}}, greyFields(2, 1, 12)...),
		"0 is white":              tiffOf(binary.LittleEndian, false, false, [][]byte{{0, 255, 10}}, with(greyFields(3, 1, 8), short(262, 0))...),
		"0 is white, in two bits": tiffOf(binary.LittleEndian, false, false, [][]byte{{0b0001_1011}}, with(greyFields(4, 1, 2), short(262, 0))...),
		"premultiplied":           tiffOf(binary.LittleEndian, false, false, [][]byte{{50, 0, 128, 128, 9, 9, 9, 0}}, with(greyFields(2, 1, 8), short(258, 8, 8, 8, 8), short(262, 2), short(277, 4), short(338, 1))...),
		"a sensor's six bands":    tiffOf(binary.LittleEndian, false, false, [][]byte{{1, 2, 3, 4, 5, 6}}, with(greyFields(1, 1, 8), short(258, 8, 8, 8, 8, 8, 8), short(277, 6))...),
		"a palette with holes":    pngOf(t, half),
		"a picture of 16 bits":    pngOf(t, image.NewGray16(image.Rect(0, 0, 3, 3))),
		"a scene":                 pngOf(t, scene()),
	} {
		t.Run(name, func(t *testing.T) { writtenAgain(t, windowOf(t, data, decode.Window{}, 0)) })
	}
}

func TestPartsOfAPictureAreShownAlike(t *testing.T) {
	// 16 bits: 0 on the left, 4000 on the right.
	row := make([]byte, 2*100)
	for x := 50; x < 100; x++ {
		binary.LittleEndian.PutUint16(row[2*x:], 4000)
	}
	data := tiffOf(binary.LittleEndian, false, false, [][]byte{row}, greyFields(100, 1, 16)...)
	f, err := decode.Open(bytes.NewReader(data), int64(len(data)), decode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	st, err := f.Stretch()
	if err != nil || st.Low != 0 || st.High != 4000 {
		t.Fatalf("%+v, %v, want 0 to 4000", st, err)
	}
	p, err := f.Window(decode.Window{X: 60, Y: 0, W: 5, H: 1}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if v := p.Picture.Shown(st).Pix[0]; v != 255 || !strings.Contains(p.Picture.View, "0 … 4000") {
		t.Errorf("the bright side is shown as %d (%s), want 255 as in the whole picture", v, p.Picture.View)
	}
}

func TestFarTooLargeAPictureIsRefusedBeforeItIsReadOrListed(t *testing.T) {
	const most = 1<<31 - 1
	for name, data := range map[string][]byte{
		"one strip, not compressed": tiffOf(binary.LittleEndian, false, false, [][]byte{{1}}, with(greyFields(1, 1, 8), long(256, most), long(257, most), long(278, most))...),
		"sparse tiles": tiffOf(binary.LittleEndian, false, true, [][]byte{{}}, with(greyFields(1, 1, 8), long(256, 1<<20), long(257, 1<<20),
			long(322, 1<<14), long(323, 1<<14))...),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := windowIn(data, decode.Window{}, 100); !errors.Is(err, imagery.ErrTooLarge) && !errors.Is(err, imagery.ErrCorrupt) {
				t.Errorf("got %v", err)
			}
		})
	}
}
