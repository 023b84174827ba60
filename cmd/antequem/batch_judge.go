package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/server/views"
)

// folderVersion names how the folder of a judged item is written, beside what
// package assess makes of it.
const folderVersion = "folder.2"

// A judge takes one item of a batch from its file to its folder.
type judge struct {
	limits decode.Limits
	opts   assess.Options // with the processors of one case
	out    string
	resume bool
	sender *sender // to a service that judges instead; nil: this program does
}

// A judged item is what goes into its folder.
type judged struct {
	report  assess.Report
	bundle  assess.Bundle
	page    []byte
	picture image.Image // that the thumbnail is made of; nil if there is none
}

// item judges it, or takes over what was made of it by the same recipe.
func (j judge) item(ctx context.Context, it batch.Item) (batch.Row, bool, error) {
	c, err := readItem(it)
	if err != nil {
		return batch.Row{}, false, err
	}
	base := filepath.Dir(it.Path)
	for i := range c.Images {
		if err := ctx.Err(); err != nil {
			return batch.Row{}, false, err
		}
		if c.Images[i].Digest, err = hashFile(beside(base, c.Images[i].File), j.limits); err != nil {
			return batch.Row{}, false, err
		}
	}
	recipe, err := j.recipe(it, c)
	if err != nil {
		return batch.Row{}, false, err
	}
	dir := filepath.Join(j.out, it.Name)
	if j.resume {
		if row, ok := takeOver(dir, recipe); ok {
			return row.As(it), true, nil
		}
	}
	res, err := j.judged(ctx, it, c)
	if err != nil {
		return batch.Row{}, false, err
	}
	res.bundle[batch.ReportHTML] = res.page
	thumb, err := thumbnail(res.picture)
	if err != nil {
		return batch.Row{}, false, err
	}
	if thumb != nil {
		res.bundle[batch.ThumbJPEG] = thumb
	}
	row := batch.NewRow(it, res.report, recipe, thumb != nil)
	return row, false, keep(dir, recipe, row, res.bundle)
}

// judged has the item judged, here or by a service.
func (j judge) judged(ctx context.Context, it batch.Item, c imagery.Case) (judged, error) {
	load := j.loader(filepath.Dir(it.Path))
	switch {
	case j.sender != nil:
		return j.sender.judged(ctx, it, c, j.limits)
	case it.Kind == batch.KindPair:
		return j.judgePair(ctx, it, c, load)
	}
	return j.judgeCase(ctx, it, c, load)
}

// readItem returns an item as a case: a pair is one of two images, the first of
// which lends its grid.
func readItem(it batch.Item) (imagery.Case, error) {
	if it.Kind == batch.KindCase {
		f, err := casefile.Open(it.Path)
		if err != nil {
			return imagery.Case{}, err
		}
		return f.Case, nil
	}
	before, after, region, err := it.Pair.Images()
	if err != nil {
		return imagery.Case{}, fmt.Errorf("%s: %w", it.Source(), err)
	}
	title := cmp.Or(it.Pair.Name, path.Base(before.File)+" and "+path.Base(after.File))
	c := imagery.Case{
		Title: title, Location: imagery.Location{Name: title, Lat: math.NaN(), Lon: math.NaN(), Position: "unverified"},
		Images: []imagery.Image{before, after}, Reference: before.File,
	}
	if len(region) > 0 {
		c.Regions = []imagery.Region{{Image: before.File, Polygon: region}}
	}
	return c, nil
}

// recipe is the digest of all that bears on an item's folder: the bytes of its
// images, the case, the options and the version of the program, but no date and
// no number of workers.
func (j judge) recipe(it batch.Item, c imagery.Case) (imagery.Digest, error) {
	text, err := casefile.Format(c)
	if err != nil {
		return imagery.Digest{}, fmt.Errorf("%s: %w", it.Source(), err)
	}
	o, version, by := j.opts, assess.Build(), ""
	o.Workers, o.Align.Workers, o.Change.Workers, o.Timeline.Workers = 0, 0, 0, 0
	if j.sender != nil { // whose own options count
		o, version, by = assess.Options{}, j.sender.version, j.sender.String()
	}
	data, err := json.Marshal(struct {
		Kind, Name, File, Case string
		Options                assess.Options
		Version                string
		By                     string `json:",omitempty"`
	}{string(it.Kind), it.Name, filepath.Base(it.Path), string(text), o, version + "+" + folderVersion, by})
	return imagery.DigestOf(data), err
}

// hashFile returns the digest of a picture without keeping its bytes.
func hashFile(name string, lim decode.Limits) (imagery.Digest, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return imagery.Digest{}, fmt.Errorf("%s: no such file: %w", name, imagery.ErrNotFound)
	}
	if err != nil {
		return imagery.Digest{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(f, lim.MaxBytes+1))
	if err != nil {
		return imagery.Digest{}, err
	}
	if n > lim.MaxBytes {
		return imagery.Digest{}, fmt.Errorf("%s: more than the %d bytes of limits.max_bytes: %w", name, lim.MaxBytes, imagery.ErrTooLarge)
	}
	return imagery.Digest(h.Sum(nil)), nil
}

// loader loads the pictures of an item, and refuses one whose bytes are no longer
// those that its recipe names.
func (j judge) loader(dir string) assess.Loader {
	return func(_ context.Context, im imagery.Image) (assess.Picture, error) {
		pic, err := readPicture(beside(dir, im.File), im, j.limits)
		if err == nil && pic.Image.Digest != im.Digest {
			err = fmt.Errorf("%s: the file was changed while it was being judged: %w", im.File, imagery.ErrCorrupt)
		}
		return pic, err
	}
}

func (j judge) judgeCase(ctx context.Context, it batch.Item, c imagery.Case, load assess.Loader) (judged, error) {
	if _, _, err := openCase(it.Path, j.limits); err != nil {
		return judged{}, err
	}
	res, err := assess.Case(ctx, c, load, j.opts, nil)
	if err != nil {
		return judged{}, fmt.Errorf("%s: %w", it.Source(), err)
	}
	b, err := res.Bundle(ctx, load)
	if err != nil {
		return judged{}, fmt.Errorf("%s: %w", it.Source(), err)
	}
	html, err := views.Report(c, res.Report, b, caseCommand(it))
	return judged{res.Report, b, html, res.Filmstrip()}, err
}

func (j judge) judgePair(ctx context.Context, it batch.Item, c imagery.Case, load assess.Loader) (judged, error) {
	var pics [2]assess.Picture
	for i, im := range c.Images {
		pic, err := load(ctx, im)
		if err != nil {
			return judged{}, fmt.Errorf("%s: %w", it.Source(), err)
		}
		pics[i] = pic
	}
	var region []imagery.Point
	if len(c.Regions) > 0 {
		region = c.Regions[0].Polygon
	}
	res, err := assess.Pair(ctx, pics[0], pics[1], region, j.opts, nil)
	if err != nil {
		return judged{}, fmt.Errorf("%s: %w", it.Source(), err)
	}
	b, err := res.Bundle(ctx)
	if err != nil {
		return judged{}, fmt.Errorf("%s: %w", it.Source(), err)
	}
	rep := pairAsCase(c, res.Report())
	html, err := pairPage(c, rep, b, pairCommand(it))
	return judged{rep, b, html, res.Overview()}, err
}

// caseCommand judges a case again by hand.
func caseCommand(it batch.Item) string {
	return "antequem judge " + filepath.Base(it.Path) + " --out " + it.Name
}

// pairCommand makes a pair again by hand.
func pairCommand(it batch.Item) string {
	words := []string{"antequem compare", quoted(it.Pair.Before), quoted(it.Pair.After)}
	if it.Pair.Region != "" {
		words = append(words, "--region", quoted(it.Pair.Region))
	}
	return strings.Join(append(words, "--out", it.Name), " ")
}

// quoted is a word of a shell's command line.
func quoted(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
