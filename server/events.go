package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/people"
)

const (
	// heartbeat is how often a silent stream says that it is alive, so that proxies
	// leave it open and a reader who went away is noticed.
	heartbeat = 15 * time.Second

	// glance is how often a stream looks whether what it waits for is there, for
	// another process may have made it.
	glance = 300 * time.Millisecond

	maxWatchers = 512 // streams that are open at once
	mostOfOne   = 64  // of them those of one sender, who may be an office
	maxAwaited  = 32  // recipes that one stream waits for
)

// events answers /locations/{slug}/events?wait=RECIPE,RECIPE… with server-sent events:
//
//	event: progress
//	data: {"index":0,"step":"align","done":2,"total":5}
//
//	event: done
//	data: {}
//
// done says that one of the recipes was made, or can't be, and the page has more
// to show. The stream ends with it.
func (s *Server) events(w http.ResponseWriter, r *http.Request) error {
	slug := r.PathValue("slug")
	if _, err := s.caseOf(r.Context(), slug); err != nil {
		return err
	}
	awaited, err := awaitedOf(r.URL.Query().Get("wait"))
	if err != nil {
		return err
	}
	sender := people.Source(infoOf(r.Context()).from)
	if !s.watchers.take(sender) {
		return refuse(errBusy, "Too many pages are watching. The page can be loaded again instead.")
	}
	defer s.watchers.leave(sender)
	s.counts.Watchers.Add(1)
	defer s.counts.Watchers.Add(-1)

	st := &stream{w: w, rc: http.NewResponseController(w)}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	if st.send("retry: 3000\n\n") != nil {
		return nil // gone already
	}
	ctx, cancel := context.WithCancel(r.Context())
	watched := make(chan error, 1)
	go func() {
		watched <- s.jobs.Watch(ctx, slug, func(recipe imagery.Digest, step string, done, total int) {
			i := slices.Index(awaited, recipe)
			if i >= 0 && st.event("progress", progress{Index: i, Step: step, Done: done, Total: total}) != nil {
				cancel()
			}
		})
	}()
	if s.await(ctx, st, awaited) {
		_ = st.event("done", struct{}{}) // the reader may have gone, which is no failure
	}
	cancel()
	if err := <-watched; err != nil && !errors.Is(err, context.Canceled) {
		s.log.ErrorContext(r.Context(), "watch jobs", "location", slug, "err", err)
	}
	return nil
}

// awaitedOf reads the recipes that a page waits for.
func awaitedOf(list string) ([]imagery.Digest, error) {
	texts := strings.Split(list, ",")
	if len(texts) > maxAwaited {
		return nil, refuse(imagery.ErrInvalid, fmt.Sprintf("A page waits for at most %d recipes.", maxAwaited))
	}
	var out []imagery.Digest
	for _, t := range texts {
		d, err := imagery.ParseDigest(t)
		if err != nil {
			return nil, &refusal{kind: imagery.ErrInvalid, detail: "Say what to wait for: wait=RECIPE,RECIPE….", cause: err}
		}
		out = append(out, d)
	}
	return out, nil
}

type progress struct {
	Index int    `json:"index"` // of the recipe in what is waited for
	Step  string `json:"step"`
	Done  int    `json:"done"`
	Total int    `json:"total"`
}

// await returns true when one of the recipes is settled, and false when the
// reader goes or the service stops.
func (s *Server) await(ctx context.Context, st *stream, recipes []imagery.Digest) bool {
	look, beat := time.NewTicker(glance), time.NewTicker(heartbeat)
	defer look.Stop()
	defer beat.Stop()
	for {
		for _, d := range recipes {
			if s.settled(ctx, d) {
				return true
			}
		}
		select {
		case <-ctx.Done():
			return false
		case <-s.stop:
			return false
		case <-look.C:
		case <-beat.C:
			if st.send(": still here\n\n") != nil {
				return false
			}
		}
	}
}

// settled says that a recipe was made, can't be, or that nobody asked for it: there is
// nothing to wait for.
func (s *Server) settled(ctx context.Context, recipe imagery.Digest) bool {
	if _, err := s.archive.Result(ctx, recipe); err == nil {
		return true
	}
	j, err := s.jobs.Standing(ctx, recipe)
	return err == nil && (j.Failure != "" || !j.Asked)
}

// crowd counts what is open at once, by sender.
type crowd struct {
	most, ofOne int

	mu  sync.Mutex
	all int
	of  map[string]int
}

func newCrowd(most, ofOne int) *crowd { return &crowd{most: most, ofOne: ofOne, of: map[string]int{}} }

// take opens one more, or says that there are too many.
func (c *crowd) take(sender string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all >= c.most || c.of[sender] >= c.ofOne {
		return false
	}
	c.all++
	c.of[sender]++
	return true
}

func (c *crowd) leave(sender string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.of[sender]--; c.of[sender] == 0 {
		delete(c.of, sender)
	}
}

// A stream sends events, one at a time.
type stream struct {
	mu sync.Mutex
	w  http.ResponseWriter
	rc *http.ResponseController
}

func (s *stream) event(name string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("event %s: %w: %w", name, imagery.ErrInvalid, err)
	}
	return s.send("event: " + name + "\ndata: " + string(b) + "\n\n")
}

func (s *stream) send(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.rc.SetWriteDeadline(time.Now().Add(heartbeat)) // not every writer has one; flushing fails in the end
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.rc.Flush()
}
