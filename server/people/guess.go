package people

import (
	"fmt"
	"net/netip"
	"sync"
	"time"
)

// TooMany says that no more answers are taken just now, and after how long one is.
type TooMany struct{ After time.Duration }

func (t TooMany) Error() string {
	return fmt.Sprintf("too many wrong answers; try again in %v", t.After.Round(time.Second))
}

// Guesses counts wrong answers by whom they are about, or whence they come. Each has
// a number of them at once, and then one more from time to time: a person who forgot
// a password waits for minutes, a program that tries them all for centuries. Counting
// forgets what it knows when the process ends; the hash's cost remains.
type Guesses struct {
	most  float64
	every time.Duration

	mu   sync.Mutex
	left map[string]allowance
}

type allowance struct {
	n  float64
	at time.Time
}

// maxCounted is how many names or addresses are counted at a time. Beyond it, those
// that have most left are forgotten.
const maxCounted = 20000

// NewGuesses allows most at once and one more after every.
func NewGuesses(most float64, every time.Duration) *Guesses {
	return &Guesses{most: most, every: every, left: map[string]allowance{}}
}

// Take uses one up, or says [TooMany].
func (g *Guesses) Take(who string, now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.leftOf(who, now)
	if n < 1 {
		return TooMany{time.Duration((1 - n) * float64(g.every))}
	}
	if len(g.left) >= maxCounted {
		g.forget(now)
	}
	g.left[who] = allowance{n - 1, now}
	return nil
}

// Return gives one back: the answer was right.
func (g *Guesses) Return(who string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if a, ok := g.left[who]; ok {
		a.n = min(a.n+1, g.most)
		g.left[who] = a
	}
}

func (g *Guesses) leftOf(who string, now time.Time) float64 {
	a, ok := g.left[who]
	if !ok {
		return g.most
	}
	return min(g.most, a.n+float64(max(now.Sub(a.at), 0))/float64(g.every))
}

// forget drops those that have all of theirs left, and if that is not enough, those
// that have more than half.
func (g *Guesses) forget(now time.Time) {
	for _, keep := range []float64{g.most, g.most / 2, 1} {
		for who := range g.left {
			if g.leftOf(who, now) >= keep {
				delete(g.left, who)
			}
		}
		if len(g.left) < maxCounted {
			return
		}
	}
	clear(g.left)
}

// Source is what addresses of one sender have in common: an IPv6 network of 64 bits
// is one household, and gives its owner any number of addresses.
func Source(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
