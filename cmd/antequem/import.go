package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/evidence"
	"github.com/spf13/cobra"
)

func newImport() *cobra.Command {
	var with, by string
	cmd := &cobra.Command{
		Use:   "import PACK",
		Short: "Take the case of an evidence pack into the archive",
		Long: `Reads a pack against its digests and its custody log, and takes its case into the
data folder: location, images, regions and claims, all of it or nothing. A pack with
any fault is refused. Images that the pack withholds are taken from --with DIR or
from the archive itself. The custody log of the archive keeps the head of the pack's.

What the pack says of states and verdicts is not taken over: the archive judges anew.
Run 'antequem verify PACK' first to see whether both agree.`,
		Example: `  antequem import training.zip --data data`,
		Args:    exactly(1, "a pack"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			p, err := openPack(args[0])
			if err != nil {
				return err
			}
			defer p.Close()
			given, err := supplyFrom(cmd.Context(), with, p.Withheld, s.limits())
			if err != nil {
				return err
			}
			a, err := archive.Open(cmd.Context(), s.Data, s.archive())
			if err != nil {
				return err
			}
			defer a.Close()
			in, err := newIngester(a, s)
			if err != nil {
				return err
			}
			slug, err := evidence.Import(cmd.Context(), in, p.Pack, func(ctx context.Context, d imagery.Digest) (io.ReadCloser, error) {
				if r, err := given.open(ctx, d); !errors.Is(err, imagery.ErrNotFound) {
					return r, err
				}
				return a.Original(ctx, d)
			}, archive.Change{By: by})
			var missing evidence.Missing
			switch {
			case errors.As(err, &missing):
				printFaults(cmd.OutOrStdout(), askFor(missing))
				return quietError{err}
			case errors.Is(err, imagery.ErrCorrupt):
				return fmt.Errorf("%w ('antequem verify %s' names them all)", err, args[0])
			case err != nil:
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: taken into %s\n", slug, s.Data)
			return err
		},
	}
	dataFlag(cmd)
	withFlag(cmd, &with)
	cmd.Flags().StringVar(&by, "by", "", "name whoever imports it in the custody log by this `PSEUDONYM`")
	return cmd
}
