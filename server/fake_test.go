package server_test

import (
	"context"

	"github.com/antequem/antequem/imagery"
)

// empty is an archive that holds nothing.
type empty struct{}

func (empty) Location(context.Context, string) (imagery.Location, error) {
	return imagery.Location{}, imagery.ErrNotFound
}
