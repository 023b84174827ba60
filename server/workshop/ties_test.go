package workshop_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/server/workshop"
)

func TestATiePointEndsWhereItsPictureIsLaidOverTheOther(t *testing.T) {
	// The moving image is twice as large and turned by a quarter: (x, y) ↦ (100 - 2y, 2x).
	al := compare.Alignment{Aligned: true, Matrix: [3][3]float64{{0, -2, 100}, {2, 0, 0}, {0, 0, 1}}}
	// (10, 20) maps to (60, 20). The tie point says (60, 26): 6 px down there are 3 px to the right here.
	x, y, ok := workshop.OnGrid(al, compare.TiePoint{RefX: 10, RefY: 20, MovX: 60, MovY: 26})
	if !ok || math.Abs(x-13) > 1e-9 || math.Abs(y-20) > 1e-9 {
		t.Errorf("%v, %v, %v, want 13, 20", x, y, ok)
	}
	if _, _, ok := workshop.OnGrid(compare.Alignment{}, compare.TiePoint{RefX: 1}); ok {
		t.Error("a map that leads nowhere leads somewhere")
	}
}
