package archive_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"go.uber.org/goleak"
)

const (
	// victim is set for a process that fills an archive until it is killed.
	victim = "ANTEQUEM_TEST_ARCHIVE_VICTIM"
	// kills says how many processes are killed; the evidence for a release is 200.
	kills        = "ANTEQUEM_TEST_KILLS"
	defaultKills = 12
)

// roles are what a process of this test binary does where a variable of the
// environment names a folder.
var roles = map[string]func(dir string) error{victim: uploadUntilKilled}

func TestMain(m *testing.M) {
	for name, f := range roles {
		if dir := os.Getenv(name); dir != "" {
			if err := f(dir); err != nil {
				fmt.Println("failed", err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	// Each step waits for the disk, so laws are tried less often than usual unless asked for.
	for name, value := range map[string]string{"rapid.checks": "6", "rapid.steps": "20"} {
		if err := flag.Set(name, value); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	goleak.VerifyTestMain(m)
}

func reexec(role, dir string) (*exec.Cmd, *bufio.Scanner, error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), role+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	return cmd, bufio.NewScanner(out), cmd.Start()
}

// uploadUntilKilled says "ready" once the archive is open, "kept DIGEST" once an upload is acknowledged, "deleting" and
// "deleted FILE" around deletions, all at once from several goroutines.
func uploadUntilKilled(dir string) error {
	ctx := context.Background()
	a, err := archive.Open(ctx, dir, archive.Options{})
	if err != nil {
		return err
	}
	_, err = a.AddLocation(ctx, imagery.Location{Name: "Square", Slug: "square"}, archive.Change{})
	if err != nil && !errors.Is(err, archive.ErrExists) {
		return err
	}
	fmt.Println("ready")
	failed := make(chan error)
	for n := range 4 {
		go func() {
			for {
				if err := uploadOne(ctx, a, n == 3); err != nil {
					failed <- err
				}
			}
		}()
	}
	return <-failed
}

func uploadOne(ctx context.Context, a *archive.Archive, thenDelete bool) error {
	data := make([]byte, 1+mathrand.IntN(200_000))
	if _, err := rand.Read(data); err != nil {
		return err
	}
	s, err := a.Stage(ctx, bytes.NewReader(data), 1<<20)
	if err != nil {
		return err
	}
	defer s.Discard()
	file := s.Digest.String()
	if _, _, err := a.Receive(ctx, s, "square", imagery.Image{File: file}, archive.Facts{}, archive.Receipt{}); err != nil {
		return err
	}
	if !thenDelete {
		fmt.Println("kept", file)
		return nil
	}
	if err := a.DeleteImage(ctx, "square", file, archive.Change{Why: "a test"}); err != nil {
		return err
	}
	fmt.Println("deleted", file)
	return nil
}

func TestNothingAcknowledgedIsLostWhenProcessesAreKilled(t *testing.T) {
	n := defaultKills
	if s := os.Getenv(kills); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	said := map[string]string{} // digest → "kept" or "deleted"
	for killed := 0; killed < n; killed += 2 {
		killTwo(t, dir, said)
		wantAllThere(t, dir, said)
	}
	t.Logf("%d processes killed, %d uploads and deletions acknowledged", n, len(said))
	if len(said) == 0 {
		t.Error("no process came far enough to acknowledge anything")
	}
}

// killTwo lets two processes fill one archive and kills both at random moments: one after
// it was started, perhaps before it is ready, the other after it is.
func killTwo(t *testing.T, dir string, said map[string]string) {
	t.Helper()
	var mu sync.Mutex
	var both sync.WaitGroup
	for n := range 2 {
		cmd, lines, err := reexec(victim, dir)
		if err != nil {
			t.Fatal(err)
		}
		killSoon := func() {
			time.AfterFunc(time.Duration(mathrand.Int64N(int64(400*time.Millisecond))), func() { cmd.Process.Kill() })
		}
		if n == 0 {
			killSoon()
		}
		both.Go(func() {
			for lines.Scan() {
				what, digest, ok := strings.Cut(lines.Text(), " ")
				if what == "ready" && n == 1 {
					killSoon()
				}
				mu.Lock()
				if ok && what != "failed" && len(digest) == hex.EncodedLen(len(imagery.Digest{})) {
					said[digest] = what
				} else if what == "failed" {
					t.Errorf("a process failed before it was killed: %s", digest)
				}
				mu.Unlock()
			}
			cmd.Wait()
		})
	}
	both.Wait()
}

func wantAllThere(t *testing.T, dir string, said map[string]string) {
	t.Helper()
	ctx := t.Context()
	a, err := archive.Open(ctx, dir, archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	wantClean(t, a)
	recs, err := a.Images(ctx, "square")
	if err != nil && !errors.Is(err, imagery.ErrNotFound) {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, r := range recs {
		shown[r.File] = true
		if _, err := a.ReadOriginal(ctx, r.Digest); err != nil {
			t.Errorf("shown and not whole: %v", err)
		}
	}
	for digest, what := range said {
		if shown[digest] != (what == "kept") {
			t.Errorf("%s was acknowledged as %s; shown now: %v", digest, what, shown[digest])
		}
	}
}

func TestProcessesThatOpenANewArchiveAtOnceAllSucceed(t *testing.T) {
	dir := t.TempDir() + "/data"
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			a, err := archive.Open(t.Context(), dir, archive.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer a.Close()
			if _, err := a.Put(t.Context(), strings.NewReader("picture"), 100); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if rep := wantClean(t, open(t, dir, &clock{noon})); rep.Originals != 1 {
		t.Errorf("%d originals", rep.Originals)
	}
}

func TestADiskWithTooLittleRoomIsRefusedBeforehand(t *testing.T) {
	a, err := archive.Open(t.Context(), t.TempDir(), archive.Options{MinFree: 1 << 62})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if _, err := a.Put(t.Context(), strings.NewReader("picture"), 100); !errors.Is(err, archive.ErrFull) {
		t.Errorf("got %v", err)
	}
	wantNothingIncoming(t, a)
}

func TestAFolderThatCanNotBeWrittenIsNamed(t *testing.T) {
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, file + "/below", "/proc/antequem"} { // root may write almost anywhere, though not there
		a, err := archive.Open(t.Context(), dir, archive.Options{})
		if err == nil {
			a.Close()
		}
		if err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

func TestADiskThatTurnsReadOnlyRefusesUploadsAndStillReads(t *testing.T) {
	a := fresh(t)
	d := put(t, a, "picture")
	// A file in the place of the folder: nothing can be written there, by root either.
	incoming := a.Dir() + "/incoming"
	if err := errors.Join(os.Remove(incoming), os.WriteFile(incoming, nil, 0o444)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Put(t.Context(), strings.NewReader("another"), 100); err == nil {
		t.Error("put")
	}
	if b, err := a.ReadOriginal(t.Context(), d); err != nil || string(b) != "picture" {
		t.Errorf("read %q, %v", b, err)
	}
	wantClean(t, a)
}

func TestRecordsThatAreNoDatabaseAreRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/records.db", bytes.Repeat([]byte("not a database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	if a, err := archive.Open(t.Context(), dir, archive.Options{}); err == nil {
		a.Close()
		t.Error("opened")
	}
}

func TestRecordsOfANewerProgramAreRefused(t *testing.T) {
	a := fresh(t)
	tamper(t, a, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, TRUE)`)
	if b, err := archive.Open(t.Context(), a.Dir(), archive.Options{}); err == nil || !strings.Contains(err.Error(), "newer version") {
		b.Close()
		t.Errorf("got %v", err)
	}
}
