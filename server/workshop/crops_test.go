package workshop_test

import (
	"image"
	"testing"

	"github.com/antequem/antequem/server/workshop"
)

func TestACloseUpShowsTheRegionAndHalfAsMuchAroundIt(t *testing.T) {
	grid := [2]int{1000, 800}
	for name, c := range map[string]struct {
		polygon [][2]float64
		want    image.Rectangle
	}{
		"a region of 100 × 60 px":        {[][2]float64{{400, 300}, {500, 300}, {500, 360}}, image.Rect(350, 250, 551, 411)},
		"a region in the corner":         {[][2]float64{{0, 0}, {100, 0}, {100, 100}}, image.Rect(0, 0, 151, 151)},
		"a region smaller than anything": {[][2]float64{{500, 500}, {502, 500}, {502, 502}}, image.Rect(477, 477, 526, 526)},
		"a region off the grid":          {[][2]float64{{-900, -900}, {-800, -900}, {-800, -800}}, image.Rectangle{}},
		"none":                           {nil, image.Rectangle{}},
	} {
		if got := workshop.CropBox(c.polygon, grid); got != c.want && !(got.Empty() && c.want.Empty()) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
