package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"golang.org/x/image/draw"
)

// recipeJSON marks a folder as made here, and says by which recipe.
const recipeJSON = "recipe.json"

// A kept is recipe.json: what a folder holds and what it was made from. It is
// written before the first file, so that no file is ever there without it, and
// again after the last.
type kept struct {
	Finished bool             `json:"finished"`
	Recipe   imagery.Digest   `json:"recipe"`
	Row      *batch.Row       `json:"row,omitempty"`
	Files    map[string]int64 `json:"files"` // name → bytes
}

// takeOver returns the row of a folder that was finished by that recipe, with
// every file still there at its length.
func takeOver(dir string, recipe imagery.Digest) (batch.Row, bool) {
	k, err := readKept(dir)
	if err != nil || !k.Finished || k.Recipe != recipe || k.Row == nil {
		return batch.Row{}, false
	}
	for name, size := range k.Files {
		st, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil || st.Size() != size {
			return batch.Row{}, false
		}
	}
	return *k.Row, true
}

func readKept(dir string) (kept, error) {
	data, err := os.ReadFile(filepath.Join(dir, recipeJSON))
	if err != nil {
		return kept{}, err
	}
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return kept{}, fmt.Errorf("%s: %w: %w", filepath.Join(dir, recipeJSON), imagery.ErrCorrupt, err)
	}
	return k, nil
}

// keep writes the bundle below dir and takes away what an earlier recipe left
// there. It touches no folder that it hasn't made: pictures may lie in it.
func keep(dir string, recipe imagery.Digest, row batch.Row, b assess.Bundle) error {
	old, err := ours(dir)
	if err != nil {
		return err
	}
	k := kept{Recipe: recipe, Row: &row, Files: map[string]int64{}}
	for name, data := range b {
		k.Files[name] = int64(len(data))
	}
	begun := kept{Files: maps.Clone(k.Files)}
	maps.Copy(begun.Files, old.Files)
	if err := writeKept(dir, begun); err != nil {
		return err
	}
	for name := range old.Files {
		if _, still := b[name]; !still && filepath.IsLocal(filepath.FromSlash(name)) {
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	if err := writeBundle(dir, b); err != nil {
		return err
	}
	k.Finished = true
	return writeKept(dir, k)
}

// ours says what dir holds of an earlier run, and refuses a folder of other files.
func ours(dir string) (kept, error) {
	k, err := readKept(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return kept{}, err
	}
	if len(entries) > 0 {
		return kept{}, fmt.Errorf("%s: the folder holds other files, which are left alone; choose another --out: %w", dir, imagery.ErrInvalid)
	}
	return kept{}, nil
}

func writeKept(dir string, k kept) error {
	data, err := assess.JSON(k)
	if err != nil {
		return err
	}
	return writeBundle(dir, assess.Bundle{recipeJSON: data})
}

// thumbnail draws a picture no larger than 320 × 200 px, as JPEG; nil of none.
func thumbnail(src image.Image) ([]byte, error) {
	if src == nil {
		return nil, nil
	}
	size := src.Bounds().Size()
	f := min(320/float64(size.X), 200/float64(size.Y), 1)
	dst := image.NewRGBA(image.Rect(0, 0, max(1, int(f*float64(size.X))), max(1, int(f*float64(size.Y)))))
	draw.Draw(dst, dst.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(dst, dst.Rect, src, src.Bounds(), draw.Over, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, dst, &jpeg.Options{Quality: 80}); err != nil {
		return nil, fmt.Errorf("thumbnail: %w", err)
	}
	return out.Bytes(), nil
}
