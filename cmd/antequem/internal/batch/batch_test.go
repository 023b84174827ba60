package batch_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/google/go-cmp/cmp"
)

func numbered(n int) []batch.Item {
	items := make([]batch.Item, n)
	for i := range items {
		items[i] = batch.Item{Name: fmt.Sprint(i), Kind: batch.KindCase, Path: fmt.Sprintf("%d.yaml", i)}
	}
	return items
}

func silent(batch.Row, bool) {}

func TestRowsComeInTheOrderOfTheItemsWhateverTheWorkers(t *testing.T) {
	items := numbered(40)
	judge := func(_ context.Context, it batch.Item) (batch.Row, bool, error) {
		if it.Name == "7" {
			return batch.Row{}, false, errors.New("broken")
		}
		return batch.Row{Name: it.Name, Status: batch.StatusJudged}, false, nil
	}
	one := batch.Run(t.Context(), items, 1, judge, silent)
	if len(one) != 40 || !one[7].Failed() || one[7].Error != "broken" {
		t.Fatalf("40 items, of which the seventh is broken: %d rows, the seventh %+v", len(one), one[7])
	}
	for _, workers := range []int{2, 8, 100} {
		if d := cmp.Diff(one, batch.Run(t.Context(), items, workers, judge, silent)); d != "" {
			t.Errorf("%d workers (-one +many):\n%s", workers, d)
		}
	}
}

func TestNoMoreThanTheWorkersAreAtWork(t *testing.T) {
	var now, most atomic.Int32
	judge := func(context.Context, batch.Item) (batch.Row, bool, error) {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		now.Add(-1)
		return batch.Row{}, false, nil
	}
	batch.Run(t.Context(), numbered(200), 3, judge, silent)
	if most.Load() > 3 {
		t.Errorf("%d at once, want 3 at most", most.Load())
	}
}

func TestWhatIsFinishedWhenTheRunIsStoppedStays(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	judge := func(ctx context.Context, it batch.Item) (batch.Row, bool, error) {
		if it.Name == "5" {
			stop()
			return batch.Row{}, false, ctx.Err()
		}
		return batch.Row{Name: it.Name}, false, nil
	}
	rows := batch.Run(ctx, numbered(20), 1, judge, silent)
	if len(rows) != 5 || rows[4].Name != "4" {
		t.Errorf("stopped at item 5: rows %v, want 0 to 4", rows)
	}
}

func TestAFaultInOneItemLeavesTheOthers(t *testing.T) {
	judge := func(_ context.Context, it batch.Item) (batch.Row, bool, error) {
		if it.Name == "1" {
			var nothing []int
			_ = nothing[3]
		}
		return batch.Row{Name: it.Name, Status: batch.StatusJudged}, false, nil
	}
	rows := batch.Run(t.Context(), numbered(3), 2, judge, silent)
	if len(rows) != 3 || rows[0].Failed() || !rows[1].Failed() || rows[2].Failed() {
		t.Errorf("rows %v, want the middle one failed", rows)
	}
}

func TestEveryEndIsTold(t *testing.T) {
	told := map[string]bool{} // tell is called from one goroutine at a time
	batch.Run(t.Context(), numbered(50), 8, func(_ context.Context, it batch.Item) (batch.Row, bool, error) {
		return batch.Row{Name: it.Name}, false, nil
	}, func(r batch.Row, _ bool) { told[r.Name] = true })
	if len(told) != 50 {
		t.Errorf("%d of 50 told", len(told))
	}
}
