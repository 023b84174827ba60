package web_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/antequem/antequem/server/web"
)

func TestAnAssetIsFoundByTheAddressThatHoldsItsDigest(t *testing.T) {
	for _, name := range []string{"style.css", "page.js", "pair.js", "icon.svg"} {
		a, ok := web.Named(name)
		if !ok {
			t.Fatalf("%s is not embedded", name)
		}
		if !strings.HasPrefix(a.Path, web.Prefix) || !strings.Contains(a.Path, a.Digest[:10]) {
			t.Errorf("%s lies at %s, which lacks its digest %s", name, a.Path, a.Digest[:10])
		}
		if b, ok := web.Find(a.Path); !ok || string(b.Content) != string(a.Content) {
			t.Errorf("%s is not found at %s", name, a.Path)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	for _, address := range []string{"", "/", "/assets/", "/assets/style.css", "/assets/README.md", "/assets/../web.go", "/assets/style.0000000000.css"} {
		if a, ok := web.Find(address); ok {
			t.Errorf("%q leads to %s", address, a.Name)
		}
	}
	if _, ok := web.Named("README.md"); ok {
		t.Error("a note to readers of the folder became an asset")
	}
}

func TestScriptsAndStylesAskNoOtherOrigin(t *testing.T) {
	for name, a := range web.All() {
		if name == web.Viewer {
			continue // names namespaces and its home page; the browser tests count its requests
		}
		for _, line := range strings.Split(string(a.Content), "\n") {
			if strings.Contains(line, "//") && strings.Contains(line, "http") && !strings.Contains(line, "http://www.w3.org/2000/svg") {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}

// A page asks for its style, its two small scripts and, where it was built, the
// viewer: together they stay under what a reader on a bad line can wait for.
func TestAPagesScriptsAreLight(t *testing.T) {
	const limit = 150 << 10 // bytes, gzipped
	total := 0
	for name, a := range web.All() {
		if strings.HasSuffix(name, ".js") {
			total += gzipped(t, a.Content)
		}
	}
	if total > limit {
		t.Errorf("scripts weigh %d bytes gzipped, more than %d", total, limit)
	}
}

func TestTheTypesOfTheScriptsHold(t *testing.T) {
	const tsc = "node_modules/typescript/bin/tsc"
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(tsc); err != nil || missing != nil {
		t.Log("no TypeScript here (make web installs it): the types of the scripts were not checked")
		return
	}
	if out, err := exec.CommandContext(t.Context(), node, tsc, "--noEmit").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func gzipped(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
