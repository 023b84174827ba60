package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/samples"
	"github.com/spf13/cobra"
)

func newDemo() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Serve the samples from a new data folder",
		Long: `Draws the training scene, loads it and the al-Quds case text into a new data
folder, and serves it. A folder that holds the samples already is served as it is.
The first line on standard output is the address.`,
		Example: `  antequem demo
  antequem demo --data data/demo --listen 127.0.0.1:8081`,
		Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			ln, err := listen(cmd.Context(), s.Listen)
			if err != nil {
				return err
			}
			defer ln.Close()
			if !cmd.Flags().Changed("data") {
				if s.Data, err = os.MkdirTemp("", "antequem-demo-"); err != nil {
					return err
				}
			}
			svc, err := openService(cmd.Context(), s)
			if err != nil {
				return err
			}
			defer svc.close()
			if err := svc.loadSamples(cmd.Context()); err != nil {
				return err
			}
			return svc.serve(cmd.Context(), ln, cmd.OutOrStdout())
		},
	}
	listenFlag(cmd)
	dataFlag(cmd)
	return cmd
}

// loadSamples takes in the samples that the archive does not hold yet.
func (s *service) loadSamples(ctx context.Context) error {
	var all []samples.Sample
	for _, name := range samples.Names {
		text, err := samples.FS.ReadFile(name + "/case.yaml")
		if err != nil {
			return err
		}
		c, err := casefile.Parse("samples/"+name+"/case.yaml", text)
		if err != nil {
			return err
		}
		_, err = s.archive.Location(ctx, c.Location.Slug)
		if err == nil {
			continue
		}
		if !errors.Is(err, imagery.ErrNotFound) {
			return err
		}
		if all == nil {
			say("drawing the training scene …")
			if all, err = samples.All(); err != nil {
				return err
			}
		}
		if err := s.loadSample(ctx, c, picturesOf(all, name)); err != nil {
			return fmt.Errorf("sample %s: %w", name, err)
		}
	}
	return nil
}

func picturesOf(all []samples.Sample, name string) map[string][]byte {
	for _, s := range all {
		if s.Name == name {
			return s.Pictures
		}
	}
	return nil
}

func (s *service) loadSample(ctx context.Context, c imagery.Case, pictures map[string][]byte) error {
	open := func(file string) (io.ReadCloser, error) {
		data, ok := pictures[file]
		if !ok {
			return nil, fmt.Errorf("%s: %w", file, fs.ErrNotExist)
		}
		return io.NopCloser(bytes.NewReader(data)), nil
	}
	slug, err := s.ingest.Case(ctx, c, open, archive.Change{Why: "a sample that the program ships with"})
	if err == nil {
		err = s.archive.Publish(ctx, slug, archive.Change{Why: "a sample that the program ships with"})
	}
	if err != nil {
		return err
	}
	return s.server.Prepare(ctx, slug)
}
