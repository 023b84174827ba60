package archive

import (
	"context"
	"io"

	"github.com/antequem/antequem/imagery"
)

// Stored says what became of a file that was put into the archive.
type Stored struct {
	Digest  imagery.Digest
	Size    int64 // bytes
	Existed bool  // the archive held these bytes already
}

// A Staged upload is on the disk, synced and hashed, but not part of the archive
// until it is kept. Discard must be called in the end and does nothing after that.
type Staged struct {
	Digest imagery.Digest
	Size   int64
	path   string
}

// Put reads r to its end and keeps it as an original. More than limit bytes are
// refused as [imagery.ErrTooLarge], and nothing remains of them.
func (a *Archive) Put(ctx context.Context, r io.Reader, limit int64) (Stored, error) {
	return Stored{}, errSoon
}

// Stage reads r to its end into incoming, without making it part of the archive.
func (a *Archive) Stage(ctx context.Context, r io.Reader, limit int64) (*Staged, error) {
	return nil, errSoon
}

// Bytes returns what was staged.
func (s *Staged) Bytes() ([]byte, error) { return nil, errSoon }

// Discard removes what was staged and not kept.
func (s *Staged) Discard() error { return errSoon }

// Original opens the original d, after all of it was read and found to be what
// its digest says; [imagery.ErrCorrupt] if it isn't, [imagery.ErrNotFound] where there is none.
func (a *Archive) Original(ctx context.Context, d imagery.Digest) (io.ReadSeekCloser, error) {
	return nil, errSoon
}

// ReadOriginal returns the bytes of the original d, checked like Original's.
func (a *Archive) ReadOriginal(ctx context.Context, d imagery.Digest) ([]byte, error) {
	return nil, errSoon
}
