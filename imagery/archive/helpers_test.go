package archive_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/antequem/antequem/imagery/archive"
)

func wantNothingIncoming(t *testing.T, a *archive.Archive) {
	t.Helper()
	left, err := os.ReadDir(filepath.Join(a.Dir(), "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		t.Errorf("incoming still holds %s", e.Name())
	}
}
