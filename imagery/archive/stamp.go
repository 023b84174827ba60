package archive

import (
	"context"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/stamp"
)

// stampAction is the custody log's word for a time-stamp of one of its own entries.
const stampAction = "log.stamp"

// A Stamped entry is one that an authority has time-stamped, and with it every entry
// before: none of them can have been made, or changed, later than Time.
type Stamped struct {
	Entry     int64     `json:"entry"` // Seq of the entry that was stamped
	Time      time.Time `json:"time"`  // by the authority's clock
	Authority string    `json:"authority"`
	URL       string    `json:"url"`
	stamp     stamp.Stamp
}

// Trusted checks that the authority's certificate leads to one of the roots.
func (s Stamped) Trusted(roots *x509.CertPool) error { return s.stamp.Trusted(roots) }

type stampForm struct {
	Entry int64          `json:"entry"`
	Head  imagery.Digest `json:"head"` // the entry's hash, which is what was stamped
	URL   string         `json:"url"`
	Token []byte         `json:"token"` // RFC 3161, DER; Base64 in the log
}

// Head returns the custody log's last entry; [imagery.ErrNotFound] where nothing was logged yet.
func (a *Archive) Head(ctx context.Context) (e Entry, err error) {
	err = a.read(ctx, func(tx *sql.Tx) error {
		e, err = scanEntry(tx.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM custody ORDER BY seq DESC LIMIT 1`))
		if errors.Is(err, sql.ErrNoRows) {
			err = fmt.Errorf("it has no entry: %w", imagery.ErrNotFound)
		}
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("archive: head of the custody log: %w", err)
	}
	return e, nil
}

// AddStamp keeps a time-stamp of the entry seq, which came from the authority at url,
// as an entry of its own: so it can't be taken out again unseen.
func (a *Archive) AddStamp(ctx context.Context, seq int64, s stamp.Stamp, url string, c Change) error {
	err := a.write(ctx, func(tx *sql.Tx) error {
		e, err := scanEntry(tx.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM custody WHERE seq = $1`, seq))
		if errors.Is(err, sql.ErrNoRows) || err == nil && e.Hash != s.Digest {
			return fmt.Errorf("entry %d is not what was stamped: %w", seq, imagery.ErrInvalid)
		}
		if err != nil {
			return err
		}
		return a.log(ctx, tx, entry{action: stampAction, subject: fmt.Sprintf("entry %d", seq), change: c,
			record: stampForm{Entry: seq, Head: e.Hash, URL: url, Token: s.Token}})
	})
	if err != nil {
		return fmt.Errorf("archive: add time-stamp: %w", err)
	}
	return nil
}

// IsStamp says that the entry holds a time-stamp.
func (e Entry) IsStamp() bool { return e.Action == stampAction }

// Stamped reads the time-stamp that the entry e holds; hash returns that of an earlier
// entry, zero for none. An error says why it proves nothing.
func (e Entry) Stamped(hash func(seq int64) imagery.Digest) (Stamped, error) {
	what, _, err := e.Done()
	if err != nil {
		return Stamped{}, err
	}
	var f stampForm
	if err := json.Unmarshal(what.Record, &f); err != nil {
		return Stamped{}, err
	}
	s, err := stamp.Read(f.Token)
	switch {
	case err != nil:
		return Stamped{}, err
	case f.Entry < 1 || f.Entry >= e.Seq || f.Head != s.Digest || hash(f.Entry) != s.Digest:
		return Stamped{}, fmt.Errorf("it is a time-stamp of something else than entry %d: %w", f.Entry, imagery.ErrCorrupt)
	}
	return Stamped{Entry: f.Entry, Time: s.Time, Authority: s.Authority, URL: f.URL, stamp: s}, nil
}

// verifyStamps reads the time-stamps in the log, and sets the clock that dated its
// entries beside the authority's.
func (rep *Report) verifyStamps(log []Entry) {
	for _, e := range log {
		if !e.IsStamp() {
			continue
		}
		s, err := e.Stamped(func(seq int64) imagery.Digest { return log[seq-1].Hash })
		if err != nil {
			rep.fault(FaultLog, fmt.Sprintf("entry %d", e.Seq), "%v", err)
			continue
		}
		rep.Stamps = append(rep.Stamps, s)
		if late := log[s.Entry-1].At.Sub(s.Time); late > clockSlack {
			rep.note("entry %d is dated %s, and an authority saw it by %s: this machine's clock was ahead",
				s.Entry, log[s.Entry-1].At.Format(instant), s.Time.Format(instant))
		}
	}
}

// clockSlack is by how much two honest clocks may differ before it is told.
const clockSlack = 2 * time.Minute
