package decode_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/antequem/antequem/imagery/decode"
)

// Pictures of 19 × 11 px, and the SHA-256 of their RGBA, by libjpeg-turbo (API 6.2)
// through Pillow 9.4.0.
var libjpegs = map[string]struct{ data, sum string }{
	"chroma halved both ways": {"/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAoHBwgHBgoICAgLCgoLDhgQDg0NDh0VFhEYIx8lJCIfIiEmKzcvJik0KSEiMEExNDk7Pj4+JS5ESUM8SDc9Pjv/2wBDAQoLCw4NDhwQEBw7KCIoOzs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozv/wAARCAALABMDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDnIPDvT5P0rSg8O9Pk/Sutt4Iv7grTggi/uCunNs5q6nk5Pm9XQ41fDvA+SivQFgi2j5BRXxDzmrc+8Wb1bH//2Q==", "30fd8204f41c3c08d746ae1cbbac8a20f66f652cada0d38c90f7a29e1bc92fd7"},
	"chroma halved across":    {"/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAoHBwgHBgoICAgLCgoLDhgQDg0NDh0VFhEYIx8lJCIfIiEmKzcvJik0KSEiMEExNDk7Pj4+JS5ESUM8SDc9Pjv/2wBDAQoLCw4NDhwQEBw7KCIoOzs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozv/wAARCAALABMDASEAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDnIPDvT5P0rSg8O9Pk/Svos2zHfUeT4/bUvL4d4HyUV8O8x13PvFj9Nzft4Iv7grTggi/uCts2qS11PxbJ5y01LywRbR8gor4h1JX3Pu1OVtz/2Q==", "bec6a70ac7e4228616627a58fc93e7d689f8746e6bbc8532bce4deaa09580520"},
	"progressive":             {"/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAoHBwgHBgoICAgLCgoLDhgQDg0NDh0VFhEYIx8lJCIfIiEmKzcvJik0KSEiMEExNDk7Pj4+JS5ESUM8SDc9Pjv/2wBDAQoLCw4NDhwQEBw7KCIoOzs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozs7Ozv/wgARCAALABMDASIAAhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAAAAAAAAQFBv/EABYBAQEBAAAAAAAAAAAAAAAAAAUDBP/aAAwDAQACEAMQAAABms12aZIxoAR7/8QAGRABAQEAAwAAAAAAAAAAAAAAAQAEAhEU/9oACAEBAAEFAjPGe89xCAui/8QAFxEAAwEAAAAAAAAAAAAAAAAAAAIEFP/aAAgBAwEBPwGOtjWx/8QAFxEAAwEAAAAAAAAAAAAAAAAAAAIEFP/aAAgBAgEBPwGuxjYx/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQAGPwJf/8QAGRABAAMBAQAAAAAAAAAAAAAAAAFRYREx/9oACAEBAAE/Ic2aMqSsjl4//9oADAMBAAIAAwAAABDbz//EABcRAQADAAAAAAAAAAAAAAAAAAABESH/2gAIAQMBAT8Qxorf/8QAFxEBAAMAAAAAAAAAAAAAAAAAAAERIf/aAAgBAgEBPxDWm9//xAAaEAABBQEAAAAAAAAAAAAAAAAAASExUcER/9oACAEBAAE/EIskWRhDTlecZp//2Q==", "30fd8204f41c3c08d746ae1cbbac8a20f66f652cada0d38c90f7a29e1bc92fd7"},
}

func TestJPEGEqualsLibjpegBitForBit(t *testing.T) {
	for name, c := range libjpegs {
		data, err := base64.StdEncoding.DecodeString(c.data)
		if err != nil {
			t.Fatal(err)
		}
		if got := mustDecode(t, data).Info().RGBASHA256; got != c.sum {
			t.Errorf("%s: got %s, want %s", name, got, c.sum)
		}
	}
}

// Another decoder of the same file may round otherwise, never by more than a few steps.
func TestJPEGStaysNearTheStandardLibrarysReading(t *testing.T) {
	for _, side := range []image.Rectangle{image.Rect(0, 0, 1, 1), image.Rect(0, 0, 17, 33), image.Rect(0, 0, 64, 8), image.Rect(0, 0, 300, 5)} {
		m := image.NewRGBA(side)
		for y := range side.Max.Y {
			for x := range side.Max.X {
				m.Set(x, y, color.RGBA{uint8(x * 255 / side.Max.X), uint8(y * 7), uint8(255 - x*200/side.Max.X), 255})
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}); err != nil {
			t.Fatal(err)
		}
		want, err := jpeg.Decode(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		got := mustDecode(t, b.Bytes()).Raster()
		for y := range side.Max.Y {
			for x := range side.Max.X {
				c := color.RGBAModel.Convert(want.At(x, y)).(color.RGBA)
				// Green is nearly luma; red and blue depend on how chroma is spread.
				if d := got.Bands[1].At(x, y) - float32(c.G); d > 8 || d < -8 {
					t.Fatalf("%v: green at (%d, %d) is %g, the standard library's %d", side, x, y, got.Bands[1].At(x, y), c.G)
				}
			}
		}
	}
}

// insert puts a segment behind a JPEG's first two bytes.
func insert(data []byte, marker byte, body string) []byte {
	n := len(body) + 2
	out := append([]byte{0xff, 0xd8, 0xff, marker, byte(n >> 8), byte(n)}, body...)
	return append(out, data[2:]...)
}

func plainJPEG(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packet is XMP as an editing program writes it.
const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmp:CreateDate="2016-04-28T10:00:00+03:00" xmp:CreatorTool="Desk 2" photoshop:DateCreated="2016-04-27"/></rdf:RDF></x:xmpmeta>`

func TestPublishersWordsAreReadWhereverTheyStand(t *testing.T) {
	small := pngOf(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	named := "http://ns.adobe.com/xap/1.0/\x00" + packet
	for name, file := range map[string][]byte{
		"a JPEG":                      insert(plainJPEG(t), 0xe1, named),
		"a PNG":                       withChunk(small, "iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+packet),
		"a PNG, packed":               withChunk(small, "iTXt", "XML:com.adobe.xmp\x00\x01\x00\x00\x00"+string(deflated([]byte(packet)))),
		"a PNG that ImageMagick made": withChunk(small, "tEXt", "Raw profile type xmp\x00\nxmp\n  99\n"+hex.EncodeToString([]byte(packet))+"\n"),
		"a TIFF":                      tiffOf(binary.LittleEndian, false, false, [][]byte{{1}}, with(greyFields(1, 1, 8), ascii(700, packet))...),
	} {
		t.Run(name, func(t *testing.T) {
			info := mustDecode(t, file).Info()
			got := map[string]string{}
			for _, d := range info.Dates {
				got[d.Tag+", "+d.Means] = d.Value
			}
			if got["XMP CreateDate, creation"] != "2016-04-28T10:00:00+03:00" || got["XMP DateCreated, capture"] != "2016-04-27" || info.Software != "Desk 2" {
				t.Errorf("got dates %v, software %q", got, info.Software)
			}
		})
	}
}

func TestEXIFThatImageMagickKeptInAPNGIsRead(t *testing.T) {
	block := append([]byte("Exif\x00\x00"), directory(binary.BigEndian, false, []byte("MM\x00*\x00\x00\x00\x00"), []field{short(274, 6), ascii(271, "Acme")})...)
	p := mustDecode(t, withChunk(pngOf(t, image.NewGray(image.Rect(0, 0, 8, 4))), "zTXt",
		"Raw profile type exif\x00\x00"+string(deflated([]byte("\nexif\n  44\n"+hex.EncodeToString(block)+"\n")))))
	if info := p.Info(); info.Sensor != "Acme" || info.Orientation != 6 || p.Width != 4 {
		t.Errorf("sensor %q, orientation %d, %d px wide, want Acme on its side", info.Sensor, info.Orientation, p.Width)
	}
}

func TestACredentialsManifestIsReported(t *testing.T) {
	if info := mustDecode(t, insert(plainJPEG(t), 0xeb, "JP\x00\x01\x00\x00\x00\x01\x00\x00\x00\x20jumb\x00\x00\x00\x18jumdc2pa")).Info(); !info.C2PA {
		t.Error("a C2PA manifest is not seen")
	}
	if info := mustDecode(t, plainJPEG(t)).Info(); info.C2PA {
		t.Error("a C2PA manifest is seen where none is")
	}
}

func BenchmarkDecode(b *testing.B) {
	const side = 1024
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range m.Pix {
		m.Pix[i] = uint8(i*i>>7 ^ i>>12)
	}
	var asJPEG bytes.Buffer
	if err := jpeg.Encode(&asJPEG, m, &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	for name, data := range map[string][]byte{"png": pngOf(b, m), "jpeg": asJPEG.Bytes()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(side * side) // one byte per pixel: MB/s reads as megapixels per second
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decode.Decode(data, decode.DefaultLimits()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
