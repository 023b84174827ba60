package archive

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/antequem/antequem/imagery/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

const instant = sqlite.Instant

// openRecords opens the database at path and brings its tables up to date. A locked one
// is only read.
func openRecords(ctx context.Context, path string, locked bool) (*sql.DB, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	var db *sql.DB
	if !locked {
		db, err = sqlite.Open(ctx, path, files)
	} else if st, serr := os.Stat(path + "-wal"); serr == nil && st.Size() > 0 {
		err = fmt.Errorf("%w, and what was last said is in %s-wal: copy the folder to another disk", ErrLocked, recordsFile)
	} else {
		db, err = sqlite.OpenLocked(ctx, path, files, ErrLocked)
	}
	if err != nil {
		return nil, fmt.Errorf("records: %w", err)
	}
	return db, nil
}

// write runs f in a transaction, one at a time among all processes. On SQLite the
// write lock sees to that; another database needs a lock of its own here.
func (a *Archive) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	if a.locked {
		return ErrLocked
	}
	select {
	case a.writing <- struct{}{}:
		defer func() { <-a.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	// The lock must outlast f even where ctx ends meanwhile: f moves files under it.
	return a.transact(context.WithoutCancel(ctx), nil, f)
}

// read runs f on the records as they are at one moment.
func (a *Archive) read(ctx context.Context, f func(tx *sql.Tx) error) error {
	return a.transact(ctx, &sql.TxOptions{ReadOnly: true}, f)
}

func (a *Archive) transact(ctx context.Context, opts *sql.TxOptions, f func(tx *sql.Tx) error) error {
	tx, err := a.db.BeginTx(ctx, opts)
	if err != nil {
		return full(err)
	}
	if err := f(tx); err != nil {
		return errors.Join(full(err), rollback(tx))
	}
	return full(tx.Commit())
}

func rollback(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}
