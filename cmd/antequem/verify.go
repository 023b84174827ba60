package main

import (
	"fmt"
	"io"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/spf13/cobra"
)

func newVerify() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Read the archive back and say what is missing, altered or extra",
		Long: `Reads every original of the data folder against its SHA-256, every record against
its original, every result against its digests, and the custody log link by link.
Exit status 1 where anything is wrong. Note the head it prints: whoever has it can
tell later that nothing before it was changed.`,
		Example: `  antequem verify --data data/demo`,
		Args:    exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			if err := hasArchive(s.Data); err != nil {
				return err
			}
			a, err := archive.Open(cmd.Context(), s.Data, s.archive())
			if err != nil {
				return err
			}
			defer a.Close()
			rep, err := a.Verify(cmd.Context(), nil)
			if err != nil {
				return err
			}
			if asJSON {
				err = printJSON(cmd.OutOrStdout(), rep)
			} else {
				err = printVerification(cmd.OutOrStdout(), rep)
			}
			if err == nil && !rep.OK() {
				err = quietError{fmt.Errorf("verify %s: %d faults: %w", s.Data, len(rep.Faults), imagery.ErrCorrupt)}
			}
			return err
		},
	}
	dataFlag(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document on standard output")
	return cmd
}

func printVerification(w io.Writer, r archive.Report) error {
	fmt.Fprintf(w, "%d originals read back, %d bytes; %d entries in the custody log\n", r.Originals, r.Bytes, r.Entries)
	fmt.Fprintf(w, "head of the log %s\n", r.Head)
	for _, f := range r.Faults {
		fmt.Fprintf(w, "%s: %s: %s\n", f.Kind, f.Subject, f.Detail)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(w, "note: %s\n", n)
	}
	if r.OK() {
		_, err := fmt.Fprintln(w, "nothing is missing, altered or extra")
		return err
	}
	_, err := fmt.Fprintf(w, "%d faults\n", len(r.Faults))
	return err
}
