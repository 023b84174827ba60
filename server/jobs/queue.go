package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Ask has the result of r made, unless it is kept or being made already. The
// subject is who waits for it, and hears of it by Watch.
func (q *Queue) Ask(ctx context.Context, r archive.Recipe, subject string) error {
	text, err := r.Canonical()
	if err != nil {
		return fmt.Errorf("jobs: ask: %w", err)
	}
	d := imagery.DigestOf(text)
	if res, err := q.store.Result(ctx, d); err == nil && res.Check() == nil {
		return nil
	}
	q.board.expect(d, subject)
	o := &river.InsertOpts{Tags: []string{d.String(), about(r.Kind, subject)}, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: underWay}}
	if slices.Contains(q.opts.Quick, r.Kind) {
		o.Queue = quickQueue
	}
	_, err = q.client.Insert(ctx, order{Recipe: d, Text: text, Subject: subject}, o)
	if err == nil && slices.Contains(q.opts.Latest, r.Kind) {
		err = q.dropOlder(ctx, d, r.Kind, subject)
	}
	if err != nil {
		return fmt.Errorf("jobs: ask for %s: %w", d.Short(), err)
	}
	return nil
}

// about is the tag of all jobs of a kind that a subject waits for: a digest, for tags
// may hold few characters.
func about(kind, subject string) string {
	return imagery.DigestOf([]byte(kind + "\x00" + subject)).String()
}

// dropOlder takes jobs out of the queue that nobody wants any more. One that runs
// already goes on, or a stream of uploads would never see any end.
func (q *Queue) dropOlder(ctx context.Context, latest imagery.Digest, kind, subject string) error {
	list, err := q.client.JobList(ctx, river.NewJobListParams().TagsAny(about(kind, subject)).
		States(rivertype.JobStateAvailable, rivertype.JobStateRetryable, rivertype.JobStateScheduled).First(1000))
	if err != nil {
		return err
	}
	for _, j := range list.Jobs {
		if slices.Contains(j.Tags, latest.String()) {
			continue
		}
		_, err := q.client.JobDelete(ctx, j.ID)
		if err != nil && !errors.Is(err, rivertype.ErrJobRunning) && !errors.Is(err, rivertype.ErrNotFound) {
			return err
		}
	}
	return nil
}

// A Standing says how the job of a recipe fares.
type Standing struct {
	Asked       bool   // it was asked for and is not done
	Step        string // what it is at; "" where it waits, or another process works it
	Done, Total int    // how much of the step is done; 0, 0 if not known
	Failure     string // why it can't be done; "" while it may
}

// forgetAfter is when a job that was given up for a passing reason may be asked for again.
const forgetAfter = time.Minute

// Standing says how the job of a recipe fares. The result itself is in the archive.
func (q *Queue) Standing(ctx context.Context, recipe imagery.Digest) (Standing, error) {
	if s, ok := q.board.standing(recipe); ok {
		return s, nil
	}
	list, err := q.client.JobList(ctx, river.NewJobListParams().TagsAny(recipe.String()).
		OrderBy(river.JobListOrderByID, river.SortOrderDesc).First(1))
	if err != nil {
		return Standing{}, fmt.Errorf("jobs: standing of %s: %w", recipe.Short(), err)
	}
	if len(list.Jobs) == 0 {
		return Standing{}, nil
	}
	switch j := list.Jobs[0]; j.State {
	case rivertype.JobStateCompleted:
		return Standing{}, nil // if the result isn't there, it was dropped since
	case rivertype.JobStateCancelled:
		return Standing{Asked: true, Failure: lastError(j)}, nil
	case rivertype.JobStateDiscarded:
		if lastError(j) != endedAmid && j.FinalizedAt != nil && time.Since(*j.FinalizedAt) > forgetAfter {
			return Standing{}, nil
		}
		return Standing{Asked: true, Failure: lastError(j)}, nil
	}
	return Standing{Asked: true}, nil
}

func lastError(j *rivertype.JobRow) string {
	if len(j.Errors) == 0 {
		return "no reason was kept"
	}
	return strings.TrimPrefix(j.Errors[len(j.Errors)-1].Error, "JobCancelError: ")
}

// A Failure is why a recipe can't be made.
type Failure struct {
	Recipe imagery.Digest
	Reason string
}

func (f *Failure) Error() string {
	return fmt.Sprintf("jobs: %s can't be made: %s", f.Recipe.Short(), f.Reason)
}

// Wait asks for r and returns its result once it is made, or a [*Failure].
func (q *Queue) Wait(ctx context.Context, r archive.Recipe, subject string) (archive.Result, error) {
	d := r.Digest()
	for {
		res, err := q.store.Result(ctx, d)
		if err == nil && res.Check() == nil {
			return res, nil
		}
		if err != nil && !errors.Is(err, imagery.ErrNotFound) {
			return archive.Result{}, err
		}
		ended := q.board.expect(d, subject)
		s, err := q.Standing(ctx, d)
		if err != nil {
			return archive.Result{}, err
		}
		if s.Failure != "" {
			return archive.Result{}, &Failure{d, s.Failure}
		}
		if !s.Asked {
			if err := q.Ask(ctx, r, subject); err != nil {
				return archive.Result{}, err
			}
		}
		select {
		case <-ended:
		case <-time.After(200 * time.Millisecond): // another process may have made it
		case <-ctx.Done():
			return archive.Result{}, ctx.Err()
		}
	}
}
