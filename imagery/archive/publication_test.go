package archive_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func state(t *testing.T, a *archive.Archive, slug string) archive.Publication {
	t.Helper()
	p, err := a.Publication(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func wantKind(t *testing.T, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("got %v, want %v", err, kind)
	}
}

func TestALocationIsADraftUntilItIsPublishedAndCanBeWithdrawn(t *testing.T) {
	c := &clock{noon}
	a := open(t, t.TempDir(), c)
	place(t, a, "square")
	im := add(t, a, "square", imagery.Image{File: "a.png", Digest: put(t, a, "one")})
	public := func(ds ...imagery.Digest) bool {
		ok, err := a.InPublic(t.Context(), ds)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if p := state(t, a, "square"); p.State != archive.Draft || public(im.Digest) {
		t.Errorf("at first: %+v", p)
	}
	wantKind(t, a.Withdraw(t.Context(), "square", archive.Change{Why: "a mistake"}), imagery.ErrInvalid)
	wantKind(t, a.Publish(t.Context(), "nowhere", archive.Change{}), imagery.ErrNotFound)
	if err := a.Publish(t.Context(), "square", archive.Change{By: "heron", Why: "read twice"}); err != nil {
		t.Fatal(err)
	}
	other := put(t, a, "of no published location")
	if p := state(t, a, "square"); p.State != archive.Published || !p.At.Equal(noon) || !public(im.Digest) || public() || public(im.Digest, other) {
		t.Errorf("published: %+v", p)
	}
	wantKind(t, a.Publish(t.Context(), "square", archive.Change{}), archive.ErrExists)
	wantKind(t, a.Withdraw(t.Context(), "square", archive.Change{Why: " "}), imagery.ErrInvalid)
	c.now = noon.Add(time.Hour)
	if err := a.Withdraw(t.Context(), "square", archive.Change{By: "heron", Why: "the date was wrong"}); err != nil {
		t.Fatal(err)
	}
	if p := state(t, a, "square"); p != (archive.Publication{State: archive.Withdrawn, At: c.now, Why: "the date was wrong"}) || public(im.Digest) {
		t.Errorf("withdrawn: %+v", p)
	}
	wantClean(t, a)
}

func TestAPublishedLocationThatIsDeletedWasWithdrawn(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
	place(t, a, "yard")
	if err := a.Publish(t.Context(), "square", archive.Change{Why: "names somebody"}); err != nil {
		t.Fatal(err)
	}
	for _, slug := range []string{"square", "yard"} {
		if err := a.DeleteLocation(t.Context(), slug, archive.Change{Why: "asked for by law"}); err != nil {
			t.Fatal(err)
		}
	}
	if p := state(t, a, "square"); p.State != archive.Withdrawn || p.Why != "asked for by law" {
		t.Errorf("published before: %+v", p)
	}
	if p := state(t, a, "yard"); p.State != archive.Draft {
		t.Errorf("a draft before: %+v", p)
	}
	wantClean(t, a)
}

func TestWhatChangesInPublicIsToldWithWhenAndWhyAndNeverByWhom(t *testing.T) {
	c := &clock{noon}
	a := open(t, t.TempDir(), c)
	place(t, a, "square")
	im := add(t, a, "square", imagery.Image{File: "a.png", Digest: put(t, a, "one"), Notes: "before anybody saw it"})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		c.now = c.now.Add(time.Hour)
	}
	by := func(why string) archive.Change { return archive.Change{By: "heron", Why: why} }
	claim := imagery.Claim{ID: "struck", Text: "It was struck.", Kind: imagery.ClaimUntestable, Why: "no picture"}
	must(a.SetClaims(t.Context(), "square", []imagery.Claim{claim}, by("in the draft")))
	must(a.Publish(t.Context(), "square", by("")))
	im.Notes = "the shadow says noon"
	must(a.UpdateImage(t.Context(), "square", im.Image, by("the notes were wrong")))
	must(a.UpdateImage(t.Context(), "square", im.Image, by("nothing changes")))
	claim.Text = "It was struck at noon."
	must(a.SetClaims(t.Context(), "square", []imagery.Claim{claim}, by("quoted in full")))
	must(a.Withdraw(t.Context(), "square", by("one image was withdrawn")))
	must(a.SetHeading(t.Context(), "square", archive.Heading{Title: "In private"}, by("while nobody saw it")))

	got, err := a.History(t.Context(), "square")
	if err != nil {
		t.Fatal(err)
	}
	want := []archive.Correction{
		{At: noon.Add(time.Hour), Noun: "publication", Verb: "set"},
		{At: noon.Add(2 * time.Hour), Noun: "image", Subject: "a.png", Verb: "change", Why: "the notes were wrong",
			Fields: []archive.FieldChange{{Field: "notes", Before: `"before anybody saw it"`, After: `"the shadow says noon"`}}},
		{At: noon.Add(4 * time.Hour), Noun: "claims", Verb: "set", Why: "quoted in full"},
		{At: noon.Add(5 * time.Hour), Noun: "publication", Verb: "set", Why: "one image was withdrawn"},
	}
	ignore := cmpopts.IgnoreFields(archive.Correction{}, "Fields")
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Fatal(diff)
	}
	if diff := cmp.Diff(want[1].Fields, got[1].Fields); diff != "" {
		t.Error(diff)
	}
	if f := got[2].Fields; len(f) != 1 || f[0].Field != "struck" || !strings.Contains(f[0].After, "at noon") {
		t.Errorf("%+v", f)
	}
	wantClean(t, a)
}
