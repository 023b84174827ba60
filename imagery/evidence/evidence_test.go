package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/imagery/evidence"
	"github.com/antequem/antequem/imagery/pack"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func newArchive(t *testing.T) *archive.Archive {
	t.Helper()
	a, err := archive.Open(t.Context(), t.TempDir(), archive.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func date(t *testing.T, s string) edtf.Date {
	t.Helper()
	d, err := edtf.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var files = map[string]string{"b.png": "the later picture", "dir/a.tif": "the earlier picture"}

func open(file string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(files[file])), nil
}

func oldTown(t *testing.T) imagery.Case {
	digest := func(file string) imagery.Digest { return imagery.DigestOf([]byte(files[file])) }
	nan := math.NaN()
	return imagery.Case{
		Title: "The old town", Summary: "What happened there, العربية.", Reference: "b.png", LookFor: []string{"an image of May"},
		Location: imagery.Location{Name: "Old Town", Slug: "old-town", Lat: 36.2, Lon: 37.15, Position: "verified"},
		Images: []imagery.Image{
			{File: "dir/a.tif", Digest: digest("dir/a.tif"), Acquired: date(t, "2015-10"), Basis: imagery.BasisInferred, Notes: "by the shadows",
				Source: "https://example.org/a", Licence: "all rights reserved", Platform: imagery.PlatformDrone, GSD: 0.3, OffNadir: 12.5, SunAz: nan, SunEl: 45},
			{File: "b.png", Digest: digest("b.png"), Acquired: date(t, "2016-04-27"), Basis: imagery.BasisCapture,
				Licence: "CC-BY-4.0", Platform: imagery.PlatformUnknown, OffNadir: nan, SunAz: nan, SunEl: nan},
		},
		Regions: []imagery.Region{{Name: "", Image: "b.png", Polygon: []imagery.Point{{X: 1, Y: 2}, {X: 30, Y: 4.25}, {X: 5, Y: 40}}}},
		Claims: []imagery.Claim{
			{ID: "struck", Text: "It was struck.", Claimant: "C", Source: "https://example.org/c", Kind: imagery.ClaimChanged, When: date(t, "2016-04-27")},
			{ID: "same", Text: "It is the same.", Claimant: "D", Source: "https://example.org/d", Kind: imagery.ClaimSame, Images: [2]string{"b.png", "dir/a.tif"}},
		},
	}
}

// filled holds the old town, brought by heron, and a second location that no pack of it may betray.
func filled(t *testing.T) *archive.Archive {
	t.Helper()
	a := newArchive(t)
	ctx := t.Context()
	if _, err := a.AddLocation(ctx, imagery.Location{Name: "Hidden Market", Slug: "hidden-market", Lat: math.NaN(), Lon: math.NaN()}, archive.Change{By: "raven"}); err != nil {
		t.Fatal(err)
	}
	c := oldTown(t)
	if _, err := a.ImportCase(ctx, c, open, 1000, archive.Change{By: "heron"}); err != nil {
		t.Fatal(err)
	}
	im := c.Images[1]
	im.Notes = "seen again"
	if err := a.UpdateImage(ctx, "old-town", im, archive.Change{By: "kestrel", Why: "a second look"}); err != nil {
		t.Fatal(err)
	}
	_, _, err := a.AddImage(ctx, "old-town", im, archive.Facts{}, archive.Receipt{OriginalName: "telling-name.png", Uploader: "wren"})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func bagOf(t *testing.T, a *archive.Archive, o evidence.Options) pack.Bag {
	t.Helper()
	b, err := evidence.Bag(t.Context(), a, "old-town", o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func packed(t *testing.T, b pack.Bag) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := pack.Write(t.Context(), &out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func opened(t *testing.T, b []byte) *pack.Pack {
	t.Helper()
	p, err := pack.Open(bytes.NewReader(b), int64(len(b)), pack.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func read(t *testing.T, p *pack.Pack) evidence.Evidence {
	t.Helper()
	e, err := evidence.Read(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// importer takes cases in without looking at the pictures, which are none here.
type importer struct{ *archive.Archive }

func (i importer) Case(ctx context.Context, c imagery.Case, open func(string) (io.ReadCloser, error), by archive.Change) (string, error) {
	return i.ImportCase(ctx, c, open, 1000, by)
}

func nothing(context.Context, imagery.Digest) (io.ReadCloser, error) { return nil, imagery.ErrNotFound }

var same = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b edtf.Date) bool { return a.String() == b.String() })}

func TestACaseGoesFromOneArchiveToAnotherByAPack(t *testing.T) {
	a, b := filled(t), newArchive(t)
	extra := map[string][]byte{"results/report.json": []byte("{}\n")}
	data := packed(t, bagOf(t, a, evidence.Options{Agent: "antequem 1", Files: extra}))
	if again := packed(t, bagOf(t, a, evidence.Options{Agent: "antequem 1", Files: extra})); !bytes.Equal(data, again) {
		t.Error("packed twice it isn't the same bytes")
	}
	p := opened(t, data)
	e := read(t, p)
	if len(e.Faults) != 0 {
		t.Fatalf("faults %v", e.Faults)
	}
	want, err := a.Case(t.Context(), "old-town")
	if diff := cmp.Diff(want, e.Case, same); err != nil || diff != "" {
		t.Errorf("the case read from the pack: %v\n%s", err, diff)
	}
	slug, err := evidence.Import(t.Context(), importer{b}, p, nothing, archive.Change{By: "owl"})
	if err != nil || slug != "old-town" {
		t.Fatalf("%q, %v", slug, err)
	}
	got, err := b.Case(t.Context(), "old-town")
	if diff := cmp.Diff(want, got, same); err != nil || diff != "" {
		t.Errorf("the case imported: %v\n%s", err, diff)
	}
	rep, err := b.Verify(t.Context(), nil)
	if err != nil || !rep.OK() || rep.Originals != 2 {
		t.Errorf("%+v, %v", rep, err)
	}
	log, err := b.Log(t.Context(), "old-town")
	if err != nil {
		t.Fatal(err)
	}
	what, who, err := log[0].Done()
	if err != nil || who.By != "owl" || !strings.Contains(what.Why, e.Custody.Head.String()) {
		t.Errorf("the log doesn't say where it came from: %+v %+v, %v", what, who, err)
	}
	if _, err := evidence.Import(t.Context(), importer{b}, p, nothing, archive.Change{}); !errors.Is(err, archive.ErrExists) {
		t.Errorf("imported twice: %v", err)
	}
}

func TestAPackNamesNobodyUnlessAskedTo(t *testing.T) {
	a := filled(t)
	for _, named := range []bool{false, true} {
		data := packed(t, bagOf(t, a, evidence.Options{Identities: named}))
		for _, secret := range []string{"heron", "kestrel", "wren", "telling-name"} {
			if bytes.Contains(data, []byte(secret)) != named {
				t.Errorf("identities %v: %q", named, secret)
			}
		}
		for _, other := range []string{"hidden-market", "Hidden Market", "raven"} {
			if bytes.Contains(data, []byte(other)) {
				t.Errorf("it betrays another location: %q", other)
			}
		}
		if e := read(t, opened(t, data)); len(e.Faults) != 0 || e.Custody.Entries != len(e.Custody.Shown)+1 {
			t.Errorf("identities %v: %d of %d entries, faults %v", named, len(e.Custody.Shown), e.Custody.Entries, e.Faults)
		}
	}
}

func TestWhoeverPacksAnotherStoryIsFoundOut(t *testing.T) {
	a := filled(t)
	// Each pack is made anew, so its digests agree; only the custody log tells.
	edit := func(name string, old, new string) func(*pack.Bag) {
		return func(b *pack.Bag) {
			i := slices.IndexFunc(b.Files, func(f pack.File) bool { return f.Name == name })
			r, _ := b.Files[i].Open()
			text, _ := io.ReadAll(r)
			if !bytes.Contains(text, []byte(old)) {
				t.Fatalf("%s doesn't hold %q:\n%s", name, old, text)
			}
			b.Files[i] = pack.Bytes(name, bytes.ReplaceAll(text, []byte(old), []byte(new)))
		}
	}
	dropLine := func(n int) func(*pack.Bag) {
		return func(b *pack.Bag) {
			i := slices.IndexFunc(b.Files, func(f pack.File) bool { return f.Name == evidence.CustodyFile })
			r, _ := b.Files[i].Open()
			text, _ := io.ReadAll(r)
			lines := slices.Collect(bytes.Lines(text))
			b.Files[i] = pack.Bytes(evidence.CustodyFile, bytes.Join(slices.Delete(lines, n, n+1), nil))
		}
	}
	for name, tt := range map[string]struct {
		spoil func(*pack.Bag)
		want  string // in a fault
	}{
		"another date":               {edit(evidence.CaseFile, "2016-04-27", "2016-04-26"), "image old-town/b.png differs"},
		"another basis":              {edit(evidence.CaseFile, "inferred", "capture"), "image old-town/dir/a.tif differs"},
		"another claim":              {edit(evidence.CaseFile, "It was struck.", "It was not struck."), "claims old-town differs"},
		"another region":             {edit(evidence.CaseFile, "4.25", "4.5"), "regions old-town differs"},
		"another title":              {edit(evidence.CaseFile, "The old town", "The new town"), "location old-town differs"},
		"another picture":            {edit("case/b.png", "later", "other"), "another SHA-256"},
		"another word in the log":    {edit(evidence.CustodyFile, "a second look", "a third look"), "tells something else"},
		"another time in the log":    {edit(evidence.CustodyFile, "2026-05-01T12:00:00Z", "2025-05-01T12:00:00Z"), "is not what its hash says"},
		"a log cut at its beginning": {dropLine(0), "stands where entry 1 should"},
		"a log without an entry":     {dropLine(5), "stands where entry 6 should"},
		"a log that is none":         {edit(evidence.CustodyFile, `{"seq"`, `{"sequence"`), "line 1"},
		"another time of receipt":    {edit(evidence.RecordsFile, `"received_at": "2026-05-01`, `"received_at": "2026-04-01`), "was received at other times"},
		"an uploader made up":        {edit(evidence.RecordsFile, `"received_at"`, `"uploader": "owl", "received_at"`), "or by others"},
		"another digest on record":   {edit(evidence.RecordsFile, `"sha256": "`+imagery.DigestOf([]byte(files["b.png"])).String(), `"sha256": "`+imagery.Digest{}.String()), "has another SHA-256 than in the case"},
		"a record of another file":   {edit(evidence.RecordsFile, `"b.png"`, `"c.png"`), "is an image of the case and not in the records"},
		"an image said withheld":     {edit(evidence.RecordsFile, `"withheld": ""`, `"withheld": "choice"`), "not by both"},
		"records that are none":      {edit(evidence.RecordsFile, `"slug"`, `"slugs"`), "unknown field"},
		"a case that is none":        {edit(evidence.CaseFile, "title:", "titel:"), "titel"},
	} {
		t.Run(name, func(t *testing.T) {
			b := bagOf(t, a, evidence.Options{})
			tt.spoil(&b)
			p := opened(t, packed(t, b))
			e := read(t, p)
			if !slices.ContainsFunc(e.Faults, func(f pack.Fault) bool { return strings.Contains(f.Detail, tt.want) }) {
				t.Errorf("faults %v, want one with %q", e.Faults, tt.want)
			}
			if _, err := evidence.Import(t.Context(), importer{newArchive(t)}, p, nothing, archive.Change{}); !errors.Is(err, imagery.ErrCorrupt) {
				t.Errorf("imported: %v", err)
			}
		})
	}
}

func TestAWithheldImageMustBeSuppliedToImport(t *testing.T) {
	a, b := filled(t), newArchive(t)
	p := opened(t, packed(t, bagOf(t, a, evidence.Options{
		Withhold: func(im imagery.Image) evidence.Reason {
			if im.Licence == "all rights reserved" {
				return evidence.ByChoice
			}
			return evidence.PassedOn
		},
	})))
	if e := read(t, p); len(e.Faults) != 0 || len(p.Withheld) != 1 || p.Withheld[0].URL != "https://example.org/a" {
		t.Fatalf("withheld %v, faults %v", p.Withheld, e.Faults)
	}
	_, err := evidence.Import(t.Context(), importer{b}, p, nothing, archive.Change{})
	var missing evidence.Missing
	if !errors.As(err, &missing) || len(missing) != 1 || missing[0].Name != "case/dir/a.tif" {
		t.Errorf("without it: %v", err)
	}
	supply := func(text string) func(context.Context, imagery.Digest) (io.ReadCloser, error) {
		return func(context.Context, imagery.Digest) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(text)), nil
		}
	}
	if _, err := evidence.Import(t.Context(), importer{b}, p, supply("another picture"), archive.Change{}); !errors.Is(err, imagery.ErrCorrupt) {
		t.Errorf("with another: %v", err)
	}
	if _, err := evidence.Import(t.Context(), importer{b}, p, supply(files["dir/a.tif"]), archive.Change{}); err != nil {
		t.Errorf("with it: %v", err)
	}
}

func TestADeletedImageIsToldInThePackAndNoMore(t *testing.T) {
	a := filled(t)
	if err := a.SetClaims(t.Context(), "old-town", nil, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	if err := a.DeleteImage(t.Context(), "old-town", "dir/a.tif", archive.Change{By: "heron", Why: "a face"}); err != nil {
		t.Fatal(err)
	}
	data := packed(t, bagOf(t, a, evidence.Options{}))
	e := read(t, opened(t, data))
	if len(e.Faults) != 0 || len(e.Case.Images) != 1 {
		t.Errorf("%d images, faults %v", len(e.Case.Images), e.Faults)
	}
	if !bytes.Contains(data, []byte("a face")) || bytes.Contains(data, []byte("by the shadows")) {
		t.Error("why it was deleted is missing, or what was known of it is not")
	}
}

// A busy archive is one whose old town somebody changes whenever its images are listed,
// so many times.
type busy struct {
	*archive.Archive
	changes int
}

func (b *busy) Images(ctx context.Context, slug string) ([]archive.Record, error) {
	recs, err := b.Archive.Images(ctx, slug)
	if err != nil || b.changes == 0 {
		return recs, err
	}
	b.changes--
	im := recs[0].Image
	im.Notes += " and again"
	return recs, b.UpdateImage(ctx, slug, im, archive.Change{By: "heron"})
}

func TestAPackOfALocationThatChangesMeanwhileIsOfOneMoment(t *testing.T) {
	b, err := evidence.Bag(t.Context(), &busy{filled(t), 2}, "old-town", evidence.Options{})
	if err != nil {
		t.Fatal(err)
	}
	data := packed(t, b)
	p, err := pack.Open(bytes.NewReader(data), int64(len(data)), pack.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if e, err := evidence.Read(t.Context(), p); err != nil || len(e.Faults) > 0 {
		t.Errorf("got %v, %v", e.Faults, err)
	}
	if _, err := evidence.Bag(t.Context(), &busy{filled(t), 100}, "old-town", evidence.Options{}); err == nil || !strings.Contains(err.Error(), "pack it again") {
		t.Errorf("changed without end: got %v", err)
	}
}

func TestAPackOfNothingIsRefused(t *testing.T) {
	if _, err := evidence.Bag(t.Context(), newArchive(t), "nowhere", evidence.Options{}); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("no such location: %v", err)
	}
	p := opened(t, packed(t, pack.Bag{Name: "x", Files: []pack.File{pack.Bytes("a.txt", nil)}}))
	if e := read(t, p); len(e.Faults) == 0 {
		t.Error("a pack without a case has no fault")
	}
}

func TestAPackNamesWhomAnEditorReleasedAndNobodyElse(t *testing.T) {
	a := filled(t)
	release := func(r archive.Release) {
		t.Helper()
		if err := a.SetRelease(t.Context(), "old-town", "b.png", r, archive.Change{By: "owl", Why: "they asked to be named"}); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(when string, want map[string]bool) {
		t.Helper()
		data := packed(t, bagOf(t, a, evidence.Options{}))
		for word, want := range want {
			if bytes.Contains(data, []byte(word)) != want {
				t.Errorf("%s: %q: want %v", when, word, want)
			}
		}
		if e := read(t, opened(t, data)); len(e.Faults) != 0 {
			t.Errorf("%s: %v", when, e.Faults)
		}
	}
	release(archive.Release{Metadata: true})
	holds("metadata alone", map[string]bool{"wren": false, "telling-name": false, "heron": false, "kestrel": false, "owl": false})
	// heron brought b.png with the case, wren once more; kestrel changed its record.
	release(archive.Release{Names: true})
	holds("released", map[string]bool{"wren": true, "telling-name": true, "heron": true, "kestrel": false, "owl": false, "they asked to be named": true})
	release(archive.Release{})
	holds("taken back", map[string]bool{"wren": false, "telling-name": false, "heron": false, "kestrel": false, "owl": false})
}

func TestAPackSaysWhoMightSeeItsCase(t *testing.T) {
	a := filled(t)
	want := func(when string, states ...archive.PublicationState) {
		t.Helper()
		p := opened(t, packed(t, bagOf(t, a, evidence.Options{})))
		e := read(t, p)
		var got []archive.PublicationState
		for _, s := range e.Standing {
			got = append(got, s.State)
		}
		if !slices.Equal(got, states) || len(e.Faults) != 0 {
			t.Errorf("%s: %v, %v", when, got, e.Faults)
		}
		var lines []string
		for _, l := range p.Info {
			if l.Label == "Publication-State" {
				lines = append(lines, strings.Fields(l.Value)[0])
			}
		}
		if len(states) == 0 {
			states = []archive.PublicationState{archive.Draft}
		}
		for i, s := range states {
			if len(lines) != len(states) || lines[i] != string(s) {
				t.Errorf("%s: %v", when, lines)
			}
		}
	}
	want("at first")
	if err := a.Publish(t.Context(), "old-town", archive.Change{Why: "read\ntwice"}); err != nil {
		t.Fatal(err)
	}
	want("published", archive.Published)
	if err := a.Withdraw(t.Context(), "old-town", archive.Change{Why: "a wrong date"}); err != nil {
		t.Fatal(err)
	}
	want("withdrawn", archive.Published, archive.Withdrawn)
}
