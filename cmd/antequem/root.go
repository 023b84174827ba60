package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/antequem/antequem/compare/assess"
	"github.com/spf13/cobra"
)

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "antequem",
		Short: "Say when a place visibly changed, from dated images of it",
		Long: `Antequem lines up dated images of one place and says between which two dates a
visible change appeared, and so which assertions about its date the imagery
supports, contradicts or leaves open.

Exit status: 0 done (whatever the verdict), 1 it failed, 2 the call was wrong,
3 the images could not be aligned.`,
		Version:       assess.Build(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.AddCommand(newUser())
	root.SetVersionTemplate("antequem {{.Version}}\n")
	root.PersistentFlags().String("config", "", "read settings from this file (default: the one that ANTEQUEM_CONFIG in the environment names, else config.yaml here, if there is one)")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(fmt.Errorf("%w (see '%s --help')", err, cmd.CommandPath()))
	})
	root.AddCommand(newAlign(), newCompare(), newJudge(), newInfo(), newServe(), newDemo(), newVerify())
	root.AddCommand(newBatch(), newNew(), newCheck(), newMan())
	root.AddCommand(newPack(), newImport(), newBackup(), newPrune(), newStamp(), newDelete(), newCrop())
	return root
}

func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf("; did you mean %q?", near[0])
	}
	return usage(fmt.Errorf("there is no command %q%s (see 'antequem --help')", args[0], hint))
}

// exactly wants n arguments and names them when it gets others.
func exactly(n int, names string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		return usage(fmt.Errorf("want %s, got %d arguments (see '%s --help')", names, len(args), cmd.CommandPath()))
	}
}

// printJSON writes v as the one JSON document of a command's standard output.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// say writes a line for people to standard error.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
