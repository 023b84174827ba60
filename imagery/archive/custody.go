package archive

import (
	"context"
	"time"

	"github.com/antequem/antequem/imagery"
)

// An Entry of the custody log is one change of a record. Each holds the hash of the one before.
type Entry struct {
	Seq     int64
	At      time.Time // what the clock said
	Action  string    // "image.add", "image.change" …
	Subject string    // "slug" or "slug/file"
	By, Why string
	Record  []byte         // the record after the change, JSON; nil where it was deleted
	Prev    imagery.Digest // Hash of the entry before; zero for the first
	Hash    imagery.Digest
}

// Log returns the entries about a location, or all of them for "", oldest first.
func (a *Archive) Log(ctx context.Context, slug string) ([]Entry, error) { return nil, errSoon }

// A Fault is one thing that Verify found wrong.
type Fault struct {
	Kind    string // "missing", "altered", "extra", "unrecorded", "log", "record"
	Subject string // a digest, a file of the folder, or a place in the log
	Detail  string // one plain clause
}

// A Report says what Verify read and what is wrong with it.
type Report struct {
	Originals int   // read back
	Bytes     int64 // of them
	Entries   int   // of the custody log
	Faults    []Fault
	Notes     []string // what is no fault but should be known: a clock that went back, uploads cut short
}

// OK says that nothing is wrong.
func (r Report) OK() bool { return len(r.Faults) == 0 }

// Verify reads everything back: each original against its digest, records against
// originals and the other way round, the custody log's chain, and every record
// against the log. progress, where not nil, is told the bytes read and the bytes in all.
func (a *Archive) Verify(ctx context.Context, progress func(done, total int64)) (Report, error) {
	return Report{}, errSoon
}

// Backup copies the archive, while it is in use, to a new folder at path.
func (a *Archive) Backup(ctx context.Context, path string) error { return errSoon }
