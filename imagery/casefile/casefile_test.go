package casefile_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const whole = `title: Training scene
summary: |
  Two lines
  of summary.
location: {name: Training scene, slug: training-scene, lat: 36.2, lon: 37.15, position: verified}
images:
  - {file: a.png, acquired: 2015-10-15, basis: claimed, source: "https://example.org/a", publisher: Example, licence: CC-BY-4.0, platform: satellite, sensor: WV02, gsd_m: 0.5, off_nadir: 12, sun_azimuth: 160, sun_elevation: 40}
  - file: sub/b.tif
    acquired: 2016-04
    synthetic: true
    notes: drawn
    tie_points:
      - [[12, 30], [14.5, 28]]
      - {reference: [1, 2], moving: [3, 4]}
  - {file: c.jpg, acquired: 2017}
reference: a.png
regions:
  - {name: roof, image: ./a.png, polygon: [[412, 300], [470, 300], [470, 352], [412, 352], [412, 300]]}
  - name: court
    geojson: {type: Feature, properties: {}, geometry: {type: Polygon, coordinates: [[[37.1, 36.2], [37.2, 36.2], [37.2, 36.3], [37.1, 36.2]]]}}
claims:
  - {id: struck, text: "It was struck.", claimant: X, source: "https://example.org/x", region: roof, changed: 2016-04-27}
  - {id: old-damage, region: roof, changed: ../2015-10-31}
  - {id: standing, region: court, unchanged: 2015-10/2016-05}
  - {id: year, region: court, changed: 2015}
  - {id: same-damage, region: roof, same: [a.png, sub/b.tif]}
  - {id: other, region: roof, differs: [./sub/b.tif, c.jpg]}
  - {id: whose, untestable: "Imagery shows what changed, not who did it."}
look_for:
  - A scene between March and May 2016.
`

func date(t testing.TB, s string) edtf.Date {
	t.Helper()
	d, err := edtf.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func wholeCase(t testing.TB) imagery.Case {
	nan := math.NaN()
	return imagery.Case{
		Title: "Training scene", Summary: "Two lines\nof summary.\n",
		Location: imagery.Location{Name: "Training scene", Slug: "training-scene", Lat: 36.2, Lon: 37.15, Position: "verified"},
		Images: []imagery.Image{
			{File: "a.png", Acquired: date(t, "2015-10-15"), Basis: imagery.BasisClaimed, Source: "https://example.org/a", Publisher: "Example",
				Licence: "CC-BY-4.0", Platform: imagery.PlatformSatellite, Sensor: "WV02", GSD: 0.5, OffNadir: 12, SunAz: 160, SunEl: 40},
			{File: "sub/b.tif", Acquired: date(t, "2016-04"), Basis: imagery.BasisCapture, Platform: imagery.PlatformUnknown, OffNadir: nan, SunAz: nan, SunEl: nan,
				Notes: "drawn", Synthetic: true, TiePoints: []imagery.UserTiePoint{
					{Reference: imagery.Point{X: 12, Y: 30}, Moving: imagery.Point{X: 14.5, Y: 28}},
					{Reference: imagery.Point{X: 1, Y: 2}, Moving: imagery.Point{X: 3, Y: 4}}}},
			{File: "c.jpg", Acquired: date(t, "2017"), Basis: imagery.BasisCapture, Platform: imagery.PlatformUnknown, OffNadir: nan, SunAz: nan, SunEl: nan},
		},
		Reference: "a.png",
		Regions: []imagery.Region{
			{Name: "roof", Image: "a.png", Polygon: []imagery.Point{{X: 412, Y: 300}, {X: 470, Y: 300}, {X: 470, Y: 352}, {X: 412, Y: 352}}},
			{Name: "court", Rings: [][]imagery.Point{{{X: 37.1, Y: 36.2}, {X: 37.2, Y: 36.2}, {X: 37.2, Y: 36.3}}}},
		},
		Claims: []imagery.Claim{
			{ID: "struck", Text: "It was struck.", Claimant: "X", Source: "https://example.org/x", Region: "roof", Kind: imagery.ClaimChanged, When: date(t, "2016-04-27")},
			{ID: "old-damage", Region: "roof", Kind: imagery.ClaimChanged, When: date(t, "../2015-10-31")},
			{ID: "standing", Region: "court", Kind: imagery.ClaimUnchanged, When: date(t, "2015-10/2016-05")},
			{ID: "year", Region: "court", Kind: imagery.ClaimChanged, When: date(t, "2015")},
			{ID: "same-damage", Region: "roof", Kind: imagery.ClaimSame, Images: [2]string{"a.png", "sub/b.tif"}},
			{ID: "other", Region: "roof", Kind: imagery.ClaimDiffers, Images: [2]string{"sub/b.tif", "c.jpg"}},
			{ID: "whose", Kind: imagery.ClaimUntestable, Why: "Imagery shows what changed, not who did it."},
		},
		LookFor: []string{"A scene between March and May 2016."},
	}
}

func TestParseReadsEveryKey(t *testing.T) {
	got, err := casefile.Parse("case.yaml", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wholeCase(t), got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("case differs (-want +got):\n%s", diff)
	}
}

func TestFormatIsReadBackAndStable(t *testing.T) {
	want := wholeCase(t)
	text, err := casefile.Format(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := casefile.Parse("case.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("case differs (-want +got):\n%s\n%s", diff, text)
	}
	again, err := casefile.Format(got)
	if err != nil || string(again) != string(text) {
		t.Errorf("the second time it is written as\n%s\nnot\n%s(%v)", again, text, err)
	}
}

func TestFormatRefusesWhatParseWould(t *testing.T) {
	if _, err := casefile.Format(imagery.Case{}); !errors.Is(err, imagery.ErrInvalid) {
		t.Errorf("error is %v, want ErrInvalid", err)
	}
}

func TestACaseMayWaitForImagery(t *testing.T) {
	c, err := casefile.Parse("case.yaml", []byte(`title: A hospital
claims:
  - {id: same-damage, text: t, same: [mod-1, mod-2]}
  - {id: struck, text: t, changed: 2016-04-27}
look_for: Scenes between the two dates.
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Location.Name != "A hospital" || c.Location.Position != "unverified" || !math.IsNaN(c.Location.Lat) {
		t.Errorf("location is %+v, want one named by the title, at an unknown place", c.Location)
	}
	if c.Claims[0].Images != [2]string{"mod-1", "mod-2"} || len(c.LookFor) != 1 {
		t.Errorf("case is %+v", c)
	}
}

func TestRegionsAsAMappingFromNames(t *testing.T) {
	c, err := casefile.Parse("case.yaml", []byte(`title: T
images: [{file: a.png, acquired: ../..}]
regions:
  roof: {image: a.png, polygon: [[0, 0], [9, 0], [9, 9]]}
  court: {geojson: '{"type":"Polygon","coordinates":[[[37,36],[38,36],[38,37],[37,36]]]}'}
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Regions[0].Name != "roof" || c.Regions[1].Name != "court" || len(c.Regions[1].Rings[0]) != 3 {
		t.Errorf("regions are %+v", c.Regions)
	}
}

func TestOpenSaysWhatIsNotThere(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return p
	}
	write("a.png", "not checked here")
	write("c.png", "changed since")
	sum := imagery.DigestOf([]byte("as it was")).String()
	path := write("case.yaml", "title: T\nimages:\n  - {file: a.png, acquired: 2015}\n  - {file: b.png, acquired: 2016}\n  - {file: c.png, acquired: 2017, sha256: "+sum+"}\n  - {file: ., acquired: 2018}\n")
	_, err := casefile.Load(path)
	if !errors.Is(err, imagery.ErrInvalid) {
		t.Fatalf("error is %v, want ErrInvalid", err)
	}
	for i, want := range []string{`case.yaml:4: image "b.png": there is no such file`, `case.yaml:5: image "c.png": its SHA-256 is`, `case.yaml:6: image ".": that is a folder`} {
		if lines := strings.Split(err.Error(), "\n"); len(lines) != 3 || !strings.Contains(lines[i], want) {
			t.Errorf("mistakes are\n%v\nwant three, of which number %d says %q", err, i+1, want)
		}
	}
	if _, err := casefile.Load(filepath.Join(dir, "none.yaml")); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("error is %v, want ErrNotFound", err)
	}
	if _, err := casefile.Load(dir); !errors.Is(err, imagery.ErrInvalid) || !strings.HasSuffix(err.Error(), ": a folder, want a case file: invalid") {
		t.Errorf("error of a folder is %v", err)
	}
	write("big.yaml", strings.Repeat("#", casefile.MaxBytes+1))
	if _, err := casefile.Load(filepath.Join(dir, "big.yaml")); !errors.Is(err, imagery.ErrTooLarge) {
		t.Errorf("error is %v, want ErrTooLarge", err)
	}
}

func TestCheckRegions(t *testing.T) {
	f, err := casefile.Read("case.yaml", []byte("title: T\nimages: [{file: a.png, acquired: 2015}]\nregion:\n  image: a.png\n  polygon: [[0, 0], [64, 0], [64, 48]]\n"))
	if err != nil {
		t.Fatal(err)
	}
	size := func(w, h int) casefile.SizeOf { return func(string) (int, int, bool) { return w, h, true } }
	if err := f.CheckRegions(size(64, 48)); err != nil {
		t.Errorf("a region as large as its image is refused: %v", err)
	}
	want := "case.yaml:4: region: polygon: corner 2, (64, 0), lies outside a.png, which is 63 × 48 px"
	if err := f.CheckRegions(size(63, 48)); !errors.Is(err, imagery.ErrInvalid) || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error is %v, want %s", err, want)
	}
	if err := casefile.CheckRegions(f.Case, size(63, 48)); !errors.Is(err, imagery.ErrInvalid) {
		t.Errorf("error is %v, want ErrInvalid", err)
	}
}

func TestARegionHoldsAPixelOfItsImage(t *testing.T) {
	size := func(string) (int, int, bool) { return 64, 48, true }
	for _, c := range []struct {
		name, polygon string
		holds         bool
	}{
		{"a triangle between four centres", "[10.1, 10.1], [10.9, 10.1], [10.1, 10.9]", false},
		{"a sliver between two rows", "[2, 10.2], [60, 10.2], [60, 10.8]", false},
		{"a triangle in the half pixel that is forgiven", "[-0.9, -0.9], [-0.1, -0.9], [-0.9, -0.1]", false},
		{"a pixel's own square", "[9.5, 9.5], [10.5, 9.5], [10.5, 10.5], [9.5, 10.5]", true},
		{"the last pixel", "[62.6, 46.6], [63.4, 46.6], [63.4, 47.4], [62.6, 47.4]", true},
		{"a large one", "[0, 0], [64, 0], [64, 48]", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := casefile.Read("case.yaml", []byte("title: T\nimages: [{file: a.png, acquired: 2015}]\nregion:\n  image: a.png\n  polygon: ["+c.polygon+"]\n"))
			if err != nil {
				t.Fatal(err)
			}
			switch err := f.CheckRegions(size); {
			case c.holds && err != nil:
				t.Errorf("refused: %v", err)
			case !c.holds && (err == nil || err.Error() != "case.yaml:4: region: polygon: it holds the centre of no pixel of a.png; draw it larger"):
				t.Errorf("error is %v", err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("title: [\n"))
	f.Add([]byte("title: T\nimages: [{file: a.png, acquired: 2015}]\nregion: {image: a.png, polygon: [[0,0],[1,1],[0,1],[1,0]]}\nclaims: [{id: a, changed: 2015}]\n"))
	f.Add([]byte("title: &a [*a]\nregion: {geojson: *a}\n"))
	f.Add([]byte("title: T\n---\ntitle: U\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := casefile.Parse("case.yaml", data)
		if err != nil {
			if !errors.Is(err, imagery.ErrInvalid) && !errors.Is(err, imagery.ErrTooLarge) {
				t.Fatalf("%v is of no kind", err)
			}
			return
		}
		text, err := casefile.Format(c)
		if err != nil {
			t.Fatalf("can't be written: %v", err)
		}
		again, err := casefile.Parse("case.yaml", text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, again, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("reads back differently (-first +second):\n%s\n%s", diff, text)
		}
	})
}
