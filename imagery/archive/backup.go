package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/sqlite"
)

// Backup copies the archive, while it is in use, to a new folder at path: records as
// they are at one moment, and every original that they name, checked on the way.
// Results are left out; they can be made again. The copy is itself an archive.
func (a *Archive) Backup(ctx context.Context, path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("archive: back up: %w", err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("archive: back up to %s: %w", path, ErrExists)
	}
	tmp, err := os.MkdirTemp(filepath.Dir(path), filepath.Base(path)+"-*.partial")
	if err != nil {
		return fmt.Errorf("archive: back up to %s: %w", path, full(err))
	}
	err = a.backup(ctx, tmp)
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("archive: back up to %s: %w", path, errors.Join(full(err), os.RemoveAll(tmp)))
	}
	return nil
}

func (a *Archive) backup(ctx context.Context, tmp string) error {
	if _, err := a.db.ExecContext(ctx, `VACUUM INTO $1`, filepath.Join(tmp, recordsFile)); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", sqlite.DSN(filepath.Join(tmp, recordsFile)))
	if err != nil {
		return err
	}
	b := &Archive{dir: tmp, opts: a.opts, db: db}
	err = a.copyOriginals(ctx, b)
	return errors.Join(err, db.Close())
}

func (a *Archive) copyOriginals(ctx context.Context, b *Archive) error {
	if err := b.makeFolders(); err != nil {
		return err
	}
	var held []storedOriginal
	err := b.read(ctx, func(tx *sql.Tx) (err error) {
		held, err = originals(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, o := range held {
		if err := a.copyOriginal(ctx, b, o.digest); err != nil {
			return err
		}
	}
	return nil
}

func (a *Archive) copyOriginal(ctx context.Context, b *Archive, d imagery.Digest) error {
	r, err := os.Open(a.originalPath(d))
	if err != nil {
		return err // lost, or deleted since the records were copied
	}
	defer r.Close()
	if err := os.MkdirAll(filepath.Dir(b.originalPath(d)), 0o700); err != nil {
		return err
	}
	w, err := os.OpenFile(b.originalPath(d), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o444)
	if err != nil {
		return err
	}
	got, _, err := digestOf(io.TeeReader(withContext{ctx, r}, w))
	if err == nil {
		err = w.Sync()
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	if got != d {
		return altered(d)
	}
	return syncDir(filepath.Dir(b.originalPath(d)))
}
