package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// An order is a recipe in the queue.
type order struct {
	Recipe  imagery.Digest  `json:"recipe" river:"unique"`
	Text    json.RawMessage `json:"text"`    // the recipe in canonical form
	Subject string          `json:"subject"` // who waits for it: a location's slug
}

func (order) Kind() string { return "recipe" }

// underWay are the states in which a recipe that is asked for again is not queued
// again. A completed one is: its result was dropped since.
var underWay = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
	rivertype.JobStateRetryable, rivertype.JobStateScheduled,
}

type worker struct {
	river.WorkerDefaults[order]
	q *Queue
}

// Work makes one result, unless it is there already.
func (w *worker) Work(ctx context.Context, j *river.Job[order]) error {
	q, o := w.q, j.Args
	q.worked.Add(1)
	defer q.worked.Done()
	q.board.begin(o.Recipe, o.Subject)
	err := w.make(ctx, o)
	ended := err
	switch {
	case err == nil:
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		ended = river.JobCancel(fmt.Errorf("took longer than %v", q.opts.Timeout))
	case ctx.Err() != nil: // the program is being stopped, which is no fault of the job's
		ended = river.JobSnooze(0)
	case final(err):
		ended = river.JobCancel(err)
	}
	if err != nil && ctx.Err() == nil {
		q.opts.Logger.Error("job failed", slog.String("recipe", o.Recipe.String()), slog.String("subject", o.Subject),
			slog.Int("attempt", j.Attempt), slog.Bool("final", final(err)), slog.Any("error", err))
	}
	q.board.end(o.Recipe)
	return ended
}

func (w *worker) make(ctx context.Context, o order) (err error) {
	var r archive.Recipe
	if err := json.Unmarshal(o.Text, &r); err != nil {
		return fmt.Errorf("recipe: %w: %w", imagery.ErrCorrupt, err)
	}
	if r.Digest() != o.Recipe {
		return fmt.Errorf("recipe: not the one that was asked for: %w", imagery.ErrCorrupt)
	}
	if res, err := w.q.store.Result(ctx, o.Recipe); err == nil && res.Check() == nil {
		return nil
	}
	files, err := w.guarded(ctx, r)
	if err != nil {
		return err
	}
	_, err = w.q.store.PutResult(ctx, r, files)
	return err
}

// guarded turns a panic in the work into an error, which is final: the work is
// the same every time.
func (w *worker) guarded(ctx context.Context, r archive.Recipe) (files map[string][]byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			w.q.opts.Logger.Error("job panicked", slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			err = errPanic
		}
	}()
	d := r.Digest()
	return w.q.work(ctx, r, func(step string, done, total int) { w.q.board.tell(d, step, done, total) })
}

var errPanic = errors.New("the program met a mistake of its own")

// final says that trying again can't help.
func final(err error) bool {
	for _, kind := range []error{imagery.ErrNotFound, imagery.ErrInvalid, imagery.ErrUnsupported, imagery.ErrTooLarge,
		imagery.ErrCorrupt, imagery.ErrNotAligned, errPanic} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// retryPolicy waits one second, then four, then nine, and a minute at most.
type retryPolicy struct{}

func (retryPolicy) NextRetry(j *rivertype.JobRow) time.Time {
	n := max(1, min(j.Attempt, 8))
	return time.Now().Add(min(time.Duration(n*n)*time.Second, time.Minute))
}
