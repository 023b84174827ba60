package jobs

import (
	"context"
	"encoding/json"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"
)

// takeUp puts back what is marked as running although no process is at work: this
// one has just locked the queue for itself. River alone would wait for the whole
// timeout of a job, and an upload must not.
func takeUp(ctx context.Context, driver *riversqlite.Driver, attempts int) error {
	exec := driver.GetExecutor()
	soon := time.Now().Add(time.Hour) // "stuck" is what began before then: everything
	for {
		left, err := exec.JobGetStuck(ctx, &riverdriver.JobGetStuckParams{Max: 1000, StuckHorizon: soon})
		if err != nil || len(left) == 0 {
			return err
		}
		p := &riverdriver.JobRescueManyParams{StuckHorizon: soon}
		for _, j := range left {
			if err := putBack(p, j, attempts, time.Now().UTC()); err != nil {
				return err
			}
		}
		if _, err := exec.JobRescueMany(ctx, p); err != nil {
			return err
		}
	}
}

const endedAmid = "the program ended while it was at this"

func putBack(p *riverdriver.JobRescueManyParams, j *rivertype.JobRow, attempts int, now time.Time) error {
	text, err := json.Marshal(rivertype.AttemptError{At: now, Attempt: j.Attempt, Error: endedAmid})
	if err != nil {
		return err
	}
	state, finalized := rivertype.JobStateAvailable, (*time.Time)(nil)
	if j.Attempt >= attempts {
		state, finalized = rivertype.JobStateDiscarded, &now
	}
	p.ID = append(p.ID, j.ID)
	p.Error = append(p.Error, text)
	p.State = append(p.State, string(state))
	p.FinalizedAt = append(p.FinalizedAt, finalized)
	p.ScheduledAt = append(p.ScheduledAt, now)
	return nil
}
