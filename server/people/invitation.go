package people

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/antequem/antequem/imagery"
)

// maxValid is the longest that an invitation or a token may be valid.
const maxValid = 366 * 24 * time.Hour

// Invite makes an invitation that gives one account of that role, once, and returns
// its text for the link. Nobody's name or address is asked for. The label says to
// editors whom it was meant for; it may be empty.
func (s *Store) Invite(ctx context.Context, r Role, label string, valid time.Duration) (k Key, text string, err error) {
	_, err = ParseRole(r.String())
	if err == nil {
		k, text, err = s.give(ctx, Key{Kind: Invitation, Role: r, Label: label}, valid)
	}
	if err != nil {
		return Key{}, "", fmt.Errorf("people: invite: %w", err)
	}
	return k, text, nil
}

// give stores a key that is valid for a time that a person chose.
func (s *Store) give(ctx context.Context, k Key, valid time.Duration) (made Key, text string, err error) {
	if valid > maxValid || len(k.Label) > 200 {
		return Key{}, "", fmt.Errorf("want at most a year, and a label of at most 200 bytes: %w", imagery.ErrInvalid)
	}
	err = s.write(ctx, func(tx *sql.Tx) (err error) {
		if err := s.sweep(ctx, tx); err != nil {
			return err
		}
		made, text, err = s.add(ctx, tx, k, valid)
		return err
	})
	return made, text, err
}

// Invited returns the invitation of a text, [ErrWrong] for one that is unknown, was
// used or has expired.
func (s *Store) Invited(ctx context.Context, text string) (Key, error) {
	k, err := s.find(ctx, Invitation, text)
	if err != nil {
		return Key{}, fmt.Errorf("people: %w", err)
	}
	return k, nil
}

// Accept makes the account that an invitation gives, uses the invitation up, and
// signs the new person in.
func (s *Store) Accept(ctx context.Context, text, name, password, before string) (Person, string, error) {
	p, err := s.accept(ctx, text, name, password)
	if err != nil {
		return Person{}, "", fmt.Errorf("people: accept invitation: %w", err)
	}
	session, err := s.begin(ctx, p, before)
	if err != nil {
		return Person{}, "", fmt.Errorf("people: accept invitation: %w", err)
	}
	return p, session, nil
}

func (s *Store) accept(ctx context.Context, text, name, password string) (p Person, err error) {
	k, err := s.find(ctx, Invitation, text)
	if err != nil {
		return p, err
	}
	name, hash, err := s.checked(ctx, name, password)
	if err != nil {
		return p, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `DELETE FROM keys WHERE id = $1 AND kind = $2`, k.ID, string(Invitation))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n != 1 {
			return fmt.Errorf("invitation: %w", ErrWrong) // another was quicker
		}
		p, err = s.insert(ctx, tx, name, k.Role, hash)
		return err
	})
	return p, err
}

// Invitations lists those that can still be accepted, newest first.
func (s *Store) Invitations(ctx context.Context) ([]Key, error) {
	ks, err := s.keys(ctx, Invitation, "")
	if err != nil {
		return nil, fmt.Errorf("people: invitations: %w", err)
	}
	return ks, nil
}

// NewToken makes a token for a program that acts as that person, and returns its text.
func (s *Store) NewToken(ctx context.Context, name, label string, valid time.Duration) (k Key, text string, err error) {
	p, _, err := s.person(ctx, name)
	if err == nil {
		k, text, err = s.give(ctx, Key{Kind: Token, Person: p.Name, Label: label}, valid)
	}
	if err != nil {
		return Key{}, "", fmt.Errorf("people: make token: %w", err)
	}
	return k, text, nil
}

// Tokens lists the tokens that a person can still use, newest first; everybody's for "".
func (s *Store) Tokens(ctx context.Context, name string) ([]Key, error) {
	ks, err := s.keys(ctx, Token, name)
	if err != nil {
		return nil, fmt.Errorf("people: tokens: %w", err)
	}
	return ks, nil
}
