package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// A Tombstone says that an image, or a whole location, was deleted.
type Tombstone struct {
	Digest   imagery.Digest // zero for a location
	Location string         // slug
	File     string         // "" for a location
	At       time.Time
	By, Why  string
}

type tombstoneForm struct {
	Digest imagery.Digest `json:"digest"`
	File   string         `json:"file"`
}

// DeleteImage removes the image File from a location, its receipts, and what the
// custody log told of it; where no other location holds it, the original and all
// results made from it too. A tombstone stays. c.Why must say why.
func (a *Archive) DeleteImage(ctx context.Context, slug, file string, c Change) error {
	if strings.TrimSpace(c.Why) == "" {
		return fmt.Errorf("archive: delete %s of %s: a deletion needs a reason: %w", file, slug, imagery.ErrInvalid)
	}
	err := a.deleting(ctx, func(tx *sql.Tx) error {
		if err := a.deleteImage(ctx, tx, slug, file, c); err != nil {
			return err
		}
		return a.logLocation(ctx, tx, slug, c)
	})
	if err != nil {
		return fmt.Errorf("archive: delete image: %w", err)
	}
	return nil
}

// DeleteLocation removes a location with its claims and regions, and each of its images
// as DeleteImage does. A tombstone stays for each and one for the location. c.Why must
// say why.
func (a *Archive) DeleteLocation(ctx context.Context, slug string, c Change) error {
	if strings.TrimSpace(c.Why) == "" {
		return fmt.Errorf("archive: delete %s: a deletion needs a reason: %w", slug, imagery.ErrInvalid)
	}
	err := a.deleting(ctx, func(tx *sql.Tx) error { return a.deleteLocation(ctx, tx, slug, c) })
	if err != nil {
		return fmt.Errorf("archive: delete location: %w", err)
	}
	return nil
}

// deleting runs f, which deletes records, and then removes what they were of.
func (a *Archive) deleting(ctx context.Context, f func(tx *sql.Tx) error) error {
	if err := a.write(ctx, f); err != nil {
		return errors.Join(err, a.recoverArrivals(context.WithoutCancel(ctx)))
	}
	// Each original to be removed is named by a mark, and no record holds it now.
	if err := a.recoverArrivals(ctx); err != nil {
		return err
	}
	if _, err := a.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return fmt.Errorf("it is deleted, and the file %s-wal still holds what it said: delete something else once there is room: %w", recordsFile, full(err))
	}
	return nil
}

func (a *Archive) deleteLocation(ctx context.Context, tx *sql.Tx, slug string, c Change) error {
	if _, _, err := location(ctx, tx, slug); err != nil {
		return err
	}
	recs, err := images(ctx, tx, slug)
	if err != nil {
		return err
	}
	for _, r := range recs {
		if err := a.deleteImage(ctx, tx, slug, r.File, c); err != nil {
			return err
		}
	}
	for _, query := range []string{
		`DELETE FROM regions WHERE location = $1`, `DELETE FROM claims WHERE location = $1`,
		`DELETE FROM releases WHERE location = $1`, `DELETE FROM locations WHERE slug = $1`, `UPDATE custody SET what = NULL, who = NULL WHERE subject = $1`,
	} {
		if _, err := tx.ExecContext(ctx, query, slug); err != nil {
			return err
		}
	}
	if err := a.addTombstone(ctx, tx, imagery.Digest{}, slug, "", c); err != nil {
		return err
	}
	if err := a.withdrawDeleted(ctx, tx, slug, c); err != nil {
		return err
	}
	return a.log(ctx, tx, entry{action: "location.delete", location: slug, subject: slug, change: c})
}

func (a *Archive) addTombstone(ctx context.Context, tx *sql.Tx, d imagery.Digest, slug, file string, c Change) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO tombstones (number, digest, location, file, deleted_at, by_whom, why)
		VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM tombstones), $1, $2, $3, $4, $5, $6)`,
		d.String(), slug, file, a.now().Format(instant), c.By, c.Why)
	return err
}

func (a *Archive) deleteImage(ctx context.Context, tx *sql.Tx, slug, file string, c Change) error {
	rec, err := imageOf(ctx, tx, slug, file)
	if err != nil {
		return err
	}
	subject := slug + "/" + file
	for _, s := range []struct {
		query string
		args  []any
	}{
		{`DELETE FROM images WHERE location = $1 AND file = $2`, []any{slug, file}},
		{`DELETE FROM readings WHERE location = $1 AND file = $2`, []any{slug, file}},
		{`DELETE FROM receipts WHERE location = $1 AND file = $2`, []any{slug, file}},
		{`DELETE FROM releases WHERE location = $1 AND file = $2`, []any{slug, file}},
		{`UPDATE locations SET reference = '' WHERE slug = $1 AND reference = $2`, []any{slug, file}},
		{`UPDATE custody SET what = NULL, who = NULL WHERE subject = $1`, []any{subject}},
	} {
		if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	if err := a.addTombstone(ctx, tx, rec.Digest, slug, file, c); err != nil {
		return err
	}
	err = a.log(ctx, tx, entry{action: "image.delete", location: slug, subject: subject, change: c, record: tombstoneForm{rec.Digest, file}})
	if err != nil {
		return err
	}
	return a.dropUnused(ctx, tx, rec.Digest)
}

// dropUnused removes an original that no image and no receipt names any more: its
// record now, its file and what was made from it once that is committed.
func (a *Archive) dropUnused(ctx context.Context, tx *sql.Tx, d imagery.Digest) error {
	var uses int
	err := tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM images WHERE digest = $1)
		+ (SELECT COUNT(*) FROM receipts WHERE digest = $1)`, d.String()).Scan(&uses)
	if err != nil || uses > 0 {
		return err
	}
	if err := createSynced(a.markPath(&Staged{Digest: d, path: fmt.Sprint("removal-", a.now().UnixNano())})); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM originals WHERE digest = $1`, d.String()); err != nil {
		return err
	}
	return a.log(ctx, tx, entry{action: "original.remove", subject: d.String()})
}

// Tombstones lists what was deleted, oldest first.
func (a *Archive) Tombstones(ctx context.Context) (ts []Tombstone, err error) {
	err = a.read(ctx, func(tx *sql.Tx) (err error) {
		ts, err = sqlite.Collect(ctx, tx, scanTombstone,
			`SELECT digest, location, file, deleted_at, by_whom, why FROM tombstones ORDER BY number`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: tombstones: %w", err)
	}
	return ts, nil
}

func scanTombstone(row sqlite.Row) (t Tombstone, err error) {
	var digest, at string
	if err = row.Scan(&digest, &t.Location, &t.File, &at, &t.By, &t.Why); err != nil {
		return t, err
	}
	if t.Digest, err = imagery.ParseDigest(digest); err != nil {
		return t, err
	}
	return t, scanInstant(at, &t.At)
}
