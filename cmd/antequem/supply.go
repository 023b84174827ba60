package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/pack"
	"github.com/spf13/cobra"
)

// A supply holds the files that a pack withholds and the user has: paths by digest.
type supply map[imagery.Digest]string

func withFlag(cmd *cobra.Command, dir *string) {
	cmd.Flags().StringVar(dir, "with", "", "look in this `DIR`, and below it, for images that the pack withholds")
}

// supplyFrom finds withheld files in a folder by what they hold; their names don't matter.
func supplyFrom(ctx context.Context, dir string, withheld []pack.Withheld, lim decode.Limits) (supply, error) {
	found := supply{}
	if dir == "" || len(withheld) == 0 {
		return found, nil
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if err != nil || info.Size() > lim.MaxBytes || !slices.ContainsFunc(withheld, func(w pack.Withheld) bool {
			return w.Size == 0 || w.Size == info.Size()
		}) {
			return err
		}
		d, err := hashFile(path, lim)
		if err == nil && slices.ContainsFunc(withheld, func(w pack.Withheld) bool { return w.Digest == d }) {
			found[d] = path
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for withheld images: %w", err)
	}
	return found, nil
}

// open opens the file of that digest; [imagery.ErrNotFound] where there is none.
func (s supply) open(_ context.Context, d imagery.Digest) (io.ReadCloser, error) {
	path, ok := s[d]
	if !ok {
		return nil, fmt.Errorf("image %s: %w", d.Short(), imagery.ErrNotFound)
	}
	return os.Open(path)
}
