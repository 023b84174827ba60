package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"github.com/antequem/antequem/imagery"
)

// Case returns a location with its images in date order, regions and claims, all as
// they are at one moment.
func (a *Archive) Case(ctx context.Context, slug string) (c imagery.Case, err error) {
	err = a.read(ctx, func(tx *sql.Tx) (err error) {
		c, err = caseOf(ctx, tx, slug)
		return err
	})
	if err != nil {
		return imagery.Case{}, fmt.Errorf("archive: case: %w", err)
	}
	return c, nil
}

func caseOf(ctx context.Context, tx *sql.Tx, slug string) (c imagery.Case, err error) {
	var h Heading
	if c.Location, h, err = location(ctx, tx, slug); err != nil {
		return c, err
	}
	c.Title, c.Summary, c.Reference, c.LookFor = h.Title, h.Summary, h.Reference, h.LookFor
	if c.Title == "" {
		c.Title = c.Location.Name
	}
	recs, err := images(ctx, tx, slug)
	if err != nil {
		return c, err
	}
	for _, r := range recs {
		c.Images = append(c.Images, r.Image)
	}
	if c.Regions, err = regions(ctx, tx, slug); err != nil {
		return c, err
	}
	c.Claims, err = claims(ctx, tx, slug)
	return c, err
}

// ImportCase adds a case with the files of its images, all of it or nothing, and
// returns its slug. open returns a file by [imagery.Image].File; each is at most limit
// bytes, and what its Digest says where the case gives one.
func (a *Archive) ImportCase(ctx context.Context, cs imagery.Case, open func(file string) (io.ReadCloser, error), limit int64, c Change) (slug string, err error) {
	if cs.Location.Slug == "" {
		cs.Location.Slug = Slug(cs.Location.Name)
	}
	staged, err := a.stageCase(ctx, cs, open, limit)
	for _, s := range staged {
		defer s.Discard()
	}
	if err == nil {
		err = a.keeping(ctx, staged, func(tx *sql.Tx) error { return a.importCase(ctx, tx, cs, staged, c) })
	}
	if err != nil {
		return "", fmt.Errorf("archive: import %s: %w", cs.Location.Slug, err)
	}
	return cs.Location.Slug, nil
}

// stageCase stages the file of each image, in their order; what it staged is
// returned with an error too.
func (a *Archive) stageCase(ctx context.Context, cs imagery.Case, open func(file string) (io.ReadCloser, error), limit int64) ([]*Staged, error) {
	var staged []*Staged
	for _, im := range cs.Images {
		s, err := a.stageFile(ctx, im.File, open, limit)
		if err != nil {
			return staged, fmt.Errorf("image %s: %w", im.File, err)
		}
		staged = append(staged, s)
		if !im.Digest.IsZero() && im.Digest != s.Digest {
			return staged, fmt.Errorf("image %s: its SHA-256 is %s, the case says %s: %w",
				im.File, s.Digest.Short(), im.Digest.Short(), imagery.ErrCorrupt)
		}
	}
	return staged, nil
}

func (a *Archive) stageFile(ctx context.Context, file string, open func(file string) (io.ReadCloser, error), limit int64) (*Staged, error) {
	r, err := open(file)
	if err != nil {
		return nil, err
	}
	s, err := a.Stage(ctx, r, limit)
	return s, errors.Join(err, r.Close())
}

func (a *Archive) importCase(ctx context.Context, tx *sql.Tx, cs imagery.Case, staged []*Staged, c Change) error {
	slug := cs.Location.Slug
	h := Heading{cs.Title, cs.Summary, cs.Reference, cs.LookFor}
	if err := a.addLocation(ctx, tx, cs.Location, h, c); err != nil {
		return err
	}
	for i, im := range cs.Images {
		im.Digest = staged[i].Digest
		if _, err := a.keep(ctx, tx, staged[i], Facts{}); err != nil {
			return err
		}
		if err := a.insertImage(ctx, tx, slug, im, c); err != nil {
			return err
		}
		if err := a.addReceipt(ctx, tx, slug, im.File, im.Digest, Receipt{OriginalName: im.File, Uploader: c.By}); err != nil {
			return err
		}
	}
	if err := a.setRegions(ctx, tx, slug, cs.Regions, c); err != nil {
		return err
	}
	return a.setClaims(ctx, tx, slug, cs.Claims, c)
}
