package timeline

import (
	"math"
	"slices"
)

// A null is what the controls do.
type null struct {
	sorted []float64 // smallest first
	tail   tail
}

func newNull(values []float64) *null {
	u := &null{sorted: slices.Clone(values)}
	slices.Sort(u.sorted)
	u.tail = fitTail(u.sorted)
	return u
}

// p is the probability that a window where nothing particular happened reaches v:
// counted among the controls, and beyond the last few of them read off the tail.
func (u *null) p(v float64) float64 {
	n := len(u.sorted)
	i, _ := slices.BinarySearch(u.sorted, v)
	count := float64(n-i+1) / float64(n+1)
	if n-i >= fewest {
		return count
	}
	return min(max(u.tail.p(v), leastP), float64(fewest)/float64(n+1))
}

// fewest controls beyond a value make counting them better than the tail.
const fewest = 4

// leastP is the smallest p-value that some hundreds of overlapping windows can vouch for.
const leastP = 1e-4

// A tail is a generalised Pareto distribution above a threshold (Pickands 1975).
type tail struct {
	from, share   float64 // threshold, and the share of controls above it
	scale, factor float64 // σ and ξ
}

// fitTail fits the largest tenth of sorted values by probability-weighted moments
// (Hosking & Wallis 1987), the shape held between nearly exponential and heavy.
func fitTail(sorted []float64) tail {
	n := len(sorted)
	k := max(n/10, min(n-1, 10))
	t := tail{from: sorted[n-k-1], share: float64(k) / float64(n)}
	var b0, b1 float64
	for i, v := range sorted[n-k:] {
		e := v - t.from
		b0 += e / float64(k)
		b1 += e * (1 - (float64(i)+0.65)/float64(k)) / float64(k)
	}
	t.factor = 0.1
	if d := b0 - 2*b1; d > 1e-9 {
		t.factor = min(max(2-b0/d, 0.1), 0.5)
	}
	t.scale = max(b0*(1-t.factor), 1e-6)
	return t
}

func (t tail) p(v float64) float64 {
	if v <= t.from {
		return t.share
	}
	return t.share * math.Pow(1+t.factor*(v-t.from)/t.scale, -1/t.factor)
}

// quantile interpolates linearly between sorted values; NaN for none.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	x := q * float64(len(sorted)-1)
	i := int(x)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	f := x - float64(i)
	return sorted[i]*(1-f) + sorted[i+1]*f
}
