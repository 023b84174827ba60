package batch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/casefile"
	"go.yaml.in/yaml/v3"
)

// Find returns what the arguments name, in their order: a case file, a table of
// pairs (.csv, .tsv), or a folder with cases in it, however deep. Patterns that
// no shell has opened are opened here. Nothing below the folder leave is looked
// at: it is where the results go.
func Find(args []string, leave string) ([]Item, error) {
	f := finder{leave: absolute(leave), seen: map[string]bool{}}
	for _, arg := range args {
		paths, err := opened(arg)
		if err != nil {
			return nil, err
		}
		for _, p := range paths {
			if err := f.add(p); err != nil {
				return nil, err
			}
		}
	}
	if err := name(f.items); err != nil {
		return nil, err
	}
	return f.items, nil
}

// opened returns the paths that arg stands for, at least one.
func opened(arg string) ([]string, error) {
	_, err := os.Stat(arg)
	if !errors.Is(err, fs.ErrNotExist) {
		return []string{arg}, err
	}
	if strings.ContainsAny(arg, "*?[") {
		if m, err := filepath.Glob(arg); err == nil && len(m) > 0 {
			return m, nil
		}
	}
	return nil, fmt.Errorf("%s: no such file or folder: %w", arg, imagery.ErrNotFound)
}

type finder struct {
	leave string
	seen  map[string]bool // absolute paths
	items []Item
}

func (f *finder) add(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return f.addFolder(path)
	case isTable(path):
		return f.addTable(path)
	}
	f.addCase(path)
	return nil
}

func (f *finder) addCase(path string) {
	if abs := absolute(path); !f.seen[abs] {
		f.seen[abs] = true
		f.items = append(f.items, Item{Kind: KindCase, Path: filepath.ToSlash(path)})
	}
}

func (f *finder) addTable(path string) error {
	if f.seen[absolute(path)] {
		return nil
	}
	f.seen[absolute(path)] = true
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	pairs, err := ReadPairs(path, data)
	for _, p := range pairs {
		f.items = append(f.items, Item{Kind: KindPair, Path: filepath.ToSlash(path), Pair: p})
	}
	return err
}

// addFolder adds the cases below dir. Other YAML files are passed over; one that
// can't be read is taken for a case, so that it is named rather than lost.
func (f *finder) addFolder(dir string) error {
	before := len(f.items)
	root := dir + string(filepath.Separator) // so that a link to a folder is followed
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || absolute(path) == f.leave):
			return filepath.SkipDir
		case !d.IsDir() && isYAML(path) && looksLikeCase(path):
			f.addCase(path)
		}
		return nil
	})
	if err == nil && len(f.items) == before && !f.under(dir) {
		err = fmt.Errorf("%s: there is no case in it; 'antequem new %s' begins one from pictures: %w", dir, dir, imagery.ErrNotFound)
	}
	return err
}

// under says whether something below dir was found by an earlier argument.
func (f *finder) under(dir string) bool {
	prefix := absolute(dir) + string(filepath.Separator)
	for p := range f.seen {
		if strings.HasPrefix(p, prefix) {
			return true
		}
	}
	return false
}

func isTable(path string) bool {
	return slices.Contains([]string{".csv", ".tsv"}, strings.ToLower(filepath.Ext(path)))
}

func isYAML(path string) bool {
	return slices.Contains([]string{".yaml", ".yml"}, strings.ToLower(filepath.Ext(path)))
}

// looksLikeCase says whether a YAML file has a key of a case at its top.
func looksLikeCase(path string) bool {
	info, err := os.Stat(path)
	if err != nil || info.Size() > casefile.MaxBytes {
		return err == nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return true
	}
	var top map[string]yaml.Node
	if yaml.Unmarshal(data, &top) != nil {
		return true
	}
	for _, key := range []string{"title", "images", "region", "regions", "claims"} {
		if _, ok := top[key]; ok {
			return true
		}
	}
	return false
}

func absolute(path string) string {
	if path == "" {
		return ""
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	return abs
}
