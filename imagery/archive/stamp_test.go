package archive_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/stamp"
	"github.com/antequem/antequem/imagery/stamp/stamptest"
)

// stamped has the log of a stamped once, and returns the time-stamp.
func stamped(t *testing.T, a *archive.Archive) stamp.Stamp {
	t.Helper()
	head, err := a.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	authority := stamptest.New(t)
	s, err := stamp.Request(t.Context(), authority.URL, head.Hash)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.AddStamp(t.Context(), head.Seq, s, authority.URL, archive.Change{By: "heron"}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestATimeStampOfTheLogIsKeptInTheLog(t *testing.T) {
	a := fresh(t)
	if _, err := a.Head(t.Context()); !errors.Is(err, imagery.ErrNotFound) {
		t.Errorf("the head of an empty log: %v", err)
	}
	place(t, a, "square")
	s := stamped(t, a)
	put(t, a, "picture") // goes on after the stamp
	rep := wantClean(t, a)
	if len(rep.Stamps) != 1 || rep.Stamps[0].Entry != 1 || !rep.Stamps[0].Time.Equal(s.Time) || rep.Stamps[0].Authority != s.Authority {
		t.Errorf("stamps %+v, want one of entry 1 at %s", rep.Stamps, s.Time)
	}
	if rep.Entries != 3 {
		t.Errorf("%d entries, want the location, the stamp and the original", rep.Entries)
	}
	if err := a.AddStamp(t.Context(), 2, s, "", archive.Change{}); !errors.Is(err, imagery.ErrInvalid) {
		t.Errorf("a stamp of another entry was taken: %v", err)
	}
	if err := a.AddStamp(t.Context(), 9, s, "", archive.Change{}); !errors.Is(err, imagery.ErrInvalid) {
		t.Errorf("a stamp of an entry that isn't there was taken: %v", err)
	}
}

func TestALogForgedAfterItsTimeStampIsFound(t *testing.T) {
	token := func(t *testing.T, s stamp.Stamp) string { return base64.StdEncoding.EncodeToString(s.Token) }
	for name, spoil := range map[string]func(t *testing.T, a *archive.Archive, s stamp.Stamp){
		"the stamp taken out": func(t *testing.T, a *archive.Archive, _ stamp.Stamp) {
			tamper(t, a, `DELETE FROM custody WHERE action = 'log.stamp'`)
		},
		"another entry named": func(t *testing.T, a *archive.Archive, _ stamp.Stamp) {
			tamper(t, a, `UPDATE custody SET what = replace(what, '"entry":1', '"entry":2') WHERE action = 'log.stamp'`)
		},
		"a byte of the token": func(t *testing.T, a *archive.Archive, s stamp.Stamp) {
			text := token(t, s)
			tamper(t, a, `UPDATE custody SET what = replace(what, $1, $2) WHERE action = 'log.stamp'`, text, "AAAA"+text[4:])
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := fresh(t)
			place(t, a, "square")
			s := stamped(t, a)
			put(t, a, "picture")
			spoil(t, a, s)
			rep, err := a.Verify(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(rep.Faults, func(f archive.Fault) bool { return f.Kind == archive.FaultLog }) {
				t.Errorf("found %v", rep.Faults)
			}
		})
	}
}

// Whoever owns the machine can make the whole chain anew, and then it holds again: what
// they can't make anew is the authority's word.
func TestALogMadeAnewIsFoundByItsTimeStamp(t *testing.T) {
	a := fresh(t)
	place(t, a, "square")
	stamped(t, a)
	log, err := a.Log(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	prev := imagery.Digest{}
	for _, e := range log {
		e.At, e.Prev = e.At.Add(-365*24*time.Hour), prev
		prev = e.Sum()
		tamper(t, a, `UPDATE custody SET at = $2, prev = $3, hash = $4 WHERE seq = $1`,
			e.Seq, e.At.Format("2006-01-02T15:04:05.000000Z"), e.Prev.String(), prev.String())
	}
	rep, err := a.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Faults) != 1 || !strings.Contains(rep.Faults[0].Detail, "something else than entry 1") {
		t.Errorf("found %v, want the time-stamp alone", rep.Faults)
	}
}

func TestAClockThatWasAheadOfTheAuthorityIsTold(t *testing.T) {
	a := open(t, t.TempDir(), &clock{time.Now().Add(24 * time.Hour)})
	place(t, a, "square")
	stamped(t, a)
	if rep := wantClean(t, a); len(rep.Notes) != 1 || !strings.Contains(rep.Notes[0], "this machine's clock was ahead") {
		t.Errorf("notes %q", rep.Notes)
	}
}
