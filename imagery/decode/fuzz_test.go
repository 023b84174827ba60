package decode_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/bmp"
)

// Small limits, so that a fuzzer finds what is slow or large and not what is allowed.
var fuzzLimits = decode.Limits{MaxBytes: 1 << 20, MaxPixels: 1 << 18, MaxMemory: 8 << 20}

// try decodes anything. Whatever comes out must be whole, and every error of a kind.
func try(t *testing.T, data []byte) {
	p, err := decode.Decode(data, fuzzLimits)
	if err != nil {
		if !errors.Is(err, imagery.ErrCorrupt) && !errors.Is(err, imagery.ErrUnsupported) && !errors.Is(err, imagery.ErrTooLarge) {
			t.Fatalf("an error of no kind: %v", err)
		}
		if bytes.ContainsAny([]byte(err.Error()), "\n\r") {
			t.Fatalf("an error of several lines: %q", err)
		}
		return
	}
	r := p.Raster()
	if w, h := r.Size(); w != p.Width || h != p.Height {
		t.Fatalf("raster of %d × %d px, picture of %d × %d", w, h, p.Width, p.Height)
	}
	for b, band := range r.Bands {
		for i, v := range band.Pix {
			if v-v != 0 {
				t.Fatalf("band %d holds %g at %d", b, v, i)
			}
		}
	}
	if m := p.NRGBA(); m.Rect != image.Rect(0, 0, p.Width, p.Height) {
		t.Fatalf("view of %v, picture of %d × %d", m.Rect, p.Width, p.Height)
	}
	f, err := decode.Open(bytes.NewReader(data), int64(len(data)), fuzzLimits)
	if err != nil {
		t.Fatalf("decoded and not opened: %v", err)
	}
	info, err := f.Info()
	if diff := cmp.Diff(document(t, p.Info()), document(t, info)); diff != "" || err != nil {
		t.Fatalf("read by parts it is another file: %v\n%s", err, diff)
	}
	part, err := f.Window(decode.Window{}, 100)
	if err == nil && part.Picture.Width*part.Picture.Height > 100 {
		t.Fatalf("a part of %d × %d px, want at most 100", part.Picture.Width, part.Picture.Height)
	}
	if err == nil {
		writtenAgain(t, part)
	}
}

// document returns an Info as JSON, in which NaN equals NaN.
func document(t *testing.T, i decode.Info) string {
	t.Helper()
	b, err := json.MarshalIndent(i, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// writtenAgain checks that a part written as TIFF shows what the part shows.
func writtenAgain(t *testing.T, part *decode.Part) *decode.Picture {
	t.Helper()
	var out bytes.Buffer
	if err := part.WriteTIFF(&out, "a test"); err != nil {
		if !errors.Is(err, imagery.ErrUnsupported) {
			t.Fatal(err)
		}
		return nil
	}
	again, err := decode.Decode(out.Bytes(), decode.DefaultLimits())
	if err != nil {
		t.Fatalf("the TIFF written can't be read: %v", err)
	}
	if diff := cmp.Diff(part.Picture.NRGBA(), again.NRGBA()); diff != "" {
		t.Fatalf("the TIFF written shows something else:\n%s", diff)
	}
	if diff := cmp.Diff(part.Picture.Raster(), again.Raster()); diff != "" {
		t.Fatalf("the TIFF written measures otherwise:\n%s", diff)
	}
	return again
}

func FuzzPNG(f *testing.F) {
	f.Add(pngOf(f, scene()))
	f.Add(pngOf(f, image.NewGray16(image.Rect(0, 0, 3, 3))))
	f.Add(pngOf(f, image.NewPaletted(image.Rect(0, 0, 9, 2), color.Palette{color.NRGBA{9, 0, 0, 255}, color.NRGBA{}})))
	// The fuzzer changes bytes; checksums are put right, or nothing would get past them.
	f.Fuzz(func(t *testing.T, data []byte) { try(t, rightSums(data)) })
}

// rightSums corrects the checksums of a PNG's chunks.
func rightSums(data []byte) []byte {
	out := bytes.Clone(data)
	for at := 8; at+12 <= len(out); {
		n := int(binary.BigEndian.Uint32(out[at:]))
		if n < 0 || n > len(out)-at-12 {
			break
		}
		binary.BigEndian.PutUint32(out[at+8+n:], crcOf(out[at+4:at+8+n]))
		at += 12 + n
	}
	return out
}

func FuzzTIFF(f *testing.F) {
	le, be := binary.LittleEndian, binary.BigEndian
	f.Add(tiffOf(le, false, false, [][]byte{{0, 1, 128, 255}}, greyFields(2, 2, 8)...))
	f.Add(tiffOf(be, true, true, [][]byte{make([]byte, 512)}, with(greyFields(3, 2, 16), short(322, 16), short(323, 16))...))
	f.Add(tiffOf(le, false, false, [][]byte{deflated(make([]byte, 48))}, with(greyFields(4, 4, 8), short(258, 8, 8, 8), short(262, 2), short(277, 3), short(259, 8), short(317, 2))...))
	f.Add(tiffOf(le, false, false, [][]byte{packBits(9, 256, 7, 258, 8, 8, 258, 6, 6, 257)}, with(greyFields(3, 3, 8), short(259, 5))...))
	f.Add(tiffOf(le, false, false, [][]byte{make([]byte, 6)}, with(greyFields(2, 2, 8), short(258, 8, 8, 8), short(262, 6), short(277, 3), short(530, 2, 2))...))
	f.Add(tiffOf(be, false, false, [][]byte{make([]byte, 8)}, with(greyFields(2, 1, 32), short(339, 3), ascii(42113, "nan"), ascii(42112, "<GDALMetadata/>"))...))
	f.Add(tiffOf(le, false, false, [][]byte{{0b01111010, 0b00000000}}, with(greyFields(8, 1, 1), short(259, 2))...))
	f.Add(tiffOf(le, false, false, [][]byte{{0x26, 0xa1}}, with(greyFields(8, 1, 1), short(259, 4))...))
	f.Fuzz(func(t *testing.T, data []byte) { try(t, data) })
}

func FuzzJPEG(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, scene(), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	for _, c := range libjpegs {
		data, err := base64.StdEncoding.DecodeString(c.data)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { try(t, data) })
}

func FuzzGIF(f *testing.F) {
	var b bytes.Buffer
	if err := gif.Encode(&b, scene(), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) { try(t, data) })
}

func FuzzBMP(f *testing.F) {
	var b bytes.Buffer
	if err := bmp.Encode(&b, scene()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(append([]byte("BM\x46\x00\x00\x00\x00\x00\x00\x00\x3e\x00\x00\x00\x28\x00\x00\x00\x03\x00\x00\x00\x02\x00\x00\x00\x01\x00\x08\x00\x01\x00\x00\x00"),
		"\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x00\x09\x08\x07\x00\x03\x01\x00\x00\x03\x00\x00\x01"...))
	f.Fuzz(func(t *testing.T, data []byte) { try(t, data) })
}

func FuzzWebP(f *testing.F) {
	for _, s := range []string{lossyWebP, losslessWebP} {
		data, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { try(t, data) })
}

func FuzzLZW(f *testing.F) {
	f.Add(packBits(9, 256, 7, 258, 8, 8, 258, 6, 6, 257), 100)
	f.Fuzz(func(t *testing.T, src []byte, n int) {
		out := make([]byte, min(max(n, 0), 1<<16))
		if k, _ := decode.LZW(out, src); k > len(out) {
			t.Fatalf("filled %d of %d", k, len(out))
		}
	})
}

func FuzzFax(f *testing.F) {
	f.Add([]byte{0b01111010, 0}, 2, 0, 8, 1)
	f.Add([]byte{0b00101111, 0b01010000}, 4, 0, 8, 2)
	f.Add([]byte{0, 0b00010111, 0b10100000}, 3, 1, 8, 1)
	f.Fuzz(func(t *testing.T, src []byte, compression, options, w, h int) {
		if w < 1 || h < 1 || w > 5000 || h > 200 || compression < 2 || compression > 4 {
			return
		}
		line := (w + 7) / 8
		if n, _ := decode.Fax(make([]byte, line*h), src, compression, options, w, h); n > line*h {
			t.Fatalf("filled %d of %d", n, line*h)
		}
	})
}

func FuzzInflate(f *testing.F) {
	f.Add(deflated([]byte("a roof, a roof, a street")), 24)
	f.Fuzz(func(t *testing.T, src []byte, n int) {
		out := make([]byte, min(max(n, 0), 1<<16))
		if k, err := decode.Inflate(out, src); k > len(out) || err == nil && k != len(out) {
			t.Fatalf("filled %d of %d, %v", k, len(out), err)
		}
	})
}
