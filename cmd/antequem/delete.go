package main

import (
	"errors"
	"fmt"

	"github.com/antequem/antequem/imagery/archive"
	"github.com/spf13/cobra"
)

func newDelete() *cobra.Command {
	var why, by, confirm string
	cmd := &cobra.Command{
		Use:   "delete SLUG [FILE] --why REASON --confirm SLUG[/FILE]",
		Short: "Delete an image, or a whole location, for good",
		Long: `Removes an image of a location, or the location with all its images, regions and
claims: records, receipts, what the custody log told of them, and each original that no
other location holds, with all results made from it. It can't be undone. A tombstone
stays that says when, by whom and why. Backups and packs made before are not reached.

--confirm must name once more what is to be deleted.`,
		Example: `  antequem delete old-town a.png --why "a face can be seen" --confirm old-town/a.png --data data`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 2 {
				return usage(fmt.Errorf("want the slug of a location, and the file of one of its images if not all is meant (see '%s --help')", cmd.CommandPath()))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			what := args[0]
			if len(args) == 2 {
				what += "/" + args[1]
			}
			switch {
			case why == "":
				return usage(errors.New("a deletion needs a reason, which stays: --why REASON"))
			case confirm != what:
				return usage(fmt.Errorf("this can't be undone: if it is meant, add --confirm %q", what))
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
			change := archive.Change{By: by, Why: why}
			if len(args) == 2 {
				err = a.DeleteImage(cmd.Context(), args[0], args[1], change)
			} else {
				err = a.DeleteLocation(cmd.Context(), args[0], change)
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: deleted from %s; a tombstone says why\n", what, s.Data)
			return err
		},
	}
	dataFlag(cmd)
	cmd.Flags().StringVar(&why, "why", "", "keep this `REASON` on the tombstone")
	cmd.Flags().StringVar(&by, "by", "", "name whoever deletes on the tombstone by this `PSEUDONYM`")
	cmd.Flags().StringVar(&confirm, "confirm", "", "name once more what is to be deleted: `SLUG` or SLUG/FILE")
	return cmd
}
