package workshop_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/antequem/antequem/server/workshop"
)

func TestAPyramidHalvesFromThePictureToOnePixel(t *testing.T) {
	im := image.NewNRGBA(image.Rect(10, 20, 10+1100, 20+600)) // whose origin is not (0, 0)
	for i := range im.Pix {
		im.Pix[i] = 200
		if i%4 == 3 {
			im.Pix[i] = 255
		}
	}
	b := map[string][]byte{}
	if err := workshop.AddTiles(b, "t/", im); err != nil {
		t.Fatal(err)
	}
	// 1100 px need 11 doublings of one pixel; 1100 × 600 px are 3 × 2 tiles of 512.
	for name, size := range map[string]image.Point{
		"t/11/0_0.jpg": {X: 513, Y: 513}, // one neighbour's pixel on the right and below
		"t/11/1_0.jpg": {X: 514, Y: 513},
		"t/11/2_1.jpg": {X: 1100 - 1024 + 1, Y: 600 - 512 + 1},
		"t/10/0_0.jpg": {X: 513, Y: 300},
		"t/9/0_0.jpg":  {X: 275, Y: 150},
		"t/0/0_0.jpg":  {X: 1, Y: 1},
	} {
		got, err := jpeg.Decode(bytes.NewReader(b[name]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Bounds().Size() != size {
			t.Errorf("%s is %v, want %v", name, got.Bounds().Size(), size)
		}
		if r, _, _, _ := got.At(0, 0).RGBA(); r>>8 < 198 || r>>8 > 202 {
			t.Errorf("%s begins with %d, want about 200", name, r>>8)
		}
	}
	if n := len(b); n != 6+2+10 {
		t.Errorf("%d tiles, want 6, 2 and one for each of the 10 small levels", n)
	}
}

func TestAPixelOfALevelIsTheMeanOfTheFourBelow(t *testing.T) {
	im := image.NewRGBA(image.Rect(0, 0, 3, 1))
	for x, v := range []uint8{10, 20, 40} {
		im.SetRGBA(x, 0, color.RGBA{v, v, v, 255})
	}
	out := workshop.Halve(im)
	if got := fmt.Sprint(out.Pix); got != "[15 15 15 255 40 40 40 255]" {
		t.Errorf("%s, want (10+20)/2 and 40 alone", got)
	}
}

func TestTheTopLevelIsTheFirstThatHoldsThePicture(t *testing.T) {
	for side, want := range map[int]int{1: 0, 2: 1, 3: 2, 512: 9, 513: 10, 20000: 15} {
		if got := workshop.TopLevel(side, 1); got != want {
			t.Errorf("%d px: level %d, want %d", side, got, want)
		}
	}
}

func TestAStreamedPyramidIsTheOneThatIsCutFromTheWhole(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {7, 3}, {512, 512}, {513, 511}, {1100, 1025}, {1537, 2049}, {600, 3001}} {
		im := image.NewRGBA(image.Rectangle{Max: size})
		for i := range im.Pix {
			im.Pix[i] = uint8(i*i>>3 + i>>9)
			if i%4 == 3 {
				im.Pix[i] = 255
			}
		}
		want, got := map[string][]byte{}, map[string][]byte{}
		if err := workshop.AddTiles(want, "t/", im); err != nil {
			t.Fatal(err)
		}
		err := workshop.StreamTiles(context.Background(), got, "t/", size, func(r image.Rectangle) (*image.RGBA, error) {
			part := image.NewRGBA(image.Rectangle{Max: r.Size()})
			for y := range r.Dy() {
				copy(part.Pix[y*part.Stride:], im.Pix[im.PixOffset(r.Min.X, r.Min.Y+y):][:4*r.Dx()])
			}
			return part, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Errorf("%v: %d tiles, want %d", size, len(got), len(want))
		}
		for name, b := range want {
			if !bytes.Equal(got[name], b) {
				t.Errorf("%v: %s differs", size, name)
			}
		}
	}
}
