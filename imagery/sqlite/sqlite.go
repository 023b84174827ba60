// Package sqlite opens the databases that a data folder holds: how they are synced,
// locked and brought up to date, in one place for all of them.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite" // registers the driver "sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

// Instant is how instants are written in records: fixed width, so that text sorts as time does.
const Instant = "2006-01-02T15:04:05.000000Z"

// Open opens the database at the absolute path and brings its tables up to date by
// the migrations in files. It asks for a write-ahead log that is synced at every
// commit, and for write locks to be taken at the beginning, where waiting for them works.
func Open(ctx context.Context, path string, files fs.FS) (*sql.DB, error) {
	return open(ctx, DSN(path), files, nil)
}

// OpenLocked opens a database that nobody can change, so that it is read without
// locks. Where its tables are older than files the error wraps locked.
func OpenLocked(ctx context.Context, path string, files fs.FS, locked error) (*sql.DB, error) {
	dsn := (&url.URL{Scheme: "file", Path: rooted(path), RawQuery: "mode=ro&immutable=1"}).String()
	return open(ctx, dsn, files, locked)
}

// DSN names the database at the absolute path, as Open opens it.
func DSN(path string) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(20000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
	}}
	return (&url.URL{Scheme: "file", Path: rooted(path), RawQuery: q.Encode()}).String()
}

// rooted writes C:/… as /C:/…, which a file: address wants.
func rooted(path string) string {
	if path = filepath.ToSlash(path); path[0] != '/' {
		path = "/" + path
	}
	return path
}

func open(ctx context.Context, dsn string, files fs.FS, locked error) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, db, files, locked); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// migrate tries again where another process migrates at the same moment: one of
// them finds the tables made by the other.
func migrate(ctx context.Context, db *sql.DB, files fs.FS, locked error) error {
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

func migrateOnce(ctx context.Context, db *sql.DB, files fs.FS, locked error) error {
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
	if locked != nil {
		return fmt.Errorf("made by an older version of this program (schema %d, this one knows %d), and %w: copy the folder to another disk", current, target, locked)
	}
	_, err = p.Up(ctx)
	return err
}
