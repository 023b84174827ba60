package typed_test

import (
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/typed"
	"github.com/google/go-cmp/cmp"
)

func TestARegionIsReadAsPixelsWKTAndGeoJSON(t *testing.T) {
	square := []imagery.Point{{X: 37.1, Y: 36.2}, {X: 37.2, Y: 36.2}, {X: 37.2, Y: 36.3}}
	pixels := []imagery.Point{{X: 1, Y: 2}, {X: 3.5, Y: 2}, {X: 3.5, Y: -4}}
	for text, want := range map[string]imagery.Region{
		"1,2 3.5,2 3.5,-4":       {Name: "roof", Image: "a.png", Polygon: pixels},
		" 1, 2; 3.5, 2\n3.5 -4 ": {Name: "roof", Image: "a.png", Polygon: pixels},
		"POLYGON ((37.1 36.2, 37.2 36.2, 37.2 36.3, 37.1 36.2))":                                                                                                       {Name: "roof", Rings: [][]imagery.Point{square}},
		"polygon((37.1 36.2 0,37.2 36.2 0,37.2 36.3 0,37.1 36.2 0),(37.1 36.2,37.2 36.2,37.2 36.3,37.1 36.2))":                                                         {Name: "roof", Rings: [][]imagery.Point{square, square}},
		`{"type":"Polygon","coordinates":[[[37.1,36.2],[37.2,36.2],[37.2,36.3],[37.1,36.2]]]}`:                                                                         {Name: "roof", Rings: [][]imagery.Point{square}},
		`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[37.1,36.2],[37.2,36.2],[37.2,36.3],[37.1,36.2]]]}}]}`: {Name: "roof", Rings: [][]imagery.Point{square}},
		`{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[37.1,36.2],[37.2,36.2],[37.2,36.3],[37.1,36.2]]]}}`:                                           {Name: "roof", Rings: [][]imagery.Point{square}},
	} {
		got, err := typed.Region(" roof ", "a.png", text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", text, err, diff)
		}
	}
	for _, text := range []string{
		"1,2 3", "one,two three,four", "NaN,1 2,3 4,5", "POLYGON", "POLYGON ()", "POLYGON ((1 2, 3))", "POLYGON ((36.2 137.1, 36.3 137.2, 36.2 137.3))", "POLYGON 1 2",
		"{", `{"type":"Point","coordinates":[1,2]}`, `{"type":"Polygon"}`, `{"type":"Polygon","coordinates":[[[1]]]}`, `{"type":"Feature","geometry":{"type":"Feature"}}`,
	} {
		if g, err := typed.Region("", "a.png", text); err == nil {
			t.Errorf("%q is read as %+v", text, g)
		}
	}
}

func FuzzRegion(f *testing.F) {
	for _, s := range []string{"1,2 3,4 5,6", "POLYGON ((1 2, 3 4, 5 6))", `{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1,2]]]}}`, "((((", "POLYGON (()"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g, err := typed.Region("", "a.png", text)
		if err == nil && len(g.Rings) > 0 && g.Image != "" {
			t.Errorf("%q counts pixels and degrees", text)
		}
		_, _ = typed.Ties(text)
	})
}
