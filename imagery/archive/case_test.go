package archive_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/google/go-cmp/cmp"
)

func TestACaseComesBackAsItWentInAndAfterARestart(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir, &clock{noon})
	c, files := fullCase(t)
	slug, err := a.ImportCase(t.Context(), c, opener(files), 100, archive.Change{By: "heron"})
	if err != nil || slug != "old-town" {
		t.Fatalf("%q, %v", slug, err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	b := open(t, dir, &clock{noon})
	got, err := b.Case(t.Context(), "old-town")
	if diff := cmp.Diff(c, got, same); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	wantClean(t, b)
	if _, err := b.ImportCase(t.Context(), c, opener(files), 100, archive.Change{}); !errors.Is(err, archive.ErrExists) {
		t.Errorf("imported again: %v, want ErrExists", err)
	}
	wantClean(t, b)
}

func TestACaseIsImportedWholeOrNotAtAll(t *testing.T) {
	bad := map[string]func(*imagery.Case, map[string]string){
		"a file is missing":         func(_ *imagery.Case, f map[string]string) { delete(f, "b.png") },
		"a file is not what it was": func(_ *imagery.Case, f map[string]string) { f["b.png"] += "!" },
		"a file is too large": func(c *imagery.Case, f map[string]string) {
			f["b.png"] = strings.Repeat("x", 101)
			c.Images[1].Digest = imagery.Digest{}
		},
		"a file is empty": func(c *imagery.Case, f map[string]string) { f["b.png"] = ""; c.Images[1].Digest = imagery.Digest{} },
		"two images of one name": func(c *imagery.Case, f map[string]string) {
			c.Images[1].File = "dir/a.tif"
			c.Images[1].Digest = imagery.Digest{}
		},
		"two claims of one id":        func(c *imagery.Case, _ map[string]string) { c.Claims[1].ID = "z-first" },
		"two regions of one name":     func(c *imagery.Case, _ map[string]string) { c.Regions[1].Name = "roof" },
		"a claim of an unknown kind":  func(c *imagery.Case, _ map[string]string) { c.Claims[0].Kind = "guessed" },
		"a polygon through nowhere":   func(c *imagery.Case, _ map[string]string) { c.Regions[0].Polygon[0].X = math.NaN() },
		"an unknown basis":            func(c *imagery.Case, _ map[string]string) { c.Images[0].Basis = "hearsay" },
		"a slug with a slash":         func(c *imagery.Case, _ map[string]string) { c.Location.Slug = "../x" },
		"a location off the earth":    func(c *imagery.Case, _ map[string]string) { c.Location.Lat = 91 },
		"a location without a name":   func(c *imagery.Case, _ map[string]string) { c.Location.Name = " " },
		"a GSD of less than nothing":  func(c *imagery.Case, _ map[string]string) { c.Images[0].GSD = -1 },
		"an infinite sun":             func(c *imagery.Case, _ map[string]string) { c.Images[0].SunEl = math.Inf(1) },
		"a tie point through nowhere": func(c *imagery.Case, _ map[string]string) { c.Images[0].TiePoints[0].Moving.X = math.Inf(1) },
	}
	for name, spoil := range bad {
		t.Run(name, func(t *testing.T) {
			a := fresh(t)
			c, files := fullCase(t)
			spoil(&c, files)
			if slug, err := a.ImportCase(t.Context(), c, opener(files), 100, archive.Change{}); err == nil {
				t.Errorf("imported as %q", slug)
			}
			ls, err := a.Locations(t.Context())
			if err != nil || len(ls) != 0 {
				t.Errorf("left locations %v, %v", ls, err)
			}
			if rep := wantClean(t, a); rep.Originals != 0 || rep.Entries != 0 {
				t.Errorf("left %d originals and %d log entries", rep.Originals, rep.Entries)
			}
		})
	}
}

func TestSlugs(t *testing.T) {
	for name, want := range map[string]string{
		"Training scene":             "training-scene",
		"Al-Quds Hospital, Aleppo":   "al-quds-hospital-aleppo",
		"  Zürich – «Höngg»  ":       "zurich-hongg",
		"O'Hare":                     "ohare",
		"الموصل":                     "location-" + imagery.DigestOf([]byte("الموصل")).String()[:8],
		"Mariupol / Маріуполь, 2022": "mariupol-2022",
	} {
		if got := archive.Slug(name); got != want || archive.Slug(got) != got {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
