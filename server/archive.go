package server

import (
	"context"
	"io"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/ingest"
)

// An Archive holds the records, the originals and the results.
type Archive interface {
	Records
	Scribe
	Originals
	Results
}

// Records are what is known of locations.
type Records interface {
	Locations(ctx context.Context) ([]archive.LocationSummary, error)
	Location(ctx context.Context, slug string) (imagery.Location, error)
	Case(ctx context.Context, slug string) (imagery.Case, error)
	Images(ctx context.Context, slug string) ([]archive.Record, error)
	Publication(ctx context.Context, slug string) (archive.Publication, error)
	Publications(ctx context.Context) (map[string]archive.Publication, error)
	InPublic(ctx context.Context, digests []imagery.Digest) (bool, error)
	Readings(ctx context.Context, slug string) ([]archive.Reading, error)
	History(ctx context.Context, slug string) ([]archive.Correction, error)
	Releases(ctx context.Context, slug string) (archive.Releases, error)
	MetadataReleased(ctx context.Context, d imagery.Digest) (bool, error)
	Receipts(ctx context.Context, d imagery.Digest) ([]archive.Receipt, error)
	LookAlikes(ctx context.Context, h uint64, most int, except imagery.Digest) ([]archive.Likeness, error)
}

// A Scribe changes records.
type Scribe interface {
	AddLocation(ctx context.Context, l imagery.Location, by archive.Change) (slug string, err error)
	ImportCase(ctx context.Context, c imagery.Case, open func(file string) (io.ReadCloser, error), limit int64, by archive.Change) (slug string, err error)
	SetRegions(ctx context.Context, slug string, gs []imagery.Region, by archive.Change) error
	SetClaims(ctx context.Context, slug string, cs []imagery.Claim, by archive.Change) error
	AddReading(ctx context.Context, slug string, r archive.Reading, by archive.Change) error
	UpdateImage(ctx context.Context, slug string, im imagery.Image, by archive.Change) error
	SetHeading(ctx context.Context, slug string, h archive.Heading, by archive.Change) error
	Publish(ctx context.Context, slug string, by archive.Change) error
	Withdraw(ctx context.Context, slug string, by archive.Change) error
	SetRelease(ctx context.Context, slug, file string, r archive.Release, by archive.Change) error
}

// Originals are the files as uploaded.
type Originals interface {
	Original(ctx context.Context, d imagery.Digest) (io.ReadSeekCloser, error)
}

// Results are files made by a recipe.
type Results interface {
	Result(ctx context.Context, recipe imagery.Digest) (archive.Result, error)
	DropResult(ctx context.Context, recipe imagery.Digest) error
}

// An Ingester takes uploads in: it checks the file, keeps its bytes as they are and
// records im as an image of the location.
type Ingester interface {
	Receive(ctx context.Context, slug string, im imagery.Image, from ingest.Origin, r io.Reader) (ingest.Report, error)

	// Original keeps a picture that a case to come names by d, known to no location yet.
	Original(ctx context.Context, d imagery.Digest, uploader string, r io.Reader) (held bool, err error)

	// Case takes in a whole case, all of it or nothing.
	Case(ctx context.Context, c imagery.Case, open func(file string) (io.ReadCloser, error), by archive.Change) (slug string, err error)
}

// Jobs make results in their own time, each recipe once.
type Jobs interface {
	// Ask has the result of r made, unless it is kept or being made already. The
	// subject is the location that waits for it.
	Ask(ctx context.Context, r archive.Recipe, subject string) error

	// Standing says how the job of a recipe fares.
	Standing(ctx context.Context, recipe imagery.Digest) (Standing, error)

	// Watch tells how far a subject's jobs are, until ctx ends.
	Watch(ctx context.Context, subject string, tell func(recipe imagery.Digest, step string, done, total int)) error
}

// A Standing is how a job fares.
type Standing struct {
	Asked       bool   // it was asked for and is not done
	Step        string // what it is at; "" where that isn't known
	Done, Total int    // how much of the step is done; 0, 0 if not known
	Failure     string // why it can't be done; "" while it may
}
