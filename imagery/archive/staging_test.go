package archive_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

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
