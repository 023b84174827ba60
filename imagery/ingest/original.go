package ingest

import (
	"context"
	"fmt"
	"io"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// Original takes in a picture that a case to come names by want, known to no location
// yet, and says whether its bytes were held before. Bytes that are not what want says,
// and files that are no picture, are refused and nothing of them is kept.
func (g *Ingester) Original(ctx context.Context, want imagery.Digest, r io.Reader) (held bool, err error) {
	stored, err := g.original(ctx, want, r)
	if err != nil {
		return false, fmt.Errorf("ingest original %s: %w", want.Short(), err)
	}
	return stored.Existed, nil
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
	if _, err := g.look(ctx, staged); err != nil {
		return archive.Stored{}, err
	}
	again, err := staged.Open()
	if err != nil {
		return archive.Stored{}, err
	}
	defer again.Close()
	return g.archive.Put(ctx, again, g.maxBytes())
}
