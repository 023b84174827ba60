package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// A Receipt says how a file came in. The same file twice is one original with two receipts.
type Receipt struct {
	Digest       imagery.Digest
	Location     string // slug
	File         string // of the image it belongs to
	OriginalName string // as the uploader's machine called it; "" if not told
	Uploader     string // pseudonym; "" if not told
	ReceivedAt   time.Time
}

// addReceipt fills in what the caller of Receive need not say: what was received and when.
func (a *Archive) addReceipt(ctx context.Context, tx *sql.Tx, slug, file string, d imagery.Digest, r Receipt) error {
	r.Digest, r.Location, r.File = d, slug, file
	if r.ReceivedAt.IsZero() {
		r.ReceivedAt = a.now()
	}
	r.ReceivedAt = r.ReceivedAt.UTC()
	_, err := tx.ExecContext(ctx, `INSERT INTO receipts (number, digest, location, file, original_name, uploader, received_at)
		VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM receipts), $1, $2, $3, $4, $5, $6)`,
		d.String(), slug, file, r.OriginalName, r.Uploader, r.ReceivedAt.Format(instant))
	if err != nil {
		return err
	}
	return a.log(ctx, tx, entry{action: "receipt.add", location: slug, subject: slug + "/" + file,
		change: Change{By: r.Uploader}, record: formOfReceipt(r), originalName: r.OriginalName})
}

// Receipts returns how the original d came in, in the order of receipt.
func (a *Archive) Receipts(ctx context.Context, d imagery.Digest) (rs []Receipt, err error) {
	err = a.read(ctx, func(tx *sql.Tx) (err error) {
		rs, err = sqlite.Collect(ctx, tx, scanReceipt, selectReceipts+` WHERE digest = $1 ORDER BY number`, d.String())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive: receipts of %s: %w", d.Short(), err)
	}
	return rs, nil
}

// ReceivedWithin counts the files that an uploader brought in the time d before now. A
// clock that went back since counts them as well.
func (a *Archive) ReceivedWithin(ctx context.Context, uploader string, d time.Duration) (n int, err error) {
	err = a.read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM receipts WHERE uploader = $1 AND received_at > $2`,
			uploader, a.now().Add(-d).Format(instant)).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("archive: count receipts: %w", err)
	}
	return n, nil
}

const selectReceipts = `SELECT digest, location, file, original_name, uploader, received_at FROM receipts`

func scanReceipt(row sqlite.Row) (r Receipt, err error) {
	var digest, at string
	if err = row.Scan(&digest, &r.Location, &r.File, &r.OriginalName, &r.Uploader, &at); err != nil {
		return r, err
	}
	if r.Digest, err = imagery.ParseDigest(digest); err != nil {
		return r, err
	}
	return r, scanInstant(at, &r.ReceivedAt)
}
