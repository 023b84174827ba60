package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// An Entry of the custody log is one change of a record. Each holds the hash of the
// one before, so none can be changed, taken out or put in unseen.
//
// Hash is the SHA-256 of the lines "antequem custody 1", Seq, At, Action, Location,
// Subject, the SHA-256 of What, that of Who, and Prev, each ended by a line feed.
// What was changed and who did it stand apart and salted: one can be passed on
// without the other, or both taken back where the law demands it, and the chain
// still holds, and nobody can guess from it what they were.
type Entry struct {
	Seq      int64
	At       time.Time // what the clock said
	Action   string    // "image.add", "image.change", "claims.set" …
	Location string    // slug; "" for what belongs to no location
	Subject  string    // "slug", "slug/file" or a digest
	What     []byte    // JSON of a [What]; nil after a deletion took it back
	WhatSum  imagery.Digest
	Who      []byte // JSON of a [Who]; nil after a deletion took it back
	WhoSum   imagery.Digest
	Prev     imagery.Digest // Hash of the entry before; zero for the first
	Hash     imagery.Digest
}

// What an entry says was done.
type What struct {
	Why    string          `json:"why,omitempty"`
	Record json.RawMessage `json:"record,omitempty"` // after the change; none where it was removed
	Salt   string          `json:"salt"`
}

// Who an entry says did it.
type Who struct {
	By           string `json:"by,omitempty"`            // pseudonym
	OriginalName string `json:"original_name,omitempty"` // of a receipt
	Salt         string `json:"salt"`
}

// Done returns what was done and by whom; empty where it was taken back.
func (e Entry) Done() (what What, who Who, err error) {
	if e.What != nil {
		err = json.Unmarshal(e.What, &what)
	}
	if e.Who != nil {
		err = errors.Join(err, json.Unmarshal(e.Who, &who))
	}
	return what, who, err
}

// Sum returns what Hash must be.
func (e Entry) Sum() imagery.Digest {
	lines := []string{"antequem custody 1", strconv.FormatInt(e.Seq, 10), e.At.Format(instant),
		e.Action, e.Location, e.Subject, e.WhatSum.String(), e.WhoSum.String(), e.Prev.String(), ""}
	return imagery.DigestOf([]byte(strings.Join(lines, "\n")))
}

// entry is what a change gives to the log.
type entry struct {
	action, location, subject string
	change                    Change
	record                    any // nil for none
	originalName              string
}

// log appends an entry; the write lock keeps the chain from forking.
func (a *Archive) log(ctx context.Context, tx *sql.Tx, n entry) error {
	e := Entry{Seq: 1, At: a.now(), Action: n.action, Location: n.location, Subject: n.subject}
	var prev string
	err := tx.QueryRowContext(ctx, `SELECT seq + 1, hash FROM custody ORDER BY seq DESC LIMIT 1`).Scan(&e.Seq, &prev)
	if err == nil {
		err = e.Prev.UnmarshalText([]byte(prev))
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("custody log: %w", err)
	}
	what, who := What{Why: n.change.Why, Salt: a.opts.Salt()}, Who{By: n.change.By, OriginalName: n.originalName, Salt: a.opts.Salt()}
	if n.record != nil {
		if what.Record, err = json.Marshal(n.record); err != nil {
			return err
		}
	}
	if e.What, err = json.Marshal(what); err != nil {
		return err
	}
	if e.Who, err = json.Marshal(who); err != nil {
		return err
	}
	e.WhatSum, e.WhoSum = imagery.DigestOf(e.What), imagery.DigestOf(e.Who)
	_, err = tx.ExecContext(ctx, `INSERT INTO custody (`+entryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.Seq, e.At.Format(instant), e.Action, e.Location, e.Subject, string(e.What), e.WhatSum.String(),
		string(e.Who), e.WhoSum.String(), e.Prev.String(), e.Sum().String())
	return err
}

const entryColumns = `seq, at, action, location, subject, what, what_sha256, who, who_sha256, prev, hash`

func scanEntry(row sqlite.Row) (e Entry, err error) {
	var at string
	var what, who *string
	var sums [4]string
	err = row.Scan(&e.Seq, &at, &e.Action, &e.Location, &e.Subject, &what, &sums[0], &who, &sums[1], &sums[2], &sums[3])
	if err != nil {
		return e, err
	}
	if what != nil {
		e.What = []byte(*what)
	}
	if who != nil {
		e.Who = []byte(*who)
	}
	for i, d := range []*imagery.Digest{&e.WhatSum, &e.WhoSum, &e.Prev, &e.Hash} {
		err = errors.Join(err, d.UnmarshalText([]byte(sums[i])))
	}
	return e, errors.Join(err, scanInstant(at, &e.At))
}

func scanInstant(s string, t *time.Time) (err error) {
	*t, err = time.Parse(instant, s)
	return err
}

// Log returns the entries about a location, or all of them for "", oldest first.
func (a *Archive) Log(ctx context.Context, slug string) (es []Entry, err error) {
	err = a.read(ctx, func(tx *sql.Tx) (err error) {
		es, err = sqlite.Collect(ctx, tx, scanEntry,
			`SELECT `+entryColumns+` FROM custody WHERE location = $1 OR $1 = '' ORDER BY seq`, slug)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: custody log: %w", err)
	}
	return es, nil
}
