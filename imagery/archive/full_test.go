//go:build unix

package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// cramped is set for a process that may write no file of more than fileLimit bytes.
const (
	cramped   = "ANTEQUEM_TEST_ARCHIVE_CRAMPED"
	fileLimit = 1 << 20
)

func init() { roles[cramped] = uploadUntilFull }

// uploadUntilFull meets the limit with a large file, then with records, and says how each fared.
func uploadUntilFull(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: fileLimit, Max: fileLimit}); err != nil {
		return err
	}
	ctx := context.Background()
	a, err := archive.Open(ctx, dir, archive.Options{})
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Put(ctx, bytes.NewReader(make([]byte, 2*fileLimit)), 1<<30); !errors.Is(err, archive.ErrFull) {
		return fmt.Errorf("a file that the disk can't hold: %w", err)
	}
	if _, err := a.AddLocation(ctx, imagery.Location{Name: "Square"}, archive.Change{}); err != nil {
		return err
	}
	for i := 0; ; i++ {
		data := []byte(fmt.Sprint(i))
		s, err := a.Stage(ctx, bytes.NewReader(data), 100)
		if err != nil {
			return err
		}
		im := imagery.Image{File: s.Digest.String(), Notes: strings.Repeat("n", 20_000)}
		_, _, err = a.Receive(ctx, s, "square", im, archive.Facts{}, archive.Receipt{})
		if err != nil {
			s.Discard()
			fmt.Println("full", err)
			return nil
		}
		fmt.Println("kept", s.Digest)
	}
}

func TestAFullDiskLosesNothingAndHalfStoresNothing(t *testing.T) {
	dir := t.TempDir()
	cmd, lines, err := reexec(cramped, dir)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	full := ""
	for lines.Scan() {
		what, rest, _ := strings.Cut(lines.Text(), " ")
		if what == "kept" {
			said[rest] = what
		} else {
			full = lines.Text()
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, full)
	}
	if !strings.HasPrefix(full, "full ") || len(said) == 0 {
		t.Errorf("%d uploads were kept; then it said %q", len(said), full)
	}
	t.Logf("%d uploads were kept; then: %s", len(said), full)
	wantAllThere(t, dir, said)
}
