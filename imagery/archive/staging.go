package archive

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
)

// A Staged upload is on the disk, synced and hashed, but not part of the archive
// until it is kept. Discard must be called in the end and does nothing to what was kept.
type Staged struct {
	Digest imagery.Digest
	Size   int64 // bytes
	path   string
}

// Stage reads r to its end into incoming. More than limit bytes, or none at all, are
// refused, and nothing remains of them.
func (a *Archive) Stage(ctx context.Context, r io.Reader, limit int64) (*Staged, error) {
	f, err := os.CreateTemp(a.incoming(), "upload-*.part")
	if err != nil {
		return nil, fmt.Errorf("archive: stage: %w", full(err))
	}
	d, n, err := a.fill(ctx, f, r, limit)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(f.Name())
		return nil, fmt.Errorf("archive: stage: %w", full(err))
	}
	return &Staged{Digest: d, Size: n, path: f.Name()}, nil
}

// roomEvery is how many bytes are written between two looks at the room left on the disk.
const roomEvery = 32 << 20

func (a *Archive) fill(ctx context.Context, f *os.File, r io.Reader, limit int64) (imagery.Digest, int64, error) {
	h, buf := newHash(), make([]byte, 256<<10)
	var n int64
	for looked := int64(-roomEvery); ; {
		if err := ctx.Err(); err != nil {
			return imagery.Digest{}, n, err
		}
		if n-looked >= roomEvery {
			if err := a.checkRoom(); err != nil {
				return imagery.Digest{}, n, err
			}
			looked = n
		}
		k, err := r.Read(buf)
		if n += int64(k); n > limit {
			return imagery.Digest{}, n, fmt.Errorf("more than the %d bytes allowed: %w", limit, imagery.ErrTooLarge)
		}
		h.Write(buf[:k])
		if _, werr := f.Write(buf[:k]); werr != nil {
			return imagery.Digest{}, n, werr
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return imagery.Digest{}, n, fmt.Errorf("upload broke off after %d bytes: %w: %w", n, imagery.ErrInvalid, err)
		}
	}
	if n == 0 {
		return imagery.Digest{}, 0, fmt.Errorf("empty file: %w", imagery.ErrInvalid)
	}
	if err := f.Chmod(0o444); err != nil {
		return imagery.Digest{}, n, err
	}
	return sum(h), n, f.Sync()
}

func (a *Archive) checkRoom() error {
	if a.opts.MinFree <= 0 {
		return nil
	}
	free, err := freeBytes(a.dir)
	if err != nil {
		return err
	}
	if free < a.opts.MinFree {
		return fmt.Errorf("%w: %d MiB free, %d MiB must stay so", ErrFull, free>>20, a.opts.MinFree>>20)
	}
	return nil
}

// Open opens what was staged. Whoever reads all of it can tell by its Digest whether the
// disk gave back what it was given.
func (s *Staged) Open() (*os.File, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return nil, fmt.Errorf("archive: read staged %s: %w", s.Digest.Short(), err)
	}
	return f, nil
}

// Discard removes what was staged and not kept.
func (s *Staged) Discard() error {
	if err := os.Remove(s.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("archive: discard %s: %w", s.Digest.Short(), err)
	}
	return nil
}

// staleAfter is when an upload that grows no more counts as left behind by a crash.
const staleAfter = 24 * time.Hour

// sweepIncoming removes uploads and unfinished results left behind by crashes. What
// can't be removed, or looks younger than the clock, waits for the next time.
func (a *Archive) sweepIncoming() {
	entries, err := os.ReadDir(a.incoming())
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || strings.HasSuffix(e.Name(), markSuffix) || a.now().Sub(info.ModTime()) < staleAfter {
			continue
		}
		os.RemoveAll(filepath.Join(a.incoming(), e.Name()))
	}
}

func newHash() hash.Hash { return sha256.New() }

func sum(h hash.Hash) (d imagery.Digest) {
	h.Sum(d[:0])
	return d
}
