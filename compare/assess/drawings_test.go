package assess_test

import (
	"path/filepath"
	"testing"

	"github.com/antequem/antequem/compare/assess"
)

func TestARegionsFolderStaysInsideItsBundle(t *testing.T) {
	for name, want := range map[string]string{
		"north yard":         "regions/2-north-yard/",
		"../../../etc":       "regions/2----------etc/",
		`..\..\x`:            "regions/2-------x/",
		"площа":              "regions/2------/",
		"":                   "regions/2-/",
		"line\nbreak\x00nul": "regions/2-line-break-nul/",
	} {
		got := assess.RegionFolder(1, name)
		if got != want || !filepath.IsLocal(got) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
