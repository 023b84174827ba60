package archive

import (
	"context"
	"encoding/json"

	"github.com/antequem/antequem/imagery"
)

// A Recipe says how a result is made, completely: the same recipe gives the same bytes.
type Recipe struct {
	Kind    string           `json:"kind"`    // "alignment", "judgement" …
	Inputs  []imagery.Digest `json:"inputs"`  // originals it reads, in the order that matters to it
	Options json.RawMessage  `json:"options"` // everything else that bears on it, dates included
	Version string           `json:"version"` // of the program or of the method
}

// Digest returns the SHA-256 of the recipe's canonical JSON: keys sorted, no spaces.
func (r Recipe) Digest() imagery.Digest { return imagery.Digest{} }

// A Result is a set of named files made by one recipe.
type Result struct {
	Recipe Recipe
	Names  []string // sorted
	dir    string
}

// Result returns what is kept of a recipe; [imagery.ErrNotFound] where nothing is.
func (a *Archive) Result(ctx context.Context, recipe imagery.Digest) (Result, error) {
	return Result{}, errSoon
}

// Read returns one file of the result, checked against its digest.
func (r Result) Read(name string) ([]byte, error) { return nil, errSoon }

// PutResult keeps files as the result of a recipe, all or none of them. Where a
// result is kept already it stays and is returned.
func (a *Archive) PutResult(ctx context.Context, r Recipe, files map[string][]byte) (Result, error) {
	return Result{}, errSoon
}

// DropResult forgets the result of a recipe; it can be made again.
func (a *Archive) DropResult(ctx context.Context, recipe imagery.Digest) error { return errSoon }

// Prune drops the results that were not used for longest until the rest takes at
// most keep bytes, and says how many bytes it freed.
func (a *Archive) Prune(ctx context.Context, keep int64) (freed int64, err error) { return 0, errSoon }
