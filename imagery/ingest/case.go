package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// Case takes in a whole case, all of it or nothing, and returns its slug. open
// returns a file by [imagery.Image].File. Every file is read to its end before
// anything is recorded.
func (g *Ingester) Case(ctx context.Context, c imagery.Case, open func(file string) (io.ReadCloser, error), by archive.Change) (slug string, err error) {
	facts := map[imagery.Digest]archive.Facts{}
	c.Images = slices.Clone(c.Images)
	for i, im := range c.Images {
		d, f, err := g.examine(ctx, im, open)
		if err != nil {
			return "", fmt.Errorf("ingest %s: %w", im.File, err)
		}
		c.Images[i].Digest = d // so that the archive takes the bytes that were examined, or none
		facts[d] = f
	}
	slug, err = g.archive.ImportCase(ctx, c, open, g.maxBytes(), by)
	if err != nil {
		return "", err
	}
	for d, f := range facts {
		if err := g.archive.SetFacts(ctx, d, f); err != nil {
			return slug, err
		}
	}
	return slug, nil
}

func (g *Ingester) examine(ctx context.Context, im imagery.Image, open func(file string) (io.ReadCloser, error)) (imagery.Digest, archive.Facts, error) {
	r, err := open(im.File)
	if err != nil {
		return imagery.Digest{}, archive.Facts{}, err
	}
	s, err := g.archive.Stage(ctx, r, g.maxBytes())
	if err = errors.Join(err, r.Close()); err != nil {
		return imagery.Digest{}, archive.Facts{}, err
	}
	defer s.Discard()
	if !im.Digest.IsZero() && im.Digest != s.Digest {
		return imagery.Digest{}, archive.Facts{}, fmt.Errorf("its SHA-256 is %s, the case says %s: %w", s.Digest.Short(), im.Digest.Short(), imagery.ErrCorrupt)
	}
	seen, err := g.look(ctx, s)
	return s.Digest, seen.facts, err
}
