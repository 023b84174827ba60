package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/spf13/cobra"
)

func newAlign() *cobra.Command {
	var out, points, ties, report string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "align REFERENCE MOVING",
		Short: "Lay one picture over another",
		Long: `Finds the map from the reference picture's pixels to the moving picture's, says how
well it fits, and writes the moving picture resampled onto the reference grid.
Pixel (0, 0) is the centre of the top left pixel. With exit status 3 the pictures
could not be aligned, and the reason is given.`,
		Example: `  antequem align before.png after.png --out aligned.png
  antequem align before.png after.png --points corners.csv --json
  antequem align before.png after.png --ties clicked.csv --report fit`,
		Args: exactly(2, "a reference and a moving picture"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			pts, err := readPoints(points)
			if err != nil {
				return err
			}
			tied, err := readTies(ties)
			if err != nil {
				return err
			}
			ref, mov, err := readPictures(args[0], args[1], s.limits())
			if err != nil {
				return err
			}
			if err := tie(ref, &mov, ties, tied); err != nil {
				return err
			}
			al, err := assess.Align(cmd.Context(), ref, mov, s.assess())
			if err != nil {
				return err
			}
			rep := assess.ReportTied(al, pts, mov.Image.TiePoints)
			switch {
			case asJSON:
				err = printJSON(cmd.OutOrStdout(), rep)
			case al.Aligned:
				err = printAlignment(cmd.OutOrStdout(), rep, pts)
			}
			if err != nil {
				return err
			}
			if !al.Aligned {
				return notAligned(al, args, asJSON)
			}
			if out != "" {
				png, err := assess.AlignedPNG(cmd.Context(), ref, mov, al, s.assess())
				if err != nil {
					return err
				}
				if err := writeWhole(out, png); err != nil {
					return err
				}
			}
			if report == "" {
				return nil
			}
			b, err := assess.AlignmentBundle(cmd.Context(), ref, mov, al, s.assess())
			if err != nil {
				return err
			}
			return writeBundle(report, b)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write the moving picture on the reference grid here, as PNG")
	cmd.Flags().StringVar(&points, "points", "", "map these reference positions, one `x,y` a line of this file, into the moving picture")
	cmd.Flags().StringVar(&ties, "ties", "", "begin from your own tie points, three or more lines `reference_x,reference_y,moving_x,moving_y` of this file; the pictures sharpen them, or they decide where the pictures can't")
	cmd.Flags().StringVar(&report, "report", "", "write pictures that show how well it fits to this folder")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document on standard output")
	return cmd
}

// notAligned is the error of a finished call whose pictures could not be aligned.
func notAligned(al compare.Alignment, files []string, said bool) error {
	if said {
		return quietError{&compare.AlignmentError{Reason: al.Reason, TiePoints: len(al.TiePoints), RMSE: al.RMSE}}
	}
	return fmt.Errorf("%s over %s: %w (%s): %s", files[1], files[0], imagery.ErrNotAligned, al.Reason, assess.Explain(al.Reason))
}

// pointColumns are the columns of a file of positions.
var pointColumns = []string{"x", "y"}

// readPoints reads positions in the reference; no file, no points.
func readPoints(path string) ([]imagery.Point, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	pts, err := parsePoints(f)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", path, err)
	}
	return pts, nil
}

// parsePoints reads lines of x,y, with or without a header. An error begins with the line
// that it is about.
func parsePoints(from io.Reader) ([]imagery.Point, error) {
	pts := []imagery.Point{}
	order, first := []int{0, 1}, true
	for rec, err := range records(from) {
		if err != nil {
			return nil, fmt.Errorf("%w: %w", err, imagery.ErrInvalid)
		}
		if columns := rec.columns(pointColumns); first && columns != nil {
			order, first = columns, false
			continue
		}
		first = false
		if len(rec.fields) <= max(order[0], order[1]) {
			return nil, fmt.Errorf("%d: want x,y in pixels of the reference: %w", rec.line, imagery.ErrInvalid)
		}
		p, err := parsePoint(rec.fields[order[0]], rec.fields[order[1]])
		if err != nil {
			return nil, fmt.Errorf("%d: %w", rec.line, err)
		}
		pts = append(pts, p)
	}
	return pts, nil
}

func parsePoint(xs, ys string) (imagery.Point, error) {
	x, errX := strconv.ParseFloat(strings.TrimSpace(xs), 64)
	y, errY := strconv.ParseFloat(strings.TrimSpace(ys), 64)
	if errX != nil || errY != nil || x-x != 0 || y-y != 0 {
		return imagery.Point{}, fmt.Errorf("position %q, %q: want two numbers, in pixels: %w", xs, ys, imagery.ErrInvalid)
	}
	return imagery.Point{X: x, Y: y}, nil
}

func printAlignment(w io.Writer, r assess.AlignmentReport, pts []imagery.Point) error {
	fmt.Fprintf(w, "aligned by %s\n", mapBy(r.Model))
	for _, row := range r.Matrix {
		fmt.Fprintf(w, "  %14.8f %14.8f %14.6f\n", row[0], row[1], row[2])
	}
	fmt.Fprintf(w, "tie points      %d\n", r.TiePoints)
	fmt.Fprintf(w, "residual RMSE   %s px\n", number(r.RMSE, 3))
	fmt.Fprintf(w, "expected error  %s px\n", number(r.ExpectedError, 3))
	_, err := fmt.Fprintf(w, "overlap         %.0f %%\n", 100*r.Overlap)
	for i, d := range r.Tied {
		fmt.Fprintf(w, "your tie point  %d is %s px off\n", i+1, strconv.FormatFloat(d, 'f', 2, 64))
	}
	for i, p := range r.Points {
		fmt.Fprintf(w, "%g,%g -> %s,%s\n", pts[i].X, pts[i].Y, number(p[0], 3), number(p[1], 3))
	}
	return err
}

// number writes v with so many decimals, or an en dash where there is none.
func number(v *float64, decimals int) string {
	if v == nil {
		return "–"
	}
	return strconv.FormatFloat(*v, 'f', decimals, 64)
}
