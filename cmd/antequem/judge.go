package main

import (
	"cmp"
	"fmt"
	"path/filepath"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/views"
	"github.com/spf13/cobra"
)

func newJudge() *cobra.Command {
	var out, lang string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "judge CASE.yaml",
		Short: "Judge the claims of one case by its images",
		Long: `Reads a case file, aligns its images, finds the state of the region in each, the
bracket in which it changed, and what that does to each claim. Exit status 0
whatever the verdict.`,
		Example: `  make samples && antequem judge samples/training/case.yaml
  antequem judge case.yaml --out result`,
		Args: exactly(1, "a case file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, ok := page.ParseLanguage(lang)
			if !ok {
				return usage(fmt.Errorf("--lang %q: reports are written in %v", lang, page.Languages))
			}
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			c, load, err := openCase(args[0], s.limits())
			if err != nil {
				return err
			}
			res, err := assess.Case(cmd.Context(), c, load, s.assess(), progressTo(asJSON))
			if err != nil {
				return err
			}
			if asJSON {
				err = printJSON(cmd.OutOrStdout(), res.Report)
			} else {
				err = printReport(cmd.OutOrStdout(), res.Report)
			}
			if err != nil || out == "" {
				return err
			}
			b, err := res.Bundle(cmd.Context(), load)
			if err != nil {
				return err
			}
			html, err := views.ReportIn(in, c, res.Report, b, "antequem judge "+filepath.Base(args[0])+" --out "+filepath.Base(out))
			if err != nil {
				return err
			}
			b["report.html"] = html
			return writeBundle(out, b)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write report.html, report.json and the pictures to this folder")
	cmd.Flags().StringVar(&lang, "lang", string(page.English), "language of report.html: en, ar, uk, ru, fr or es")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document on standard output")
	return cmd
}

// openCase reads a case file and checks all that can be checked before a picture
// is decoded: the images are there, and the regions lie inside them.
func openCase(path string, lim decode.Limits) (imagery.Case, assess.Loader, error) {
	f, err := casefile.Open(path)
	if err != nil {
		return imagery.Case{}, nil, err
	}
	dir := filepath.Dir(path)
	var unread error
	err = f.CheckRegions(func(file string) (w, h int, ok bool) {
		data, err := readFile(beside(dir, file), lim)
		var info decode.Info
		if err == nil {
			info, err = decode.Stat(data, lim)
		}
		if err != nil {
			unread = fmt.Errorf("%s: %w", file, err)
		}
		if info.Orientation >= 5 { // on its side; regions count upright pixels
			info.Width, info.Height = info.Height, info.Width
		}
		return info.Width, info.Height, err == nil
	})
	if err = cmp.Or(unread, err); err != nil {
		return imagery.Case{}, nil, err
	}
	return f.Case, folderLoader(dir, lim), nil
}

// progressTo returns a Progress for people on standard error, or none where a
// program reads along.
func progressTo(quiet bool) assess.Progress {
	if quiet {
		return nil
	}
	return lineProgress{}
}

type lineProgress struct{}

func (lineProgress) Step(name string, done, total int) {
	if total > 0 && done < total {
		say("%s %d/%d", name, done+1, total)
	}
}
