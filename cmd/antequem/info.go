package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/spf13/cobra"
)

func newInfo() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "info FILE",
		Short:   "Say what a picture file is and what it says of itself",
		Example: `  antequem info photo.jpg`,
		Args:    exactly(1, "a picture file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			f, err := openPicture(args[0], s.limits())
			if err != nil {
				return err
			}
			defer f.Close()
			info, err := f.Info()
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if f.warning != "" {
				info.Warnings = append(info.Warnings, f.warning)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), info)
			}
			return printInfo(cmd.OutOrStdout(), info)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document on standard output")
	return cmd
}

// An openedPicture is a picture on the disk of which parts can be read.
type openedPicture struct {
	*decode.File
	disk    *os.File
	warning string // about the files beside it
}

func (p openedPicture) Close() error { return p.disk.Close() }

// openPicture opens a picture file with errors that say what to do.
func openPicture(path string, lim decode.Limits) (p openedPicture, err error) {
	st, err := os.Stat(path) // before it is opened: a pipe without a writer would wait for one
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("no such file: %w", imagery.ErrNotFound)
	case err != nil:
	case st.IsDir():
		err = fmt.Errorf("a folder, want a picture: %w", imagery.ErrInvalid)
	case !st.Mode().IsRegular():
		err = fmt.Errorf("no ordinary file: %w", imagery.ErrInvalid)
	default:
		p.disk, err = os.Open(path)
	}
	if err != nil {
		return p, fmt.Errorf("%s: %w", path, err)
	}
	if p.File, err = decode.Open(p.disk, st.Size(), lim); err != nil {
		return p, errors.Join(fmt.Errorf("%s: %w", path, err), p.disk.Close())
	}
	if _, own := p.Georeference(); !own {
		g, warning, ok := placeBeside(path)
		if p.warning = warning; ok {
			p.Place(g)
		}
	}
	return p, nil
}

// sameFile says that both names lead to one file.
func sameFile(a, b string) (bool, error) {
	x, err := os.Stat(a)
	if err != nil {
		return false, err
	}
	y, err := os.Stat(b)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(x, y), err
}
