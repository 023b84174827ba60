package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newBackup() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup DIR",
		Short: "Copy the archive to a new folder, while it is in use",
		Long: `Copies the records as they are at one moment, and every original that they name,
checked against its SHA-256 on the way, to a folder that must not be there yet.
Results are left out; they can be made again. The copy is itself a data folder.`,
		Example: `  antequem backup /media/disk/antequem-1 --data data
  antequem verify --data /media/disk/antequem-1`,
		Args: exactly(1, "a folder to make"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			a, err := openArchive(cmd.Context(), s)
			if err != nil {
				return err
			}
			defer a.Close()
			if err := a.Backup(cmd.Context(), args[0]); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: a copy of the archive in %s\n", args[0], s.Data)
			return err
		},
	}
	dataFlag(cmd)
	return cmd
}
