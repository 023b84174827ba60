package timeline

import (
	"math"
	"slices"
)

// A null is what the controls do: for each pair of frames the middle and spread of
// their dissimilarity, for each split the same of its contrast, and the largest
// standardised contrast of every control.
type null struct {
	n             int
	middle, width []float64 // by pair
	low, span     []float64 // by split
	sorted        []float64 // the controls' scores, smallest first
	tail          tail
}

// leastSpread keeps a scale away from 0 where controls agree almost exactly; a
// dissimilarity below it is beyond what eight bits and compression hold.
const leastSpread = 0.01

func newNull(there [][]float64, n int) *null {
	u := &null{n: n}
	col := make([]float64, len(there))
	for p := range there[0] {
		for c := range there {
			col[c] = there[c][p]
		}
		m, w := middleAndSpread(col)
		u.middle, u.width = append(u.middle, m), append(u.width, max(w, leastSpread))
	}
	contrasts := make([][]float64, len(there))
	for c := range there {
		contrasts[c] = u.contrasts(there[c])
	}
	for s := range n - 1 {
		for c := range contrasts {
			col[c] = contrasts[c][s]
		}
		m, w := middleAndSpread(col)
		u.low, u.span = append(u.low, m), append(u.span, max(w, 0.1))
	}
	for c := range contrasts {
		v, _ := u.largest(contrasts[c])
		u.sorted = append(u.sorted, v)
	}
	slices.Sort(u.sorted)
	u.tail = fitTail(u.sorted)
	return u
}

// relative is a dissimilarity in spreads above the controls' middle for that pair.
func (u *null) relative(d []float64) []float64 {
	r := make([]float64, len(d))
	for p, v := range d {
		r[p] = (v - u.middle[p]) / u.width[p]
	}
	return r
}

// contrasts returns, for each split s of the frames into 0…s and s+1…n-1, the mean
// relative dissimilarity across it less the mean within its sides.
func (u *null) contrasts(d []float64) []float64 {
	r := u.relative(d)
	out := make([]float64, u.n-1)
	for s := range out {
		var across, within float64
		na, nw := 0, 0
		for i := range u.n {
			for j := i + 1; j < u.n; j++ {
				v := r[pair(i, j, u.n)]
				if i <= s && j > s {
					across += v
					na++
				} else {
					within += v
					nw++
				}
			}
		}
		out[s] = across / float64(na)
		if nw > 0 {
			out[s] -= within / float64(nw)
		}
	}
	return out
}

// largest returns the largest standardised contrast and how many frames lie before
// its split.
func (u *null) largest(contrasts []float64) (float64, int) {
	best, at := math.Inf(-1), 0
	for s, v := range contrasts {
		if z := (v - u.low[s]) / u.span[s]; z > best {
			best, at = z, s+1
		}
	}
	return best, at
}

// score returns the statistic of a window's dissimilarities and where it splits.
func (u *null) score(d []float64) (float64, int) { return u.largest(u.contrasts(d)) }

// p is the probability that a window where nothing particular happened scores at
// least v: counted among the controls, and beyond them read off the fitted tail.
func (u *null) p(v float64) float64 {
	n := len(u.sorted)
	i, _ := slices.BinarySearch(u.sorted, v)
	count := float64(n-i+1) / float64(n+1)
	if n-i >= 10 {
		return count
	}
	return min(max(u.tail.p(v), 1e-9), float64(11)/float64(n+1))
}

// A tail is a generalised Pareto distribution above a threshold (Pickands 1975).
type tail struct {
	from, share   float64 // threshold, and the share of controls above it
	scale, factor float64 // σ and ξ
}

// fitTail fits the largest fifth of sorted values by probability-weighted moments
// (Hosking & Wallis 1987), the shape held between exponential and heavy.
func fitTail(sorted []float64) tail {
	n := len(sorted)
	k := max(n/5, min(n-1, 8))
	t := tail{from: sorted[n-k-1], share: float64(k) / float64(n)}
	var b0, b1 float64
	for i, v := range sorted[n-k:] {
		e := v - t.from
		b0 += e / float64(k)
		b1 += e * (1 - (float64(i)+0.65)/float64(k)) / float64(k)
	}
	t.factor, t.scale = 0.1, max(b0, 1e-6)
	if d := b0 - 2*b1; d > 1e-9 {
		t.factor = min(max(2-b0/d, 0.05), 0.5)
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

// middleAndSpread returns the median and 1.4826 times the median absolute
// deviation: a standard deviation where values are normal.
func middleAndSpread(v []float64) (float64, float64) {
	s := slices.Clone(v)
	slices.Sort(s)
	m := quantile(s, 0.5)
	for i := range s {
		s[i] = math.Abs(s[i] - m)
	}
	slices.Sort(s)
	return m, 1.4826 * quantile(s, 0.5)
}

// quantile interpolates linearly between sorted values.
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
