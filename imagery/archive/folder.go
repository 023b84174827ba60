package archive

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/antequem/antequem/imagery"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

const (
	originalsDir = "originals"
	incomingDir  = "incoming"
	resultsDir   = "results"
	recordsFile  = "records.db"
)

func (a *Archive) recordsPath() string { return filepath.Join(a.dir, recordsFile) }

func (a *Archive) incoming() string { return filepath.Join(a.dir, incomingDir) }

func (a *Archive) originalPath(d imagery.Digest) string {
	s := d.String()
	return filepath.Join(a.dir, originalsDir, s[:2], s)
}

func (a *Archive) resultPath(recipe imagery.Digest) string {
	s := recipe.String()
	return filepath.Join(a.dir, resultsDir, s[:2], s)
}

// moveSynced renames from to to, in a folder made if need be, and returns once the
// name would survive a power cut.
func moveSynced(from, to string) error {
	folder := filepath.Dir(to)
	if err := os.Mkdir(folder, 0o700); err == nil {
		if err := syncDir(filepath.Dir(folder)); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncDir(folder)
}

// createSynced makes an empty file whose name would survive a power cut.
func createSynced(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// writeSynced writes a new file and returns once its bytes would survive a power cut.
func writeSynced(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// removeSynced removes a file, for good; one that is gone already is no error.
func removeSynced(path string) error {
	if err := os.Remove(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return syncDir(filepath.Dir(path))
}

// digestOf hashes what r holds.
func digestOf(r io.Reader) (imagery.Digest, int64, error) {
	h := newHash()
	n, err := io.CopyBuffer(onlyWriter{h}, onlyReader{r}, make([]byte, 256<<10))
	return sum(h), n, err
}

// onlyReader and onlyWriter hide shortcuts that would leave the buffer unused.
type onlyReader struct{ io.Reader }
type onlyWriter struct{ io.Writer }

// full marks the ways in which a disk says that it has no room as [ErrFull].
func full(err error) error {
	if err == nil || errors.Is(err, ErrFull) {
		return err
	}
	var s *sqlite.Error
	noRoom := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) || errors.Is(err, errQuota) ||
		errors.As(err, &s) && s.Code()&0xff == sqlitelib.SQLITE_FULL
	if noRoom {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
