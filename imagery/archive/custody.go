package archive

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
)

// An Entry of the custody log is one change of a record. Each holds the hash of the
// one before, so none can be changed, taken out or put in unseen.
//
// Hash is the SHA-256 of the lines "antequem custody 1", Seq, At, Action, Location,
// Subject, the SHA-256 of the details, and Prev, each ended by a line feed. The
// details stand beside it, salted: where the law demands that they go, the chain
// still holds, and nobody can guess from it what they were.
type Entry struct {
	Seq      int64
	At       time.Time // what the clock said
	Action   string    // "image.add", "image.change", "claims.set" …
	Location string    // slug; "" for what belongs to no location
	Subject  string    // "slug", "slug/file" or a digest
	By, Why  string
	Record   json.RawMessage // the record after the change; nil where it was removed
	Redacted bool            // By, Why and Record went with a deletion
	Prev     imagery.Digest  // Hash of the entry before; zero for the first
	Hash     imagery.Digest

	details    string
	detailsSum string
}

// details is what of an entry can be taken back.
type details struct {
	By     string          `json:"by"`
	Why    string          `json:"why"`
	Record json.RawMessage `json:"record,omitempty"`
	Salt   string          `json:"salt"`
}

// entry is what a change gives to the log.
type entry struct {
	action, location, subject string
	change                    Change
	record                    any // nil for none
}

func (e Entry) sum() imagery.Digest {
	lines := []string{"antequem custody 1", strconv.FormatInt(e.Seq, 10), e.At.Format(instant),
		e.Action, e.Location, e.Subject, e.detailsSum, e.Prev.String(), ""}
	return imagery.DigestOf([]byte(strings.Join(lines, "\n")))
}

// log appends an entry; the write lock keeps the chain from forking.
func (a *Archive) log(ctx context.Context, tx *sql.Tx, n entry) error {
	e := Entry{Seq: 1, At: a.now(), Action: n.action, Location: n.location, Subject: n.subject}
	var prev string
	err := tx.QueryRowContext(ctx, `SELECT seq + 1, hash FROM custody ORDER BY seq DESC LIMIT 1`).Scan(&e.Seq, &prev)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	default:
		if e.Prev, err = imagery.ParseDigest(prev); err != nil {
			return fmt.Errorf("custody log: %w: %w", imagery.ErrCorrupt, err)
		}
	}
	d := details{By: n.change.By, Why: n.change.Why, Salt: rand.Text()}
	if n.record != nil {
		if d.Record, err = json.Marshal(n.record); err != nil {
			return err
		}
	}
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	e.detailsSum = imagery.DigestOf(text).String()
	_, err = tx.ExecContext(ctx, `INSERT INTO custody (seq, at, action, location, subject, details, details_sha256, prev, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.Seq, e.At.Format(instant), e.Action, e.Location, e.Subject, string(text), e.detailsSum, e.Prev.String(), e.sum().String())
	return err
}

const entryColumns = `seq, at, action, location, subject, details, details_sha256, prev, hash`

func scanEntry(row scanner) (Entry, error) {
	var e Entry
	var at, prev, hash string
	var text sql.NullString
	err := row.Scan(&e.Seq, &at, &e.Action, &e.Location, &e.Subject, &text, &e.detailsSum, &prev, &hash)
	if err != nil {
		return e, err
	}
	e.details, e.Redacted = text.String, !text.Valid
	var d details
	if text.Valid {
		err = json.Unmarshal([]byte(text.String), &d)
	}
	e.By, e.Why, e.Record = d.By, d.Why, d.Record
	return e, errors.Join(err, scanInstant(at, &e.At), e.Prev.UnmarshalText([]byte(prev)), e.Hash.UnmarshalText([]byte(hash)))
}

func scanInstant(s string, t *time.Time) (err error) {
	*t, err = time.Parse(instant, s)
	return err
}

// Log returns the entries about a location, or all of them for "", oldest first.
func (a *Archive) Log(ctx context.Context, slug string) (es []Entry, err error) {
	err = a.read(ctx, func(tx *sql.Tx) (err error) {
		es, err = collect(ctx, tx, scanEntry,
			`SELECT `+entryColumns+` FROM custody WHERE location = $1 OR $1 = '' ORDER BY seq`, slug)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: custody log: %w", err)
	}
	return es, nil
}
