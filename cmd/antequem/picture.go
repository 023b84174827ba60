package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"golang.org/x/sync/errgroup"
)

// readFile reads a picture's bytes, within the limit, with errors that say what to do.
func readFile(path string, lim decode.Limits) ([]byte, error) {
	st, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: no such file: %w", path, imagery.ErrNotFound)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	case st.IsDir():
		return nil, fmt.Errorf("%s: a folder, want a picture: %w", path, imagery.ErrInvalid)
	case st.Size() > lim.MaxBytes:
		return nil, fmt.Errorf("%s: %d bytes, more than the %d of limits.max_bytes: %w", path, st.Size(), lim.MaxBytes, imagery.ErrTooLarge)
	case st.Mode().IsRegular():
		return os.ReadFile(path)
	}
	return readPipe(path, lim)
}

// readPipe reads what tells no size, as far as the limit.
func readPipe(path string, lim decode.Limits) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, lim.MaxBytes+1))
	if err == nil && int64(len(data)) > lim.MaxBytes {
		err = fmt.Errorf("%s: more than the %d bytes of limits.max_bytes: %w", path, lim.MaxBytes, imagery.ErrTooLarge)
	}
	return data, err
}

// readPicture decodes the file at path as the picture of im.
func readPicture(path string, im imagery.Image, lim decode.Limits) (assess.Picture, error) {
	data, err := readFile(path, lim)
	if err != nil {
		return assess.Picture{}, err
	}
	pic, err := decode.Decode(data, lim)
	if err != nil {
		return assess.Picture{}, fmt.Errorf("%s: %w", path, err)
	}
	if _, own := pic.Georeference(); !own {
		if g, _, ok := placeBeside(path); ok {
			pic.Place(g)
		}
	}
	im.Digest = imagery.DigestOf(data)
	if im.File == "" {
		im.File = filepath.Base(path)
	}
	return assess.FromFile(im, pic), nil
}

// readPictures decodes two files at the same time.
func readPictures(a, b string, lim decode.Limits) (x, y assess.Picture, err error) {
	var g errgroup.Group
	g.Go(func() (err error) {
		x, err = readPicture(a, imagery.Image{}, lim)
		return err
	})
	y, err = readPicture(b, imagery.Image{}, lim)
	return x, y, cmp.Or(g.Wait(), err)
}

// beside returns the path of a file named in a case or table that lies in dir.
func beside(dir, file string) string {
	file = filepath.FromSlash(file)
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(dir, file)
}

// folderLoader loads the images of a case from the folder of its case file.
func folderLoader(dir string, lim decode.Limits) assess.Loader {
	return func(_ context.Context, im imagery.Image) (assess.Picture, error) {
		return readPicture(beside(dir, im.File), im, lim)
	}
}
