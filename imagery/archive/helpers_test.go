package archive_test

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// noon is what the test clock shows when a test begins.
var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// A clock that a test turns by hand.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

func open(t *testing.T, dir string, c *clock) *archive.Archive {
	t.Helper()
	a, err := archive.Open(t.Context(), dir, archive.Options{Now: c.read})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func fresh(t *testing.T) *archive.Archive {
	return open(t, t.TempDir(), &clock{noon})
}

func put(t *testing.T, a *archive.Archive, text string) imagery.Digest {
	t.Helper()
	s, err := a.Put(t.Context(), strings.NewReader(text), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return s.Digest
}

func place(t *testing.T, a *archive.Archive, slug string) {
	t.Helper()
	_, err := a.AddLocation(t.Context(), imagery.Location{Name: slug, Slug: slug, Lat: 36.2, Lon: 37.15}, archive.Change{})
	if err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, a *archive.Archive, slug string, im imagery.Image) archive.Record {
	t.Helper()
	rec, _, err := a.AddImage(t.Context(), slug, im, archive.Facts{}, archive.Receipt{})
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

func date(t *testing.T, s string) edtf.Date {
	t.Helper()
	d, err := edtf.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func image(t *testing.T, file string, d imagery.Digest, acquired string) imagery.Image {
	return imagery.Image{File: file, Digest: d, Acquired: date(t, acquired), Basis: imagery.BasisCapture,
		Platform: imagery.PlatformUnknown, OffNadir: math.NaN(), SunAz: math.NaN(), SunEl: math.NaN()}
}

func wantClean(t *testing.T, a *archive.Archive) archive.Report {
	t.Helper()
	rep, err := a.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range rep.Faults {
		t.Errorf("fault: %s %s: %s", f.Kind, f.Subject, f.Detail)
	}
	return rep
}

// same compares records: NaN is NaN, and dates are their text.
var same = cmp.Options{
	cmpopts.EquateNaNs(), cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b edtf.Date) bool { return a.String() == b.String() && a.Interval() == b.Interval() }),
}

// fullCase is a case in which no field is empty.
func fullCase(t *testing.T) (imagery.Case, map[string]string) {
	files := map[string]string{"b.png": "the later picture", "dir/a.tif": "the earlier picture"}
	return imagery.Case{
		Title: "A title", Summary: "A summary: with “quotes” and العربية.", Reference: "b.png",
		LookFor:  []string{"an image of May", "one of June"},
		Location: imagery.Location{Name: "Old Town", Slug: "old-town", Lat: -36.123456789012345, Lon: 37.1, Position: "verified"},
		Images: []imagery.Image{
			{File: "dir/a.tif", Digest: imagery.DigestOf([]byte(files["dir/a.tif"])), Acquired: date(t, "2015-10-01/2015-10-31"),
				Basis: imagery.BasisInferred, Source: "https://example.org/a", Publisher: "P", Licence: "CC-BY-4.0",
				Platform: imagery.PlatformDrone, Sensor: "S-1", GSD: 0.3, OffNadir: 12.5, SunAz: math.NaN(), SunEl: 45,
				Notes: "reasoned", Synthetic: true, TiePoints: []imagery.UserTiePoint{
					{Reference: imagery.Point{X: 1.5, Y: -2}, Moving: imagery.Point{X: 1e-9, Y: 1e9}}}},
			{File: "b.png", Digest: imagery.DigestOf([]byte(files["b.png"])), Acquired: date(t, "2016-04"),
				Basis: imagery.BasisCapture, Platform: imagery.PlatformUnknown,
				OffNadir: math.NaN(), SunAz: 0, SunEl: math.NaN()},
		},
		Regions: []imagery.Region{
			{Name: "roof", Image: "b.png", Polygon: []imagery.Point{{X: 1, Y: 2}, {X: 3, Y: 4.25}, {X: 5, Y: 0}}},
			{Name: "yard", Rings: [][]imagery.Point{{{X: 37.1, Y: 36.2}, {X: 37.2, Y: 36.2}, {X: 37.1, Y: 36.3}, {X: 37.1, Y: 36.2}}}},
		},
		Claims: []imagery.Claim{
			{ID: "z-first", Text: "It changed.", Claimant: "C", Source: "https://example.org/c", Region: "roof",
				Kind: imagery.ClaimChanged, When: date(t, "2016-04-27")},
			{ID: "a-second", Text: "It is the same.", Kind: imagery.ClaimSame, Images: [2]string{"b.png", "dir/a.tif"}},
			{ID: "who", Text: "They did it.", Kind: imagery.ClaimUntestable, Why: "Not from above."},
		},
	}, files
}

func opener(files map[string]string) func(string) (io.ReadCloser, error) {
	return func(file string) (io.ReadCloser, error) {
		text, ok := files[file]
		if !ok {
			return nil, imagery.ErrNotFound
		}
		return io.NopCloser(strings.NewReader(text)), nil
	}
}

func second[A any](_ A, err error) error { return err }

func third[A, B any](_ A, _ B, err error) error { return err }

func wantNothingIncoming(t *testing.T, a *archive.Archive) {
	t.Helper()
	left, err := os.ReadDir(filepath.Join(a.Dir(), "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		t.Errorf("incoming still holds %s", e.Name())
	}
}
