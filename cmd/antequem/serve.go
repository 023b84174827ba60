package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"github.com/antequem/antequem/imagery"
	"github.com/spf13/cobra"
)

func newServe() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the pages and the API",
		Long: `Serves the locations in the data folder. The first line on standard output is the
address it answers at. It stops on Ctrl-C, and lets open requests end.`,
		Example: `  antequem serve --data data --listen 127.0.0.1:8080`,
		Args:    exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			ln, err := listen(cmd.Context(), s.Listen) // before a data folder is made for nothing
			if err != nil {
				return err
			}
			defer ln.Close()
			svc, err := openService(cmd.Context(), s)
			if err != nil {
				return err
			}
			defer svc.close()
			return svc.serve(cmd.Context(), ln, cmd.OutOrStdout())
		},
	}
	listenFlag(cmd)
	dataFlag(cmd)
	return cmd
}

func listenFlag(cmd *cobra.Command) {
	cmd.Flags().String("listen", "", "answer at this address (default: listen of the config, 127.0.0.1:8080)")
}

func dataFlag(cmd *cobra.Command) {
	cmd.Flags().String("data", "", "folder of originals, records and results (default: data of the config)")
}

// listen opens the address, with an error that says what to do about it.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("listen: %s is in use by another program: stop it, or choose another address with --listen", addr)
	case err != nil:
		return nil, fmt.Errorf("listen %s: %w", addr, err)
	}
	return ln, nil
}

// announce prints the address for people and programs: the first line of standard output.
func announce(w io.Writer, ln net.Listener) string {
	url := "http://" + ln.Addr().String()
	if a, ok := ln.Addr().(*net.TCPAddr); ok && a.IP.IsUnspecified() {
		url = fmt.Sprintf("http://localhost:%d", a.Port)
	}
	fmt.Fprintln(w, url)
	return url
}

// hasArchive wants an archive to be in dir already, so that a misspelt folder is
// not taken for an empty one.
func hasArchive(dir string) error {
	_, err := os.Stat(filepath.Join(dir, "records.db"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: no archive there; name its folder with --data: %w", dir, imagery.ErrNotFound)
	}
	return err
}
