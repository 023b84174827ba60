package archive_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/google/go-cmp/cmp"
)

func TestADeletedImageLeavesATombstoneAndNothingElse(t *testing.T) {
	a := fresh(t)
	ctx := t.Context()
	place(t, a, "square")
	d := put(t, a, "picture of a face")
	im := image(t, "a.png", d, "2015")
	im.Notes = "a note that must go"
	_, _, err := a.AddImage(ctx, "square", im, archive.Facts{}, archive.Receipt{OriginalName: "telling-name.png", Uploader: "kestrel-7"})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.SetHeading(ctx, "square", archive.Heading{Reference: "a.png"}, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	r := recipe(d)
	if _, err := a.PutResult(ctx, r, pictures); err != nil {
		t.Fatal(err)
	}
	before := wantClean(t, a)
	if err := a.DeleteImage(ctx, "square", "a.png", archive.Change{By: "wren", Why: "a person can be seen"}); err != nil {
		t.Fatal(err)
	}

	ts, err := a.Tombstones(ctx)
	want := []archive.Tombstone{{Digest: d, Location: "square", File: "a.png", At: noon, By: "wren", Why: "a person can be seen"}}
	if diff := cmp.Diff(want, ts); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := a.ReadOriginal(ctx, d); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("the original: %v", err)
	}
	if _, err := a.Result(ctx, r.Digest()); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("what was made from it: %v", err)
	}
	if c, err := a.Case(ctx, "square"); err != nil || len(c.Images) != 0 || c.Reference != "" {
		t.Errorf("the case: %+v, %v", c, err)
	}
	after := wantClean(t, a)
	if after.Entries <= before.Entries {
		t.Errorf("%d log entries before and %d after: none may go, and some must come", before.Entries, after.Entries)
	}
	for _, secret := range []string{"a note that must go", "telling-name", "kestrel-7", "picture of a face"} {
		wantNowhere(t, a.Dir(), secret)
	}
}

func TestADeletedLocationLeavesTombstonesAndNothingElse(t *testing.T) {
	a := fresh(t)
	ctx := t.Context()
	c, files := fullCase(t)
	if _, err := a.ImportCase(ctx, c, opener(files), 100, archive.Change{By: "kestrel-7"}); err != nil {
		t.Fatal(err)
	}
	place(t, a, "market")
	add(t, a, "market", image(t, "a.png", c.Images[0].Digest, "2015"))
	for _, why := range []string{"", "  "} {
		if err := a.DeleteLocation(ctx, "old-town", archive.Change{Why: why}); !errors.Is(err, imagery.ErrInvalid) {
			t.Errorf("without a reason: %v", err)
		}
	}
	if err := a.DeleteLocation(ctx, "nowhere", archive.Change{Why: "x"}); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("one that isn't there: %v", err)
	}
	if err := a.DeleteLocation(ctx, "old-town", archive.Change{By: "wren", Why: "a court order"}); err != nil {
		t.Fatal(err)
	}
	wantClean(t, a)
	if _, err := a.Case(ctx, "old-town"); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("the case: %v", err)
	}
	if ts, err := a.Tombstones(ctx); err != nil || len(ts) != 3 || ts[2].File != "" || ts[2].Why != "a court order" {
		t.Errorf("tombstones %+v, %v", ts, err)
	}
	if _, err := a.ReadOriginal(ctx, c.Images[1].Digest); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("an original that no other location holds: %v", err)
	}
	if _, err := a.ReadOriginal(ctx, c.Images[0].Digest); err != nil {
		t.Errorf("an original that another location holds: %v", err)
	}
	for _, secret := range []string{"It changed.", "kestrel-7", "A summary", "the later picture"} {
		wantNowhere(t, a.Dir(), secret)
	}
	if _, err := a.ImportCase(ctx, c, opener(files), 100, archive.Change{}); err != nil {
		t.Errorf("brought back: %v", err)
	}
	wantClean(t, a)
}

// wantNowhere reads every file of a folder.
func wantNowhere(t *testing.T, dir, secret string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("%s still holds %q", filepath.Base(path), secret)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnOriginalThatAnotherLocationHoldsStays(t *testing.T) {
	a := fresh(t)
	ctx := t.Context()
	d := put(t, a, "picture")
	for _, slug := range []string{"square", "market"} {
		place(t, a, slug)
		add(t, a, slug, image(t, "a.png", d, "2015"))
	}
	if err := a.DeleteImage(ctx, "square", "a.png", archive.Change{Why: "a request"}); err != nil {
		t.Fatal(err)
	}
	if b, err := a.ReadOriginal(ctx, d); err != nil || string(b) != "picture" {
		t.Errorf("%q, %v", b, err)
	}
	if rs, err := a.Receipts(ctx, d); err != nil || len(rs) != 1 || rs[0].Location != "market" {
		t.Errorf("receipts %v, %v", rs, err)
	}
	wantClean(t, a)
}

func TestADeletedImageMayComeBack(t *testing.T) {
	a := fresh(t)
	ctx := t.Context()
	place(t, a, "square")
	for range 3 {
		add(t, a, "square", image(t, "a.png", put(t, a, "picture"), "2015"))
		wantClean(t, a)
		if err := a.DeleteImage(ctx, "square", "a.png", archive.Change{Why: "a request"}); err != nil {
			t.Fatal(err)
		}
		wantClean(t, a)
	}
	if ts, err := a.Tombstones(ctx); err != nil || len(ts) != 3 {
		t.Errorf("%d tombstones, %v", len(ts), err)
	}
	add(t, a, "square", image(t, "a.png", put(t, a, "picture"), "2015"))
	tamper(t, a, `UPDATE custody SET who = NULL WHERE seq = (SELECT MAX(seq) FROM custody WHERE action = 'receipt.add')`)
	if rep, err := a.Verify(ctx, nil); err != nil || rep.OK() {
		t.Errorf("what was told after the last deletion was taken back, and verify says %v, %v", rep.Faults, err)
	}
}
