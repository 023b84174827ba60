package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/spf13/cobra"
)

func newNew() *cobra.Command {
	var out, title string
	var region polygon
	cmd := &cobra.Command{
		Use:   "new DIR",
		Short: "Begin a case file from a folder of pictures",
		Long: `Writes DIR/case.yaml with every picture in the folder, the oldest first. Dates come
from the files' own metadata and from their names; each is marked REVIEW, with
where it was read, for neither is proof of when the sensor looked: confirm it by
the scene's catalogue entry and delete the mark. A date that only a name or the
making of the file gives is declared as inferred, so a verdict that needs it says so.

No file that is there already is overwritten.`,
		Example: `  make samples && antequem new samples/training --out again.yaml
  antequem new pictures/ --title "The clinic" --region "165,140 255,140 255,200 165,200"`,
		Args: exactly(1, "a folder of pictures"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			out := cmp.Or(out, filepath.Join(args[0], "case.yaml"))
			pics, err := readFolder(args[0], s.limits())
			if err != nil {
				return err
			}
			data, err := newCase(pics, out, args[0], title, region)
			if err != nil {
				return err
			}
			if err := writeNew(out, data); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s; confirm the dates that are marked %s\n", out, counted(len(pics), "image"), reviewMark)
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write the case to `FILE` (default: case.yaml in DIR)")
	cmd.Flags().StringVar(&title, "title", "", "call the case `TEXT` (default: the folder's name)")
	cmd.Flags().Var(&region, "region", `the polygon in question, "x,y x,y x,y" in pixels of the oldest picture`)
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return cmd
}

// A found picture is a file of the folder, and the date that was read for it.
type foundPicture struct {
	name string // of the file
	info decode.Info
	date readDate
}

// taken is when the picture may have been taken, by the date that was read.
func (p foundPicture) taken() edtf.Interval { return p.date.date.Interval() }

// readFolder reads what the pictures in dir say of themselves, the oldest first.
// Equal files count once; what looks like a picture and can't be read is told.
func readFolder(dir string, lim decode.Limits) ([]foundPicture, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(fmt.Errorf("%s: no such folder: %w", dir, imagery.ErrNotFound))
	}
	if err != nil {
		return nil, usage(err)
	}
	var out []foundPicture
	same := map[string]string{}
	for _, e := range entries {
		if !e.Type().IsRegular() || !looksLikePicture(e.Name()) {
			continue
		}
		data, err := readFile(filepath.Join(dir, e.Name()), lim)
		var info decode.Info
		if err == nil {
			info, err = decode.Stat(data, lim)
		}
		switch {
		case err != nil:
			say("left out: %s: %v", e.Name(), err)
			continue
		case same[info.SHA256] != "":
			say("left out: %s is the same file as %s", e.Name(), same[info.SHA256])
			continue
		}
		same[info.SHA256] = e.Name()
		out = append(out, foundPicture{name: e.Name(), info: info, date: dateOf(e.Name(), info)})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: there is no picture in it that can be read: %w", dir, imagery.ErrNotFound)
	}
	slices.SortStableFunc(out, byTaken)
	return out, nil
}

// byTaken puts the older first, and what has no date last.
func byTaken(a, b foundPicture) int {
	ta, tb := a.taken(), b.taken()
	ea, eb := cmp.Or(ta.Earliest, ta.Latest), cmp.Or(tb.Earliest, tb.Latest)
	switch {
	case ea.IsZero() != eb.IsZero():
		if ea.IsZero() {
			return 1
		}
		return -1
	case !ea.Equal(eb):
		return ea.Compare(eb)
	}
	return cmp.Compare(a.name, b.name)
}

func looksLikePicture(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif", ".bmp"}, strings.ToLower(filepath.Ext(name)))
}

// image declares the picture as far as its file tells.
func (p foundPicture) image(file string) imagery.Image {
	im := imagery.Image{
		File: file, Acquired: p.date.date, Basis: p.date.basis, Platform: imagery.PlatformUnknown,
		Sensor: strings.TrimSpace(p.info.Sensor), OffNadir: math.NaN(), SunAz: math.NaN(), SunEl: math.NaN(),
	}
	if p.info.GSD >= 1e-3 && p.info.GSD <= 1e5 {
		im.GSD = p.info.GSD
	}
	if p.date.basis == imagery.BasisInferred {
		im.Notes = "Date read from " + p.date.from + "."
	}
	return im
}

// writeNew writes a file that isn't there yet.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and stays as it is; name another file with --out: %w", path, imagery.ErrInvalid)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
