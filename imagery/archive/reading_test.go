package archive_test

import (
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

func TestAReadingIsGivenOnceAndGoesWithItsImage(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
	for _, file := range []string{"a.png", "b.png"} {
		add(t, a, "square", imagery.Image{File: file, Digest: put(t, a, file)})
	}
	read := func(by, file, state, damage string) error {
		return a.AddReading(t.Context(), "square", archive.Reading{File: file, State: state, Damage: damage, Place: 1}, archive.Change{By: by})
	}
	for _, by := range []string{"heron", "egret"} {
		for _, file := range []string{"a.png", "b.png"} {
			if err := read(by, file, "new", "severe damage"); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantKind(t, read("heron", "a.png", "old", ""), archive.ErrExists)
	wantKind(t, read("stilt", "a.png", "gone", ""), imagery.ErrInvalid)
	wantKind(t, read("stilt", "a.png", "old", "a little"), imagery.ErrInvalid)
	wantKind(t, read("stilt", "c.png", "old", ""), imagery.ErrNotFound)
	rs, err := a.Readings(t.Context(), "square")
	if err != nil || len(rs) != 4 || rs[0].Person != "heron" || rs[0].State != "new" || !rs[0].At.Equal(noon) {
		t.Errorf("%+v, %v", rs, err)
	}
	wantClean(t, a)
	if err := a.DeleteImage(t.Context(), "square", "a.png", archive.Change{Why: "shows a face"}); err != nil {
		t.Fatal(err)
	}
	if err := read("stilt", "b.png", "unclear", ""); err != nil {
		t.Fatal(err)
	}
	if rs, err := a.Readings(t.Context(), "square"); err != nil || len(rs) != 3 || rs[2].Number != 5 {
		t.Errorf("%+v, %v", rs, err)
	}
	wantClean(t, a)
	if err := a.DeleteLocation(t.Context(), "square", archive.Change{Why: "asked for by law"}); err != nil {
		t.Fatal(err)
	}
	wantClean(t, a)
}
