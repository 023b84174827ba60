package main

import (
	"context"
	"fmt"
	"time"

	"github.com/antequem/antequem/server/people"
	"github.com/spf13/cobra"
)

func newUserToken() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make, list and revoke tokens for programs",
		Long: `A token lets a program do through the API what its owner may do. It is sent as
"Authorization: Bearer TOKEN", printed once, and stored as a hash.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return usage(fmt.Errorf("want add NAME, list or revoke ID: '%[1]s add %[2]s' makes a token for %[2]s (see '%[1]s --help')", cmd.CommandPath(), args[0]))
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newTokenAdd(), newTokenList(), newTokenRevoke())
	return cmd
}

func newTokenAdd() *cobra.Command {
	var label string
	var days int
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Make a token and print it, once",
		Args:  exactly(1, "the name of its owner"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPeople(cmd, func(ctx context.Context, p *people.Store, _ settings) error {
				_, text, err := p.NewToken(ctx, args[0], label, time.Duration(days)*24*time.Hour)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), text)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&label, "note", "", "what it is for")
	daysFlag(cmd, &days, 30)
	return cmd
}

func newTokenList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the tokens that can be used",
		Args:  exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withPeople(cmd, func(ctx context.Context, p *people.Store, _ settings) error {
				keys, err := p.Tokens(ctx, "")
				for _, k := range keys {
					fmt.Fprintf(cmd.OutOrStdout(), "%s\t%s\tuntil %s\t%s\n", k.ID, k.Person, k.Expires.Format(time.DateOnly), k.Label)
				}
				return err
			})
		},
	}
}

func newTokenRevoke() *cobra.Command {
	return &cobra.Command{
		Use:   "revoke ID",
		Short: "End a token by its id",
		Args:  exactly(1, "the id that 'antequem user token list' shows"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPeople(cmd, func(ctx context.Context, p *people.Store, _ settings) error {
				if err := p.Revoke(ctx, people.Token, args[0], ""); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: revoked\n", args[0])
				return err
			})
		},
	}
}
