package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
	"golang.org/x/text/unicode/norm"
)

// A Person is an account.
type Person struct {
	Name     string // pseudonym
	Role     Role
	Made     time.Time
	Disabled time.Time // zero while it may be used
}

// checkName returns a pseudonym in one Unicode form.
func checkName(name string) (string, error) {
	name = norm.NFKC.String(strings.TrimSpace(name))
	ok := utf8.RuneCountInString(name) >= 2 && utf8.RuneCountInString(name) <= 40
	for i, r := range name {
		ok = ok && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || i > 0 && strings.ContainsRune("-_.", r))
	}
	if !ok {
		return "", fmt.Errorf("a name has 2 to 40 letters, digits, hyphens or dots, and no blanks: %w", imagery.ErrInvalid)
	}
	return name, nil
}

// CheckName says what is wrong with a pseudonym.
func CheckName(name string) error {
	_, err := checkName(name)
	return err
}

func folded(name string) string { return strings.ToLower(norm.NFKC.String(strings.TrimSpace(name))) }

// Add makes an account.
func (s *Store) Add(ctx context.Context, name string, r Role, password string) (Person, error) {
	name, hash, err := s.checked(ctx, name, password)
	if err != nil {
		return Person{}, fmt.Errorf("people: add account: %w", err)
	}
	var p Person
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		p, err = s.insert(ctx, tx, name, r, hash)
		return err
	})
	if err != nil {
		return Person{}, fmt.Errorf("people: add account: %w", err)
	}
	return p, nil
}

func (s *Store) checked(ctx context.Context, name, password string) (checked, hash string, err error) {
	if checked, err = checkName(name); err != nil {
		return "", "", err
	}
	if err = checkPassword(checked, password); err != nil {
		return "", "", err
	}
	hash, err = s.hash(ctx, password)
	return checked, hash, err
}

func (s *Store) insert(ctx context.Context, tx *sql.Tx, name string, r Role, hash string) (Person, error) {
	if _, err := ParseRole(r.String()); err != nil {
		return Person{}, err
	}
	var taken bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM people WHERE folded = $1)`, folded(name)).Scan(&taken)
	if err != nil {
		return Person{}, err
	}
	if taken {
		return Person{}, fmt.Errorf("name %s: %w", name, ErrTaken)
	}
	p := Person{Name: name, Role: r, Made: s.now()}
	_, err = tx.ExecContext(ctx, `INSERT INTO people (name, folded, role, password, made_at) VALUES ($1, $2, $3, $4, $5)`,
		name, folded(name), r.String(), hash, p.Made.Format(instant))
	return p, err
}

const personColumns = `name, role, made_at, disabled_at`

func scanPerson(row sqlite.Row) (Person, error) { return scanPersonAnd(row) }

func scanPersonAnd(row sqlite.Row, more ...any) (p Person, err error) {
	var role, made string
	var disabled *string
	if err = row.Scan(append([]any{&p.Name, &role, &made, &disabled}, more...)...); err != nil {
		return p, err
	}
	p.Role, err = ParseRole(role)
	return p, errors.Join(err, scanInstant(&made, &p.Made), scanInstant(disabled, &p.Disabled))
}

// People lists the accounts by name.
func (s *Store) People(ctx context.Context) ([]Person, error) {
	ps, err := sqlite.Collect(ctx, s.db, scanPerson, `SELECT `+personColumns+` FROM people ORDER BY folded`)
	if err != nil {
		return nil, fmt.Errorf("people: list: %w", err)
	}
	return ps, nil
}

// Any says whether there is any account at all. While there is none, the one person
// at the machine needs none.
func (s *Store) Any(ctx context.Context) (any bool, err error) {
	if err = s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM people)`).Scan(&any); err != nil {
		return false, fmt.Errorf("people: %w", err)
	}
	return any, nil
}

// HasEditor says whether anybody can let others in.
func (s *Store) HasEditor(ctx context.Context) (has bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM people WHERE role = $1 AND disabled_at IS NULL)`, Editor.String()).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("people: %w", err)
	}
	return has, nil
}

// SetPassword gives an account another password and ends its sessions.
func (s *Store) SetPassword(ctx context.Context, name, password string) error {
	name, hash, err := s.checked(ctx, name, password)
	if err == nil {
		err = s.change(ctx, name, `password = $2`, hash)
	}
	if err != nil {
		return fmt.Errorf("people: set password: %w", err)
	}
	return nil
}

// SetRole gives an account another role.
func (s *Store) SetRole(ctx context.Context, name string, r Role) error {
	_, err := ParseRole(r.String())
	if err == nil {
		err = s.change(ctx, name, `role = $2`, r.String())
	}
	if err != nil {
		return fmt.Errorf("people: set role: %w", err)
	}
	return nil
}

// Disable ends the use of an account: its sessions, its tokens, and its password.
// What it contributed stays under its name.
func (s *Store) Disable(ctx context.Context, name string) error {
	if err := s.change(ctx, name, `disabled_at = $2`, s.now().Format(instant)); err != nil {
		return fmt.Errorf("people: disable account: %w", err)
	}
	return nil
}

// Enable lets an account be used again. Its tokens stay revoked.
func (s *Store) Enable(ctx context.Context, name string) error {
	if err := s.change(ctx, name, `disabled_at = NULLIF($2, '')`, ""); err != nil {
		return fmt.Errorf("people: enable account: %w", err)
	}
	return nil
}

// change sets one column of an account and ends the sessions that began under what it
// was; of a disabled one, the tokens too. An editor must be left.
func (s *Store) change(ctx context.Context, name, set, value string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		before, err := editors(ctx, tx)
		if err != nil {
			return err
		}
		var found string
		err = tx.QueryRowContext(ctx, `UPDATE people SET `+set+` WHERE folded = $1 RETURNING name`, folded(name), value).Scan(&found)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("account %q: %w", name, imagery.ErrNotFound)
		}
		if err != nil {
			return err
		}
		after, err := editors(ctx, tx)
		if err == nil && before > 0 && after == 0 {
			err = fmt.Errorf("%s is %w", found, ErrLastEditor)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM keys WHERE person = $1
			AND (kind = $2 OR EXISTS (SELECT 1 FROM people WHERE name = $1 AND disabled_at IS NOT NULL))`, found, string(Session))
		return err
	})
}

func editors(ctx context.Context, tx *sql.Tx) (n int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM people WHERE role = $1 AND disabled_at IS NULL`, Editor.String()).Scan(&n)
	return n, err
}

// person returns the account of that name that may be used, with its password's hash.
func (s *Store) person(ctx context.Context, name string) (p Person, hash string, err error) {
	p, err = scanPersonAnd(s.db.QueryRowContext(ctx, `SELECT `+personColumns+`, password FROM people
		WHERE folded = $1 AND disabled_at IS NULL`, folded(name)), &hash)
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("account: %w", ErrWrong)
	}
	return p, hash, err
}
