package archive_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"pgregory.net/rapid"
)

// A model is what an archive of one location should hold: the text and the notes of each image by File.
type model map[string][2]string

// Whatever is done in whatever order, with restarts between, the archive shows what a
// map would, and verify finds nothing wrong.
func TestAnArchiveIsAMapThatForgetsNothing(t *testing.T) {
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		dir := fmt.Sprint(t.TempDir(), "/", n)
		defer os.RemoveAll(dir)
		a, err := archive.Open(t.Context(), dir, archive.Options{})
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { a.Close() }()
		if _, err := a.AddLocation(t.Context(), imagery.Location{Name: "Square", Slug: "square"}, archive.Change{}); err != nil {
			rt.Fatal(err)
		}
		want := model{}
		text, name := rapid.SampledFrom([]string{"one", "two", "three"}), rapid.SampledFrom([]string{"a", "b"})
		rt.Repeat(map[string]func(*rapid.T){
			"receive": func(rt *rapid.T) { want.receive(rt, a, name.Draw(rt, "file"), text.Draw(rt, "text")) },
			"change":  func(rt *rapid.T) { want.change(rt, a, name.Draw(rt, "file"), text.Draw(rt, "notes")) },
			"delete":  func(rt *rapid.T) { want.delete(rt, a, name.Draw(rt, "file")) },
			"restart": func(rt *rapid.T) {
				a.Close()
				if a, err = archive.Open(t.Context(), dir, archive.Options{}); err != nil {
					rt.Fatal(err)
				}
			},
			"": func(rt *rapid.T) { want.compare(rt, a) },
		})
	})
}

func (m model) receive(rt *rapid.T, a *archive.Archive, file, text string) {
	s, err := a.Stage(rt.Context(), strings.NewReader(text), 100)
	if err != nil {
		rt.Fatal(err)
	}
	defer s.Discard()
	_, added, err := a.Receive(rt.Context(), s, "square", imagery.Image{File: file}, archive.Facts{}, archive.Receipt{})
	held := slices.ContainsFunc(slices.Collect(maps.Values(m)), func(v [2]string) bool { return v[0] == text })
	_, taken := m[file]
	switch {
	case held: // under whatever name: a receipt and no more
		if err != nil || added {
			rt.Fatalf("held already: added %v, %v", added, err)
		}
	case taken:
		if !errors.Is(err, archive.ErrExists) {
			rt.Fatalf("a name that is taken: %v", err)
		}
	default:
		if err != nil || !added {
			rt.Fatalf("new: added %v, %v", added, err)
		}
		m[file] = [2]string{text, ""}
	}
}

func (m model) change(rt *rapid.T, a *archive.Archive, file, notes string) {
	err := a.UpdateImage(rt.Context(), "square", imagery.Image{File: file, Notes: notes}, archive.Change{})
	if v, ok := m[file]; ok {
		m[file] = [2]string{v[0], notes}
	} else if errors.Is(err, imagery.ErrNotFound) {
		err = nil
	}
	if err != nil {
		rt.Fatal(err)
	}
}

func (m model) delete(rt *rapid.T, a *archive.Archive, file string) {
	err := a.DeleteImage(rt.Context(), "square", file, archive.Change{Why: "a law"})
	if _, ok := m[file]; !ok && errors.Is(err, imagery.ErrNotFound) {
		err = nil
	}
	if err != nil {
		rt.Fatal(err)
	}
	delete(m, file)
}

func (m model) compare(rt *rapid.T, a *archive.Archive) {
	recs, err := a.Images(rt.Context(), "square")
	if err != nil {
		rt.Fatal(err)
	}
	got := model{}
	for _, r := range recs {
		b, err := a.ReadOriginal(rt.Context(), r.Digest)
		if err != nil {
			rt.Fatal(err)
		}
		got[r.File] = [2]string{string(b), r.Notes}
	}
	if !maps.Equal(got, m) {
		rt.Fatalf("holds %v, want %v", got, m)
	}
	rep, err := a.Verify(rt.Context(), nil)
	if err != nil || !rep.OK() || rep.Originals != len(m) {
		rt.Fatalf("verify: %+v, %v", rep, err)
	}
}
