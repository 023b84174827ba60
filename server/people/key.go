package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// A Kind is what a key is for. One of a kind is never taken for another.
type Kind string

const (
	Session    Kind = "session"    // of a browser
	Invitation Kind = "invitation" // makes one account
	Token      Kind = "token"      // of a program
)

// A Key lets somebody in. Its text is "ID-SECRET": the id finds it in the store, the
// secret of 130 random bits is compared with what is stored as a SHA-256, in constant
// time.
type Key struct {
	ID      string
	Kind    Kind
	Person  string // pseudonym; "" for an invitation
	Role    Role   // that an invitation gives
	Label   string // what its owner calls it
	Made    time.Time
	Expires time.Time
	Seen    time.Time // when it was last used, to within seenEvery
}

// idLength is the number of characters of a key's id.
const idLength = 12

// seenEvery is how often at most the use of a key is written down.
const seenEvery = 5 * time.Minute

// add stores a new key and returns its text, which is told this once.
func (s *Store) add(ctx context.Context, tx *sql.Tx, k Key, valid time.Duration) (Key, string, error) {
	if valid <= 0 {
		return Key{}, "", fmt.Errorf("a %s that is valid for %v: %w", k.Kind, valid, imagery.ErrInvalid)
	}
	secret := rand.Text()
	k.ID, k.Made = rand.Text()[:idLength], s.now()
	k.Expires, k.Seen = k.Made.Add(valid), k.Made
	var person *string
	if k.Person != "" {
		person = &k.Person
	}
	role := ""
	if k.Kind == Invitation {
		role = k.Role.String()
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO keys (`+keyColumns+`, secret) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		k.ID, string(k.Kind), person, role, k.Label, k.Made.Format(instant), k.Expires.Format(instant), k.Seen.Format(instant), digest(secret))
	return k, k.ID + "-" + secret, err
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

const keyColumns = `id, kind, person, role, label, made_at, expires_at, seen_at`

func scanKey(row sqlite.Row) (k Key, err error) { return scanKeyAnd(row) }

func scanKeyAnd(row sqlite.Row, more ...any) (k Key, err error) {
	var person *string
	var role string
	var at [3]string
	if err = row.Scan(append([]any{&k.ID, &k.Kind, &person, &role, &k.Label, &at[0], &at[1], &at[2]}, more...)...); err != nil {
		return k, err
	}
	if person != nil {
		k.Person = *person
	}
	if k.Kind == Invitation {
		k.Role, err = ParseRole(role)
	}
	return k, errors.Join(err, scanInstant(&at[0], &k.Made), scanInstant(&at[1], &k.Expires), scanInstant(&at[2], &k.Seen))
}

// find returns the key of a text, [ErrWrong] for one that is unknown, of another
// kind, or has expired.
func (s *Store) find(ctx context.Context, kind Kind, text string) (Key, error) {
	id, secret, _ := strings.Cut(text, "-")
	if len(text) > 100 {
		id, secret = "", ""
	}
	stored := digest("") // compared with as well where there is no such key
	k, err := scanKeyAnd(s.db.QueryRowContext(ctx, `SELECT `+keyColumns+`, secret FROM keys WHERE id = $1 AND kind = $2`, id, string(kind)), &stored)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Key{}, err
	}
	same := subtle.ConstantTimeCompare([]byte(digest(secret)), []byte(stored)) == 1
	now := s.now()
	if err != nil || !same || !now.Before(k.Expires) || kind == Session && now.Sub(k.Seen) >= s.opts.Idle {
		return Key{}, fmt.Errorf("%s: %w", kind, ErrWrong)
	}
	return k, nil
}

// see writes down that a key was used, from time to time.
func (s *Store) see(ctx context.Context, k Key) error {
	if s.now().Sub(k.Seen) < seenEvery {
		return nil
	}
	_, err := s.db.ExecContext(ctx, `UPDATE keys SET seen_at = $2 WHERE id = $1`, k.ID, s.now().Format(instant))
	return err
}

// keys lists keys of a kind that can still be used, newest first; those of one
// person, or of all for "".
func (s *Store) keys(ctx context.Context, kind Kind, person string) ([]Key, error) {
	return sqlite.Collect(ctx, s.db, scanKey, `SELECT `+keyColumns+` FROM keys WHERE kind = $1 AND ($2 = '' OR person = $2) AND expires_at > $3
		ORDER BY made_at DESC, id`, string(kind), person, s.now().Format(instant))
}

// Revoke ends a key by its id: one of that person, or of anybody for "".
func (s *Store) Revoke(ctx context.Context, kind Kind, id, person string) error {
	r, err := s.db.ExecContext(ctx, `DELETE FROM keys WHERE kind = $1 AND id = $2 AND ($3 = '' OR person = $3)`, string(kind), id, person)
	if err != nil {
		return fmt.Errorf("people: revoke %s: %w", kind, err)
	}
	if n, err := r.RowsAffected(); err == nil && n == 0 {
		return fmt.Errorf("people: revoke %s %q: %w", kind, id, imagery.ErrNotFound)
	}
	return nil
}

// sweep forgets keys that have expired.
func (s *Store) sweep(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM keys WHERE expires_at <= $1`, s.now().Format(instant))
	return err
}
