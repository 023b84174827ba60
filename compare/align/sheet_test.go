package align_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery/raster"
)

// Windows cut from a sheet and transformed two by two must find what each finds by
// itself, also beside ground without data and beyond the border.
func TestWindowsThatShareASheetFindWhatEachFindsAlone(t *testing.T) {
	const side = 300 // no multiple of a tile
	ref := noisy(scene(side, side, 3), 1, 2, same)
	mov := noisy(moved(ref, side, side, turned(1, 1.01, 3, -2, side/2, side/2)), 2, 2, same)
	mov.Valid = raster.Full(side, side)
	for y := range 90 {
		clear(mov.Valid.Pix[y*side+40:][:120])
	}
	m := [3][3]float64{{1.01, -0.017, 1}, {0.017, 1.01, -3}, {1e-5, 2e-5, 1}}
	got, want := align.Found(ref, mov, m, false), align.Found(ref, mov, m, true)
	if len(got) < 150 || len(got) != len(want) {
		t.Fatalf("%d windows from a sheet, %d by themselves", len(got), len(want))
	}
	far := 0
	for i, w := range want {
		if g := got[i]; math.Abs(g[0]-w[0]) > 0.01 || math.Abs(g[1]-w[1]) > 0.01 || math.Abs(g[2]/w[2]-1) > 0.002 {
			far++
			t.Logf("window %d: %.4f, want %.4f", i, g, w)
		}
	}
	if far > 0 {
		t.Errorf("%d of %d windows differ", far, len(want))
	}
}
