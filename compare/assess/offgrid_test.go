package assess_test

import (
	"context"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

func TestARegionBesideTheReferenceIsUndeterminedAndTheOthersAreRead(t *testing.T) {
	// The reference shows the left half of the ground, and the first region lies in the right one.
	ground := roofs(1, 320)
	pictures := map[string]raster.Raster{"half.png": moved(ground, 0, 0, 200), "whole.png": moved(ground, 0, 0, 320)}
	c := imagery.Case{Title: "beside", Reference: "half.png"}
	for i, name := range []string{"half.png", "whole.png"} {
		c.Images = append(c.Images, imagery.Image{File: name, Digest: imagery.Digest{byte(i + 1)}})
	}
	square := func(x float64) []imagery.Point {
		return []imagery.Point{{X: x, Y: 100}, {X: x + 30, Y: 100}, {X: x + 30, Y: 130}, {X: x, Y: 130}}
	}
	c.Regions = []imagery.Region{{Name: "beside", Image: "whole.png", Polygon: square(250)}, {Name: "within", Image: "whole.png", Polygon: square(100)}}
	load := func(_ context.Context, im imagery.Image) (assess.Picture, error) {
		return assess.Picture{Image: im, Raster: pictures[im.File]}, nil
	}
	res, err := assess.Case(t.Context(), c, load, assess.DefaultOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []compare.RegionState{compare.Undetermined, compare.Unchanged} {
		if g := res.Report.Regions[i]; g.State != want {
			t.Errorf("%s: %s, want %s (cautions %q)", g.Name, g.State, want, g.Cautions)
		}
	}
}
