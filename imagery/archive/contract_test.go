package archive_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
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

func TestWhatIsPutComesBack(t *testing.T) {
	a := fresh(t)
	text := strings.Repeat("all that was uploaded ", 100_000)
	s, err := a.Put(t.Context(), strings.NewReader(text), 10<<20)
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Stored{Digest: imagery.DigestOf([]byte(text)), Size: int64(len(text))}
	if s != want {
		t.Errorf("put %+v, want %+v", s, want)
	}
	r, err := a.Original(t.Context(), s.Digest)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Seek(4, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil || string(got) != text[4:] {
		t.Errorf("after seeking to 4: %d bytes, %v", len(got), err)
	}
	b, err := a.ReadOriginal(t.Context(), s.Digest)
	if err != nil || string(b) != text {
		t.Errorf("ReadOriginal: %d bytes, %v", len(b), err)
	}
	wantClean(t, a)
}

func TestTheSameFileTwiceIsOneOriginalWithTwoReceipts(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
	d := put(t, a, "one picture")
	s, err := a.Put(t.Context(), strings.NewReader("one picture"), 100)
	if err != nil || !s.Existed {
		t.Fatalf("second put: %+v, %v; want Existed", s, err)
	}
	for i, who := range []string{"heron", "kestrel"} {
		_, added, err := a.AddImage(t.Context(), "square", image(t, who+".png", d, "2015-10"), archive.Facts{},
			archive.Receipt{OriginalName: "IMG_1.png", Uploader: who})
		if err != nil || added != (i == 0) {
			t.Fatalf("%s: added %v, %v", who, added, err)
		}
	}
	recs, err := a.Images(t.Context(), "square")
	if err != nil || len(recs) != 1 || recs[0].File != "heron.png" || recs[0].Size != 11 {
		t.Errorf("images %+v, %v; want the first one alone", recs, err)
	}
	rs, err := a.Receipts(t.Context(), d)
	want := []archive.Receipt{
		{Digest: d, Location: "square", File: "heron.png", OriginalName: "IMG_1.png", Uploader: "heron", ReceivedAt: noon},
		{Digest: d, Location: "square", File: "heron.png", OriginalName: "IMG_1.png", Uploader: "kestrel", ReceivedAt: noon},
	}
	if diff := cmp.Diff(want, rs); err != nil || diff != "" {
		t.Errorf("receipts: %v\n%s", err, diff)
	}
	wantClean(t, a)
}

// full is a case in which no field is empty.
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

func TestImagesComeInDateOrder(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
	// In the order expected. The basis opens an end: a picture posted on a day was
	// taken at any time before, a mosaic's date is its oldest part.
	for i, im := range []struct {
		date  string
		basis imagery.Basis
	}{
		{"2014-01-01", imagery.BasisPublished},
		{"2015-10", imagery.BasisClaimed},
		{"2016-01-01", imagery.BasisCapture},
		{"2016", imagery.BasisCapture},
		{"2016-01-01", imagery.BasisMosaic},
		{"2016-04-27", imagery.BasisCapture},
	} {
		text := string(rune('a' + i))
		rec := image(t, string(rune('z'-i)), put(t, a, text), im.date)
		rec.Basis = im.basis
		add(t, a, "square", rec)
	}
	recs, err := a.Images(t.Context(), "square")
	if err != nil {
		t.Fatal(err)
	}
	var got string
	for _, r := range recs {
		got += r.File
	}
	if got != "zyxwvu" {
		t.Errorf("order %s, want zyxwvu", got)
	}
}

func TestAnImageIsNamedByTheBeginningOfItsDigest(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
	d := put(t, a, "picture")
	add(t, a, "square", image(t, "a.png", d, "2015"))
	full := d.String()
	for name, tt := range map[string]struct {
		prefix string
		want   error
	}{
		"12 digits":           {full[:12], nil},
		"all digits":          {full, nil},
		"capital digits":      {strings.ToUpper(full[:20]), nil},
		"11 digits":           {full[:11], imagery.ErrInvalid},
		"65 digits":           {full + "0", imagery.ErrInvalid},
		"a wildcard":          {full[:11] + "%", imagery.ErrInvalid},
		"another image":       {imagery.DigestOf(nil).Short(), imagery.ErrNotFound},
		"no digits whatever":  {"../../../../etc", imagery.ErrInvalid},
		"nothing":             {"", imagery.ErrInvalid},
		"digits and a quote'": {full[:12] + "'", imagery.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			rec, err := a.ImageByPrefix(t.Context(), "square", tt.prefix)
			if !errors.Is(err, tt.want) || (err == nil && rec.Digest != d) {
				t.Errorf("got %v, %v, want %v", rec.Digest.Short(), err, tt.want)
			}
		})
	}
	if _, err := a.ImageByPrefix(t.Context(), "elsewhere", full); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("another location's image: %v", err)
	}
}

func TestEveryChangeIsAnEntryOfTheLog(t *testing.T) {
	a := fresh(t)
	ctx := t.Context()
	place(t, a, "square")
	d := put(t, a, "picture")
	rec := add(t, a, "square", image(t, "a.png", d, "2015"))
	rec.Acquired = date(t, "2015-10-15")
	if err := a.UpdateImage(ctx, "square", rec.Image, archive.Change{By: "heron", Why: "the caption says so"}); err != nil {
		t.Fatal(err)
	}
	c, _ := fullCase(t)
	for _, err := range []error{
		a.SetRegions(ctx, "square", c.Regions, archive.Change{By: "wren"}),
		a.SetClaims(ctx, "square", c.Claims, archive.Change{By: "wren"}),
		a.SetHeading(ctx, "square", archive.Heading{Title: "The square", Reference: "a.png"}, archive.Change{}),
		a.UpdateLocation(ctx, imagery.Location{Slug: "square", Name: "Square", Lat: math.NaN(), Lon: math.NaN()}, archive.Change{}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	log, err := a.Log(ctx, "square")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range log {
		what, who, err := e.Done()
		if err != nil {
			t.Error(err)
		}
		got = append(got, e.Action+" "+e.Subject+" "+who.By+" "+what.Why)
	}
	want := []string{
		"location.add square  ", "image.add square/a.png  ", "receipt.add square/a.png  ",
		"image.change square/a.png heron the caption says so",
		"regions.set square wren ", "claims.set square wren ", "location.change square  ", "location.change square  ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantClean(t, a)
	ls, err := a.Locations(ctx)
	if err != nil || len(ls) != 1 || ls[0].Title != "The square" || ls[0].Images != 1 || ls[0].Claims != 3 || !math.IsNaN(ls[0].Lat) || !ls[0].Changed.Equal(noon) {
		t.Errorf("locations %+v, %v", ls, err)
	}
}

func TestWhatCanNotBeRecordedIsRefusedByKind(t *testing.T) {
	a := fresh(t)
	ctx := t.Context()
	place(t, a, "square")
	d := put(t, a, "picture")
	add(t, a, "square", image(t, "a.png", d, "2015"))
	other := put(t, a, "another")
	unknown := imagery.DigestOf([]byte("never put"))
	update := image(t, "a.png", other, "2015")
	for name, tt := range map[string]struct {
		err, want error
	}{
		"a location twice":               {second(a.AddLocation(ctx, imagery.Location{Name: "Square"}, archive.Change{})), archive.ErrExists},
		"an image of no location":        {third(a.AddImage(ctx, "nowhere", image(t, "b.png", other, "2015"), archive.Facts{}, archive.Receipt{})), imagery.ErrNotFound},
		"an image without its original":  {third(a.AddImage(ctx, "square", image(t, "b.png", unknown, "2015"), archive.Facts{}, archive.Receipt{})), imagery.ErrNotFound},
		"another image of the same name": {third(a.AddImage(ctx, "square", image(t, "a.png", other, "2015"), archive.Facts{}, archive.Receipt{})), archive.ErrExists},
		"other bytes for an image":       {a.UpdateImage(ctx, "square", update, archive.Change{}), imagery.ErrInvalid},
		"a change of no image":           {a.UpdateImage(ctx, "square", image(t, "c.png", d, "2015"), archive.Change{}), imagery.ErrNotFound},
		"claims of no location":          {a.SetClaims(ctx, "nowhere", nil, archive.Change{}), imagery.ErrNotFound},
		"regions of no location":         {a.SetRegions(ctx, "nowhere", nil, archive.Change{}), imagery.ErrNotFound},
		"an original never put":          {second(a.Original(ctx, unknown)), imagery.ErrNotFound},
		"a case of no location":          {second(a.Case(ctx, "nowhere")), imagery.ErrNotFound},
		"a deletion without a reason":    {a.DeleteImage(ctx, "square", "a.png", archive.Change{By: "x"}), imagery.ErrInvalid},
	} {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("%s: %v, want %v", name, tt.err, tt.want)
		}
	}
	wantClean(t, a)
}

func second[A any](_ A, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }

func TestARefusedUploadLeavesNothing(t *testing.T) {
	a := fresh(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	broken := io.MultiReader(bytes.NewReader(make([]byte, 1000)), brokenLine{})
	for name, tt := range map[string]struct {
		ctx  context.Context
		r    io.Reader
		want error
	}{
		"a byte too many":     {t.Context(), strings.NewReader("12345678901"), imagery.ErrTooLarge},
		"cut off half way":    {t.Context(), broken, io.ErrUnexpectedEOF},
		"empty":               {t.Context(), strings.NewReader(""), imagery.ErrInvalid},
		"the uploader leaves": {cancelled, strings.NewReader("1234"), context.Canceled},
	} {
		limit := int64(10)
		if name == "cut off half way" {
			limit = 1 << 20
		}
		if _, err := a.Put(tt.ctx, tt.r, limit); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if s, err := a.Put(t.Context(), strings.NewReader("1234567890"), 10); err != nil || s.Size != 10 {
		t.Errorf("exactly the limit: %+v, %v", s, err)
	}
	if rep := wantClean(t, a); rep.Originals != 1 {
		t.Errorf("%d originals, want 1", rep.Originals)
	}
	wantNothingIncoming(t, a)
}

type brokenLine struct{}

func (brokenLine) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestAStagedUploadShowsOnceItIsReceived(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
	s, err := a.Stage(t.Context(), strings.NewReader("picture"), 100)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != "picture" {
		t.Errorf("staged %q, %v", b, err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := a.ReadOriginal(t.Context(), s.Digest); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("shows before it was received: %v", err)
	}
	f := archive.Facts{Format: "png", Width: 3, Height: 4, Perceptual: 0xfffffffffffffff0}
	rec, added, err := a.Receive(t.Context(), s, "square", image(t, "a.png", imagery.Digest{}, "2015"), f, archive.Receipt{})
	if err != nil || !added || rec.Digest != s.Digest || rec.Facts != f || rec.Size != 7 {
		t.Errorf("received %+v, %v, %v", rec, added, err)
	}
	if err := s.Discard(); err != nil {
		t.Error(err)
	}
	if b, err := a.ReadOriginal(t.Context(), s.Digest); err != nil || string(b) != "picture" {
		t.Errorf("read back %q, %v", b, err)
	}
	wantClean(t, a)
	wantNothingIncoming(t, a)
}

func TestWhatIsStagedAndRefusedIsNotKept(t *testing.T) {
	a := fresh(t)
	s, err := a.Stage(t.Context(), strings.NewReader("picture"), 100)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Discard()
	_, _, err = a.Receive(t.Context(), s, "nowhere", image(t, "a.png", imagery.Digest{}, "2015"), archive.Facts{}, archive.Receipt{})
	if !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("received: %v", err)
	}
	if rep := wantClean(t, a); rep.Originals+rep.Entries != 0 {
		t.Errorf("left %d originals and %d entries", rep.Originals, rep.Entries)
	}
	wantNothingIncoming(t, a)
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
