package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/antequem/antequem/compare/assess"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write a manual page for each command",
		Long: `Writes antequem.1 and a page for each command to DIR, from the same text as --help.
Read one with 'man -l DIR/antequem-judge.1', or put them where man looks.`,
		Example: `  antequem man man1 && man -l man1/antequem-judge.1`,
		Args:    exactly(1, "a folder to write to"),
		RunE: func(cmd *cobra.Command, args []string) error {
			pages := assess.Bundle{}
			addManuals(pages, cmd.Root())
			if err := writeBundle(args[0], pages); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(args[0], "antequem.1"))
			return err
		},
	}
}

// addManuals adds the page of cmd and of each command below it that --help names.
func addManuals(pages assess.Bundle, cmd *cobra.Command) {
	pages[manName(cmd)+".1"] = manual(cmd)
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "completion" {
			addManuals(pages, c)
		}
	}
}

func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manual writes the page of a command in the man macros of groff_man(7).
func manual(cmd *cobra.Command) []byte {
	var b bytes.Buffer
	name := manName(cmd)
	fmt.Fprintf(&b, ".TH %s 1 \"\" %s \"Antequem\"\n", roffWord(strings.ToUpper(name)), roffWord("antequem "+assess.Build()))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(name), roff(cmd.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(cmd.UseLine()))
	if text := cmd.Long; text != "" {
		b.WriteString(".SH DESCRIPTION\n")
		for para := range strings.SplitSeq(text, "\n\n") {
			fmt.Fprintf(&b, ".PP\n%s\n", roff(para))
		}
	}
	section(&b, "OPTIONS", cmd.NonInheritedFlags())
	section(&b, "OPTIONS OF EVERY COMMAND", cmd.InheritedFlags())
	if cmd.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(cmd.Example))
	}
	seeAlso(&b, cmd)
	return b.Bytes()
}

func section(b *bytes.Buffer, title string, flags *pflag.FlagSet) {
	first := true
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		if first {
			fmt.Fprintf(b, ".SH %s\n", title)
			first = false
		}
		word, text := pflag.UnquoteUsage(f)
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace("--"+f.Name+" "+word)), roff(text))
	})
}

func seeAlso(b *bytes.Buffer, cmd *cobra.Command) {
	var names []string
	if cmd.HasParent() {
		names = append(names, manName(cmd.Parent()))
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "completion" {
			names = append(names, manName(c))
		}
	}
	if len(names) == 0 {
		return
	}
	for i, n := range names {
		names[i] = "\\fB" + roff(n) + "\\fR(1)"
	}
	fmt.Fprintf(b, ".SH SEE ALSO\n%s\n", strings.Join(names, ",\n"))
}

// roff escapes a text, so that no line of it is taken for a request and hyphens
// of flags can be copied.
func roff(s string) string {
	lines := strings.Split(strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}

// roffWord is one argument of a request.
func roffWord(s string) string { return `"` + strings.ReplaceAll(roff(s), `"`, `\(dq`) + `"` }
