package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// A PublicationState says who may see a location.
type PublicationState string

const (
	Draft     PublicationState = "draft"     // those who work on it; how every location begins
	Published PublicationState = "published" // everybody
	Withdrawn PublicationState = "withdrawn" // nobody any more; that it was published, and why no longer, stays to be seen
)

// A Publication is the state that a location was brought into last.
type Publication struct {
	State PublicationState
	At    time.Time // zero for a draft
	Why   string
}

type publicationForm struct {
	State string `json:"state"`
	At    string `json:"at"`
	Why   string `json:"why,omitempty"`
}

func formOfPublication(p Publication) publicationForm {
	return publicationForm{string(p.State), p.At.Format(instant), p.Why}
}

// Publish shows a location to everybody. c.Why may say what was looked at before.
func (a *Archive) Publish(ctx context.Context, slug string, c Change) error {
	err := a.write(ctx, func(tx *sql.Tx) error {
		if _, _, err := location(ctx, tx, slug); err != nil {
			return err
		}
		p, err := publication(ctx, tx, slug)
		if err == nil && p.State == Published {
			err = fmt.Errorf("published already: %w", ErrExists)
		}
		if err != nil {
			return err
		}
		return a.setPublication(ctx, tx, slug, Published, c)
	})
	if err != nil {
		return fmt.Errorf("archive: publish %s: %w", slug, err)
	}
	return nil
}

// Withdraw takes a published location back. c.Why must say why: it is shown in its
// place.
func (a *Archive) Withdraw(ctx context.Context, slug string, c Change) error {
	if strings.TrimSpace(c.Why) == "" {
		return fmt.Errorf("archive: withdraw %s: it needs a reason: %w", slug, imagery.ErrInvalid)
	}
	err := a.write(ctx, func(tx *sql.Tx) error {
		p, err := publication(ctx, tx, slug)
		if err == nil && p.State != Published {
			err = fmt.Errorf("it is not published: %w", imagery.ErrInvalid)
		}
		if err != nil {
			return err
		}
		return a.setPublication(ctx, tx, slug, Withdrawn, c)
	})
	if err != nil {
		return fmt.Errorf("archive: withdraw %s: %w", slug, err)
	}
	return nil
}

func (a *Archive) setPublication(ctx context.Context, tx *sql.Tx, slug string, s PublicationState, c Change) error {
	p := Publication{State: s, At: a.now(), Why: c.Why}
	_, err := tx.ExecContext(ctx, `INSERT INTO publications (location, state, at, why) VALUES ($1, $2, $3, $4)
		ON CONFLICT (location) DO UPDATE SET state = excluded.state, at = excluded.at, why = excluded.why`,
		slug, string(p.State), p.At.Format(instant), p.Why)
	if err != nil {
		return err
	}
	return a.log(ctx, tx, entry{action: "publication.set", location: slug, subject: slug, change: c, record: formOfPublication(p)})
}

// withdrawDeleted says of a published location that is being deleted that it was withdrawn.
func (a *Archive) withdrawDeleted(ctx context.Context, tx *sql.Tx, slug string, c Change) error {
	p, err := publication(ctx, tx, slug)
	if err != nil || p.State == Draft {
		return err
	}
	return a.setPublication(ctx, tx, slug, Withdrawn, c)
}

// Publication returns the state of a location, which is Draft for one that was never
// published, and for one that isn't there.
func (a *Archive) Publication(ctx context.Context, slug string) (p Publication, err error) {
	err = a.read(ctx, func(tx *sql.Tx) error {
		p, err = publication(ctx, tx, slug)
		return err
	})
	if err != nil {
		return p, fmt.Errorf("archive: publication of %s: %w", slug, err)
	}
	return p, nil
}

func publication(ctx context.Context, tx *sql.Tx, slug string) (Publication, error) {
	_, p, err := scanPublication(tx.QueryRowContext(ctx, `SELECT location, state, at, why FROM publications WHERE location = $1`, slug))
	if errors.Is(err, sql.ErrNoRows) {
		return Publication{State: Draft}, nil
	}
	return p, err
}

func scanPublication(row sqlite.Row) (slug string, p Publication, err error) {
	var at string
	if err = row.Scan(&slug, &p.State, &at, &p.Why); err == nil {
		err = scanInstant(at, &p.At)
	}
	return slug, p, err
}

// Publications returns the state of every location that was published once.
func (a *Archive) Publications(ctx context.Context) (ps map[string]Publication, err error) {
	err = a.read(ctx, func(tx *sql.Tx) error {
		ps, err = publications(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: publications: %w", err)
	}
	return ps, nil
}

func publications(ctx context.Context, tx *sql.Tx) (map[string]Publication, error) {
	ps := map[string]Publication{}
	_, err := sqlite.Collect(ctx, tx, func(row sqlite.Row) (struct{}, error) {
		slug, p, err := scanPublication(row)
		ps[slug] = p
		return struct{}{}, err
	}, `SELECT location, state, at, why FROM publications`)
	return ps, err
}

// PublicationsIn returns the states that a custody log says a location was brought into,
// oldest first; none for a draft.
func PublicationsIn(log []Entry, slug string) (out []Publication) {
	for _, e := range log {
		if e.Action != "publication.set" || e.Location != slug {
			continue
		}
		what, _, err := e.Done()
		var f publicationForm
		if err == nil && json.Unmarshal(what.Record, &f) == nil {
			out = append(out, Publication{State: PublicationState(f.State), At: e.At, Why: f.Why})
		}
	}
	return out
}

// InPublic says whether one published location has images with all of these digests,
// so that what was made from them may be shown to everybody. Nothing is made of none.
func (a *Archive) InPublic(ctx context.Context, digests []imagery.Digest) (public bool, err error) {
	if len(digests) == 0 {
		return false, nil
	}
	err = a.read(ctx, func(tx *sql.Tx) error {
		where, args := "", []any{}
		for i, d := range digests {
			where += fmt.Sprintf(` AND EXISTS (SELECT 1 FROM images WHERE images.location = publications.location AND digest = $%d)`, i+1)
			args = append(args, d.String())
		}
		return tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM publications WHERE state = 'published'`+where+`)`, args...).Scan(&public)
	})
	if err != nil {
		return false, fmt.Errorf("archive: in public: %w", err)
	}
	return public, nil
}
