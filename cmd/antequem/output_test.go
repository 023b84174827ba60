package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery/archive"
)

// full takes nothing, as a disk does that is full.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWhatCannotBePrintedIsAnError(t *testing.T) {
	for what, err := range map[string]error{
		"a case":       printReport(full{}, assess.Report{}),
		"a pair":       printPair(full{}, assess.PairReport{}),
		"an alignment": printAlignment(full{}, assess.AlignmentReport{}, nil),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}

func TestAFileThatCannotBeWrittenIsNamedAndNotTheOneBesideIt(t *testing.T) {
	dir := t.TempDir()
	folder, missing := filepath.Join(dir, "folder"), filepath.Join(dir, "none", "a.png")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		folder:  "write " + folder + ": it is a folder, want the name of a file: invalid",
		missing: "write " + missing + ": no such file or directory",
	} {
		if err := writeWhole(path, nil); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestOneFaultIsOne(t *testing.T) {
	var b strings.Builder
	if err := printVerification(&b, archive.Report{Faults: make([]archive.Fault, 1)}, nil); err != nil || !strings.HasSuffix(b.String(), "\n1 fault\n") {
		t.Errorf("%q, %v", b.String(), err)
	}
}
