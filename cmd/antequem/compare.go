package main

import (
	"fmt"
	"strings"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/spf13/cobra"
)

func newCompare() *cobra.Command {
	var out string
	var region polygon
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
			before, after, err := readPictures(args[0], args[1], s.limits())
			if err != nil {
				return err
			}
			defer collectOften(before, after)()
			res, err := assess.Pair(cmd.Context(), before, after, region, s.assess(), progressTo(asJSON))
			if err != nil {
				return err
			}
			rep := res.Report()
			switch {
			case asJSON:
				err = printJSON(cmd.OutOrStdout(), rep)
			case res.Alignment.Aligned:
				err = printPair(cmd.OutOrStdout(), rep)
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
	cmd.Flags().Var(&region, "region", `the polygon in question, "x,y x,y x,y" in pixels of BEFORE`)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document on standard output")
	return cmd
}

// A polygon is the value of a flag: "x,y x,y x,y" in pixels; "" is none.
type polygon []imagery.Point

// Set reads the corners.
func (p *polygon) Set(s string) error {
	*p = nil
	for f := range strings.FieldsSeq(s) {
		x, y, ok := strings.Cut(f, ",")
		if !ok {
			return fmt.Errorf("corner %q: want x,y in pixels", f)
		}
		corner, err := parsePoint(x, y)
		if err != nil {
			return err
		}
		*p = append(*p, corner)
	}
	if n := len(*p); n == 1 || n == 2 {
		return fmt.Errorf("%d corners, want three or more", n)
	}
	return nil
}

// String writes the corners as Set reads them.
func (p *polygon) String() string {
	var words []string
	for _, c := range *p {
		words = append(words, fmt.Sprintf("%g,%g", c.X, c.Y))
	}
	return strings.Join(words, " ")
}

// Type is what help calls the value.
func (*polygon) Type() string { return "polygon" }
