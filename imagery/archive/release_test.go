package archive_test

import (
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

func TestWhatIsWithheldIsReleasedByAnEntryOfTheLogAndTakenBackByAnother(t *testing.T) {
	a := open(t, t.TempDir(), &clock{noon})
	place(t, a, "square")
	place(t, a, "market")
	one := add(t, a, "square", imagery.Image{File: "a.png", Digest: put(t, a, "one")})
	two := add(t, a, "square", imagery.Image{File: "b.png", Digest: put(t, a, "two")})
	add(t, a, "market", imagery.Image{File: "a.png", Digest: one.Digest})
	set := func(file string, r archive.Release) {
		t.Helper()
		if err := a.SetRelease(t.Context(), "square", file, r, archive.Change{By: "heron", Why: "they asked to be named"}); err != nil {
			t.Fatal(err)
		}
	}
	wantReleased := func(when string, d imagery.Digest, want bool) {
		t.Helper()
		if got, err := a.MetadataReleased(t.Context(), d); err != nil || got != want {
			t.Errorf("%s: %v, want %v, %v", when, got, want, err)
		}
	}
	of := func(slug, file string) archive.Release {
		t.Helper()
		rs, err := a.Releases(t.Context(), slug)
		if err != nil {
			t.Fatal(err)
		}
		return rs.Of(file)
	}
	wantKind(t, a.SetRelease(t.Context(), "square", "a.png", archive.Release{Names: true}, archive.Change{Why: " "}), imagery.ErrInvalid)
	wantKind(t, a.SetRelease(t.Context(), "square", "c.png", archive.Release{}, archive.Change{Why: "x"}), imagery.ErrNotFound)
	wantKind(t, a.SetRelease(t.Context(), "nowhere", "", archive.Release{}, archive.Change{Why: "x"}), imagery.ErrNotFound)
	set("a.png", archive.Release{Names: true, Metadata: true})
	wantReleased("of a draft", one.Digest, false)
	if err := a.Publish(t.Context(), "square", archive.Change{}); err != nil {
		t.Fatal(err)
	}
	wantReleased("published", one.Digest, true)
	wantReleased("another image", two.Digest, false)
	if r := of("square", "a.png"); !r.Names || !r.Metadata || of("square", "b.png") != (archive.Release{}) || of("market", "a.png") != (archive.Release{}) {
		t.Errorf("%+v", r)
	}
	set("a.png", archive.Release{})
	wantReleased("taken back", one.Digest, false)
	set("", archive.Release{Metadata: true, Readings: true})
	if !of("square", "").Readings || of("market", "").Readings {
		t.Error("the round of readings that was closed isn't, or another one is")
	}
	wantReleased("every image", two.Digest, true)
	set("b.png", archive.Release{Names: true})
	if r := of("square", "b.png"); !r.Names || !r.Metadata {
		t.Errorf("by itself and with the others: %+v", r)
	}
	log, err := a.Log(t.Context(), "square")
	if err != nil {
		t.Fatal(err)
	}
	last := log[len(log)-1]
	what, who, err := last.Done()
	if err != nil || last.Action != "release.set" || last.Subject != "square/b.png" || what.Why != "they asked to be named" || who.By != "heron" {
		t.Errorf("%+v %+v %+v, %v", last, what, who, err)
	}
	wantWhole(t, a)
	if err := a.Withdraw(t.Context(), "square", archive.Change{Why: "x"}); err != nil {
		t.Fatal(err)
	}
	wantReleased("withdrawn", two.Digest, false)
	if err := a.DeleteImage(t.Context(), "square", "b.png", archive.Change{Why: "a face"}); err != nil {
		t.Fatal(err)
	}
	wantWhole(t, a)
	if err := a.DeleteLocation(t.Context(), "square", archive.Change{Why: "a mistake"}); err != nil {
		t.Fatal(err)
	}
	if of("square", "a.png") != (archive.Release{}) {
		t.Error("a deleted location leaves a release behind")
	}
	wantWhole(t, a)
}

func wantWhole(t *testing.T, a *archive.Archive) {
	t.Helper()
	if rep, err := a.Verify(t.Context(), nil); err != nil || !rep.OK() {
		t.Errorf("%+v, %v", rep.Faults, err)
	}
}
