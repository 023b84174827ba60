package ingest

import (
	"context"
	"fmt"
	"io"
	"maps"
	"sync"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// Original takes in a picture that a case to come names by want, known to no location
// yet, and says whether its bytes were held before. Bytes that are not what want says,
// and files that are no picture, are refused and nothing of them is kept. Each uploader
// may bring as many new ones in an hour as Options.Hourly says.
func (g *Ingester) Original(ctx context.Context, want imagery.Digest, uploader string, r io.Reader) (held bool, err error) {
	err = g.brought.room(uploader, g.opts.Hourly, time.Now())
	if err == nil {
		var stored archive.Stored
		if stored, err = g.original(ctx, want, r); err == nil {
			held = stored.Existed
		}
	}
	if err != nil {
		return false, fmt.Errorf("ingest original %s: %w", want.Short(), err)
	}
	if !held {
		g.brought.count(uploader, time.Now())
	}
	return held, nil
}

// brought counts the originals without a location, which have no receipts to be counted
// by. A new process begins anew.
type brought struct {
	mu sync.Mutex
	by map[string]hour // by uploader
}

// An hour begins with the first file that is counted in it.
type hour struct {
	since time.Time
	files int
}

// room says ErrTooMany where an uploader brought as many within the hour as anybody may;
// 0 is no limit.
func (b *brought) room(uploader string, hourly int, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if h := b.by[uploader]; hourly > 0 && h.files >= hourly && now.Sub(h.since) < time.Hour {
		return fmt.Errorf("%d files in the last hour, the limit is %d: %w", h.files, hourly, imagery.ErrTooMany)
	}
	return nil
}

func (b *brought) count(uploader string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.by, func(_ string, h hour) bool { return now.Sub(h.since) >= time.Hour })
	if b.by == nil {
		b.by = map[string]hour{}
	}
	h := b.by[uploader]
	if h.files++; h.files == 1 {
		h.since = now
	}
	b.by[uploader] = h
}

func (g *Ingester) original(ctx context.Context, want imagery.Digest, r io.Reader) (archive.Stored, error) {
	staged, err := g.archive.Stage(ctx, r, g.maxBytes())
	if err != nil {
		return archive.Stored{}, err
	}
	defer staged.Discard()
	if staged.Digest != want {
		return archive.Stored{}, fmt.Errorf("the bytes sent have the SHA-256 %s: %w", staged.Digest, imagery.ErrCorrupt)
	}
	seen, err := g.look(ctx, staged)
	if err != nil {
		return archive.Stored{}, err
	}
	return g.archive.Keep(ctx, staged, seen.facts)
}
