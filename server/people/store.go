package people

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/antequem/antequem/imagery/sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

const instant = sqlite.Instant

// openDatabase opens the database at path, which only its owner may read, and brings
// its tables up to date.
func openDatabase(ctx context.Context, path string) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return sqlite.Open(ctx, path, files)
}

// write runs f in a transaction that holds the write lock from its beginning.
func (s *Store) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after a commit
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// scanInstant reads an instant; NULL is the zero time.
func scanInstant(s *string, t *time.Time) (err error) {
	if s != nil {
		*t, err = time.Parse(instant, *s)
	}
	return err
}
