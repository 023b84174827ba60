package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newPrune() *cobra.Command {
	var keep int64
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Drop results that were unused for longest",
		Long: `Drops results until the rest takes no more than --keep bytes, the one unused for
longest first. Originals and records are never touched; a result that is asked for
again is made again. Without --keep, archive.max_results of the config is the limit.`,
		Example: `  antequem prune --data data --keep 0`,
		Args:    exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if keep < 0 {
				return usage(fmt.Errorf("--keep %d: want 0 or more bytes", keep))
			}
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			if !cmd.Flags().Changed("keep") {
				keep = s.Archive.MaxResults
				if keep == 0 {
					return usage(fmt.Errorf("archive.max_results sets no limit: say how many bytes to --keep"))
				}
			}
			a, err := openArchive(cmd.Context(), s)
			if err != nil {
				return err
			}
			defer a.Close()
			freed, err := a.Prune(cmd.Context(), keep)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d bytes freed\n", freed)
			return err
		},
	}
	dataFlag(cmd)
	cmd.Flags().Int64Var(&keep, "keep", 0, "leave this many `BYTES` of results")
	return cmd
}
