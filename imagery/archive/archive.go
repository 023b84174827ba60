// Package archive keeps originals under their SHA-256, the records of what is
// known of them, the custody log, and results that can be thrown away.
//
// The folder on disk:
//
//	DIR/
//	├── originals/ab/abcdef…   the bytes as uploaded, named by their SHA-256, read-only
//	├── incoming/              uploads on their way in; nothing here was ever acknowledged
//	│   └── abcdef…-123.mark   says that originals/ab/abcdef… is being kept or removed just now
//	├── results/cd/cdef01…/    files derived from originals, under the digest of their recipe
//	│   ├── recipe.json        what they were made from: inputs, options, version
//	│   └── SHA256SUMS         their digests, as sha256sum writes them
//	└── records.db             SQLite: locations, images, regions, claims, publications, readings, releases, receipts, custody log
//
// An original is written to incoming and synced, then, while this process alone
// may write records, marked, renamed into place and its folder synced before its
// record is committed. So no record lacks its original; and where the power goes
// between the rename and the commit, the mark tells the next process to remove what
// nobody was told of. Several processes may use one archive at a time.
package archive

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/antequem/antequem/imagery"
)

var (
	// ErrExists says that a name is taken. It answers to [imagery.ErrInvalid].
	ErrExists = fmt.Errorf("exists already: %w", imagery.ErrInvalid)
	// ErrFull says that the disk has no room left for what was asked.
	ErrFull = errors.New("the disk is full")
	// ErrLocked says that the archive lies on a disk that can only be read.
	ErrLocked = errors.New("the disk can only be read")
)

// Options are what an archive takes from its surroundings.
type Options struct {
	Now        func() time.Time // the clock; time.Now where nil
	Salt       func() string    // hides what an entry of the custody log leaves out; rand.Text where nil. A fixed one makes the same log of the same changes
	MinFree    int64            // bytes that must stay free on the disk: an upload that would use them is refused as ErrFull
	MaxResults int64            // bytes that results may take before the ones unused for longest are dropped; 0 is no limit
}

// DefaultOptions keeps 256 MiB of the disk free and 20 GiB of results.
func DefaultOptions() Options {
	return Options{Now: time.Now, MinFree: 256 << 20, MaxResults: 20 << 30}
}

// An Archive is an open data folder. Its methods may be called from any number of goroutines.
type Archive struct {
	dir     string
	opts    Options
	db      *sql.DB
	writing chan struct{} // holds one token: writers of this process queue here rather than poll SQLite's lock
	results atomic.Int64  // bytes in results/, -1 until they are counted
	locked  bool          // the disk can only be read, and so can the archive
}

// A Change is who changes a record, and why: what the custody log keeps of every one.
type Change struct {
	By  string // pseudonym; "" on a machine with one person
	Why string // free text; may be empty
}

// Open opens the archive in dir and makes it where there is none. What a crash left
// half-way is cleared first. On a disk that can only be read, such as a medium that a
// copy was written to, it is opened for reading: every change is refused as [ErrLocked].
func Open(ctx context.Context, dir string, opts Options) (*Archive, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Salt == nil {
		opts.Salt = rand.Text
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("archive: open: %w", err)
	}
	a := &Archive{dir: dir, opts: opts, writing: make(chan struct{}, 1)}
	a.results.Store(-1)
	if err := a.makeFolders(); err != nil {
		return nil, fmt.Errorf("archive: open %s: %w", dir, full(err))
	}
	a.locked = readOnlyDisk(a.incoming())
	if a.db, err = openRecords(ctx, a.recordsPath(), a.locked); err != nil {
		return nil, fmt.Errorf("archive: open %s: %w", dir, full(err))
	}
	if err := a.recoverArrivals(ctx); err != nil {
		a.db.Close()
		return nil, fmt.Errorf("archive: open %s: %w", dir, full(err))
	}
	if !a.locked {
		a.sweepIncoming()
	}
	return a, nil
}

func (a *Archive) makeFolders() error {
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return err
	}
	for _, name := range []string{originalsDir, incomingDir, resultsDir} {
		if err := os.MkdirAll(filepath.Join(a.dir, name), 0o700); err != nil {
			return err
		}
	}
	return syncDir(a.dir)
}

// readOnlyDisk says that nothing can be written to a folder because of the disk it is on.
func readOnlyDisk(dir string) bool {
	f, err := os.CreateTemp(dir, "probe-*.part")
	if err == nil {
		f.Close()
		os.Remove(f.Name())
	}
	return errors.Is(err, errReadOnlyDisk)
}

// Close ends the use of the archive. What was acknowledged is on the disk before it as after.
func (a *Archive) Close() error { return a.db.Close() }

// Dir returns the folder on disk.
func (a *Archive) Dir() string { return a.dir }

func (a *Archive) now() time.Time { return a.opts.Now().UTC().Truncate(time.Microsecond) }
