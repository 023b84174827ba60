package encode_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/encode"
	"pgregory.net/rapid"
)

// ground is an opaque picture with slopes, edges, flat places and noise.
func ground(w, h int) *image.NRGBA {
	rng := rand.New(rand.NewPCG(1, uint64(w*h)))
	im := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		x, y := i%w, i/w
		v := uint8(x/3 + y/5 + rng.IntN(9))
		if (x/40+y/60)%3 == 0 {
			v = 90
		}
		copy(im.Pix[4*i:], []uint8{v, v / 2, 255 - v, 255})
	}
	return im
}

// sees fails where the decoded file differs from the picture.
func sees(t *testing.T, im image.Image, data []byte) {
	t.Helper()
	back, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	b := im.Bounds()
	if back.Bounds().Size() != b.Size() {
		t.Fatalf("size %v, want %v", back.Bounds().Size(), b.Size())
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			got, want := color.NRGBA64Model.Convert(back.At(x, y)), color.NRGBA64Model.Convert(im.At(b.Min.X+x, b.Min.Y+y))
			if got != want {
				t.Fatalf("(%d, %d) is %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestPNGKeepsEveryPixel(t *testing.T) {
	clear := ground(61, 47)
	clear.SetNRGBA(3, 4, color.NRGBA{9, 8, 7, 0})
	clear.SetNRGBA(5, 4, color.NRGBA{9, 8, 7, 100})
	grey, deep := image.NewGray(image.Rect(0, 0, 33, 9)), image.NewGray16(image.Rect(0, 0, 33, 9))
	mask := image.NewPaletted(image.Rect(0, 0, 13, 9), color.Palette{color.Black, color.White})
	three := image.NewPaletted(image.Rect(0, 0, 13, 9), color.Palette{color.Black, color.White, color.NRGBA{1, 2, 3, 255}})
	for i := range grey.Pix {
		grey.Pix[i] = uint8(i * i)
		deep.Pix[2*i], deep.Pix[2*i+1] = uint8(i*i), uint8(i*7)
	}
	for i := range mask.Pix {
		mask.Pix[i], three.Pix[i] = uint8(i/5%2), uint8(i%3)
	}
	for name, im := range map[string]image.Image{
		"opaque colour":                     ground(300, 200),
		"more than a stripe":                ground(1100, 700),
		"a row longer than a stripe":        ground(150_000, 3),
		"one pixel":                         ground(1, 1),
		"colour with transparent places":    clear,
		"grey of 8 bits":                    grey,
		"grey of 16 bits":                   deep,
		"two colours":                       mask,
		"three colours":                     three,
		"premultiplied colour":              image.NewRGBA(image.Rect(2, 3, 9, 12)),
		"a part, whose origin is elsewhere": ground(300, 200).SubImage(image.Rect(17, 31, 170, 111)),
		"a part of a mask":                  mask.SubImage(image.Rect(3, 2, 12, 8)),
		"a part of a grey one":              deep.SubImage(image.Rect(3, 2, 30, 8)),
	} {
		t.Run(name, func(t *testing.T) {
			data, err := encode.PNG(im, 1)
			if err != nil {
				t.Fatal(err)
			}
			sees(t, im, data)
		})
	}
}

func TestEveryNumberOfWorkersWritesTheSameBytes(t *testing.T) {
	im := ground(1500, 900)
	one, err := encode.PNG(im, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{0, 2, 8, 8} {
		if data, err := encode.PNG(im, workers); err != nil || !bytes.Equal(data, one) {
			t.Errorf("%d workers write other bytes than one (%v)", workers, err)
		}
	}
}

func TestAPictureWithoutPixelsIsInvalid(t *testing.T) {
	if _, err := encode.PNG(image.NewNRGBA(image.Rect(0, 0, 0, 5)), 1); !errors.Is(err, imagery.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestAnyPictureComesBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, h := rapid.IntRange(1, 40).Draw(rt, "w"), rapid.IntRange(1, 40).Draw(rt, "h")
		im := image.NewNRGBA(image.Rect(0, 0, w, h))
		copy(im.Pix, rapid.SliceOfN(rapid.Byte(), len(im.Pix), len(im.Pix)).Draw(rt, "pixels"))
		data, err := encode.PNG(im, 3)
		if err != nil {
			rt.Fatal(err)
		}
		back, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			rt.Fatal(err)
		}
		for i := range w * h {
			if got, want := back.At(i%w, i/w), im.At(i%w, i/w); color.NRGBAModel.Convert(got) != want {
				rt.Fatalf("pixel %d is %v, want %v", i, got, want)
			}
		}
	})
}

func BenchmarkPNG(b *testing.B) {
	for _, side := range []int{256, 1024, 4096} {
		im := ground(side, side)
		b.Run(fmt.Sprint(side), func(b *testing.B) {
			b.SetBytes(int64(side * side)) // one byte per pixel: MB/s reads as megapixels per second
			b.ReportAllocs()
			for b.Loop() {
				if _, err := encode.PNG(im, 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
