package archive

import (
	"context"
	"io"
	"time"

	"github.com/antequem/antequem/imagery"
)

// A Heading is what a case says above its images.
type Heading struct {
	Title     string // the location's name where empty
	Summary   string
	Reference string   // File of the image whose grid is used; "" lets the program pick
	LookFor   []string // what imagery would settle the case
}

// An Entry of the list of locations.
type LocationSummary struct {
	imagery.Location
	Title   string
	Images  int
	Claims  int
	Changed time.Time // of the last entry about it in the custody log
}

// AddLocation records a new location; its Slug is made from its Name where empty. It returns the slug.
func (a *Archive) AddLocation(ctx context.Context, l imagery.Location, c Change) (slug string, err error) {
	return "", errSoon
}

// UpdateLocation changes the location of that slug.
func (a *Archive) UpdateLocation(ctx context.Context, l imagery.Location, c Change) error {
	return errSoon
}

// SetHeading changes title, summary, reference and what to look for.
func (a *Archive) SetHeading(ctx context.Context, slug string, h Heading, c Change) error {
	return errSoon
}

// Location returns the location of that slug.
func (a *Archive) Location(ctx context.Context, slug string) (imagery.Location, error) {
	return imagery.Location{}, errSoon
}

// Locations lists all locations by name.
func (a *Archive) Locations(ctx context.Context) ([]LocationSummary, error) { return nil, errSoon }

// SetRegions replaces the regions of a location; SetClaims its claims.
func (a *Archive) SetRegions(ctx context.Context, slug string, rs []imagery.Region, c Change) error {
	return errSoon
}

func (a *Archive) SetClaims(ctx context.Context, slug string, cs []imagery.Claim, c Change) error {
	return errSoon
}

// Case returns a location with its images in date order, regions and claims, read at one moment.
func (a *Archive) Case(ctx context.Context, slug string) (imagery.Case, error) {
	return imagery.Case{}, errSoon
}

// ImportCase adds a case with its images, which open returns by [imagery.Image].File;
// all of it, or nothing. Each image is at most limit bytes. It returns the slug.
func (a *Archive) ImportCase(ctx context.Context, cs imagery.Case, open func(file string) (io.ReadCloser, error), limit int64, c Change) (slug string, err error) {
	return "", errSoon
}
