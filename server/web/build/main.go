// Build bundles the scripts of the pages from src/ and node_modules/ into dist/,
// where the program embeds them. The same sources give the same bytes.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// limit is what a page's scripts may weigh over the wire, gzipped.
const limit = 150 << 10

func main() {
	if err := build("."); err != nil {
		fmt.Fprintln(os.Stderr, "web:", err)
		os.Exit(1)
	}
}

// build reads and writes below dir, the folder of package web.
func build(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "openseadragon")); err != nil {
		return fmt.Errorf("node_modules: run npm ci in server/web first: %w", err)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     abs,
		EntryPoints:       []string{"src/viewer.ts", "src/draw.ts"},
		Outdir:            "dist",
		Bundle:            true,
		Format:            api.FormatIIFE,
		Target:            api.ES2020,
		Platform:          api.PlatformBrowser,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsInline,
		LogLevel:          api.LogLevelWarning,
		Write:             true,
	})
	if len(result.Errors) > 0 {
		return fmt.Errorf("%d errors", len(result.Errors))
	}
	for _, f := range result.OutputFiles {
		n, err := gzipped(f.Contents)
		if err != nil {
			return err
		}
		fmt.Printf("web: %s %d bytes, %d gzipped\n", filepath.Base(f.Path), len(f.Contents), n)
		if n > limit {
			return fmt.Errorf("%s: %d bytes gzipped, more than %d", filepath.Base(f.Path), n, limit)
		}
	}
	return nil
}

func gzipped(b []byte) (int, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	return out.Len(), nil
}
