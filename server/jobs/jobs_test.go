package jobs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/jobs"
	"go.uber.org/goleak"
)

func openArchive(t *testing.T) *archive.Archive {
	t.Helper()
	a, err := archive.Open(t.Context(), t.TempDir(), archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func options() jobs.Options {
	o := jobs.DefaultOptions()
	o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	return o
}

func openQueue(t *testing.T, path string, a *archive.Archive, work jobs.Work, o jobs.Options) *jobs.Queue {
	t.Helper()
	q, err := jobs.Open(t.Context(), path, a, work, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeQueue(t, q) })
	return q
}

func closeQueue(t *testing.T, q *jobs.Queue) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := q.Close(ctx); err != nil {
		t.Error(err)
	}
}

func recipe(name string) archive.Recipe {
	return archive.Recipe{Kind: "test", Options: json.RawMessage(fmt.Sprintf("{%q:1}", name)), Version: "1"}
}

// echo makes one file that holds the recipe's options, and counts how often it was asked.
func echo(count *atomic.Int64) jobs.Work {
	return func(_ context.Context, r archive.Recipe, _ jobs.Tell) (map[string][]byte, error) {
		count.Add(1)
		return map[string][]byte{"echo.json": r.Options}, nil
	}
}

func wait(t *testing.T, q *jobs.Queue, r archive.Recipe) (archive.Result, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	return q.Wait(ctx, r, "square")
}

func TestAskedForTwiceItIsDoneOnceAndDroppedItIsMadeAgain(t *testing.T) {
	a := openArchive(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	var count atomic.Int64
	q, err := jobs.Open(t.Context(), filepath.Join(t.TempDir(), "jobs.db"), a, echo(&count), options())
	if err != nil {
		t.Fatal(err)
	}
	r := recipe("one")
	var first []byte
	for round := int64(1); round <= 3; round++ {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := wait(t, q, r); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := count.Load(); n != round {
			t.Errorf("round %d: made %d times", round, n)
		}
		res, err := a.Result(t.Context(), r.Digest())
		if err != nil {
			t.Fatal(err)
		}
		b, err := res.Read("echo.json")
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		}
		if !bytes.Equal(b, first) {
			t.Errorf("round %d made %q, the first %q", round, b, first)
		}
		if err := a.DropResult(t.Context(), r.Digest()); err != nil {
			t.Fatal(err)
		}
	}
	closeQueue(t, q)
}

func TestASmallJobIsDoneWithinASecond(t *testing.T) {
	a := openArchive(t)
	var count atomic.Int64
	q := openQueue(t, filepath.Join(t.TempDir(), "jobs.db"), a, echo(&count), options())
	for i := range 10 {
		begun := time.Now()
		if _, err := wait(t, q, recipe(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
		// About 40 ms on a quiet machine; the bound leaves room for a busy one.
		if took := time.Since(begun); took > time.Second {
			t.Errorf("job %d took %v", i, took)
		}
	}
}

func TestAFailureOfAKnownKindIsFinal(t *testing.T) {
	a := openArchive(t)
	var count atomic.Int64
	path := filepath.Join(t.TempDir(), "jobs.db")
	work := func(context.Context, archive.Recipe, jobs.Tell) (map[string][]byte, error) {
		count.Add(1)
		return nil, fmt.Errorf("decode a.png: %w", imagery.ErrCorrupt)
	}
	for range 2 { // the second time after a restart
		q, err := jobs.Open(t.Context(), path, a, work, options())
		if err != nil {
			t.Fatal(err)
		}
		_, err = wait(t, q, recipe("bad"))
		var f *jobs.Failure
		if !errors.As(err, &f) || f.Reason != "decode a.png: corrupt" {
			t.Errorf("got %v", err)
		}
		s, err := q.Standing(t.Context(), recipe("bad").Digest())
		if err != nil || !s.Asked || s.Failure != "decode a.png: corrupt" {
			t.Errorf("standing %+v, %v", s, err)
		}
		closeQueue(t, q)
	}
	if n := count.Load(); n != 1 {
		t.Errorf("tried %d times", n)
	}
}

func TestAPassingFailureIsTriedAgain(t *testing.T) {
	a := openArchive(t)
	var count atomic.Int64
	q := openQueue(t, filepath.Join(t.TempDir(), "jobs.db"), a, func(_ context.Context, r archive.Recipe, _ jobs.Tell) (map[string][]byte, error) {
		if count.Add(1) == 1 {
			return nil, archive.ErrFull
		}
		return map[string][]byte{"a": nil}, nil
	}, options())
	if _, err := wait(t, q, recipe("again")); err != nil || count.Load() != 2 {
		t.Errorf("%v after %d tries", err, count.Load())
	}
}

func TestAPanicIsAFailureAndTheNextJobRuns(t *testing.T) {
	a := openArchive(t)
	q := openQueue(t, filepath.Join(t.TempDir(), "jobs.db"), a, func(_ context.Context, r archive.Recipe, _ jobs.Tell) (map[string][]byte, error) {
		if strings.Contains(string(r.Options), "bad") {
			panic("index out of range")
		}
		return map[string][]byte{"a": nil}, nil
	}, options())
	var f *jobs.Failure
	if _, err := wait(t, q, recipe("bad")); !errors.As(err, &f) || strings.Contains(f.Reason, "index") {
		t.Errorf("got %v, want a failure that keeps the program's insides to the log", err)
	}
	if _, err := wait(t, q, recipe("good")); err != nil {
		t.Error(err)
	}
}

func TestAJobThatTakesTooLongIsGivenUp(t *testing.T) {
	a := openArchive(t)
	o := options()
	o.Timeout = 100 * time.Millisecond
	q := openQueue(t, filepath.Join(t.TempDir(), "jobs.db"), a, func(ctx context.Context, _ archive.Recipe, _ jobs.Tell) (map[string][]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}, o)
	var f *jobs.Failure
	if _, err := wait(t, q, recipe("slow")); !errors.As(err, &f) || f.Reason != "took longer than 100ms" {
		t.Errorf("got %v", err)
	}
}

func TestAJobBrokenOffByAStopIsTakenUpByTheNextProcess(t *testing.T) {
	a := openArchive(t)
	path := filepath.Join(t.TempDir(), "jobs.db")
	begun := make(chan struct{})
	q, err := jobs.Open(t.Context(), path, a, func(ctx context.Context, _ archive.Recipe, _ jobs.Tell) (map[string][]byte, error) {
		close(begun)
		<-ctx.Done()
		return nil, ctx.Err()
	}, options())
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Ask(t.Context(), recipe("long"), "square"); err != nil {
		t.Fatal(err)
	}
	<-begun
	closeQueue(t, q)
	var count atomic.Int64
	openQueue(t, path, a, echo(&count), options())
	wantMade(t, a, recipe("long"), 10*time.Second)
}

// wantMade waits for a result without asking for it.
func wantMade(t *testing.T, a *archive.Archive, r archive.Recipe, patience time.Duration) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(20 * time.Millisecond) {
		if _, err := a.Result(t.Context(), r.Digest()); err == nil {
			return
		}
	}
	t.Errorf("not made within %v", patience)
}

func TestWhoWatchesHearsOfTheProgressOfItsSubjectAlone(t *testing.T) {
	a := openArchive(t)
	heard := make(chan string, 100)
	goOn := make(chan struct{})
	q := openQueue(t, filepath.Join(t.TempDir(), "jobs.db"), a, func(_ context.Context, r archive.Recipe, tell jobs.Tell) (map[string][]byte, error) {
		for i := range 3 {
			tell("align", i+1, 3)
			<-goOn
		}
		return map[string][]byte{"a": nil}, nil
	}, options())
	ctx, cancel := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	for _, subject := range []string{"square", "elsewhere"} {
		watching.Go(func() {
			err := q.Watch(ctx, subject, func(_ imagery.Digest, step string, done, total int) {
				heard <- fmt.Sprint(subject, " ", step, " ", done, "/", total)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond) // both watch
	if err := q.Ask(t.Context(), recipe("watched"), "square"); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		select {
		case got := <-heard:
			if want := fmt.Sprint("square align ", i+1, "/3"); got != want {
				t.Errorf("heard %q, want %q", got, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("heard nothing")
		}
		s, err := q.Standing(t.Context(), recipe("watched").Digest())
		if want := (jobs.Standing{Asked: true, Step: "align", Done: i + 1, Total: 3}); err != nil || s != want {
			t.Errorf("standing %+v, %v, want %+v", s, err, want)
		}
		goOn <- struct{}{}
	}
	wantMade(t, a, recipe("watched"), 10*time.Second)
	cancel()
	watching.Wait()
}

func TestTwoProcessesShareOneQueue(t *testing.T) {
	a := openArchive(t)
	path := filepath.Join(t.TempDir(), "jobs.db")
	var count atomic.Int64
	asking := options()
	asking.Workers = 0
	asker := openQueue(t, path, a, echo(&count), asking)
	one := openQueue(t, path, a, echo(&count), options())
	openQueue(t, path, a, echo(&count), options())
	var all sync.WaitGroup
	for i := range 12 {
		for _, q := range []*jobs.Queue{asker, one} {
			all.Go(func() {
				if _, err := wait(t, q, recipe(fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	if n := count.Load(); n != 12 {
		t.Errorf("12 recipes were made %d times", n)
	}
}

func TestOptionsOutOfRangeAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(*jobs.Options){
		"fewer workers than none": func(o *jobs.Options) { o.Workers = -1 },
		"no time":                 func(o *jobs.Options) { o.Timeout = 0 },
		"no attempt":              func(o *jobs.Options) { o.Attempts = 0 },
	} {
		o := options()
		spoil(&o)
		if _, err := jobs.Open(t.Context(), filepath.Join(t.TempDir(), "jobs.db"), nil, nil, o); !errors.Is(err, imagery.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAQueueThatCanNotBeOpenedSaysWhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "no", "such", "folder", "jobs.db")
	if _, err := jobs.Open(t.Context(), path, nil, nil, options()); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

func TestAFileNameMayBeRelativeAndOdd(t *testing.T) {
	a := openArchive(t)
	t.Chdir(t.TempDir())
	var count atomic.Int64
	q := openQueue(t, "jöbs of 100%? #1.db", a, echo(&count), options())
	if _, err := wait(t, q, recipe("one")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat("jöbs of 100%? #1.db"); err != nil {
		t.Error(err)
	}
}

// busy returns a work that blocks on recipes of the kind "long" until goOn is closed, and
// notes the names of all in order.
func busy(goOn <-chan struct{}) (jobs.Work, func() []string) {
	var mu sync.Mutex
	var begun []string
	work := func(_ context.Context, r archive.Recipe, _ jobs.Tell) (map[string][]byte, error) {
		mu.Lock()
		begun = append(begun, r.Kind+string(r.Options))
		mu.Unlock()
		if r.Kind == "long" {
			<-goOn
		}
		return map[string][]byte{"a": nil}, nil
	}
	return work, func() []string { mu.Lock(); defer mu.Unlock(); return slices.Clone(begun) }
}

func kind(k, name string) archive.Recipe {
	r := recipe(name)
	r.Kind = k
	return r
}

func TestAQuickJobDoesNotWaitBehindALongOne(t *testing.T) {
	a := openArchive(t)
	goOn := make(chan struct{})
	work, _ := busy(goOn)
	o := options()
	o.Quick = []string{"quick"}
	q := openQueue(t, filepath.Join(t.TempDir(), "jobs.db"), a, work, o)
	for _, name := range []string{"one", "two"} {
		if err := q.Ask(t.Context(), kind("long", name), "square"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := wait(t, q, kind("quick", "three")); err != nil {
		t.Error(err)
	}
	close(goOn)
}

func TestAJobThatStillWaitsGivesWayToTheLatestOfItsSubject(t *testing.T) {
	a := openArchive(t)
	goOn := make(chan struct{})
	work, begun := busy(goOn)
	o := options()
	o.Latest = []string{"long"}
	q := openQueue(t, filepath.Join(t.TempDir(), "jobs.db"), a, work, o)
	ask := func(r archive.Recipe, subject string) {
		t.Helper()
		if err := q.Ask(t.Context(), r, subject); err != nil {
			t.Fatal(err)
		}
	}
	ask(kind("long", "first"), "square")
	for len(begun()) == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	ask(kind("long", "second"), "square")
	ask(kind("long", "elsewhere"), "market")
	ask(kind("other", "fourth"), "square")
	ask(kind("long", "latest"), "square")
	ask(kind("long", "latest"), "square") // asked for twice, it doesn't give way to itself
	if s, err := q.Standing(t.Context(), kind("long", "second").Digest()); err != nil || s.Asked {
		t.Errorf("the second: %+v, %v; want one that nobody asked for", s, err)
	}
	close(goOn)
	wantMade(t, a, kind("long", "latest"), 10*time.Second)
	want := []string{`long{"first":1}`, `long{"elsewhere":1}`, `other{"fourth":1}`, `long{"latest":1}`}
	if got := begun(); !slices.Equal(got, want) {
		t.Errorf("worked %v, want %v", got, want)
	}
	if _, err := wait(t, q, kind("long", "second")); err != nil {
		t.Errorf("asked for again: %v", err)
	}
}

func TestAQueueThatCanNotBeReadIsBegunAnew(t *testing.T) {
	a := openArchive(t)
	path := filepath.Join(t.TempDir(), "jobs.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("not a database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	var count atomic.Int64
	q := openQueue(t, path, a, echo(&count), options())
	if _, err := wait(t, q, recipe("one")); err != nil {
		t.Error(err)
	}
	if b, err := os.ReadFile(path + ".broken"); err != nil || !bytes.HasPrefix(b, []byte("not a database")) {
		t.Errorf("what was there is gone: %v", err)
	}
}
