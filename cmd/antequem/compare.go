package main

import (
	"fmt"
	"strings"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/spf13/cobra"
)

func newCompare() *cobra.Command {
	var out, region string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "compare BEFORE AFTER",
		Short: "Align two pictures and show what changed between them",
		Long: `Lays AFTER over BEFORE, says how their light differs, and scores for each pixel how
much the structure differs, which light does not touch. A change score is not a probability of damage. With --out
it writes before.png, after.png, change.png (16-bit grey, 0 = none), valid.png,
overview.png for people, and report.json.`,
		Example: `  antequem compare before.png after.png --out result
  antequem compare before.png after.png --region "412,300 470,300 470,352 412,352" --json`,
		Args: exactly(2, "a before and an after picture"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			polygon, err := parsePolygon(region)
			if err != nil {
				return err
			}
			before, err := readPicture(args[0], imagery.Image{}, s.limits())
			if err != nil {
				return err
			}
			after, err := readPicture(args[1], imagery.Image{}, s.limits())
			if err != nil {
				return err
			}
			res, err := assess.Pair(cmd.Context(), before, after, polygon, s.assess(), progressTo(asJSON))
			if err != nil {
				return err
			}
			rep := res.Report()
			switch {
			case asJSON:
				err = printJSON(cmd.OutOrStdout(), rep)
			case res.Alignment.Aligned:
				printPair(cmd.OutOrStdout(), rep)
			}
			if err != nil {
				return err
			}
			if out != "" {
				b, err := res.Bundle(cmd.Context())
				if err != nil {
					return err
				}
				if err := writeBundle(out, b); err != nil {
					return err
				}
			}
			if !res.Alignment.Aligned {
				return notAligned(res.Alignment, args, asJSON)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write the pictures and report.json to this folder")
	cmd.Flags().StringVar(&region, "region", "", `the polygon in question, "x,y x,y x,y" in pixels of BEFORE`)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document on standard output")
	return cmd
}

// parsePolygon reads "x,y x,y x,y"; "" is no polygon.
func parsePolygon(s string) ([]imagery.Point, error) {
	fields := strings.Fields(s)
	if len(fields) == 0 {
		return nil, nil
	}
	var pts []imagery.Point
	for _, f := range fields {
		x, y, ok := strings.Cut(f, ",")
		if !ok {
			return nil, usage(fmt.Errorf("--region: corner %q: want x,y in pixels", f))
		}
		p, err := parsePoint(x, y)
		if err != nil {
			return nil, usage(fmt.Errorf("--region: %w", err))
		}
		pts = append(pts, p)
	}
	if len(pts) < 3 {
		return nil, usage(fmt.Errorf("--region: %d corners, want three or more", len(pts)))
	}
	return pts, nil
}
