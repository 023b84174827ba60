package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/antequem/antequem/compare/assess"
)

// writeBundle writes the files of b below dir, which is made where it is
// missing. Each file appears whole or not at all.
func writeBundle(dir string, b assess.Bundle) error {
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("write %s: the name %q leads out of it", dir, name)
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write %s: %w", dir, err)
		}
		if err := writeWhole(path, b[name]); err != nil {
			return err
		}
	}
	return nil
}

// writeWhole writes a file by way of a temporary one beside it.
func writeWhole(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".antequem-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err2 := tmp.Close(); err == nil {
		err = err2
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
