package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/evidence"
	"github.com/spf13/cobra"
)

func newVerify() *cobra.Command {
	var asJSON bool
	var with, trust string
	cmd := &cobra.Command{
		Use:   "verify [PACK]",
		Short: "Read the archive, or an evidence pack, back and say what is missing, altered or extra",
		Long: `Reads every original of the data folder against its SHA-256, every record against
its original, every result against its digests, and the custody log link by link, with
the time-stamps in it. Exit status 1 where anything is wrong. Note the head it prints:
whoever has it can tell later that nothing before it was changed. With --trust, a log
that no trusted authority has time-stamped is a fault.

With a pack it needs no data folder and no network: every byte of the pack is read
against its digest, the case against the custody log, and the case is then judged
again from the originals, by the settings of this machine. Each state, verdict and
picture that isn't the same is one line, and so is each image that the pack withholds
and --with doesn't supply.`,
		Example: `  antequem verify --data data/demo
  antequem verify training.zip
  antequem verify training.zip --with pictures/`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return usage(fmt.Errorf("want one pack or none, got %d arguments (see '%s --help')", len(args), cmd.CommandPath()))
			case len(args) == 1 && cmd.Flags().Changed("data"):
				return usage(errors.New("want a pack or --data, not both"))
			case len(args) == 0 && with != "":
				return usage(errors.New("--with serves a pack: want verify PACK --with DIR"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			roots, err := trusted(trust)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return runVerifyPack(cmd, args[0], with, roots, s, asJSON)
			}
			return runVerify(cmd, roots, s, asJSON)
		},
	}
	dataFlag(cmd)
	withFlag(cmd, &with)
	trustFlag(cmd, &trust)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document on standard output")
	return cmd
}

func runVerify(cmd *cobra.Command, roots *x509.CertPool, s settings, asJSON bool) error {
	a, err := openArchive(cmd.Context(), s)
	if err != nil {
		return err
	}
	defer a.Close()
	rep, err := a.Verify(cmd.Context(), nil)
	if err != nil {
		return err
	}
	for _, f := range stampFaults(rep.Stamps, roots) {
		rep.Faults = append(rep.Faults, archive.Fault{Kind: faultStamp, Subject: "time-stamp", Detail: f})
	}
	if asJSON {
		err = printJSON(cmd.OutOrStdout(), rep)
	} else {
		err = printVerification(cmd.OutOrStdout(), rep, roots)
	}
	if err == nil && !rep.OK() {
		err = quietError{fmt.Errorf("verify %s: %d faults: %w", s.Data, len(rep.Faults), imagery.ErrCorrupt)}
	}
	return err
}

func runVerifyPack(cmd *cobra.Command, path, with string, roots *x509.CertPool, s settings, asJSON bool) error {
	p, err := openPack(path)
	if err != nil {
		return err
	}
	defer p.Close()
	rep, err := verifyPack(cmd.Context(), p.Pack, with, s, progressTo(asJSON))
	if err != nil {
		return err
	}
	for _, f := range stampFaults(rep.Stamps, roots) {
		rep.fault(faultStamp, evidence.CustodyFile, f)
	}
	if asJSON {
		err = printJSON(cmd.OutOrStdout(), rep)
	} else {
		err = printPack(cmd.OutOrStdout(), rep, roots)
	}
	if err == nil && len(rep.Faults) > 0 {
		err = quietError{fmt.Errorf("verify %s: %d faults: %w", path, len(rep.Faults), imagery.ErrCorrupt)}
	}
	return err
}

func printVerification(w io.Writer, r archive.Report, roots *x509.CertPool) error {
	w = words{w}
	fmt.Fprintf(w, "%d originals read back, %d bytes; %d entries in the custody log\n", r.Originals, r.Bytes, r.Entries)
	fmt.Fprintf(w, "head of the log %s\n", r.Head)
	printStamps(w, r.Stamps, roots)
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
	_, err := fmt.Fprintln(w, counted(len(r.Faults), "fault"))
	return err
}
