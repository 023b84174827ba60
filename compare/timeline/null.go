package timeline

import (
	"math"
	"slices"
)

// A null is what the controls do. They overlap and lie in one scene, so that hundreds
// of them tell no more than a few dozen would, or fewer: see [spread.independent].
type null struct {
	sorted      []float64 // smallest first
	independent float64   // how many values that have nothing to do with one another tell as much
	tail        tail
}

// newNull takes what each control does.
func newNull(values []float64, s spread) *null {
	u := &null{sorted: slices.Clone(values), independent: s.independent(values)}
	slices.Sort(u.sorted)
	u.tail = fitTail(u.sorted, u.independent)
	return u
}

// p is the probability that a window where nothing particular happened reaches v:
// counted among the controls, and beyond most of them read off the tail.
func (u *null) p(v float64) float64 {
	if v > u.tail.from {
		return max(u.tail.p(v), leastP)
	}
	n := len(u.sorted)
	i, _ := slices.BinarySearch(u.sorted, v)
	return oneMore(float64(n-i)/float64(n), u.independent)
}

// oneMore is the probability that one more window does what a share of so many did.
func oneMore(share, independent float64) float64 { return (share*independent + 1) / (independent + 1) }

// leastP is the smallest p-value that some hundreds of overlapping windows can vouch for.
const leastP = 1e-4

// A tail is a generalised Pareto distribution above a threshold (Pickands 1975).
type tail struct {
	from, share   float64 // threshold, and the probability of lying above it
	scale, factor float64 // σ and ξ
}

// fitTail fits the largest tenth of sorted values by probability-weighted moments
// (Hosking & Wallis 1987), the shape held between nearly exponential and heavy. What
// the next value does is less sure than a fit to few makes it look: after k
// exponential excesses it follows a Pareto distribution of shape 1/k, and no lighter
// tail is taken.
func fitTail(sorted []float64, independent float64) tail {
	n := len(sorted)
	k := max(n/10, min(n-1, 10))
	t := tail{from: sorted[n-k-1], share: oneMore(float64(k)/float64(n), independent)}
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
	t.factor = min(max(t.factor, float64(n)/(float64(k)*independent)), 1)
	return t
}

func (t tail) p(v float64) float64 {
	return t.share * math.Pow(1+t.factor*(v-t.from)/t.scale, -1/t.factor)
}

// median sorts v and returns its median; NaN for none.
func median(v []float64) float64 {
	slices.Sort(v)
	return quantile(v, 0.5)
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
