// Package jobs has slow work done in its own time: a recipe is asked for, worked by
// one of a few workers, and its result kept in the archive under the recipe's
// digest. Asked for twice it is done once; dropped, it can be asked for again.
//
// The queue is River in an SQLite file of its own beside the archive's records. It
// holds nothing that can't be asked for again, so losing it loses no result. Several
// processes may work one queue.
package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// A Tell reports how far a job is: a step, and how much of it is done.
type Tell func(step string, done, total int)

// A Work makes the files of a recipe: the same ones every time. An error that is
// one of imagery's kinds is final for the recipe; any other is tried again. A
// recipe of a Version that it does not make must be refused as
// [imagery.ErrUnsupported]: it may have been asked for before an upgrade.
type Work func(ctx context.Context, r archive.Recipe, tell Tell) (map[string][]byte, error)

// A Store keeps results: an [archive.Archive].
type Store interface {
	Result(ctx context.Context, recipe imagery.Digest) (archive.Result, error)
	PutResult(ctx context.Context, r archive.Recipe, files map[string][]byte) (archive.Result, error)
}

// Options are how jobs are worked.
type Options struct {
	Workers  int           // jobs at a time; 0 only asks, and leaves the work to other processes
	Timeout  time.Duration // of one job
	Attempts int           // before a job that fails for a passing reason, or takes the program down with it, is given up
	Quick    []string      // kinds of recipe that have a worker of their own, so that they never wait behind long ones
	Latest   []string      // kinds of which a subject wants the latest alone: one that still waits gives way to the next
	Logger   *slog.Logger
}

// DefaultOptions works one job at a time, for the work itself uses all cores, for
// half an hour at most and three times.
func DefaultOptions() Options {
	return Options{Workers: 1, Timeout: 30 * time.Minute, Attempts: 3, Logger: slog.Default()}
}

// Validate says what is wrong with o.
func (o Options) Validate() error {
	if o.Workers < 0 || o.Workers > 1000 || o.Timeout <= 0 || o.Attempts < 1 {
		return fmt.Errorf("jobs: want 0 to 1000 workers, a timeout and at least one attempt, got %d, %v and %d: %w",
			o.Workers, o.Timeout, o.Attempts, imagery.ErrInvalid)
	}
	return nil
}

// A Queue is where recipes are asked for. Its methods may be called from any number of goroutines.
type Queue struct {
	opts   Options
	store  Store
	work   Work
	db     *sql.DB
	lock   *os.File // held shared while this process works the queue
	client *river.Client[*sql.Tx]
	board  *board
	worked sync.WaitGroup // jobs that this process is at
}

// Open opens the queue in the file at path, makes it where there is none, takes up
// what a process that ended amid its work left behind, and starts the workers.
func Open(ctx context.Context, path string, store Store, work Work, opts Options) (*Queue, error) {
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	if opts.Logger == nil {
		opts.Logger = slog.Default()
	}
	q := &Queue{opts: opts, store: store, work: work, board: newBoard()}
	if err := q.open(ctx, path); err != nil {
		return nil, fmt.Errorf("jobs: open %s: %w", path, errors.Join(err, q.release()))
	}
	return q, nil
}

func (q *Queue) open(ctx context.Context, path string) (err error) {
	alone := false
	if q.lock, alone, err = lockFile(path + ".lock"); err != nil {
		return err
	}
	err = q.prepare(ctx, path)
	if broken(err) && alone {
		q.opts.Logger.Warn("the queue can't be read and is begun anew; results are not touched", slog.String("file", path), slog.Any("error", err))
		if err = errors.Join(q.db.Close(), setAside(path)); err == nil {
			err = q.prepare(ctx, path)
		}
	}
	if err != nil {
		return err
	}
	driver := riversqlite.New(q.db)
	if alone {
		if err := takeUp(ctx, driver, q.opts.Attempts); err != nil {
			return err
		}
	}
	if err := shareLock(q.lock); err != nil {
		return err
	}
	if q.client, err = river.NewClient(driver, q.config()); err != nil {
		return err
	}
	if q.opts.Workers == 0 {
		return nil
	}
	return q.client.Start(context.WithoutCancel(ctx))
}

// prepare opens the database and brings its tables up to date.
func (q *Queue) prepare(ctx context.Context, path string) (err error) {
	if q.db, err = openDatabase(path); err != nil {
		return err
	}
	return migrate(ctx, riversqlite.New(q.db), q.opts.Logger)
}

// quickQueue is the queue of the kinds in Options.Quick.
const quickQueue = "quick"

func (q *Queue) config() *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{q: q})
	c := &river.Config{
		Workers:              workers,
		JobTimeout:           q.opts.Timeout,
		RescueStuckJobsAfter: q.opts.Timeout + time.Minute,
		MaxAttempts:          q.opts.Attempts,
		RetryPolicy:          retryPolicy{},
		FetchCooldown:        10 * time.Millisecond,
		FetchPollInterval:    500 * time.Millisecond,
		Logger:               quiet(q.opts.Logger),
	}
	if q.opts.Workers > 0 {
		c.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.opts.Workers}}
	}
	if q.opts.Workers > 0 && len(q.opts.Quick) > 0 {
		c.Queues[quickQueue] = river.QueueConfig{MaxWorkers: 1}
	}
	return c
}

// Close stops the workers. A job under way is broken off and taken up by whoever
// opens the queue next.
func (q *Queue) Close(ctx context.Context) error {
	var err error
	if q.opts.Workers > 0 {
		err = q.client.StopAndCancel(ctx)
	}
	q.worked.Wait()
	if err = errors.Join(err, q.release()); err != nil {
		return fmt.Errorf("jobs: close: %w", err)
	}
	return nil
}

func (q *Queue) release() error {
	var err error
	if q.db != nil {
		err = q.db.Close()
	}
	if q.lock != nil {
		err = errors.Join(err, q.lock.Close())
	}
	return err
}

// quiet passes River's warnings and errors on, and leaves its day to day out.
func quiet(l *slog.Logger) *slog.Logger { return slog.New(warnings{l.Handler()}) }

type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}
func (w warnings) WithAttrs(as []slog.Attr) slog.Handler { return warnings{w.Handler.WithAttrs(as)} }
func (w warnings) WithGroup(n string) slog.Handler       { return warnings{w.Handler.WithGroup(n)} }
