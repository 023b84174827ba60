package archive

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// A Release is what an editor lets everybody have of an image that is withheld unasked.
type Release struct {
	Names    bool // who brought it, and the name of its file on their machine
	Metadata bool // the original, with the metadata inside it that may tell of people
	Readings bool // of every image alone: what others saw, also to whoever has not read it; the round is closed
}

// Releases are what was released of a location, by File; "" is of every image.
type Releases map[string]Release

// Of returns what was released of an image, by itself or with all the others.
func (r Releases) Of(file string) Release {
	all, own := r[""], r[file]
	return Release{all.Names || own.Names, all.Metadata || own.Metadata, all.Readings || own.Readings}
}

type releaseForm struct {
	Names    bool `json:"names"`
	Metadata bool `json:"metadata"`
	Readings bool `json:"readings,omitempty"`
}

// SetRelease says what of an image everybody may have, or for file "" of every image of
// the location, also of those to come. The zero Release takes it back. c.Why must say
// why.
func (a *Archive) SetRelease(ctx context.Context, slug, file string, r Release, c Change) error {
	if strings.TrimSpace(c.Why) == "" {
		return fmt.Errorf("archive: release of %s: it needs a reason: %w", slug, imagery.ErrInvalid)
	}
	if err := a.write(ctx, func(tx *sql.Tx) error { return a.setRelease(ctx, tx, slug, file, r, c) }); err != nil {
		return fmt.Errorf("archive: release of %s: %w", slug, err)
	}
	return nil
}

func (a *Archive) setRelease(ctx context.Context, tx *sql.Tx, slug, file string, r Release, c Change) error {
	subject := slug
	_, _, err := location(ctx, tx, slug)
	if err == nil && file != "" {
		subject += "/" + file
		_, err = imageOf(ctx, tx, slug, file)
	}
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM releases WHERE location = $1 AND file = $2`, slug, file); err != nil {
		return err
	}
	if r != (Release{}) {
		_, err = tx.ExecContext(ctx, `INSERT INTO releases (location, file, names, metadata, readings) VALUES ($1, $2, $3, $4, $5)`,
			slug, file, r.Names, r.Metadata, r.Readings)
		if err != nil {
			return err
		}
	}
	return a.log(ctx, tx, entry{action: "release.set", location: slug, subject: subject, change: c, record: releaseForm(r)})
}

// Releases returns what was released of a location.
func (a *Archive) Releases(ctx context.Context, slug string) (rs Releases, err error) {
	err = a.read(ctx, func(tx *sql.Tx) error {
		rs = Releases{}
		_, err := sqlite.Collect(ctx, tx, func(row sqlite.Row) (struct{}, error) {
			var file string
			var r Release
			err := row.Scan(&file, &r.Names, &r.Metadata, &r.Readings)
			rs[file] = r
			return struct{}{}, err
		}, `SELECT file, names, metadata, readings FROM releases WHERE location = $1`, slug)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: releases of %s: %w", slug, err)
	}
	return rs, nil
}

// MetadataReleased says whether a published location holds an original that everybody
// may have with the metadata inside it.
func (a *Archive) MetadataReleased(ctx context.Context, d imagery.Digest) (released bool, err error) {
	err = a.read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM images JOIN publications ON publications.location = images.location
			JOIN releases ON releases.location = images.location AND releases.file IN ('', images.file)
			WHERE images.digest = $1 AND publications.state = 'published' AND releases.metadata)`, d.String()).Scan(&released)
	})
	if err != nil {
		return false, fmt.Errorf("archive: release of %s: %w", d.Short(), err)
	}
	return released, nil
}

// currentReleases adds the releases to the records as replay keys them.
func currentReleases(ctx context.Context, tx *sql.Tx, state map[string]string) error {
	_, err := sqlite.Collect(ctx, tx, func(row sqlite.Row) (struct{}, error) {
		var slug, file string
		var r Release
		err := row.Scan(&slug, &file, &r.Names, &r.Metadata, &r.Readings)
		if file != "" {
			slug += "/" + file
		}
		state["release "+slug] = form(releaseForm(r))
		return struct{}{}, err
	}, `SELECT location, file, names, metadata, readings FROM releases`)
	return err
}
