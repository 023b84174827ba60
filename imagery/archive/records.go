package archive

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite" // registers the driver "sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// instant is how instants are written in records: fixed width, so that text sorts as time does.
const instant = "2006-01-02T15:04:05.000000Z"

// openRecords opens the database at path and brings its tables up to date. A locked one
// is only read.
func openRecords(ctx context.Context, path string, locked bool) (*sql.DB, error) {
	dsn := sqliteDSN(path)
	if locked {
		if st, err := os.Stat(path + "-wal"); err == nil && st.Size() > 0 {
			return nil, fmt.Errorf("records: %w, and what was last said is in %s-wal: copy the folder to another disk", ErrLocked, recordsFile)
		}
		dsn = lockedDSN(path)
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, db, locked); err != nil {
		db.Close()
		return nil, fmt.Errorf("records: %w", err)
	}
	return db, nil
}

// lockedDSN names a database that nobody can change, so that it is read without locks.
func lockedDSN(path string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "mode=ro&immutable=1"}).String()
}

// sqliteDSN names the database at the absolute path. It asks for a write-ahead log that is synced at every commit, and for
// write locks to be taken at the beginning, where waiting for them works.
func sqliteDSN(path string) string {
	if path = filepath.ToSlash(path); path[0] != '/' {
		path = "/" + path // C:/… is written file:///C:/…
	}
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(20000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
	}}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// migrate tries again where another process migrates at the same moment: one of
// them finds the tables made by the other.
func migrate(ctx context.Context, db *sql.DB, locked bool) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		err := migrateOnce(ctx, db, files, locked)
		if err == nil || !inTheWay(err) || try == 100 || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// inTheWay says that another process may have done this, or be doing it, just now.
func inTheWay(err error) bool {
	var s *sqlite.Error
	if !errors.As(err, &s) {
		return false
	}
	switch s.Code() & 0xff {
	case sqlitelib.SQLITE_ERROR, sqlitelib.SQLITE_BUSY, sqlitelib.SQLITE_LOCKED, sqlitelib.SQLITE_CONSTRAINT:
		return true
	}
	return false
}

func migrateOnce(ctx context.Context, db *sql.DB, files fs.FS, locked bool) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > target {
		return fmt.Errorf("made by a newer version of this program (schema %d, this one knows %d)", current, target)
	}
	if current == target {
		return nil
	}
	if locked {
		return fmt.Errorf("made by an older version of this program (schema %d, this one knows %d), and %w: copy the folder to another disk", current, target, ErrLocked)
	}
	_, err = p.Up(ctx)
	return err
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

// collect reads all rows of a query through scan.
func collect[T any](ctx context.Context, tx *sql.Tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// A scanner is a row: *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }
