package archive

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/antequem/antequem/imagery"
)

// Stored says what became of a file that was put into the archive.
type Stored struct {
	Digest  imagery.Digest
	Size    int64 // bytes
	Existed bool  // the archive held these bytes already
}

// Put reads r to its end and keeps it as an original, known to no location yet.
// More than limit bytes are refused as [imagery.ErrTooLarge], and nothing remains of them.
func (a *Archive) Put(ctx context.Context, r io.Reader, limit int64) (Stored, error) {
	s, err := a.Stage(ctx, r, limit)
	if err != nil {
		return Stored{}, err
	}
	defer s.Discard()
	return a.Keep(ctx, s, Facts{})
}

// Keep keeps a staged upload as an original, known to no location yet.
func (a *Archive) Keep(ctx context.Context, s *Staged, f Facts) (Stored, error) {
	var existed bool
	err := a.keeping(ctx, []*Staged{s}, func(tx *sql.Tx) (err error) {
		existed, err = a.keep(ctx, tx, s, f)
		return err
	})
	if err != nil {
		return Stored{}, fmt.Errorf("archive: keep %s: %w", s.Digest.Short(), err)
	}
	return Stored{Digest: s.Digest, Size: s.Size, Existed: existed}, nil
}

// markSuffix ends the name of a mark in incoming: while it stands, an original of
// that digest without a record is left over from a crash and was never acknowledged.
const markSuffix = ".mark"

func (a *Archive) markPath(s *Staged) string {
	return filepath.Join(a.incoming(), s.Digest.String()+"-"+filepath.Base(s.path)+markSuffix)
}

// keeping runs f, which keeps some of the staged uploads, as one write. When it
// fails, what f moved into place is taken out again.
func (a *Archive) keeping(ctx context.Context, staged []*Staged, f func(tx *sql.Tx) error) error {
	if err := a.write(ctx, f); err != nil {
		return errors.Join(err, a.recoverArrivals(context.WithoutCancel(ctx)))
	}
	for _, s := range staged {
		os.Remove(a.markPath(s))
	}
	return nil
}

// keep moves a staged upload into originals and records it. It heals an original
// that was lost or altered on the disk.
func (a *Archive) keep(ctx context.Context, tx *sql.Tx, s *Staged, f Facts) (existed bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT TRUE FROM originals WHERE digest = $1`, s.Digest.String()).Scan(&existed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	if existed {
		if a.checkOriginal(ctx, s.Digest) == nil {
			return true, a.setFacts(ctx, tx, s.Digest, f)
		}
		if err := a.log(ctx, tx, entry{action: "original.restore", subject: s.Digest.String()}); err != nil {
			return true, err
		}
	}
	if err := createSynced(a.markPath(s)); err != nil {
		return existed, err
	}
	if err := moveSynced(s.path, a.originalPath(s.Digest)); err != nil {
		return existed, err
	}
	if existed {
		return true, a.setFacts(ctx, tx, s.Digest, f)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO originals (digest, size, format, width, height, perceptual, kept_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.Digest.String(), s.Size, f.Format, f.Width, f.Height, hashText(f.Perceptual), a.now().Format(instant))
	if err != nil {
		return false, err
	}
	return false, a.log(ctx, tx, entry{action: "original.keep", subject: s.Digest.String()})
}

// recoverArrivals takes out what arrivals left behind that were cut short, and what was
// deleted, with every result made from it. It holds the write lock, so none is under way
// meanwhile.
func (a *Archive) recoverArrivals(ctx context.Context) error {
	if marks, err := a.marks(); err != nil || len(marks) == 0 || a.locked {
		return err
	}
	return a.write(ctx, func(tx *sql.Tx) error {
		marks, err := a.marks()
		if err != nil {
			return err
		}
		var gone []imagery.Digest
		for _, d := range marks {
			if _, err := sizeOf(ctx, tx, d); errors.Is(err, imagery.ErrNotFound) {
				gone = append(gone, d)
			} else if err != nil {
				return err
			}
		}
		for _, d := range gone {
			if err := removeSynced(a.originalPath(d)); err != nil {
				return err
			}
		}
		if err := a.dropResultsOf(gone); err != nil {
			return err
		}
		for mark := range marks { // last, so that what a crash cuts short is begun again
			if err := removeSynced(filepath.Join(a.incoming(), mark)); err != nil {
				return err
			}
		}
		return nil
	})
}

// marks returns the digests of the marks in incoming, by their names. The folder's own
// path is no pattern: it may hold brackets.
func (a *Archive) marks() (map[string]imagery.Digest, error) {
	names, err := fs.Glob(os.DirFS(a.incoming()), "*"+markSuffix)
	out := map[string]imagery.Digest{}
	for _, name := range names {
		digits, _, _ := strings.Cut(name, "-")
		if d, err := imagery.ParseDigest(digits); err == nil {
			out[name] = d
		}
	}
	return out, err
}

// sizeOf returns the recorded size of the original d, bytes.
func sizeOf(ctx context.Context, tx *sql.Tx, d imagery.Digest) (n int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT size FROM originals WHERE digest = $1`, d.String()).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("original %s: %w", d.Short(), imagery.ErrNotFound)
	}
	return n, err
}

// Original opens the original d, after all of it was read and found to be what
// its digest says: [imagery.ErrCorrupt] if it isn't, [imagery.ErrNotFound] where there is none.
func (a *Archive) Original(ctx context.Context, d imagery.Digest) (io.ReadSeekCloser, error) {
	f, err := a.openOriginal(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	if err := checkDigest(ctx, f, d); err != nil {
		f.Close()
		return nil, fmt.Errorf("archive: %w", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		f.Close()
		return nil, fmt.Errorf("archive: original %s: %w", d.Short(), err)
	}
	return f, nil
}

// ReadOriginal returns the bytes of the original d, checked as Original checks them.
func (a *Archive) ReadOriginal(ctx context.Context, d imagery.Digest) ([]byte, error) {
	f, err := a.openOriginal(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("archive: original %s: %w", d.Short(), err)
	}
	buf := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	if _, err := buf.ReadFrom(withContext{ctx, f}); err != nil {
		return nil, fmt.Errorf("archive: original %s: %w", d.Short(), err)
	}
	if imagery.DigestOf(buf.Bytes()) != d {
		return nil, fmt.Errorf("archive: %w", altered(d))
	}
	return buf.Bytes(), nil
}

// openOriginal opens an original that is recorded: one on its way in doesn't show.
func (a *Archive) openOriginal(ctx context.Context, d imagery.Digest) (*os.File, error) {
	err := a.read(ctx, func(tx *sql.Tx) error {
		_, err := sizeOf(ctx, tx, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	f, err := os.Open(a.originalPath(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("original %s: its record is here and its file is gone: %w", d.Short(), imagery.ErrCorrupt)
	}
	return f, err
}

func (a *Archive) checkOriginal(ctx context.Context, d imagery.Digest) error {
	f, err := os.Open(a.originalPath(d))
	if err != nil {
		return err
	}
	defer f.Close()
	return checkDigest(ctx, f, d)
}

func checkDigest(ctx context.Context, f *os.File, d imagery.Digest) error {
	got, _, err := digestOf(withContext{ctx, f})
	if err != nil {
		return fmt.Errorf("original %s: %w", d.Short(), err)
	}
	if got != d {
		return altered(d)
	}
	return nil
}

func altered(d imagery.Digest) error {
	return fmt.Errorf("original %s: the file on disk is not what was put: %w", d.Short(), imagery.ErrCorrupt)
}

// withContext reads until ctx is done.
type withContext struct {
	ctx context.Context
	r   io.Reader
}

func (w withContext) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.r.Read(p)
}
