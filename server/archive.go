package server

import (
	"context"

	"github.com/antequem/antequem/imagery"
)

// An Archive holds the records and the originals.
type Archive interface {
	Location(ctx context.Context, slug string) (imagery.Location, error)
}
