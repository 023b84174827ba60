package archive

import (
	"context"
	"time"

	"github.com/antequem/antequem/imagery"
)

// Facts are what reading an original told of it, so that lists and near-duplicates need not read it again.
type Facts struct {
	Format        string // "png", "jpeg", "tiff" …; "" if not known
	Width, Height int    // pixels, upright; 0 if not known
	Perceptual    uint64 // perceptual hash of package ingest; 0 if not known
}

// A Receipt says how a file came in. The same file twice is one original with two receipts.
type Receipt struct {
	Digest       imagery.Digest
	Location     string // slug
	OriginalName string // as the uploader's machine called it
	Uploader     string // pseudonym
	ReceivedAt   time.Time
}

// A Record is an image as the archive holds it.
type Record struct {
	imagery.Image
	Location string // slug
	Size     int64  // bytes
	Facts
}

// AddImage records an image of a location. Its original, im.Digest, must have been
// put. The same bytes under the same File again add a receipt only: added is false
// and the record is the one held. A File that names other bytes is [ErrExists].
func (a *Archive) AddImage(ctx context.Context, slug string, im imagery.Image, f Facts, r Receipt) (rec Record, added bool, err error) {
	return Record{}, false, errSoon
}

// Receive keeps a staged upload and records its image at one stroke: both or neither.
func (a *Archive) Receive(ctx context.Context, s *Staged, slug string, im imagery.Image, f Facts, r Receipt) (rec Record, added bool, err error) {
	return Record{}, false, errSoon
}

// UpdateImage changes what is known of the image im.File; its Digest can't change.
func (a *Archive) UpdateImage(ctx context.Context, slug string, im imagery.Image, c Change) error {
	return errSoon
}

// Images returns the images of a location in date order: by the earliest instant of
// each, then the latest, then File. An unknown beginning comes first.
func (a *Archive) Images(ctx context.Context, slug string) ([]Record, error) { return nil, errSoon }

// ImageByPrefix returns the image of a location whose digest begins with prefix,
// at least 12 characters.
func (a *Archive) ImageByPrefix(ctx context.Context, slug, prefix string) (Record, error) {
	return Record{}, errSoon
}

// Receipts returns how the original d came in, first receipt first.
func (a *Archive) Receipts(ctx context.Context, d imagery.Digest) ([]Receipt, error) {
	return nil, errSoon
}

// A Tombstone says that an image was deleted.
type Tombstone struct {
	Digest   imagery.Digest
	Location string
	File     string
	At       time.Time
	By, Why  string
}

// DeleteImage removes the image File from a location, its original too where no
// other location holds it, with everything derived from it, and leaves a tombstone.
// c.Why must say why.
func (a *Archive) DeleteImage(ctx context.Context, slug, file string, c Change) error { return errSoon }

// Tombstones lists what was deleted, oldest first.
func (a *Archive) Tombstones(ctx context.Context) ([]Tombstone, error) { return nil, errSoon }
