package raster

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Workers returns n, or the number of processors that Go may use where n is
// zero or less.
func Workers(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

// Rows calls f for bands [lo, hi) that together cover 0 to n-1, each index once,
// on at most workers goroutines (all processors where workers is 0), and waits
// for them. A call must write only what belongs to its own indices: then the
// result is the same whatever the number of workers.
func Rows(n, workers int, f func(lo, hi int)) {
	workers = min(Workers(workers), n)
	if workers <= 1 {
		if n > 0 {
			f(0, n)
		}
		return
	}
	band := max(1, n/(workers*8))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				hi := int(next.Add(int64(band)))
				lo := hi - band
				if lo >= n {
					return
				}
				f(lo, min(hi, n))
			}
		})
	}
	wg.Wait()
}

// Each calls f for each of 0 to n-1 once, as [Rows] does for bands of them.
func Each(n, workers int, f func(i int)) {
	Rows(n, workers, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			f(i)
		}
	})
}
