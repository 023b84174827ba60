package decode_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"math"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/geo"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/bmp"
)

// scene is a small picture whose origin is not (0, 0), as sub-images have it.
func scene() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(5, 7, 5+16, 7+9))
	for y := 7; y < 16; y++ {
		for x := 5; x < 21; x++ {
			m.SetNRGBA(x, y, color.NRGBA{uint8(9 * x), uint8(13 * y), uint8(x * y), 255})
		}
	}
	return m
}

func TestFormatsGiveBackWhatWasDrawn(t *testing.T) {
	m := scene()
	var asBMP bytes.Buffer
	if err := bmp.Encode(&asBMP, m); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"png": pngOf(t, m), "bmp": asBMP.Bytes()} {
		p := mustDecode(t, data)
		if p.Format != name || p.Width != 16 || p.Height != 9 {
			t.Fatalf("%s: got %s of %d × %d px", name, p.Format, p.Width, p.Height)
		}
		if r := p.Raster(); r.Bands[0].At(2, 3) != 9*7 || r.Bands[1].At(2, 3) != 13*10 || r.Valid.Pix != nil {
			t.Errorf("%s: pixel (2, 3) is %g, %g", name, r.Bands[0].At(2, 3), r.Bands[1].At(2, 3))
		}
		if got := p.NRGBA(); got.Rect.Min != (image.Point{}) || !bytes.Equal(got.Pix, m.Pix) {
			t.Errorf("%s: the view differs from what was drawn", name)
		}
	}
}

func TestSixteenBitsStayExact(t *testing.T) {
	m := image.NewGray16(image.Rect(0, 0, 3, 1))
	for x, v := range []uint16{1, 300, 65535} {
		m.SetGray16(x, 0, color.Gray16{Y: v})
	}
	p := mustDecode(t, pngOf(t, m))
	if diff := cmp.Diff([]float32{1, 300, 65535}, band(t, p, 0)); diff != "" {
		t.Error(diff)
	}
	if p.NRGBA(); !strings.Contains(p.View, "stretched") {
		t.Errorf("the view says %q and not that it is stretched", p.View)
	}
	if info := p.Info(); info.Sample != "uint16" || info.RGBASHA256 != "" || info.SamplesSHA256 == "" {
		t.Errorf("got sample %s, digests %q and %q", info.Sample, info.RGBASHA256, info.SamplesSHA256)
	}
}

func TestPaletteIsExpandedAndItsTransparentEntryInvalid(t *testing.T) {
	m := image.NewPaletted(image.Rect(0, 0, 2, 1), color.Palette{color.NRGBA{10, 20, 30, 255}, color.NRGBA{}})
	m.Pix[1] = 1
	r := mustDecode(t, pngOf(t, m)).Raster()
	if len(r.Bands) != 3 || r.Bands[0].Pix[0] != 10 || r.Bands[2].Pix[0] != 30 {
		t.Errorf("got %d bands, first pixel %v", len(r.Bands), r.Bands[0].Pix)
	}
	if diff := cmp.Diff([]uint8{1, 0}, r.Valid.Pix); diff != "" {
		t.Error(diff)
	}
}

func TestGIFGivesItsFirstFrameOnTheWholeScreen(t *testing.T) {
	pal := color.Palette{color.NRGBA{200, 0, 0, 255}, color.NRGBA{0, 0, 200, 255}}
	first := image.NewPaletted(image.Rect(1, 1, 3, 2), pal)
	second := image.NewPaletted(image.Rect(0, 0, 4, 3), pal)
	var b bytes.Buffer
	err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{first, second}, Delay: []int{1, 1}, Config: image.Config{Width: 4, Height: 3}})
	if err != nil {
		t.Fatal(err)
	}
	p := mustDecode(t, b.Bytes())
	if p.Width != 4 || p.Height != 3 || p.Info().Pages != 2 {
		t.Fatalf("got %d × %d px, %d pages", p.Width, p.Height, p.Info().Pages)
	}
	want := []uint8{0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0}
	if diff := cmp.Diff(want, p.Raster().Valid.Pix); diff != "" {
		t.Error(diff)
	}
}

// withEXIF puts an EXIF block into a JPEG.
func withEXIF(t *testing.T, m image.Image, fields ...field) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	block := append([]byte("Exif\x00\x00"), directory(binary.BigEndian, false, []byte("MM\x00*\x00\x00\x00\x00"), fields)...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(block)+2))...)
	return append(append(out, block...), b.Bytes()[2:]...)
}

func TestAnEXIFTurnIsAppliedToTheViewAndNotToTheFile(t *testing.T) {
	// Left half black, right half white, 32 × 16 px; the camera lay on its side.
	m := image.NewGray(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := 16; x < 32; x++ {
			m.SetGray(x, y, color.Gray{255})
		}
	}
	for _, c := range []struct {
		orientation            float64
		w, h, brightX, brightY int
	}{
		{1, 32, 16, 31, 0}, {2, 32, 16, 0, 0}, {3, 32, 16, 0, 0}, {4, 32, 16, 31, 0},
		{5, 16, 32, 0, 31}, {6, 16, 32, 0, 31}, {7, 16, 32, 0, 0}, {8, 16, 32, 0, 0},
	} {
		p := mustDecode(t, withEXIF(t, m, short(274, c.orientation)))
		if p.Width != c.w || p.Height != c.h {
			t.Errorf("orientation %g: upright %d × %d px, want %d × %d", c.orientation, p.Width, p.Height, c.w, c.h)
			continue
		}
		if got := p.Raster().Bands[0].At(c.brightX, c.brightY); got < 200 {
			t.Errorf("orientation %g: (%d, %d) is %g, want bright", c.orientation, c.brightX, c.brightY, got)
		}
		if got := p.NRGBA().NRGBAAt(c.brightX, c.brightY).R; got < 200 {
			t.Errorf("orientation %g: the view has %d at (%d, %d), want bright", c.orientation, got, c.brightX, c.brightY)
		}
		if info := p.Info(); info.Width != 32 || info.Height != 16 || info.Orientation != int(c.orientation) {
			t.Errorf("orientation %g: info says %d × %d px, orientation %d", c.orientation, info.Width, info.Height, info.Orientation)
		}
	}
}

func TestCameraTimesAreKeptWithoutAZone(t *testing.T) {
	info := mustDecode(t, withEXIF(t, image.NewGray(image.Rect(0, 0, 8, 8)),
		ascii(306, "2015:10:15 08:21:00"), ascii(271, "Acme"), ascii(272, "Acme Eye 3"), ascii(305, "editor 1.0"))).Info()
	want := []decode.Date{{Value: "2015-10-15T08:21:00", Tag: "TIFF DateTime", Means: "change"}}
	if diff := cmp.Diff(want, info.Dates); diff != "" {
		t.Error(diff)
	}
	if info.Sensor != "Acme Eye 3" || info.Software != "editor 1.0" || info.GPS {
		t.Errorf("sensor %q, software %q, GPS %v", info.Sensor, info.Software, info.GPS)
	}
}

func TestWhatIsNoPictureIsNamed(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{"%PDF-1.7", "PDF"},
		{"PK\x03\x04....", "ZIP"},
		{"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"},
		{"<!DOCTYPE html><html>", "web page"},
		{"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"},
		{"\x00\x00\x00\x1cftypavif", "AVIF"},
		{"\x00\x00\x00\x1cftypheic", "HEIC"},
		{"\x00\x00\x00\x1cftypisom", "video"},
		{"P6\n1 1\n255\n...", "PNM"},
		{"hello", "no picture format"},
	} {
		_, err := decode.Decode([]byte(c.data), decode.DefaultLimits())
		if !errors.Is(err, imagery.ErrUnsupported) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.12q: got %v, want one line that says %q", c.data, err, c.want)
		}
	}
}

func TestACutOffFileIsNeverHalfAPicture(t *testing.T) {
	var j, g bytes.Buffer
	m := scene()
	if err := jpeg.Encode(&j, m, nil); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&g, m, nil); err != nil {
		t.Fatal(err)
	}
	var asBMP bytes.Buffer
	if err := bmp.Encode(&asBMP, m); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"png": pngOf(t, m), "jpeg": j.Bytes()[:j.Len()-2], "gif": g.Bytes(), "bmp": asBMP.Bytes()} {
		if name == "png" {
			data = data[:len(data)-12] // all but the end mark, which pixels can do without
		}
		for n := 1; n < len(data)-2; n += max(1, len(data)/60) {
			p, err := decode.Decode(data[:n], decode.DefaultLimits())
			if err == nil {
				t.Errorf("%s cut to %d of %d bytes gave %d × %d px", name, n, len(data), p.Width, p.Height)
			}
		}
	}
}

func TestLimitsAreCheckedBeforeMemoryIsTaken(t *testing.T) {
	big := pngOf(t, image.NewGray(image.Rect(0, 0, 300, 200)))
	for name, lim := range map[string]decode.Limits{
		"bytes":  {MaxBytes: 10},
		"pixels": {MaxPixels: 59999},
		"memory": {MaxMemory: 1000},
	} {
		if _, err := decode.Decode(big, lim); !errors.Is(err, imagery.ErrTooLarge) {
			t.Errorf("%s: got %v, want too large", name, err)
		}
		info, err := decode.Stat(big, lim)
		if name == "bytes" {
			if !errors.Is(err, imagery.ErrTooLarge) {
				t.Errorf("%s: Stat got %v, want too large", name, err)
			}
			continue
		}
		if err != nil || info.Width != 300 || len(info.Warnings) != 1 {
			t.Errorf("%s: Stat got %d px, warnings %q, %v, want a description with a warning", name, info.Width, info.Warnings, err)
		}
	}
	if _, err := decode.Decode(big, decode.Limits{MaxPixels: 60000}); err != nil {
		t.Errorf("exactly at the limit: %v", err)
	}
}

func TestABombIsRefusedByItsSizeOnDisk(t *testing.T) {
	// A header that claims 20,000 × 20,000 grey pixels over the data of a few.
	data := pngOf(t, image.NewGray(image.Rect(0, 0, 20000, 1)))
	binary.BigEndian.PutUint32(data[20:], 20000)
	binary.BigEndian.PutUint32(data[29:], crcOf(data[12:29]))
	if _, err := decode.Decode(data, decode.DefaultLimits()); !errors.Is(err, imagery.ErrCorrupt) {
		t.Errorf("got %v, want corrupt", err)
	}
}

func TestStatSaysTheSameAsInfoButForThePixels(t *testing.T) {
	data := pngOf(t, scene())
	got, err := decode.Stat(data, decode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	want := mustDecode(t, data).Info()
	want.RGBASHA256, want.SamplesSHA256 = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestGPSIsReportedOnlyWhereItIs(t *testing.T) {
	// A GPS directory of its own, behind the first: latitude 36°12'0" north, longitude 37°9'0" east.
	le := binary.LittleEndian
	block := directory(le, false, []byte("II*\x00\x00\x00\x00\x00"), []field{long(34853, 0)})
	at := len(block)
	block = le.AppendUint16(block, 4)
	rationals := at + 2 + 4*12 + 4
	for _, e := range [][4]uint32{{1, 2, 2, 'N'}, {2, 5, 3, uint32(rationals)}, {3, 2, 2, 'E'}, {4, 5, 3, uint32(rationals + 24)}} {
		block = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(block, uint16(e[0])), uint16(e[1])), e[2]), e[3])
	}
	block = le.AppendUint32(block, 0)
	for _, v := range []uint32{36, 12, 0, 37, 9, 0} {
		block = le.AppendUint32(le.AppendUint32(block, v), 1)
	}
	le.PutUint32(block[8+2+8:], uint32(at)) // the first directory's one entry points there
	info := mustDecode(t, insert(plainJPEG(t), 0xe1, "Exif\x00\x00"+string(block))).Info()
	if !info.GPS || info.Lat == nil || math.Abs(*info.Lat-36.2) > 1e-9 || math.Abs(*info.Lon-37.15) > 1e-9 {
		t.Errorf("GPS %v at %v, %v", info.GPS, info.Lat, info.Lon)
	}
	if info := mustDecode(t, plainJPEG(t)).Info(); info.GPS || info.Lat != nil {
		t.Error("a place is reported where the file has none")
	}
}

func TestAWorldFilePlacesAPicture(t *testing.T) {
	p := mustDecode(t, withEXIF(t, image.NewGray(image.Rect(0, 0, 32, 16)), short(274, 6)))
	grid, err := geo.ParseWorldFile("2 0 0 -2 500001 3999999")
	if err != nil {
		t.Fatal(err)
	}
	p.Place(geo.Georeference{EPSG: 32637, Transform: grid, HasGrid: true})
	if g, ok := p.Georeference(); !ok || g.Transform.C != 500000 || p.Width != 32 || p.Height != 16 {
		t.Errorf("got %+v, %d × %d px, want the stored grid's corner at 500000", g, p.Width, p.Height)
	}
	if info := p.Info(); info.EPSG == nil || *info.EPSG != 32637 || len(info.Footprint) != 4 {
		t.Errorf("info has EPSG %v and %d corners", info.EPSG, len(info.Footprint))
	}
}
