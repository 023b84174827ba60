package resume_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/resume"
	"pgregory.net/rapid"
)

func open(t testing.TB, dir string, mend ...func(*resume.Options)) *resume.Store {
	t.Helper()
	o := resume.DefaultOptions()
	for _, m := range mend {
		m(&o)
	}
	s, err := resume.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func create(t testing.TB, s *resume.Store, size int) resume.Upload {
	t.Helper()
	u, err := s.Create(resume.Upload{By: "heron", Location: "square", Name: "a.png", Size: int64(size)})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, uint64(n)))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func kept(u resume.Upload, r *os.File) (json.RawMessage, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return json.Marshal(imagery.DigestOf(b))
}

// However an upload is cut into pieces, and whenever the program is started anew, what
// arrives is what was sent, and its digest is known.
func TestWhatArrivesInPiecesIsWhatWasSent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "u")
		if err != nil {
			rt.Fatal(err)
		}
		s := open(t, dir)
		sent := noise(rapid.IntRange(1, 1<<20).Draw(rt, "size"))
		u := create(t, s, len(sent))
		for u.Offset < u.Size {
			n := rapid.IntRange(0, len(sent)).Draw(rt, "piece")
			var r io.Reader = bytes.NewReader(sent[u.Offset:min(int(u.Offset)+n, len(sent))])
			cut := rapid.Bool().Draw(rt, "cut")
			if cut {
				r = io.MultiReader(r, iotest.ErrReader(io.ErrUnexpectedEOF))
			}
			got, err := s.Append(t.Context(), u.ID, "heron", u.Offset, r, nil)
			if cut && got.Offset < got.Size != (err != nil) && !errors.Is(err, io.ErrUnexpectedEOF) {
				rt.Fatalf("cut: %v", err)
			}
			if rapid.IntRange(0, 3).Draw(rt, "restart") == 0 {
				s = open(t, dir)
			}
			again, err := s.Get(u.ID, "heron")
			if err != nil || again.Offset != got.Offset {
				rt.Fatalf("told %d, holds %d, %v", got.Offset, again.Offset, err)
			}
			u = again
		}
		if u, err = s.Settle(t.Context(), u.ID, "heron"); err != nil || u.Digest != imagery.DigestOf(sent) {
			rt.Fatalf("digest %s, want %s, %v", u.Digest, imagery.DigestOf(sent), err)
		}
		want, _ := json.Marshal(imagery.DigestOf(sent))
		for range 2 {
			if u, err = s.Take(t.Context(), u.ID, "heron", kept); err != nil || !bytes.Equal(u.Taken, want) {
				rt.Fatalf("taken as %s, want %s, %v", u.Taken, want, err)
			}
		}
	})
}

func TestAnUploadIsItsOwnersAndGoesOnFromWhereItEnds(t *testing.T) {
	s := open(t, t.TempDir())
	u := create(t, s, 10)
	for what, err := range map[string]error{
		"somebody else's":  second(s.Get(u.ID, "egret")),
		"adding to it":     second(s.Append(t.Context(), u.ID, "egret", 0, strings.NewReader("x"), nil)),
		"dropping it":      s.Drop(t.Context(), u.ID, "egret"),
		"taking it":        second(s.Take(t.Context(), u.ID, "egret", kept)),
		"a path":           second(s.Get("../"+u.ID, "heron")),
		"a path of dots":   second(s.Get("..", "heron")),
		"an empty id":      second(s.Get("", "heron")),
		"an unknown id":    second(s.Get(strings.Repeat("a", 26), "heron")),
		"a zero in a name": second(s.Get(u.ID+"\x00", "heron")),
	} {
		if !errors.Is(err, imagery.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, offset := range []int64{1, -1, 10, 1 << 40} {
		if _, err := s.Append(t.Context(), u.ID, "heron", offset, strings.NewReader("x"), nil); !errors.Is(err, resume.ErrOffset) {
			t.Errorf("offset %d: %v", offset, err)
		}
	}
	if _, err := s.Take(t.Context(), u.ID, "heron", kept); !errors.Is(err, resume.ErrOffset) {
		t.Errorf("taken before it is whole: %v", err)
	}
	got, err := s.Append(t.Context(), u.ID, "heron", 0, strings.NewReader("0123456789 and more"), nil)
	if !errors.Is(err, imagery.ErrTooLarge) || got.Offset != 10 {
		t.Errorf("more than was announced: %d, %v", got.Offset, err)
	}
	broken := errors.New("no picture")
	_, err = s.Take(t.Context(), u.ID, "heron", func(resume.Upload, *os.File) (json.RawMessage, error) { return nil, broken })
	if !errors.Is(err, broken) {
		t.Errorf("a refused one: %v", err)
	}
	if u, err := s.Get(u.ID, "heron"); err != nil || u.Offset != 10 || u.Taken != nil {
		t.Errorf("after that: %+v, %v", u, err)
	}
	if err := s.Drop(t.Context(), u.ID, "heron"); err != nil {
		t.Fatal(err)
	}
	if us, err := s.List("heron"); err != nil || len(us) != 0 {
		t.Errorf("%v, %v", us, err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestTheNextRequestInterruptsOneWhoseLineDropped(t *testing.T) {
	s := open(t, t.TempDir())
	u := create(t, s, 10)
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := s.Append(context.Background(), u.ID, "heron", 0, r, func() { w.CloseWithError(os.ErrDeadlineExceeded) })
		done <- err
	}()
	if _, err := w.Write([]byte("0123")); err != nil {
		t.Fatal(err)
	}
	got, err := s.Settle(t.Context(), u.ID, "heron")
	if err != nil || got.Offset != 4 {
		t.Errorf("%d, %v", got.Offset, err)
	}
	if err := <-done; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the one before: %v", err)
	}
}

func TestNobodyFillsTheDisk(t *testing.T) {
	full := errors.New("full")
	dir := t.TempDir()
	now := time.Now()
	s := open(t, dir, func(o *resume.Options) { o.Each, o.Max, o.Now = 2, 100, func() time.Time { return now } })
	for _, size := range []int64{0, -1} {
		if _, err := s.Create(resume.Upload{Size: size}); !errors.Is(err, imagery.ErrInvalid) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if _, err := s.Create(resume.Upload{Size: 101}); !errors.Is(err, imagery.ErrTooLarge) {
		t.Error(err)
	}
	create(t, s, 1)
	create(t, s, 1)
	if _, err := s.Create(resume.Upload{By: "heron", Size: 1}); !errors.Is(err, resume.ErrMany) {
		t.Error(err)
	}
	if _, err := s.Create(resume.Upload{By: "egret", Size: 1}); err != nil {
		t.Error(err)
	}
	now = now.Add(73 * time.Hour)
	if err := s.Sweep(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left after three days: %v, %v", left, err)
	}
	s = open(t, dir, func(o *resume.Options) { o.Room = func() error { return full } })
	if _, err := s.Create(resume.Upload{Size: 1}); !errors.Is(err, full) {
		t.Error(err)
	}
}

func TestAFolderWhosePathHoldsBracketsListsAndSweepsLikeAnyOther(t *testing.T) {
	for _, odd := range []string{"[2015]", "of ["} {
		now := time.Now()
		s := open(t, filepath.Join(t.TempDir(), odd), func(o *resume.Options) { o.Each, o.Now = 1, func() time.Time { return now } })
		u := create(t, s, 1)
		if mine, err := s.List("heron"); err != nil || len(mine) != 1 || mine[0].ID != u.ID {
			t.Errorf("%s lists %v, %v", odd, mine, err)
		}
		if _, err := s.Create(resume.Upload{By: "heron", Size: 1}); !errors.Is(err, resume.ErrMany) {
			t.Errorf("%s takes a second: %v", odd, err)
		}
		now = now.Add(s.Keep() + time.Hour)
		if err := s.Sweep(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Get(u.ID, "heron"); !errors.Is(err, imagery.ErrNotFound) {
			t.Errorf("%s keeps what was left alone: %v", odd, err)
		}
	}
}
