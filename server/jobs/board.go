package jobs

import (
	"context"
	"maps"
	"sync"

	"github.com/antequem/antequem/imagery"
)

// A board is where this process writes how its jobs fare, for those who watch.
type board struct {
	mu       sync.Mutex
	notices  map[imagery.Digest]*notice
	watchers map[*watcher]bool
}

// A notice is about one recipe that is under way.
type notice struct {
	subjects    map[string]bool
	running     bool // in this process
	step        string
	done, total int
	ended       chan struct{} // closed when it ends
}

// A watcher hears of the jobs of one subject. Only the last report waits for one
// who is slow.
type watcher struct {
	subject string
	news    chan struct{} // holds one token while something is to be told
	last    report
}

type report struct {
	recipe      imagery.Digest
	step        string
	done, total int
}

func newBoard() *board {
	return &board{notices: map[imagery.Digest]*notice{}, watchers: map[*watcher]bool{}}
}

func (b *board) notice(d imagery.Digest, subject string) *notice {
	n := b.notices[d]
	if n == nil {
		n = &notice{subjects: map[string]bool{}, ended: make(chan struct{})}
		b.notices[d] = n
	}
	if subject != "" {
		n.subjects[subject] = true
	}
	return n
}

// maxNotices is how many recipes may be noted before the ones that don't run here
// are forgotten: their watchers then hear nothing of them, and lose nothing else.
const maxNotices = 10_000

// expect notes who waits for a recipe. The channel is closed when its job ends here.
func (b *board) expect(d imagery.Digest, subject string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.notices) >= maxNotices {
		maps.DeleteFunc(b.notices, func(_ imagery.Digest, n *notice) bool { return !n.running })
	}
	return b.notice(d, subject).ended
}

func (b *board) begin(d imagery.Digest, subject string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.notice(d, subject)
	n.running = true
}

func (b *board) tell(d imagery.Digest, step string, done, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := b.notices[d]; n != nil {
		n.step, n.done, n.total = step, done, total
		b.spread(n, report{d, step, done, total})
	}
}

func (b *board) end(d imagery.Digest) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := b.notices[d]; n != nil {
		delete(b.notices, d)
		close(n.ended)
	}
}

func (b *board) spread(n *notice, r report) {
	for w := range b.watchers {
		if !n.subjects[w.subject] {
			continue
		}
		w.last = r
		select {
		case w.news <- struct{}{}:
		default:
		}
	}
}

// standing answers for jobs that run in this process; of the others it knows nothing.
func (b *board) standing(d imagery.Digest) (Standing, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.notices[d]
	if n == nil || !n.running {
		return Standing{}, false
	}
	return Standing{Asked: true, Step: n.step, Done: n.done, Total: n.total}, true
}

// Watch tells of the progress of a subject's jobs, as far as this process works
// them, until ctx ends.
func (q *Queue) Watch(ctx context.Context, subject string, tell func(recipe imagery.Digest, step string, done, total int)) error {
	w := q.board.watch(subject)
	defer q.board.leave(w)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.news:
			r := q.board.latest(w)
			tell(r.recipe, r.step, r.done, r.total)
		}
	}
}

func (b *board) watch(subject string) *watcher {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := &watcher{subject: subject, news: make(chan struct{}, 1)}
	b.watchers[w] = true
	return w
}

func (b *board) leave(w *watcher) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.watchers, w)
}

func (b *board) latest(w *watcher) report {
	b.mu.Lock()
	defer b.mu.Unlock()
	return w.last
}
