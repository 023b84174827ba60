package people

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
)

// SignIn begins a session and returns the text of its key. The session that the
// browser showed before, if any, ends: one that somebody else put there is worth
// nothing. A wrong name, a wrong password and a disabled account can't be told apart.
func (s *Store) SignIn(ctx context.Context, name, password string, from netip.Addr, before string) (Person, string, error) {
	now := s.now()
	account := folded(name)
	if len(account) > 200 {
		account = account[:200]
	}
	// Whoever guesses from elsewhere uses up their own answers and not those of the
	// account's owner; all together are bounded too, see wide.
	source := Source(from)
	both := account + "\x00" + source
	if err := errors.Join(s.sources.Take(source, now), s.accounts.Take(both, now)); err != nil {
		return Person{}, "", fmt.Errorf("people: sign in: %w", err)
	}
	if err := s.everywhere.Take(account, now); err != nil {
		return Person{}, "", fmt.Errorf("people: sign in: %w", err)
	}
	p, hash, err := s.person(ctx, name)
	if errors.Is(err, ErrWrong) {
		hash = s.nobody
	} else if err != nil {
		return Person{}, "", fmt.Errorf("people: sign in: %w", err)
	}
	same, herr := s.matches(ctx, hash, password)
	if herr != nil {
		return Person{}, "", fmt.Errorf("people: sign in: %w", herr)
	}
	if err != nil || !same {
		return Person{}, "", fmt.Errorf("people: sign in: %w", ErrWrong)
	}
	s.sources.Return(source)
	s.accounts.Return(both)
	s.everywhere.Return(account)
	text, err := s.begin(ctx, p, before)
	if err != nil {
		return Person{}, "", fmt.Errorf("people: sign in: %w", err)
	}
	return p, text, nil
}

func (s *Store) begin(ctx context.Context, p Person, before string) (text string, err error) {
	old, err := s.find(ctx, Session, before)
	if err != nil && !errors.Is(err, ErrWrong) {
		return "", err
	}
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		if err := s.sweep(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM keys WHERE id = $1 AND kind = $2`, old.ID, string(Session)); err != nil {
			return err
		}
		_, text, err = s.add(ctx, tx, Key{Kind: Session, Person: p.Name}, s.opts.Session)
		return err
	})
	return text, err
}

// Of returns whose session or token a text is; [ErrWrong] for one that is unknown,
// has expired or was revoked, and one of a disabled account.
func (s *Store) Of(ctx context.Context, kind Kind, text string) (Person, error) {
	k, err := s.find(ctx, kind, text)
	if err != nil {
		return Person{}, fmt.Errorf("people: %w", err)
	}
	p, _, err := s.person(ctx, k.Person)
	if err == nil {
		err = s.see(ctx, k)
	}
	if err != nil {
		return Person{}, fmt.Errorf("people: %s: %w", kind, err)
	}
	return p, nil
}

// SignOut ends the session of a text; one that is no session ends nothing.
func (s *Store) SignOut(ctx context.Context, text string) error {
	k, err := s.find(ctx, Session, text)
	if errors.Is(err, ErrWrong) {
		return nil
	}
	if err == nil {
		err = s.Revoke(ctx, Session, k.ID, k.Person)
	}
	return err
}

// Guess counts a wrong key that came from an address, and says [TooMany] where there
// were too many of them. Right ones are taken all the same.
func (s *Store) Guess(from netip.Addr) error { return s.sources.Take(Source(from), s.now()) }
