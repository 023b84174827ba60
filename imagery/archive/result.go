package archive

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
)

const (
	recipeFile = "recipe.json"
	sumsFile   = "SHA256SUMS"
)

// A Result is a set of named files made by one recipe. It can be deleted at any
// time, by hand too, and is made again when next asked for.
type Result struct {
	Recipe Recipe
	Digest imagery.Digest // of the recipe
	Names  []string       // sorted; folders in them are parted by forward slashes
	dir    string
	sums   map[string]imagery.Digest
}

// Result returns what is kept of a recipe; [imagery.ErrNotFound] where nothing whole is.
func (a *Archive) Result(ctx context.Context, recipe imagery.Digest) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	r, err := readResult(a.resultPath(recipe), recipe)
	if err != nil {
		return Result{}, fmt.Errorf("archive: result %s: %w: %w", recipe.Short(), imagery.ErrNotFound, err)
	}
	if info, err := os.Stat(r.dir); err == nil && a.now().Sub(info.ModTime()).Abs() > time.Hour {
		os.Chtimes(r.dir, a.now(), a.now()) // last used, for Prune; where it fails, it is pruned earlier
	}
	return r, nil
}

func readResult(dir string, recipe imagery.Digest) (Result, error) {
	r := Result{Digest: recipe, dir: dir, sums: map[string]imagery.Digest{}}
	text, err := os.ReadFile(filepath.Join(dir, sumsFile))
	if err != nil {
		return r, err
	}
	for line := range strings.Lines(string(text)) {
		digits, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		d, err := imagery.ParseDigest(digits)
		if err != nil || !ok {
			return r, fmt.Errorf("%s: %w", sumsFile, imagery.ErrCorrupt)
		}
		if r.sums[name] = d; name != recipeFile {
			r.Names = append(r.Names, name)
		}
	}
	b, err := r.Read(recipeFile)
	if err != nil {
		return r, err
	}
	if imagery.DigestOf(b) != recipe {
		return r, fmt.Errorf("%s is of another recipe: %w", recipeFile, imagery.ErrCorrupt)
	}
	return r, json.Unmarshal(b, &r.Recipe)
}

// Read returns one file of the result, checked against its digest.
func (r Result) Read(name string) ([]byte, error) {
	want, ok := r.sums[name]
	if !ok {
		return nil, fmt.Errorf("archive: result %s has no %q: %w", r.Digest.Short(), name, imagery.ErrNotFound)
	}
	b, err := os.ReadFile(filepath.Join(r.dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("archive: result %s: %s is gone: %w", r.Digest.Short(), name, imagery.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("archive: result %s: %w", r.Digest.Short(), err)
	}
	if imagery.DigestOf(b) != want {
		return nil, fmt.Errorf("archive: result %s: %s is not what was written: %w", r.Digest.Short(), name, imagery.ErrCorrupt)
	}
	return b, nil
}

// Check reads all files of the result.
func (r Result) Check() error {
	for name := range r.sums {
		if _, err := r.Read(name); err != nil {
			return err
		}
	}
	return nil
}

// resultName is what a file of a result may be called: folders are parted by forward slashes.
var resultName = regexp.MustCompile(`^([A-Za-z0-9_][A-Za-z0-9._-]{0,99}/){0,4}[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$`)

// PutResult keeps files as the result of a recipe, all of them or none. A whole
// result that is kept already stays and is returned. The originals that the recipe
// names must be held, and be so still once the files are written.
func (a *Archive) PutResult(ctx context.Context, recipe Recipe, files map[string][]byte) (Result, error) {
	canonical, err := recipe.Canonical()
	if err != nil {
		return Result{}, fmt.Errorf("archive: put result: %w", err)
	}
	d := imagery.DigestOf(canonical)
	if err := errors.Join(a.checkRoom(), a.checkInputs(ctx, recipe)); err != nil {
		return Result{}, fmt.Errorf("archive: put result %s: %w", d.Short(), err)
	}
	if r, err := readResult(a.resultPath(d), d); err == nil && r.Check() == nil {
		return r, nil
	}
	all := map[string][]byte{recipeFile: canonical}
	for name, b := range files {
		if name == recipeFile || name == sumsFile || !resultName.MatchString(name) {
			return Result{}, fmt.Errorf("archive: put result %s: file name %q: want letters, digits, dots, hyphens and five parts at most: %w", d.Short(), name, imagery.ErrInvalid)
		}
		all[name] = b
	}
	if err := a.placeResult(d, all); err != nil {
		return Result{}, fmt.Errorf("archive: put result %s: %w", d.Short(), full(err))
	}
	if err := a.checkInputs(context.WithoutCancel(ctx), recipe); err != nil { // deleted while it was written
		return Result{}, fmt.Errorf("archive: put result %s: %w", d.Short(), errors.Join(err, os.RemoveAll(a.resultPath(d))))
	}
	if err := a.keepWithin(ctx, all); err != nil {
		return Result{}, fmt.Errorf("archive: put result %s: %w", d.Short(), err)
	}
	return a.Result(ctx, d)
}

// placeResult writes a folder and renames it into place, over one that isn't whole.
func (a *Archive) placeResult(d imagery.Digest, files map[string][]byte) error {
	tmp, err := os.MkdirTemp(a.incoming(), "result-*.part")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	var sums bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(tmp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := writeSynced(path, files[name]); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%s  %s\n", imagery.DigestOf(files[name]), name)
	}
	if err := writeSynced(filepath.Join(tmp, sumsFile), sums.Bytes()); err != nil {
		return err
	}
	if err := os.Chtimes(tmp, a.now(), a.now()); err != nil {
		return err
	}
	to := a.resultPath(d)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if err := os.Rename(tmp, to); err == nil {
		return nil
	}
	if r, err := readResult(to, d); err == nil && r.Check() == nil {
		return nil // another process was faster
	}
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.Rename(tmp, to)
}

func (a *Archive) checkInputs(ctx context.Context, recipe Recipe) error {
	return a.read(ctx, func(tx *sql.Tx) error {
		for _, d := range recipe.Inputs {
			if _, err := sizeOf(ctx, tx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// Results lists the results that are kept whole enough to be read, by recipe. They
// can be dropped, made again and compared.
func (a *Archive) Results(ctx context.Context) ([]Result, error) {
	shelves, err := a.shelves()
	if err != nil {
		return nil, fmt.Errorf("archive: results: %w", err)
	}
	var out []Result
	for _, s := range shelves {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if r, err := readResult(s.dir, s.digest); err == nil {
			out = append(out, r)
		}
	}
	return out, nil
}

// DropResult forgets the result of a recipe; it can be made again.
func (a *Archive) DropResult(ctx context.Context, recipe imagery.Digest) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := os.RemoveAll(a.resultPath(recipe)); err != nil {
		return fmt.Errorf("archive: drop result %s: %w", recipe.Short(), err)
	}
	a.results.Store(-1)
	return nil
}
