// Package webtest holds what tests of pages and drawings need wherever they stand.
package webtest

import (
	"os"
	"os/exec"
	"testing"
)

// Chromium returns the browser's path. Where continuous integration runs, a missing
// browser is a failure; elsewhere the test is left out, and says so.
func Chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium here, and the journeys are not to be left out in CI")
	}
	t.Skip("no Chromium here: the journeys through real pages were not made (make tools installs it)")
	return ""
}
