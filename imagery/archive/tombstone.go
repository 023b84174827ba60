package archive

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
)

// A Tombstone says that an image was deleted.
type Tombstone struct {
	Digest   imagery.Digest
	Location string // slug
	File     string
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
	err := a.write(ctx, func(tx *sql.Tx) error { return a.deleteImage(ctx, tx, slug, file, c) })
	if err == nil {
		err = a.recoverArrivals(ctx) // removes the original, which its mark names and no record holds now
	}
	if err == nil {
		_, err = a.db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`) // the log beside the records holds old pages
	}
	if err != nil {
		return fmt.Errorf("archive: delete image: %w", err)
	}
	return nil
}

func (a *Archive) deleteImage(ctx context.Context, tx *sql.Tx, slug, file string, c Change) error {
	rec, err := imageOf(ctx, tx, slug, file)
	if err != nil {
		return err
	}
	d := rec.Digest.String()
	subject := slug + "/" + file
	steps := []struct {
		query string
		args  []any
	}{
		{`DELETE FROM images WHERE location = $1 AND file = $2`, []any{slug, file}},
		{`DELETE FROM receipts WHERE location = $1 AND file = $2`, []any{slug, file}},
		{`UPDATE locations SET reference = '' WHERE slug = $1 AND reference = $2`, []any{slug, file}},
		{`UPDATE custody SET what = NULL, who = NULL WHERE subject = $1`, []any{subject}},
		{`INSERT INTO tombstones (number, digest, location, file, deleted_at, by_whom, why)
			VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM tombstones), $1, $2, $3, $4, $5, $6)`,
			[]any{d, slug, file, a.now().Format(instant), c.By, c.Why}},
	}
	for _, s := range steps {
		if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	err = a.log(ctx, tx, entry{action: "image.delete", location: slug, subject: subject, change: c, record: tombstoneForm{rec.Digest, file}})
	if err != nil {
		return err
	}
	if err := a.logLocation(ctx, tx, slug, c); err != nil {
		return err
	}
	return a.dropUnused(ctx, tx, rec.Digest)
}

// dropUnused removes an original that no image and no receipt names any more: its
// record now, its file once that is committed.
func (a *Archive) dropUnused(ctx context.Context, tx *sql.Tx, d imagery.Digest) error {
	var uses int
	err := tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM images WHERE digest = $1)
		+ (SELECT COUNT(*) FROM receipts WHERE digest = $1)`, d.String()).Scan(&uses)
	if err != nil || uses > 0 {
		return err
	}
	if err := a.dropResultsOf(d); err != nil {
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
		ts, err = collect(ctx, tx, scanTombstone,
			`SELECT digest, location, file, deleted_at, by_whom, why FROM tombstones ORDER BY number`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: tombstones: %w", err)
	}
	return ts, nil
}

func scanTombstone(row scanner) (t Tombstone, err error) {
	var digest, at string
	if err = row.Scan(&digest, &t.Location, &t.File, &at, &t.By, &t.Why); err != nil {
		return t, err
	}
	if t.Digest, err = imagery.ParseDigest(digest); err != nil {
		return t, err
	}
	return t, scanInstant(at, &t.At)
}
