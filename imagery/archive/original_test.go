package archive_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/google/go-cmp/cmp"
)

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
