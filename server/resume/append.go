package resume

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"os"
	"time"

	"github.com/antequem/antequem/imagery"
)

// A sum is the SHA-256 of the first n bytes of an upload.
type sum struct {
	h hash.Hash
	n int64
}

// A turn is held by whoever writes to an upload.
type turn struct {
	stop func() // asks the holder to end; nil where it can't be asked
	over chan struct{}
}

// patience is how long a request waits for the one before it to let go of an upload.
const patience = 10 * time.Second

// turn waits for the upload to be free. Whoever holds it, perhaps over a line that
// dropped unseen, is asked to stop.
func (s *Store) turn(ctx context.Context, id string, stop func()) (end func(), err error) {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		s.mu.Lock()
		held := s.busy[id]
		if held == nil {
			mine := &turn{stop: stop, over: make(chan struct{})}
			s.busy[id] = mine
			s.mu.Unlock()
			return func() {
				s.mu.Lock()
				delete(s.busy, id)
				s.mu.Unlock()
				close(mine.over)
			}, nil
		}
		s.mu.Unlock()
		if held.stop != nil {
			held.stop()
		}
		select {
		case <-held.over:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-limit.C:
			return nil, fmt.Errorf("resume: upload %s: %w", id, ErrBusy)
		}
	}
}

// Settle waits until nobody writes to an upload, after asking whoever does to stop, and
// returns how far it came.
func (s *Store) Settle(ctx context.Context, id, by string) (Upload, error) {
	if _, err := s.Get(id, by); err != nil {
		return Upload{}, err
	}
	end, err := s.turn(ctx, id, nil)
	if err != nil {
		return Upload{}, err
	}
	defer end()
	return s.complete(ctx, id, by)
}

// complete returns an upload; one whose last bytes arrived just before the program was
// killed gets its digest.
func (s *Store) complete(ctx context.Context, id, by string) (Upload, error) {
	u, err := s.Get(id, by)
	if err != nil || u.Whole() || u.Offset < u.Size {
		return u, err
	}
	h, err := s.sumOf(ctx, u)
	if err != nil {
		return u, err
	}
	return s.finish(u, h)
}

// Append adds what r holds to an upload from an offset, which must be where it ends.
// What arrived before r failed is kept. stop, called from another goroutine, makes
// reads of r fail. More than the upload's size is [imagery.ErrTooLarge], and the excess
// is not kept.
func (s *Store) Append(ctx context.Context, id, by string, offset int64, r io.Reader, stop func()) (Upload, error) {
	if _, err := s.Get(id, by); err != nil {
		return Upload{}, err
	}
	end, err := s.turn(ctx, id, stop)
	if err != nil {
		return Upload{}, err
	}
	defer end()
	u, err := s.Get(id, by)
	if err != nil {
		return u, err
	}
	if u.Taken != nil || u.Offset != offset {
		return u, fmt.Errorf("resume: upload ends at %d, not at %d: %w", u.Offset, offset, ErrOffset)
	}
	h, err := s.sumOf(ctx, u)
	if err != nil {
		return u, err
	}
	u, err = s.fill(ctx, u, h, r)
	if err == nil && u.Offset == u.Size {
		return s.finish(u, h)
	}
	return u, err
}

// finish writes down the digest of an upload that is whole.
func (s *Store) finish(u Upload, h *sum) (Upload, error) {
	u.Digest = imagery.Digest(h.h.Sum(nil))
	s.mu.Lock()
	delete(s.sums, u.ID)
	s.mu.Unlock()
	if err := s.write(u); err != nil {
		return u, fmt.Errorf("resume: %w", err)
	}
	return u, nil
}

// sumOf returns the digest so far; after a restart it is computed from what is there.
func (s *Store) sumOf(ctx context.Context, u Upload) (*sum, error) {
	s.mu.Lock()
	h := s.sums[u.ID]
	s.mu.Unlock()
	if h != nil && h.n == u.Offset {
		return h, nil
	}
	h = &sum{h: sha256.New()}
	f, err := os.Open(s.part(u.ID))
	if err != nil {
		return nil, fmt.Errorf("resume: %w", err)
	}
	defer f.Close()
	buf := make([]byte, 256<<10)
	for ctx.Err() == nil {
		n, err := f.Read(buf)
		h.h.Write(buf[:n])
		h.n += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("resume: %w", err)
		}
	}
	if h.n != u.Offset {
		return nil, fmt.Errorf("resume: read %d bytes of %d: %w", h.n, u.Offset, imagery.ErrCorrupt)
	}
	s.mu.Lock()
	s.sums[u.ID] = h
	s.mu.Unlock()
	return h, nil
}

// roomEvery is how many bytes are written between two looks at the room left on the disk.
const roomEvery = 32 << 20

// fill writes what r holds and syncs it, and says how far the upload came.
func (s *Store) fill(ctx context.Context, u Upload, h *sum, r io.Reader) (Upload, error) {
	f, err := os.OpenFile(s.part(u.ID), os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return u, fmt.Errorf("resume: %w", err)
	}
	buf := make([]byte, 256<<10)
	var failed error
	for looked := u.Offset - roomEvery; failed == nil; {
		if u.Offset-looked >= roomEvery {
			if failed = s.room(); failed != nil {
				break
			}
			looked = u.Offset
		}
		n, err := r.Read(buf)
		if left := u.Size - u.Offset; int64(n) > left {
			n, err = int(left), fmt.Errorf("more than the %d bytes announced: %w", u.Size, imagery.ErrTooLarge)
		}
		if n > 0 {
			k, werr := f.Write(buf[:n])
			h.h.Write(buf[:k])
			h.n, u.Offset = h.n+int64(k), u.Offset+int64(k)
			if werr != nil {
				err = werr
			}
		}
		if err == io.EOF {
			break
		}
		if failed = err; failed == nil {
			failed = ctx.Err()
		}
	}
	err = f.Sync()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil { // what was written may not be there: what is, is read again
		s.mu.Lock()
		delete(s.sums, u.ID)
		s.mu.Unlock()
		return u, fmt.Errorf("resume: %w", err)
	}
	if failed != nil {
		return u, fmt.Errorf("resume: broke off at %d: %w", u.Offset, failed)
	}
	return u, nil
}
