package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery/raster"
	"github.com/spf13/cobra"
)

func newBatch() *cobra.Command {
	var out, address, token string
	var resume bool
	var failOn []string
	cmd := &cobra.Command{
		Use:   "batch CASES…",
		Short: "Judge many cases or pairs and write one table of them",
		Long: `Judges every case file that the arguments name: files, folders with cases below
them, and tables of image pairs (.csv or .tsv, with the columns before and after
and, as far as known, before_acquired, after_acquired, before_basis, after_basis,
region as "x,y x,y x,y" in pixels of before, name, notes; commas, semicolons or
tabs). It writes results.csv, results.json (JSON Lines), report.html and a folder
for each case, and tells how far it has come on standard error.

Ctrl-C stops it and loses nothing that is finished; the same call goes on. A case
is judged again only where its pictures, its file, the settings or the program have
changed.

With --server the cases are sent to a running service, which becomes a location
for each; pictures that it holds already are not sent, and the results are brought
back into the same folders. What a case calls its files goes with it, but no folder
of this machine. The token of an account there is best put into ANTEQUEM_TOKEN.

Exit status: 0 all were judged, 1 some could not be, or --fail-on was met, 2 the
call was wrong.`,
		Example: `  make samples && antequem batch samples --out results
  antequem batch cases/ more/*.yaml --out results --workers 2
  antequem batch pairs.csv --out results --fail-on contradicted
  antequem batch cases/ --out results --server https://antequem.example.org`,
		Args:              atLeastOne("a case file, a folder of them or a table of pairs"),
		ValidArgsFunction: completeExt("yaml", "yml", "csv", "tsv"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			if err := knownWords(failOn); err != nil {
				return err
			}
			items, err := batch.Find(args, out)
			if err != nil {
				return usage(err)
			}
			j := judge{limits: s.limits(), opts: s.assess(), out: out, resume: resume}
			if j.sender, err = newSender(cmd.Context(), address, token); err != nil {
				return err
			}
			rows, err := runBatch(cmd.Context(), j, s.Workers, items)
			if err != nil {
				return err
			}
			printTally(cmd.OutOrStdout(), rows, out)
			return batchStatus(cmd.Context(), rows, failOn)
		},
	}
	cmd.Flags().StringVar(&out, "out", "results", "write the table and a folder for each case to `DIR`")
	cmd.Flags().Int("workers", 0, "use `N` processors and judge as many cases at once (default: all of them)")
	cmd.Flags().BoolVar(&resume, "resume", true, "take over what an earlier run made by the same recipe; --resume=false judges all anew")
	cmd.Flags().StringVar(&address, "server", "", "send the cases to the service at `URL`, as https://example.org, and bring the results back")
	cmd.Flags().StringVar(&token, "token", "", "the `TOKEN` of an account at --server (default: ANTEQUEM_TOKEN in the environment)")
	cmd.Flags().StringSliceVar(&failOn, "fail-on", nil, "exit with status 1 if any case says `WORD`: "+strings.Join(batch.Words, ", "))
	completeFlag(cmd, "fail-on", batch.Words)
	_ = cmd.MarkFlagDirname("out") // the flag is there
	return cmd
}

func knownWords(words []string) error {
	for _, w := range words {
		if !slices.Contains(batch.Words, w) {
			return usage(fmt.Errorf("--fail-on %q: want one of %s", w, strings.Join(batch.Words, ", ")))
		}
	}
	return nil
}

// runBatch judges the items and writes the tables, which after Ctrl-C hold what
// was finished.
func runBatch(ctx context.Context, j judge, workers int, items []batch.Item) ([]batch.Row, error) {
	if err := os.MkdirAll(j.out, 0o755); err != nil {
		return nil, usage(fmt.Errorf("--out: %w", err))
	}
	processors := raster.Workers(workers)
	atOnce := min(processors, len(items))
	j.opts.Workers = processors / atOnce // so that few cases still use all processors
	p := batch.NewProgress(os.Stderr, isTerminal(os.Stderr), len(items), time.Now)
	rows := batch.Run(ctx, items, atOnce, j.item, p.Tell)
	p.End()
	return rows, writeTables(j.out, rows, len(items))
}

func writeTables(out string, rows []batch.Row, total int) error {
	b := assess.Bundle{}
	var err, err2, err3 error
	b["results.json"], err = batch.Lines(rows)
	b["results.csv"], err2 = batch.CSV(rows)
	b["report.html"], err3 = batch.HTML(rows, total)
	if err := errors.Join(err, err2, err3); err != nil {
		return err
	}
	return writeBundle(out, b)
}

// printTally sums up for people.
func printTally(w io.Writer, rows []batch.Row, out string) {
	var parts []string
	for _, word := range batch.Words {
		n := 0
		for _, r := range rows {
			if r.Is(word) {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s in %d", word, n))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(w, "Of %d: %s\n", len(rows), strings.Join(parts, ", "))
	}
	fmt.Fprintln(w, filepath.Join(out, "report.html"))
}

// batchStatus is the error of a finished batch, already told line by line.
func batchStatus(ctx context.Context, rows []batch.Row, failOn []string) error {
	var errs []error
	for _, r := range rows {
		if r.Failed() {
			errs = append(errs, fmt.Errorf("%s: %s", r.Name, r.Error))
		}
		for _, w := range failOn {
			if r.Is(w) {
				say("%s: %s, which --fail-on names", r.Name, w)
				errs = append(errs, fmt.Errorf("%s: %s", r.Name, w))
			}
		}
	}
	if err := ctx.Err(); err != nil {
		say("stopped; the same call goes on from here")
		errs = append(errs, err)
	}
	if len(errs) == 0 {
		return nil
	}
	return quietError{errors.Join(errs...)}
}

// atLeastOne wants one argument or more and names them when there is none.
func atLeastOne(names string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return nil
		}
		return usage(fmt.Errorf("want %s, got nothing (see '%s --help')", names, cmd.CommandPath()))
	}
}

// isTerminal says whether f is one, as far as the operating system tells: a
// device of characters.
func isTerminal(f *os.File) bool {
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0 && f.Name() != os.DevNull
}

// completeExt lets a shell offer files of these kinds, and folders.
func completeExt(ext ...string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return ext, cobra.ShellCompDirectiveFilterFileExt
	}
}

// completeFlag lets a shell offer the words that a flag takes.
func completeFlag(cmd *cobra.Command, flag string, words []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
}
