package main

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/spf13/cobra"
)

// cropOptions are the flags of crop.
type cropOptions struct {
	out, window string
	maxPixels   int64
}

func newCrop() *cobra.Command {
	var o cropOptions
	cmd := &cobra.Command{
		Use:   "crop FILE --out PART.tif",
		Short: "Cut a window out of a picture, or make a small copy, however large it is",
		Long: `Reads the strips or tiles that the window touches, or the overview that is fine
enough, so that a picture far larger than memory can be looked at and cut. A .tif keeps
the samples, their numbers, the georeference and what the seller says of the scene; a
.png is a view for people, of which a picture of more than 8 bits says how its numbers
were stretched. Where a world file and a .prj, or GDAL's .aux.xml, lie beside a picture,
the .tif takes its place from them. The part is another file than the original: name the original as its
source in a case.`,
		Example: `  antequem crop scene.tif --max-pixels 1000000 --out overview.png
  antequem crop scene.tif --window 8000,12000,2048,2048 --out part.tif`,
		Args: exactly(1, "a picture file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			win, err := o.validate()
			if err != nil {
				return usage(err)
			}
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			said, err := crop(args[0], win, o, s.limits())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), said)
			return err
		},
	}
	cmd.Flags().StringVar(&o.out, "out", "", "write the part to this `FILE`, .tif or .png")
	cmd.Flags().StringVar(&o.window, "window", "", "cut out `X,Y,WIDTH,HEIGHT`, upright pixels from the top left one (default: all of it)")
	cmd.Flags().Int64Var(&o.maxPixels, "max-pixels", 0, "reduce the part to at most `N` pixels (default: no reduction)")
	return cmd
}

// validate reads the flags; the zero Window is the whole picture.
func (o cropOptions) validate() (w decode.Window, err error) {
	if ext := strings.ToLower(filepath.Ext(o.out)); ext != ".tif" && ext != ".tiff" && ext != ".png" {
		return w, errors.New("want the file to write: --out PART.tif or --out PART.png")
	}
	if o.maxPixels < 0 {
		return w, fmt.Errorf("--max-pixels %d: want 1 or more", o.maxPixels)
	}
	if o.window == "" {
		return w, nil
	}
	parts := strings.Split(o.window, ",")
	if len(parts) != 4 {
		return w, fmt.Errorf("--window %q: want X,Y,WIDTH,HEIGHT", o.window)
	}
	for i, to := range []*int{&w.X, &w.Y, &w.W, &w.H} {
		if *to, err = strconv.Atoi(strings.TrimSpace(parts[i])); err != nil || *to < 0 || i > 1 && *to == 0 {
			return w, fmt.Errorf("--window %q: want X,Y,WIDTH,HEIGHT, four whole numbers", o.window)
		}
	}
	return w, nil
}

// crop writes a part of the picture at path and says what it is.
func crop(path string, win decode.Window, o cropOptions, lim decode.Limits) (string, error) {
	f, err := openPicture(path, lim)
	if err != nil {
		return "", err
	}
	defer f.Close()
	part, err := f.Window(win, o.maxPixels)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	var out bytes.Buffer
	said := fmt.Sprintf("%s: %d × %d px from %d × %d px at %d, %d of %s (%s)", o.out,
		part.Picture.Width, part.Picture.Height, part.Window.W, part.Window.H, part.Window.X, part.Window.Y, filepath.Base(path), part.Source)
	if strings.EqualFold(filepath.Ext(o.out), ".png") {
		st, err := stretchOf(f, part)
		if err != nil {
			return "", fmt.Errorf("%s: %w", path, err)
		}
		if err := png.Encode(&out, part.Picture.Shown(st)); err != nil {
			return "", err
		}
		if part.Picture.View != "" {
			said += "; " + part.Picture.View
		}
	} else if err := part.WriteTIFF(&out, about(part)); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	if same, err := sameFile(path, o.out); err != nil || same {
		return "", errors.Join(err, fmt.Errorf("--out %s is the picture itself: %w", o.out, imagery.ErrInvalid))
	}
	return said, writeWhole(o.out, out.Bytes())
}

// stretchOf returns the range that shows a part as the whole picture is shown.
func stretchOf(f openedPicture, part *decode.Part) (decode.Stretch, error) {
	if part.Window.W == f.Width && part.Window.H == f.Height {
		return part.Stretch(), nil
	}
	return f.Stretch()
}

// about describes a part in words that name no file and nobody.
func about(p *decode.Part) string {
	return fmt.Sprintf("%d x %d px at %d, %d of a larger picture, a pixel for every %.4g x %.4g", p.Window.W, p.Window.H, p.Window.X, p.Window.Y, p.StepX, p.StepY)
}
