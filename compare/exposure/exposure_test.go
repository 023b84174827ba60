package exposure_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/antequem/antequem/compare/exposure"
	"github.com/antequem/antequem/imagery/raster"
	"github.com/antequem/antequem/samples/synth"
)

// noon is the town at one moment; a picture of it fits the grid pixel for pixel.
func noon(look uint64) synth.Spec {
	return synth.Spec{
		Town: 4, Look: look, W: 420, H: 360, ToMoving: synth.Identity(), Bare: true,
		OffNadir: 4, LeanAz: 100, SunAz: 150, SunEl: 50, Leaf: 0.8, Green: 0.6, Blur: 0.5, Noise: 2,
	}
}

func draw(s synth.Spec) image.Image {
	img, _ := synth.Draw(s)
	return img
}

func picture(img image.Image) exposure.Picture {
	b := img.Bounds()
	p := raster.NewPlane(b.Dx(), b.Dy())
	for y := range p.H {
		for x := range p.W {
			p.Pix[y*p.W+x] = float32(color.GrayModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.Gray).Y)
		}
	}
	return exposure.Picture{Raster: raster.Raster{Bands: []raster.Plane{p}}, Scale: 1}
}

// posted is img as it comes back from a website: smaller, compressed, paler.
func posted(t *testing.T, img image.Image) image.Image {
	t.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: 75}); err != nil {
		t.Fatal(err)
	}
	back, err := jpeg.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	b := back.Bounds()
	out := image.NewGray(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			out.SetGray(x, y, color.Gray{Y: uint8(40 + int(color.GrayModel.Convert(back.At(x, y)).(color.Gray).Y)*3/4)})
		}
	}
	return out
}

// replaced puts a checkered block over a ninth of the picture's windows or fewer.
func replaced(img image.Image) image.Image {
	out := image.NewGray(img.Bounds())
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Set(x, y, img.At(x, y))
			if x >= 100 && x < 180 && y >= 100 && y < 180 {
				out.SetGray(x, y, color.Gray{Y: uint8(60 + 120*((x/5+y/7)%2))})
			}
		}
	}
	return out
}

func TestCopies(t *testing.T) {
	original := draw(noon(1))
	later := noon(2)
	later.SunAz, later.SunEl = 152, 52
	winter := noon(3)
	winter.SunAz, winter.SunEl, winter.Leaf, winter.Green = 165, 28, 0.1, 0.2
	blank := image.NewGray(original.Bounds())
	for _, c := range []struct {
		name   string
		other  image.Image
		copies bool
	}{
		{"a picture is a copy of itself", original, true},
		{"a compressed and paler copy is a copy", posted(t, original), true},
		{"a copy in which a house was replaced is a copy", replaced(posted(t, original)), true},
		{"the same town a few days later is none", draw(later), false},
		{"the same town in winter is none", draw(winter), false},
		{"a blank picture is none", blank, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := exposure.NewSet([]exposure.Picture{picture(original), picture(c.other)}, 2).Compare(0, 1)
			if l.Copies() != c.copies {
				t.Errorf("Copies() = %v of %+v", l.Copies(), l)
			}
		})
	}
}

func TestCompareIgnoresWhatHasNoData(t *testing.T) {
	a, b := picture(draw(noon(1))), picture(posted(t, draw(noon(1))))
	w, h := b.Raster.Size()
	b.Raster.Valid = raster.Mask{W: w, H: h, Pix: make([]uint8, w*h)}
	for y := range h {
		for x := range w {
			if x > w/3 {
				b.Raster.Valid.Pix[y*w+x] = 1
			} else {
				b.Raster.Bands[0].Pix[y*w+x] = 1e9 // poison
			}
		}
	}
	if l := exposure.NewSet([]exposure.Picture{a, b}, 1).Compare(0, 1); !l.Copies() {
		t.Errorf("two thirds of a copy are no copy: %+v", l)
	}
}

func TestCompareIsTheSameWithAnyNumberOfWorkers(t *testing.T) {
	pictures := []exposure.Picture{picture(draw(noon(1))), picture(draw(noon(2)))}
	one := exposure.NewSet(pictures, 1).Compare(0, 1)
	if many := exposure.NewSet(pictures, 8).Compare(0, 1); one != many {
		t.Errorf("8 workers: %+v, 1 worker: %+v", many, one)
	}
}

func TestSmallPicturesSayNothing(t *testing.T) {
	tiny := exposure.Picture{Raster: raster.Raster{Bands: []raster.Plane{raster.NewPlane(20, 20)}}, Scale: 1}
	if exposure.NewSet([]exposure.Picture{tiny, tiny, {}}, 1).Compare(0, 1).Copies() {
		t.Error("20 px are no evidence")
	}
}

func BenchmarkCompare(b *testing.B) {
	set := exposure.NewSet([]exposure.Picture{picture(draw(noon(1))), picture(draw(noon(2)))}, 1)
	b.SetBytes(420 * 360)
	b.ReportAllocs()
	for b.Loop() {
		set.Compare(0, 1)
	}
}
