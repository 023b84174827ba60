package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/stamp"
	"github.com/spf13/cobra"
)

func newStamp() *cobra.Command {
	var authority, token, by string
	cmd := &cobra.Command{
		Use:   "stamp --authority URL",
		Short: "Have an authority time-stamp the custody log",
		Long: `Sends the hash of the custody log's last entry, and nothing else, to a time-stamp
authority (RFC 3161) that you name, and keeps its signed answer in the log. From then
on whoever trusts that authority can tell that no entry up to that one is younger or
was changed since: 'antequem verify' checks it, and so does verify of each evidence
pack made later. No other command asks an authority, and none is asked by default.`,
		Example: `  antequem stamp --authority https://tsa.example.org/ --data data
  antequem verify --data data --trust tsa-root.pem
  openssl ts -verify -digest HEAD -in token.der -token_in -CAfile tsa-root.pem`,
		Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if authority == "" {
				return usage(errors.New("want the authority to ask: --authority URL"))
			}
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			a, err := openArchive(cmd.Context(), s)
			if err != nil {
				return err
			}
			defer a.Close()
			head, err := a.Head(cmd.Context())
			if err != nil {
				return err
			}
			st, err := stamp.Request(cmd.Context(), authority, head.Hash)
			if err != nil {
				return err
			}
			if err := a.AddStamp(cmd.Context(), head.Seq, st, authority, archive.Change{By: by}); err != nil {
				return err
			}
			if token != "" {
				if err := writeWhole(token, st.Token); err != nil {
					return err
				}
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "entry %d, %s, was seen at %s by %s\n", head.Seq, head.Hash, st.Time.Format(time.RFC3339), st.Authority)
			return err
		},
	}
	dataFlag(cmd)
	cmd.Flags().StringVar(&authority, "authority", "", "ask the time-stamp authority at this `URL`")
	cmd.Flags().StringVar(&token, "token", "", "write its answer to this `FILE` too, as openssl reads it")
	cmd.Flags().StringVar(&by, "by", "", "name whoever asks in the custody log by this `PSEUDONYM`")
	return cmd
}

func trustFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "trust", "", "believe time-stamps of the authorities whose root certificates are in this PEM `FILE`, and no others")
}

// trusted reads the root certificates that --trust names; nil where it names none.
func trusted(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, usage(err)
	}
	roots, err := stamp.Roots(text)
	if err != nil {
		return nil, usage(fmt.Errorf("--trust %s: %w", path, err))
	}
	return roots, nil
}

// stampFaults says which time-stamps no root vouches for; nothing where no roots are given.
func stampFaults(stamps []archive.Stamped, roots *x509.CertPool) (faults []string) {
	if roots == nil {
		return nil
	}
	for _, s := range stamps {
		if err := s.Trusted(roots); err != nil {
			faults = append(faults, fmt.Sprintf("of entry %d: %v", s.Entry, err))
		}
	}
	if len(stamps) == 0 {
		faults = append(faults, "the custody log holds none")
	}
	return faults
}

// printStamps tells until when the log is vouched for, and by whom.
func printStamps(w io.Writer, stamps []archive.Stamped, roots *x509.CertPool) {
	for _, s := range stamps {
		how := "name its root by --trust to check that it is the one"
		if roots != nil {
			how = "trusted"
			if s.Trusted(roots) != nil {
				how = "not trusted"
			}
		}
		fmt.Fprintf(w, "time-stamp: entries 1 to %d were there at %s, says %s (%s)\n", s.Entry, s.Time.Format(time.RFC3339), plainLine(s.Authority), how)
	}
}
