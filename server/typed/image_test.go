package typed_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/typed"
	"github.com/google/go-cmp/cmp"
)

func TestAWrongFieldIsToldByItsName(t *testing.T) {
	whole := page.UploadForm{Acquired: "2015-10", Basis: "capture", Source: "https://example.org/1", Platform: "satellite", GSD: "0,5"}
	for name, c := range map[string]struct {
		spoil func(*page.UploadForm)
		wrong []string
	}{
		"nothing":                          {func(*page.UploadForm) {}, nil},
		"no date":                          {func(f *page.UploadForm) { f.Acquired = " " }, []string{page.FieldAcquired}},
		"a month that there is not":        {func(f *page.UploadForm) { f.Acquired = "2015-13" }, []string{page.FieldAcquired}},
		"a basis and a platform of no use": {func(f *page.UploadForm) { f.Basis, f.Platform = "hearsay", "kite" }, []string{page.FieldBasis, page.FieldPlatform}},
		"a pixel without size":             {func(f *page.UploadForm) { f.GSD = "0" }, []string{page.FieldGSD}},
		"a source that is no address":      {func(f *page.UploadForm) { f.Source = "javascript:alert(1)" }, []string{page.FieldSource}},
		"reasoning that is not told":       {func(f *page.UploadForm) { f.Basis = "inferred" }, []string{page.FieldNotes}},
		"bytes that are no text":           {func(f *page.UploadForm) { f.Sensor = "\xff" }, []string{page.FieldSensor}},
	} {
		f := whole
		c.spoil(&f)
		im, wrong := typed.Image(f)
		if got := slices.Sorted(maps.Keys(wrong)); !slices.Equal(got, c.wrong) {
			t.Errorf("%s: %v", name, wrong)
		}
		if c.wrong == nil && (im.GSD != 0.5 || !math.IsNaN(im.OffNadir) || im.Source != f.Source) {
			t.Errorf("%s: %+v", name, im)
		}
	}
}

func TestAnImageIsWrittenAsItWouldBeTyped(t *testing.T) {
	f := page.UploadForm{
		Acquired: "2016-04-29T08:30:00Z", Basis: "mosaic", Source: "https://example.org/1", Publisher: "A", Licence: "CC0-1.0",
		Platform: "drone", Sensor: "S", GSD: "0.25", Notes: "n",
	}
	im, wrong := typed.Image(f)
	if diff := cmp.Diff(f, typed.FormOf(im)); diff != "" || len(wrong) > 0 {
		t.Errorf("%v\n%s", wrong, diff)
	}
}
