package jobs_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/jobs"
)

// victim is set for a process that works a queue until it is killed.
const victim = "ANTEQUEM_TEST_JOBS_VICTIM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victim); dir != "" {
		if err := workUntilKilled(dir); err != nil {
			os.Stderr.WriteString(err.Error())
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func workUntilKilled(dir string) error {
	ctx := context.Background()
	a, err := archive.Open(ctx, dir, archive.Options{})
	if err != nil {
		return err
	}
	q, err := jobs.Open(ctx, filepath.Join(dir, "jobs.db"), a, func(context.Context, archive.Recipe, jobs.Tell) (map[string][]byte, error) {
		os.Stdout.WriteString("begun\n")
		select {}
	}, options())
	if err != nil {
		return err
	}
	if err := q.Ask(ctx, recipe("victim"), "square"); err != nil {
		return err
	}
	select {}
}

// killAmid starts a process on dir and kills it while it is at its job.
func killAmid(t *testing.T, dir string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	cmd.Wait()
	if line != "begun\n" {
		t.Fatalf("the process said %q, %v", line, err)
	}
}

func TestAJobThatWasKilledIsTakenUpWithinSeconds(t *testing.T) {
	a := openArchive(t)
	killAmid(t, a.Dir())
	var count atomic.Int64
	begun := time.Now()
	openQueue(t, filepath.Join(a.Dir(), "jobs.db"), a, echo(&count), options())
	wantMade(t, a, recipe("victim"), 10*time.Second)
	t.Logf("taken up and made %v after the restart", time.Since(begun))
}

func TestAJobThatTakesTheProgramDownEachTimeIsGivenUp(t *testing.T) {
	a := openArchive(t)
	for range options().Attempts {
		killAmid(t, a.Dir())
	}
	var count atomic.Int64
	q := openQueue(t, filepath.Join(a.Dir(), "jobs.db"), a, echo(&count), options())
	s, err := q.Standing(t.Context(), recipe("victim").Digest())
	if err != nil || s.Failure == "" || count.Load() != 0 {
		t.Errorf("standing %+v, %v after %d more attempts", s, err, count.Load())
	}
}
