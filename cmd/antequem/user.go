package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/people"
	"github.com/spf13/cobra"
)

func newUser() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "user",
		Short: "Let people in, and keep them out",
		Long: `Accounts stand in people.db in the data folder, apart from the records, so that no
pack or backup holds any. An account is a pseudonym, a role (contributor, analyst or
editor; each may do all that the ones before it may) and the hash of a password. While
there is no account, whoever sits at the machine may do everything; with the first one,
signing in is asked of everybody.

Changes show at once in a service that runs.`,
		Example: `  antequem user add heron --role editor
  antequem user invite --role contributor --origin https://example.org
  antequem user token add heron --days 30`,
		Args: exactly(0, "a command: add, list, invite, disable, enable, role, passwd or token"),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().String("data", "", "folder of originals, records and results (default: data of the config)")
	cmd.AddCommand(newUserAdd(), newUserList(), newUserInvite(), newUserPasswd(), newUserRole(), newUserToken())
	cmd.AddCommand(onAccount("disable", "End the use of an account, its sessions and tokens", (*people.Store).Disable))
	cmd.AddCommand(onAccount("enable", "Let a disabled account be used again", (*people.Store).Enable))
	return cmd
}

// peopleFile is the store of accounts in the data folder.
const peopleFile = "people.db"

func openPeople(ctx context.Context, s settings) (*people.Store, error) {
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return nil, err
	}
	return people.Open(ctx, filepath.Join(s.Data, peopleFile), s.people())
}

// withPeople runs f on the accounts of the data folder.
func withPeople(cmd *cobra.Command, f func(ctx context.Context, p *people.Store, s settings) error) (err error) {
	s, err := loadSettings(cmd)
	if err != nil {
		return err
	}
	p, err := openPeople(cmd.Context(), s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return f(cmd.Context(), p, s)
}

func roleFlag(cmd *cobra.Command, role *string, value string) {
	cmd.Flags().StringVar(role, "role", value, "contributor, analyst or editor")
}

// parseRole reads a role of the call.
func parseRole(text string) (people.Role, error) {
	r, err := people.ParseRole(text)
	return r, usage(err)
}

func newUserAdd() *cobra.Command {
	var role string
	var stdin bool
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Make an account",
		Long: `Makes an account under a pseudonym, with a password that is made for it and printed
this once, or the first line of standard input.`,
		Example: `  antequem user add heron --role editor`,
		Args:    exactly(1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := parseRole(role)
			if err != nil {
				return err
			}
			password, err := newPassword(cmd.InOrStdin(), stdin)
			if err != nil {
				return err
			}
			return withPeople(cmd, func(ctx context.Context, p *people.Store, _ settings) error {
				made, err := p.Add(ctx, args[0], r, password)
				if err != nil {
					return err
				}
				return tellPassword(cmd.OutOrStdout(), fmt.Sprintf("%s is %s", made.Name, withArticle(made.Role)), password, stdin)
			})
		},
	}
	roleFlag(cmd, &role, people.Editor.String())
	passwordFlag(cmd, &stdin)
	return cmd
}

func withArticle(r people.Role) string {
	if r == people.Contributor {
		return "a " + r.String()
	}
	return "an " + r.String()
}

func passwordFlag(cmd *cobra.Command, stdin *bool) {
	cmd.Flags().BoolVar(stdin, "password-stdin", false, "read the password from standard input; else one is made and printed once")
}

// newPassword reads a password, or makes one of 130 random bits.
func newPassword(r io.Reader, stdin bool) (string, error) {
	if !stdin {
		text := rand.Text()
		return strings.ToLower(text[:9] + "-" + text[9:18] + "-" + text[18:]), nil
	}
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func tellPassword(w io.Writer, what, password string, stdin bool) error {
	if stdin {
		_, err := fmt.Fprintln(w, what)
		return err
	}
	_, err := fmt.Fprintf(w, "%s\npassword: %s\n", what, password)
	return err
}

func newUserPasswd() *cobra.Command {
	var stdin bool
	cmd := &cobra.Command{
		Use:   "passwd NAME",
		Short: "Give an account another password and end its sessions",
		Args:  exactly(1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			password, err := newPassword(cmd.InOrStdin(), stdin)
			if err != nil {
				return err
			}
			return withPeople(cmd, func(ctx context.Context, p *people.Store, _ settings) error {
				if err := p.SetPassword(ctx, args[0], password); err != nil {
					return err
				}
				return tellPassword(cmd.OutOrStdout(), args[0]+" has another password", password, stdin)
			})
		},
	}
	passwordFlag(cmd, &stdin)
	return cmd
}

func newUserList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the accounts, and the invitations that were not accepted yet",
		Args:  exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withPeople(cmd, func(ctx context.Context, p *people.Store, _ settings) error {
				accounts, err := p.People(ctx)
				if err != nil {
					return err
				}
				open, err := p.Invitations(ctx)
				if err != nil {
					return err
				}
				w := cmd.OutOrStdout()
				for _, a := range accounts {
					state := "since " + a.Made.Format(time.DateOnly)
					if !a.Disabled.IsZero() {
						state = "disabled " + a.Disabled.Format(time.DateOnly)
					}
					fmt.Fprintf(w, "%s\t%s\t%s\n", a.Name, a.Role, state)
				}
				for _, k := range open {
					fmt.Fprintf(w, "(invited)\t%s\tuntil %s\t%s\n", k.Role, k.Expires.Format(time.DateOnly), k.Label)
				}
				return nil
			})
		},
	}
}

func newUserInvite() *cobra.Command {
	var role, label, origin string
	var days int
	cmd := &cobra.Command{
		Use:     "invite",
		Short:   "Make a link that gives one account, once",
		Example: `  antequem user invite --role analyst --origin https://example.org`,
		Args:    exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := parseRole(role)
			if err != nil {
				return err
			}
			return withPeople(cmd, func(ctx context.Context, p *people.Store, s settings) error {
				if origin == "" {
					origin = s.Server.Origin
				}
				if origin == "" {
					origin = "http://" + s.Listen
				}
				_, text, err := p.Invite(ctx, r, label, time.Duration(days)*24*time.Hour)
				if err != nil {
					return usage(err)
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), server.InvitationLink(strings.TrimRight(origin, "/"), text))
				return err
			})
		},
	}
	roleFlag(cmd, &role, people.Contributor.String())
	cmd.Flags().StringVar(&label, "note", "", "whom it is for, as editors see it until it is accepted; leave real names out")
	cmd.Flags().StringVar(&origin, "origin", "", "scheme and host that the link begins with (default: server.origin of the config, or listen)")
	daysFlag(cmd, &days, 7)
	return cmd
}

func daysFlag(cmd *cobra.Command, days *int, n int) {
	cmd.Flags().IntVar(days, "days", n, "days until it ends, 365 at most")
}

func newUserRole() *cobra.Command {
	return &cobra.Command{
		Use:   "role NAME ROLE",
		Short: "Give an account another role and end its sessions",
		Args:  exactly(2, "a name and a role"),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := parseRole(args[1])
			if err != nil {
				return err
			}
			return withPeople(cmd, func(ctx context.Context, p *people.Store, _ settings) error {
				if err := p.SetRole(ctx, args[0], r); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is %s now\n", args[0], withArticle(r))
				return err
			})
		},
	}
}

// onAccount is a command that does one thing to one account.
func onAccount(use, short string, do func(*people.Store, context.Context, string) error) *cobra.Command {
	return &cobra.Command{
		Use:   use + " NAME",
		Short: short,
		Args:  exactly(1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPeople(cmd, func(ctx context.Context, p *people.Store, _ settings) error {
				if err := do(p, ctx, args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %sd\n", args[0], use)
				return err
			})
		},
	}
}
