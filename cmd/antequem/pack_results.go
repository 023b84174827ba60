package main

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/server/views"
	"github.com/antequem/antequem/server/workshop"
)

const (
	resultsFolder = "results/" // of a pack: what was measured, below the payload
	reportHTML    = "report.html"
)

// made names the versions that results say they were made by. What the versions
// before and after make alike is then the same bytes; "" is this program's own.
type made struct{ report, recipe string }

// judgedResults judges c and returns the results of its pack by name: recipe.json,
// report.json, report.html and the pictures, without those that show what is hidden.
// A pack and whoever verifies it come here alike.
func judgedResults(ctx context.Context, c imagery.Case, load assess.Loader, o assess.Options, hidden func(imagery.Image) bool, by made, p assess.Progress) (map[string][]byte, error) {
	recipe, err := workshop.CaseRecipe(c, o)
	if err != nil {
		return nil, err
	}
	recipe.Version = cmp.Or(by.recipe, recipe.Version)
	canonical, err := recipe.Canonical()
	if err != nil {
		return nil, err
	}
	res, err := assess.Case(ctx, c, load, o, p)
	if err != nil {
		return nil, err
	}
	res.Report.Version = cmp.Or(by.report, res.Report.Version)
	b, err := res.Bundle(ctx, load)
	if err != nil {
		return nil, err
	}
	keepBack(b, c, hidden)
	if b[reportHTML], err = views.Report(c, res.Report, b, "antequem judge case/case.yaml --out results"); err != nil {
		return nil, err
	}
	b[recipeJSON] = canonical
	out := map[string][]byte{}
	for name, data := range b {
		out[resultsFolder+name] = data
	}
	return out, nil
}

// keepBack takes out of a bundle the pictures that show a hidden image: its own, and
// every one in which images stand side by side.
func keepBack(b assess.Bundle, c imagery.Case, hidden func(imagery.Image) bool) {
	shown := map[string]bool{}
	for _, im := range c.Images {
		if !hidden(im) {
			shown[assess.AlignedFolder+im.Digest.Short()+".png"] = true
		}
	}
	if !slices.ContainsFunc(c.Images, hidden) {
		return
	}
	for name := range b {
		if ext := path.Ext(name); ext != ".svg" && ext != ".json" && !shown[name] {
			delete(b, name)
		}
	}
}

// originalLoader loads the images of a case by their digests.
func originalLoader(read func(context.Context, imagery.Digest) ([]byte, error), lim decode.Limits) assess.Loader {
	return func(ctx context.Context, im imagery.Image) (assess.Picture, error) {
		data, err := read(ctx, im.Digest)
		if err != nil {
			return assess.Picture{}, fmt.Errorf("%s: %w", im.File, err)
		}
		pic, err := decode.Decode(data, lim)
		if err != nil {
			return assess.Picture{}, fmt.Errorf("%s: %w", im.File, err)
		}
		return assess.FromFile(im, pic), nil
	}
}
