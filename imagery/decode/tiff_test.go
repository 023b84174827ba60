package decode_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/google/go-cmp/cmp"
)

func float64bits(v float64) uint64 { return math.Float64bits(v) }

func deflated(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func TestTIFFSamplesKeepTheirNumbers(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	f32 := func(o binary.AppendByteOrder, v ...float32) (b []byte) {
		for _, x := range v {
			b = o.AppendUint32(b, math.Float32bits(x))
		}
		return b
	}
	for _, c := range []struct {
		name string
		file []byte
		want []float32
	}{
		{"8 bits", tiffOf(le, false, false, [][]byte{{0, 1, 128, 255}}, greyFields(2, 2, 8)...), []float32{0, 1, 128, 255}},
		{"8 bits in a BigTIFF, largest byte first", tiffOf(be, true, false, [][]byte{{0, 1, 128, 255}}, greyFields(2, 2, 8)...), []float32{0, 1, 128, 255}},
		{"16 bits, smallest byte first", tiffOf(le, false, false, [][]byte{{1, 0, 0, 1}}, greyFields(2, 1, 16)...), []float32{1, 256}},
		{"16 bits, largest byte first", tiffOf(be, false, false, [][]byte{{1, 0, 0, 1}}, greyFields(2, 1, 16)...), []float32{256, 1}},
		{"signed", tiffOf(be, false, false, [][]byte{{0xff, 0xff, 0x80, 0}}, with(greyFields(2, 1, 16), short(339, 2))...), []float32{-1, -32768}},
		{"floats", tiffOf(be, false, false, [][]byte{f32(be, -1.5, 1e6)}, with(greyFields(2, 1, 32), short(339, 3))...), []float32{-1.5, 1e6}},
		{"half floats grow", tiffOf(le, false, false, [][]byte{{0, 0x3c, 0, 0xc0}}, with(greyFields(2, 1, 16), short(339, 3))...), []float32{1, -2}},
		{"12 bits run across bytes", tiffOf(le, false, false, [][]byte{{0x12, 0x3a, 0xbc}}, greyFields(2, 1, 12)...), []float32{0x123, 0xabc}},
		{"one bit becomes black and white", tiffOf(le, false, false, [][]byte{{0b0110_0000}}, greyFields(4, 1, 1)...), []float32{0, 255, 255, 0}},
		{"where 0 is white it is bright", tiffOf(le, false, false, [][]byte{{0, 255, 10}}, with(greyFields(3, 1, 8), short(262, 0))...), []float32{255, 0, 245}},
		{"bits the other way round", tiffOf(le, false, false, [][]byte{{0x80, 0x01}}, with(greyFields(2, 1, 8), short(266, 2))...), []float32{1, 128}},
		{"two strips", tiffOf(le, false, false, [][]byte{{1, 2}, {3}}, with(greyFields(1, 3, 8), short(278, 2))...), []float32{1, 2, 3}},
		{"differences are added up", tiffOf(le, false, false, [][]byte{deflated([]byte{10, 1, 255, 5, 5, 5})}, with(greyFields(3, 2, 8), short(259, 8), short(317, 2))...), []float32{10, 11, 10, 5, 10, 15}},
		{"differences count only where there is compression", tiffOf(le, false, false, [][]byte{{10, 1, 255}}, with(greyFields(3, 1, 8), short(317, 2))...), []float32{10, 1, 255}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, band(t, mustDecode(t, c.file), 0)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTIFFFloatPredictorPutsBytesBack(t *testing.T) {
	// Two floats, 1 and 2: bytes 3f 80 00 00 and 40 00 00 00, highest bytes together,
	// then differences of neighbours.
	planes := []byte{0x3f, 0x40, 0x80, 0, 0, 0, 0, 0}
	for i := len(planes) - 1; i > 0; i-- {
		planes[i] -= planes[i-1]
	}
	file := tiffOf(binary.LittleEndian, false, false, [][]byte{deflated(planes)},
		with(greyFields(2, 1, 32), short(259, 8), short(317, 3), short(339, 3))...)
	if diff := cmp.Diff([]float32{1, 2}, band(t, mustDecode(t, file), 0)); diff != "" {
		t.Error(diff)
	}
}

func TestTIFFTilesAreLaidOutAndCut(t *testing.T) {
	// 3 × 2 px in tiles of 16 × 16: all but the corner is padding.
	tile := bytes.Repeat([]byte{99}, 256)
	copy(tile, []byte{1, 2, 3})
	copy(tile[16:], []byte{4, 5, 6})
	file := tiffOf(binary.LittleEndian, false, true, [][]byte{tile}, with(greyFields(3, 2, 8), short(322, 16), short(323, 16))...)
	if diff := cmp.Diff([]float32{1, 2, 3, 4, 5, 6}, band(t, mustDecode(t, file), 0)); diff != "" {
		t.Error(diff)
	}
}

func TestTIFFPlanesAreTheSameAsInterleaved(t *testing.T) {
	rgb := with(greyFields(2, 1, 8), short(258, 8, 8, 8), short(262, 2), short(277, 3))
	chunky := mustDecode(t, tiffOf(binary.LittleEndian, false, false, [][]byte{{1, 2, 3, 4, 5, 6}}, rgb...))
	planar := mustDecode(t, tiffOf(binary.LittleEndian, false, false, [][]byte{{1, 4}, {2, 5}, {3, 6}}, with(rgb, short(284, 2))...))
	if diff := cmp.Diff(chunky.Raster(), planar.Raster()); diff != "" {
		t.Error(diff)
	}
	if a, b := chunky.Info(), planar.Info(); a.RGBASHA256 != b.RGBASHA256 || a.SamplesSHA256 != b.SamplesSHA256 {
		t.Error("digests of planes and of interleaved bands differ")
	}
}

func TestSparseTilesAreNodata(t *testing.T) {
	file := tiffOf(binary.LittleEndian, false, true, [][]byte{{}}, with(greyFields(2, 2, 16),
		short(322, 16), short(323, 16), short(339, 2), ascii(42113, "-9999"))...)
	p := mustDecode(t, file)
	r := p.Raster()
	if diff := cmp.Diff([]uint8{0, 0, 0, 0}, r.Valid.Pix); diff != "" {
		t.Error(diff)
	}
	if info := p.Info(); info.Nodata == nil || *info.Nodata != -9999 {
		t.Errorf("nodata is %v, want -9999", info.Nodata)
	}
}

func TestNoDataNeverLeaksIntoTheRaster(t *testing.T) {
	var b []byte
	for _, v := range []float64{math.NaN(), math.Inf(1), -9999, 7} {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
	}
	r := mustDecode(t, tiffOf(binary.LittleEndian, false, false, [][]byte{b}, with(greyFields(4, 1, 32), short(339, 3), ascii(42113, "-9999"))...)).Raster()
	if diff := cmp.Diff([]float32{0, 0, 0, 7}, r.Bands[0].Pix); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]uint8{0, 0, 0, 1}, r.Valid.Pix); diff != "" {
		t.Error(diff)
	}
}

func TestPremultipliedColoursAreTakenApart(t *testing.T) {
	// Half-transparent: 50 of 128 is 99.6 of 255, cut to 99 as Pillow 9.4 has it.
	file := tiffOf(binary.LittleEndian, false, false, [][]byte{{50, 0, 128, 128, 9, 9, 9, 0}},
		with(greyFields(2, 1, 8), short(258, 8, 8, 8, 8), short(262, 2), short(277, 4), short(338, 1))...)
	p := mustDecode(t, file)
	if diff := cmp.Diff([]uint8{99, 0, 255, 128, 0, 0, 0, 0}, p.NRGBA().Pix); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]uint8{1, 0}, p.Raster().Valid.Pix); diff != "" {
		t.Error(diff)
	}
}

func TestGeoTIFFSaysWhereItLies(t *testing.T) {
	file := tiffOf(binary.LittleEndian, false, false, [][]byte{make([]byte, 4)}, with(greyFields(2, 2, 8),
		double(33550, 2, 2, 0), double(33922, 0, 0, 0, 500000, 4000000, 0),
		short(34735, 1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32637),
		ascii(306, "2015:10:15 08:21:00"),
		ascii(42112, `<GDALMetadata><Item name="ACQUISITIONDATETIME" domain="IMAGERY">2015-10-14 09:00:00</Item><Item name="SATELLITEID">WV03</Item></GDALMetadata>`))...)
	info := mustDecode(t, file).Info()
	if info.EPSG == nil || *info.EPSG != 32637 {
		t.Errorf("EPSG is %v, want 32637", info.EPSG)
	}
	if diff := cmp.Diff([]float64{2, 0, 500000, 0, -2, 4000000}, info.Geotransform); diff != "" {
		t.Error(diff)
	}
	want := []decode.Date{
		{Value: "2015-10-15T08:21:00", Tag: "TIFF DateTime", Means: "change"},
		{Value: "2015-10-14T09:00:00", Tag: "GDAL ACQUISITIONDATETIME", Means: "capture"},
	}
	if diff := cmp.Diff(want, info.Dates); diff != "" {
		t.Error(diff)
	}
	if info.Platform != "WV03" || len(info.Footprint) != 4 || math.Abs(info.GSD-2) > 0.01 {
		t.Errorf("platform %q, footprint %v, GSD %g", info.Platform, info.Footprint, info.GSD)
	}
}

func TestBrokenTIFFsAreSaidToBeBroken(t *testing.T) {
	whole := tiffOf(binary.LittleEndian, false, false, [][]byte{bytes.Repeat([]byte{7}, 400)}, greyFields(20, 20, 8)...)
	lzw := tiffOf(binary.LittleEndian, false, false, [][]byte{{0x80, 0x0b, 0x60}}, with(greyFields(20, 20, 8), short(259, 5))...)
	for _, c := range []struct {
		name string
		file []byte
		kind error
	}{
		{"only a header", whole[:8], imagery.ErrCorrupt},
		{"cut off in the directory", whole[:len(whole)-20], imagery.ErrCorrupt},
		{"a strip beyond the end", tiffOf(binary.LittleEndian, false, false, [][]byte{{1}}, with(greyFields(1000, 1000, 8))...), imagery.ErrCorrupt},
		{"compressed data that end early", lzw, imagery.ErrCorrupt},
		{"no width", tiffOf(binary.LittleEndian, false, false, [][]byte{{1}}, with(greyFields(1, 1, 8), short(256, 0))...), imagery.ErrCorrupt},
		{"a bomb", tiffOf(binary.LittleEndian, false, false, [][]byte{deflated(make([]byte, 1000))}, with(greyFields(60000, 60000, 8), short(259, 8))...), imagery.ErrTooLarge},
		{"a smaller bomb", tiffOf(binary.LittleEndian, false, false, [][]byte{deflated(make([]byte, 1000))}, with(greyFields(20000, 20000, 8), short(259, 8))...), imagery.ErrCorrupt},
		{"LERC", tiffOf(binary.LittleEndian, false, false, [][]byte{{1}}, with(greyFields(1, 1, 8), short(259, 34887))...), imagery.ErrUnsupported},
		{"complex numbers", tiffOf(binary.LittleEndian, false, false, [][]byte{{1}}, with(greyFields(1, 1, 64), short(339, 6))...), imagery.ErrUnsupported},
		{"tiles of no size", tiffOf(binary.LittleEndian, false, true, [][]byte{{1}}, with(greyFields(1, 1, 8), short(322, 0), short(323, 0))...), imagery.ErrCorrupt},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode.Decode(c.file, decode.DefaultLimits())
			if !errors.Is(err, c.kind) {
				t.Errorf("got %v, want an error of the kind %v", err, c.kind)
			}
		})
	}
}
