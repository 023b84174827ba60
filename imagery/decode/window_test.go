package decode_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/google/go-cmp/cmp"
)

func windowOf(t *testing.T, data []byte, win decode.Window, maxPixels int64) *decode.Part {
	t.Helper()
	p, err := windowIn(data, win, maxPixels)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// tiledRamp is a georeferenced picture of 40 × 40 px in tiles of 16, pixel (x, y) = 4x + y.
func tiledRamp() []byte {
	var tiles [][]byte
	for ty := range 3 {
		for tx := range 3 {
			tile := make([]byte, 256)
			for i := range tile {
				tile[i] = byte(4*(tx*16+i%16) + ty*16 + i/16)
			}
			tiles = append(tiles, tile)
		}
	}
	return tiffOf(binary.LittleEndian, false, true, tiles, with(greyFields(40, 40, 8), short(322, 16), short(323, 16),
		double(33550, 2, 2, 0), double(33922, 0, 0, 0, 500000, 4000000, 0), short(34735, 1, 1, 0, 1, 3072, 0, 1, 32637))...)
}

func TestAWindowIsCutFromTheTilesItTouches(t *testing.T) {
	p := windowOf(t, tiledRamp(), decode.Window{X: 14, Y: 15, W: 4, H: 3}, 0)
	want := []float32{71, 75, 79, 83, 72, 76, 80, 84, 73, 77, 81, 85}
	if diff := cmp.Diff(want, p.Picture.Raster().Bands[0].Pix); diff != "" {
		t.Error(diff)
	}
	g, ok := p.Picture.Georeference()
	if !ok || g.Transform.C != 500000+2*14 || g.Transform.F != 4000000-2*15 {
		t.Errorf("the window's corner lies at %g, %g", g.Transform.C, g.Transform.F)
	}
}

func TestAReducedWindowHoldsMeans(t *testing.T) {
	p := windowOf(t, tiledRamp(), decode.Window{X: 8, Y: 8, W: 8, H: 8}, 16)
	// Two by two of a ramp: its value half a pixel farther, 2.5 more than at (8, 8), rounded up.
	r := p.Picture.Raster()
	if w, h := r.Size(); w != 4 || h != 4 || p.StepX != 2 {
		t.Fatalf("got %d × %d px, step %g", w, h, p.StepX)
	}
	if got := r.Bands[0].At(0, 0); got != 43 {
		t.Errorf("first pixel is %g, want 43", got)
	}
	if g, _ := p.Picture.Georeference(); g.Transform.A != 4 {
		t.Errorf("a reduced pixel spans %g m, want 4", g.Transform.A)
	}
}

func TestAWindowCountsUprightPixels(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 64, 32))
	for x := range 64 {
		for y := range 32 {
			m.Pix[y*64+x] = uint8(3*x + y)
		}
	}
	for o := 1.0; o <= 8; o++ {
		data := withEXIF(t, m, short(274, o))
		whole := mustDecode(t, data)
		full := whole.Raster().Bands[0]
		got := windowOf(t, data, decode.Window{X: 3, Y: 5, W: 20, H: 11}, 0).Picture.Raster().Bands[0]
		if got.W != 20 || got.H != 11 || got.At(0, 0) != full.At(3, 5) || got.At(19, 10) != full.At(22, 15) || got.At(19, 0) != full.At(22, 5) {
			t.Errorf("orientation %g: %d × %d px, corner %g, want %g", o, got.W, got.H, got.At(0, 0), full.At(3, 5))
		}
	}
}

func TestAWindowOutsideIsInvalid(t *testing.T) {
	data := tiledRamp()
	for _, w := range []decode.Window{{X: -1, Y: 0, W: 2, H: 2}, {X: 39, Y: 0, W: 2, H: 2}, {X: 0, Y: 0, W: 0, H: 5}, {X: 1 << 62, Y: 0, W: 1 << 62, H: 1}} {
		if _, err := windowIn(data, w, 0); !errors.Is(err, imagery.ErrInvalid) {
			t.Errorf("%+v: got %v, want invalid", w, err)
		}
	}
}

func TestReductionKeepsWithinTheNumberOfPixels(t *testing.T) {
	for _, c := range []struct {
		w, h int
		most int64
		want int
	}{{100, 100, 10000, 1}, {100, 100, 9999, 2}, {20000, 20000, 1000000, 20}, {1, 1000, 10, 100}, {5, 5, 0, 1}, {7, 3, 1, 7}} {
		if got := decode.Reduction(decode.Window{W: c.w, H: c.h}, c.most); got != c.want {
			t.Errorf("%d × %d px to %d: %d, want %d", c.w, c.h, c.most, got, c.want)
		}
	}
}

func windowIn(data []byte, win decode.Window, maxPixels int64) (*decode.Part, error) {
	f, err := decode.Open(bytes.NewReader(data), int64(len(data)), decode.DefaultLimits())
	if err != nil {
		return nil, err
	}
	return f.Window(win, maxPixels)
}
