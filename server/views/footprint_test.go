package views_test

import (
	"math"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/server/views"
)

func TestAFootprintIsWhereTheRimOfAnImageLiesOnTheGrid(t *testing.T) {
	// The image shows the grid twice as large, its pixel (0, 0) at the grid's (10, 20): its
	// rim, half a pixel outside its first and last centres, spans 10 - 0.25 to 10 + 49.75.
	var rep assess.Report
	rep.Images = []assess.ImageReport{{File: "a.png"}}
	rep.Images[0].Alignment.Status = "aligned"
	rep.Images[0].Alignment.Matrix = [3][3]float64{{2, 0, -20}, {0, 2, -40}, {0, 0, 1}}
	got := views.Footprint(&rep, "a.png", 100, 60)
	want := [][2]float64{{9.75, 19.75}, {59.75, 19.75}, {59.75, 49.75}, {9.75, 49.75}}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i, p := range got {
		if math.Abs(p.X-want[i][0]) > 1e-9 || math.Abs(p.Y-want[i][1]) > 1e-9 {
			t.Errorf("corner %d is %v, want %v", i, p, want[i])
		}
	}
	rep.Images[0].Alignment.Matrix = [3][3]float64{} // leads nowhere
	if got := views.Footprint(&rep, "a.png", 100, 60); got != nil {
		t.Errorf("%v, want none", got)
	}
	if got := views.Footprint(&rep, "b.png", 100, 60); got != nil {
		t.Errorf("of an image that the report doesn't know: %v", got)
	}
}
