// Package ingest takes a declared image and its file in: declared + file → checked
// and stored image.
//
// The bytes go to the archive's incoming folder as they arrive, are read to their end
// there, and become part of the archive together with their record, or not at all.
// What the file says of itself is set beside what was declared. Nothing of it is
// preferred silently: the declaration is what is recorded, and each disagreement is
// a [Warning].
package ingest

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/decode"
	"golang.org/x/sync/semaphore"
)

// Options bound what is taken in.
type Options struct {
	Limits decode.Limits // of a file, its pixels and the memory to decode it
	AtOnce int           // files decoded at a time, large ones alone; the others wait their turn on the disk
	Hourly int           // files that one uploader may bring in an hour; 0 is no limit
	Alike  int           // bits, 0 to 64: pictures whose perceptual hashes differ in no more are pointed out
}

// DefaultOptions takes what decode takes, two at a time. See [Perceptual] for the bits.
func DefaultOptions() Options {
	return Options{Limits: decode.DefaultLimits(), AtOnce: 2, Hourly: 5000, Alike: 6}
}

// Validate says what is wrong with o.
func (o Options) Validate() error {
	if o.Limits.MaxBytes < 0 || o.Limits.MaxPixels < 0 || o.Hourly < 0 || o.AtOnce < 1 || o.Alike < 0 || o.Alike > 64 {
		return fmt.Errorf("ingest: want limits of 0 or more, 1 file at a time or more, and 0 to 64 bits, got %+v: %w", o, imagery.ErrInvalid)
	}
	return nil
}

// An Archive is what uploads are kept in: an [archive.Archive].
type Archive interface {
	Stage(ctx context.Context, r io.Reader, limit int64) (*archive.Staged, error)
	Keep(ctx context.Context, s *archive.Staged, f archive.Facts) (archive.Stored, error)
	Receive(ctx context.Context, s *archive.Staged, slug string, im imagery.Image, f archive.Facts, r archive.Receipt) (archive.Record, bool, error)
	ImportCase(ctx context.Context, c imagery.Case, open func(file string) (io.ReadCloser, error), limit int64, by archive.Change) (slug string, err error)
	SetFacts(ctx context.Context, d imagery.Digest, f archive.Facts) error
	Location(ctx context.Context, slug string) (imagery.Location, error)
	LookAlikes(ctx context.Context, h uint64, most int, except imagery.Digest) ([]archive.Likeness, error)
	Tombstones(ctx context.Context) ([]archive.Tombstone, error)
	ReceivedWithin(ctx context.Context, uploader string, d time.Duration) (int, error)
}

// An Ingester takes images in. Its methods may be called from any number of goroutines.
type Ingester struct {
	archive Archive
	opts    Options
	turns   *semaphore.Weighted // as many as files are decoded at a time
	brought brought
}

// New returns an Ingester that keeps what it takes in a.
func New(a Archive, o Options) (*Ingester, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	return &Ingester{archive: a, opts: o, turns: semaphore.NewWeighted(int64(o.AtOnce))}, nil
}

// An Origin is who brought a file, and under what name.
type Origin struct {
	Name     string // as the uploader's machine called it; "" if not told
	Uploader string // pseudonym; "" if not told
}

// A Report says what became of an upload.
type Report struct {
	archive.Record
	Held     bool // the location had these bytes already: the record is the one held, and a receipt was added
	Info     decode.Info
	Warnings []Warning
}

// Receive takes in one image of a location. im.File names it there. A file that is
// no picture, or a broken one, is refused before anything is recorded.
func (g *Ingester) Receive(ctx context.Context, slug string, im imagery.Image, from Origin, r io.Reader) (Report, error) {
	rep, err := g.receive(ctx, slug, im, from, r)
	if err != nil {
		return Report{}, fmt.Errorf("ingest %s: %w", im.File, err)
	}
	return rep, nil
}

func (g *Ingester) receive(ctx context.Context, slug string, im imagery.Image, from Origin, r io.Reader) (Report, error) {
	place, err := g.archive.Location(ctx, slug)
	if err != nil {
		return Report{}, err
	}
	if err := g.hourly(ctx, from.Uploader); err != nil {
		return Report{}, err
	}
	staged, err := g.archive.Stage(ctx, r, g.maxBytes())
	if err != nil {
		return Report{}, err
	}
	defer staged.Discard()
	seen, err := g.look(ctx, staged)
	if err != nil {
		return Report{}, err
	}
	warnings, err := g.warnings(ctx, im, staged.Digest, seen, place)
	if err != nil {
		return Report{}, err
	}
	rec, added, err := g.archive.Receive(ctx, staged, slug, im, seen.facts, archive.Receipt{OriginalName: from.Name, Uploader: from.Uploader})
	if err != nil {
		return Report{}, err
	}
	if !added {
		warnings = append(warnings, heldBefore(im, rec)...)
	}
	return Report{Record: rec, Held: !added, Info: seen.info, Warnings: warnings}, nil
}

// hourly refuses a file, before any of it is read, of somebody who has brought as many
// in the last hour as anybody may.
func (g *Ingester) hourly(ctx context.Context, uploader string) error {
	if g.opts.Hourly == 0 {
		return nil
	}
	n, err := g.archive.ReceivedWithin(ctx, uploader, time.Hour)
	if err == nil && n >= g.opts.Hourly {
		err = fmt.Errorf("%d files in the last hour, the limit is %d: %w", n, g.opts.Hourly, imagery.ErrTooMany)
	}
	return err
}

func (g *Ingester) maxBytes() int64 {
	if g.opts.Limits.MaxBytes == 0 {
		return math.MaxInt64
	}
	return g.opts.Limits.MaxBytes
}

// A sight is what was read of a file.
type sight struct {
	info  decode.Info
	facts archive.Facts
}

// large is from how many bytes on a file is decoded while no other is, so that the
// memory of one, and not of AtOnce, is needed at the worst.
const large = 32 << 20

// look reads a staged file to its end.
func (g *Ingester) look(ctx context.Context, s *archive.Staged) (sight, error) {
	turns := int64(1)
	if s.Size >= large {
		turns = int64(g.opts.AtOnce)
	}
	if err := g.turns.Acquire(ctx, turns); err != nil {
		return sight{}, err
	}
	defer g.turns.Release(turns)
	r, err := s.Open()
	if err != nil {
		return sight{}, err
	}
	defer r.Close()
	return inspect(r, s, g.opts.Limits)
}

// lookedAt is how many pixels of a picture its perceptual hash is made of, at most.
const lookedAt = 1 << 20

// inspect reads every strip and tile of a picture, so that a broken one is refused, and
// holds no more of it than a copy for the eye.
func inspect(r io.ReaderAt, s *archive.Staged, lim decode.Limits) (sight, error) {
	f, err := decode.Open(r, s.Size, lim)
	if err != nil {
		return sight{}, err
	}
	info, err := f.Stat()
	if err != nil {
		return sight{}, err
	}
	if info.SHA256 != s.Digest.String() {
		return sight{}, fmt.Errorf("the disk gave back other bytes than it was given: %w", imagery.ErrCorrupt)
	}
	p, err := f.Survey(lookedAt)
	if err != nil {
		return sight{}, err
	}
	return sight{info, archive.Facts{
		Format: f.Format, Width: f.Width, Height: f.Height, Perceptual: Perceptual(p.Picture.NRGBA()),
	}}, nil
}
