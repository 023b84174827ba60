package archive

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/antequem/antequem/imagery"
)

// A shelf is one result's folder.
type shelf struct {
	dir    string
	digest imagery.Digest // of the recipe
	bytes  int64
	used   time.Time
}

func (a *Archive) shelves() ([]shelf, error) {
	names, err := fs.Glob(os.DirFS(filepath.Join(a.dir, resultsDir)), "??/*")
	if err != nil {
		return nil, err
	}
	var out []shelf
	for _, name := range names {
		d, err := imagery.ParseDigest(path.Base(name))
		if err != nil {
			continue
		}
		dir := a.resultPath(d)
		info, err := os.Stat(dir)
		if err != nil {
			continue // dropped meanwhile
		}
		out = append(out, shelf{dir: dir, digest: d, used: info.ModTime(), bytes: bytesIn(dir)})
	}
	return out, nil
}

// bytesIn adds up the files under dir; what is dropped meanwhile counts nothing.
func bytesIn(dir string) (n int64) {
	filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil
		}
		if info, err := e.Info(); err == nil {
			n += info.Size()
		}
		return nil
	})
	return n
}

// Prune drops the results that were unused for longest until the rest takes at most
// keep bytes, and says how many bytes it freed.
func (a *Archive) Prune(ctx context.Context, keep int64) (freed int64, err error) {
	shelves, err := a.shelves()
	if err != nil {
		return 0, fmt.Errorf("archive: prune: %w", err)
	}
	var total int64
	for _, s := range shelves {
		total += s.bytes
	}
	slices.SortFunc(shelves, func(a, b shelf) int { return a.used.Compare(b.used) })
	for _, s := range shelves {
		if total <= keep {
			break
		}
		if err := ctx.Err(); err != nil {
			return freed, err
		}
		if err := os.RemoveAll(s.dir); err != nil {
			return freed, fmt.Errorf("archive: prune: %w", err)
		}
		total -= s.bytes
		freed += s.bytes
	}
	a.results.Store(total)
	return freed, nil
}

// keepWithin counts files just put and prunes to nine tenths of the limit once it is passed.
func (a *Archive) keepWithin(ctx context.Context, files map[string][]byte) error {
	if a.opts.MaxResults <= 0 {
		return nil
	}
	if a.results.Load() < 0 {
		shelves, err := a.shelves()
		if err != nil {
			return err
		}
		var total int64
		for _, s := range shelves {
			total += s.bytes
		}
		a.results.Store(total)
	} else {
		for _, b := range files {
			a.results.Add(int64(len(b)))
		}
	}
	if a.results.Load() <= a.opts.MaxResults {
		return nil
	}
	_, err := a.Prune(ctx, a.opts.MaxResults/10*9)
	return err
}

// dropResultsOf drops every result that was made from one of the originals.
func (a *Archive) dropResultsOf(originals []imagery.Digest) error {
	if len(originals) == 0 {
		return nil
	}
	shelves, err := a.shelves()
	if err != nil {
		return err
	}
	for _, s := range shelves {
		r, err := readResult(s.dir, s.digest)
		if err == nil && !slices.ContainsFunc(r.Recipe.Inputs, func(d imagery.Digest) bool { return slices.Contains(originals, d) }) {
			continue
		}
		if err := os.RemoveAll(s.dir); err != nil {
			return err
		}
	}
	a.results.Store(-1)
	return nil
}
