package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/spf13/cobra"
)

func newCheck() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check CASE…",
		Short: "Say what is wrong with case files, without judging them",
		Long: `Reads case files, folders of them and tables of pairs as batch does, and every
picture they name to its end, and says what is wrong: the file, the line and the
mend, a line each. What is not wrong but keeps a case from being judged in full is
told as a note.

Exit status: 0 nothing is wrong, 1 something is, 2 the call was wrong.`,
		Example: `  make samples && antequem check samples
  antequem check case.yaml`,
		Args:              atLeastOne("a case file, a folder of them or a table of pairs"),
		ValidArgsFunction: completeExt("yaml", "yml", "csv", "tsv"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			items, err := batch.Find(args, "")
			if err != nil {
				return usage(err)
			}
			var wrong []error
			for _, it := range items {
				if err := cmd.Context().Err(); err != nil {
					return err
				}
				c, err := checkItem(it, s.limits())
				if err2 := printCheck(cmd.OutOrStdout(), it, c, err); err2 != nil {
					return err2
				}
				if err != nil {
					wrong = append(wrong, err)
				}
			}
			if len(wrong) == 0 {
				return nil
			}
			say("%d of %d can't be judged as they stand", len(wrong), len(items))
			return quietError{errors.Join(wrong...)}
		},
	}
	return cmd
}

// checkItem reads an item and its pictures, and says all that is wrong with them.
func checkItem(it batch.Item, lim decode.Limits) (imagery.Case, error) {
	c, err := readItem(it)
	if err != nil {
		return c, err
	}
	var wrong []error
	size := map[string][2]int{}
	for _, im := range c.Images {
		path := beside(filepath.Dir(it.Path), im.File)
		pic, err := decodeFile(path, lim)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: image %q: %w", it.Source(), im.File, err))
			continue
		}
		size[im.File] = [2]int{pic.Width, pic.Height}
	}
	sizeOf := func(file string) (w, h int, ok bool) {
		s, ok := size[file]
		return s[0], s[1], ok
	}
	if it.Kind == batch.KindCase {
		f, err := casefile.Open(it.Path)
		if err == nil {
			err = f.CheckRegions(sizeOf)
		}
		return c, errors.Join(append(wrong, err)...)
	}
	if err := casefile.CheckRegions(c, sizeOf); err != nil {
		wrong = append(wrong, fmt.Errorf("%s: %w", it.Source(), err))
	}
	return c, errors.Join(wrong...)
}

func decodeFile(path string, lim decode.Limits) (*decode.Picture, error) {
	data, err := readFile(path, lim)
	if err != nil {
		return nil, err
	}
	return decode.Decode(data, lim)
}

func printCheck(w io.Writer, it batch.Item, c imagery.Case, wrong error) error {
	if wrong != nil {
		for line := range strings.SplitSeq(wrong.Error(), "\n") {
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
		return nil
	}
	_, err := fmt.Fprintf(w, "%s: nothing wrong: %s, %s, %s\n", it.Source(),
		counted(len(c.Images), "image"), counted(len(c.Regions), "region"), counted(len(c.Claims), "claim"))
	for _, n := range notes(it, c) {
		if _, err := fmt.Fprintf(w, "%s: note: %s\n", it.Source(), n); err != nil {
			return err
		}
	}
	return err
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// notes say what keeps a case from being judged in full.
func notes(it batch.Item, c imagery.Case) []string {
	var out []string
	switch {
	case len(c.Images) == 0:
		out = append(out, "it has no images, so every claim stays open")
	case len(c.Images) == 1:
		out = append(out, "it has one image; a change shows in two or more")
	}
	if len(c.Images) > 0 && len(c.Regions) == 0 {
		out = append(out, "no region is drawn, so there is nothing to look for a change in")
	}
	if it.Kind == batch.KindCase && len(c.Claims) == 0 {
		out = append(out, "it has no claims, so there is nothing to judge")
	}
	for _, im := range c.Images {
		if iv := im.Taken(); iv.Earliest.IsZero() && iv.Latest.IsZero() {
			out = append(out, fmt.Sprintf("image %q: nothing is known of its date, so it bounds no change", im.File))
		}
	}
	out = append(out, sourceNotes(it)...)
	if n := toReview(it); n > 0 {
		out = append(out, fmt.Sprintf("%s marked REVIEW: confirm each date and delete the mark", counted(n, "line")))
	}
	return out
}

// sourceNotes say which sources no service takes.
func sourceNotes(it batch.Item) (out []string) {
	if it.Kind != batch.KindCase {
		return nil
	}
	f, err := casefile.Open(it.Path)
	if err != nil {
		return nil
	}
	var ms casefile.Mistakes
	errors.As(f.CheckSources(), &ms)
	for _, m := range ms {
		out = append(out, fmt.Sprintf("line %d: %s", m.Line, m.Text))
	}
	return out
}

// toReview counts the lines that 'antequem new' marked and nobody has confirmed.
func toReview(it batch.Item) int {
	if it.Kind != batch.KindCase {
		return 0
	}
	data, err := os.ReadFile(it.Path)
	if err != nil {
		return 0
	}
	n := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		if strings.Contains(line, "# "+reviewMark) {
			n++
		}
	}
	return n
}
