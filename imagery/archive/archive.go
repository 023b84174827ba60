// Package archive keeps originals under their SHA-256, the records of what is
// known of them, the custody log, and results that can be thrown away.
//
// The folder on disk:
//
//	DIR/
//	├── originals/ab/abcdef…   the bytes as uploaded, named by their SHA-256, read-only
//	├── incoming/              uploads on their way in; nothing here was ever acknowledged
//	├── results/cd/cdef01…/    files derived from originals, under the digest of the recipe
//	│   ├── recipe.json        what they were made from: inputs, options, version
//	│   └── SHA256SUMS         their digests, in sha256sum's format
//	└── records.db             SQLite: locations, images, regions, claims, receipts, custody log
//
// An original is written to incoming, synced, renamed into place and its folder
// synced before its record is committed, so a record never lacks its original,
// and an arrival cut short leaves nothing that shows. Several processes may use
// one archive.
package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/antequem/antequem/imagery"
)

// ErrExists says that a name is taken. It answers to [imagery.ErrInvalid].
var ErrExists = fmt.Errorf("exists already: %w", imagery.ErrInvalid)

// errSoon marks what the first commit declares and the next one fills.
var errSoon = errors.New("archive: not there yet")

// Options are what an archive takes from its surroundings.
type Options struct {
	Now        func() time.Time // the clock; time.Now where nil
	MinFree    int64            // bytes that must stay free on the disk; an upload that would use them is refused
	MaxResults int64            // bytes that results may take before the oldest unused are dropped; 0 is no limit
}

// DefaultOptions keeps 256 MiB of the disk free and 20 GiB of results.
func DefaultOptions() Options {
	return Options{Now: time.Now, MinFree: 256 << 20, MaxResults: 20 << 30}
}

// An Archive is an open data folder. Its methods may be called from any number of goroutines.
type Archive struct {
	dir  string
	opts Options
	db   *sql.DB
}

// A Change is who changes a record, and why: what the custody log keeps of every one.
type Change struct {
	By  string // pseudonym; "" on a machine with one person
	Why string // free text; may be empty
}

// Open opens the archive in dir and makes it where there is none.
func Open(ctx context.Context, dir string, opts Options) (*Archive, error) { return nil, errSoon }

// Close ends the use of the archive.
func (a *Archive) Close() error { return a.db.Close() }

// Dir returns the folder on disk.
func (a *Archive) Dir() string { return a.dir }
