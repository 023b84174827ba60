// Package batch is what judging many cases takes beside judging one: it finds
// them ([Find], [ReadPairs]), names their folders, shares them among workers
// ([Run]), tells how far it has come ([Progress]) and writes the table of what
// came out ([CSV], [Lines], [HTML]).
//
// The table is a function of the rows alone: it holds no time, no number of
// workers and nothing of what was taken over from an earlier run, so the same
// cases give the same bytes however they were come by.
package batch

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/antequem/antequem/imagery"
)

// A Kind says what an item is.
type Kind string

const (
	KindCase Kind = "case" // a case file
	KindPair Kind = "pair" // a line of a table of pairs
)

// An Item is one thing to be judged.
type Item struct {
	Name string // of its folder among the results; unique
	Kind Kind
	Path string // the case file, or the table that holds the pair
	Pair Pair   // of KindPair
}

// Source says where the item stands: a path, with the line where it is one of many.
func (it Item) Source() string {
	if it.Kind == KindPair {
		return fmt.Sprintf("%s:%d", it.Path, it.Pair.Line)
	}
	return it.Path
}

// A Judge turns an item into its row. An error that is not ctx's own makes a row
// that says so.
type Judge func(ctx context.Context, it Item) (row Row, takenOver bool, err error)

// Run judges the items, so many at once, and returns the rows of those that came
// to an end, in the order of the items. When ctx ends no further item is begun,
// and those under way are left out. tell is called from one goroutine at a time.
func Run(ctx context.Context, items []Item, workers int, judge Judge, tell func(r Row, takenOver bool)) []Row {
	defer debug.SetGCPercent(debug.SetGCPercent(lax))
	rows := make([]*Row, len(items))
	next := make(chan int)
	var wg sync.WaitGroup
	var telling sync.Mutex
	for range max(1, min(workers, len(items))) {
		wg.Go(func() {
			for i := range next {
				row, over, err := guarded(ctx, items[i], judge)
				if err != nil && ctx.Err() != nil {
					continue
				}
				if err != nil {
					row = Failed(items[i], err)
				}
				rows[i] = &row
				telling.Lock()
				tell(row, over)
				telling.Unlock()
			}
		})
	}
	for i := range items {
		if ctx.Err() != nil {
			break
		}
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	wg.Wait()
	var out []Row
	for _, r := range rows {
		if r != nil {
			out = append(out, *r)
		}
	}
	return out
}

// lax is how far, in percent, the memory in use may grow before it is looked through
// for what is no longer needed. Pictures come and go by the tens of MiB and little
// stays: twice the usual saves 6 % of the time for 100 to 200 MiB.
const lax = 200

// guarded keeps a fault of the program in one item from taking the others with it.
func guarded(ctx context.Context, it Item, judge Judge) (row Row, over bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: a fault of the program: %v: %w", it.Source(), r, imagery.ErrUnsupported)
		}
	}()
	return judge(ctx, it)
}
