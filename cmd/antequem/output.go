package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
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

// writeWhole writes a file by way of a temporary one beside it, which errors don't name.
func writeWhole(path string, data []byte) error {
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		return fmt.Errorf("write %s: it is a folder, want the name of a file: %w", path, imagery.ErrInvalid)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".antequem-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, causeOf(err))
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
		return fmt.Errorf("write %s: %w", path, causeOf(err))
	}
	return nil
}

// causeOf is what went wrong with a file, without the operation and the file's name.
func causeOf(err error) error {
	var one *fs.PathError
	var two *os.LinkError
	switch {
	case errors.As(err, &one):
		return one.Err
	case errors.As(err, &two):
		return two.Err
	}
	return err
}
