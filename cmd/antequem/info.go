package main

import (
	"errors"
	"fmt"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/spf13/cobra"
)

func newInfo() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "info FILE",
		Short:   "Say what a picture file is and what it says of itself",
		Example: `  antequem info photo.jpg`,
		Args:    exactly(1, "a picture file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			data, err := readFile(args[0], s.limits())
			if err != nil {
				return err
			}
			info, err := describe(data, s.limits())
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), info)
			}
			return printInfo(cmd.OutOrStdout(), info)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document on standard output")
	return cmd
}

// describe reads all of a picture, or the header alone of one that is too large
// to be decoded.
func describe(data []byte, lim decode.Limits) (decode.Info, error) {
	pic, err := decode.Decode(data, lim)
	if errors.Is(err, imagery.ErrTooLarge) {
		if info, e := decode.Stat(data, lim); e == nil {
			return info, nil
		}
	}
	if err != nil {
		return decode.Info{}, err
	}
	return pic.Info(), nil
}
