package timeline

import (
	"math"
	"slices"
)

// A null is what the controls do. Dissimilarities are taken as logarithms relative to
// the controls' median for the same two frames; a split's contrast is their mean
// across it, less what the mean within its sides lets expect by the controls.
type null struct {
	n         int
	middle    []float64 // by pair: median logarithm
	slope     []float64 // by split: of across against within
	low, span []float64 // by split: median and spread of the contrast
	sorted    []float64 // the scores of the controls that are kept, smallest first
	set       int       // controls set aside: they stand out themselves
	tail      tail
}

// least keeps logarithms finite; squared structure below it is nothing.
const least = 1e-4

// leastSpan is the smallest spread of a contrast that is believed: a change by this
// share of the dissimilarity is within the play of compression and resampling.
const leastSpan = 0.05

func newNull(there []measure, n int) *null {
	u := &null{n: n}
	col := make([]float64, len(there))
	logs := make([][]float64, len(there))
	for c := range there {
		logs[c] = there[c].logs()
	}
	for p := range logs[0] {
		for c := range logs {
			col[c] = logs[c][p]
		}
		m, _ := middleAndSpread(col)
		u.middle = append(u.middle, m)
	}
	across, within := make([][]float64, len(there)), make([][]float64, len(there))
	for c := range there {
		across[c], within[c] = u.sums(there[c])
	}
	x := make([]float64, len(there))
	for s := range n - 1 {
		for c := range there {
			x[c], col[c] = within[c][s], across[c][s]
		}
		k := slopeOf(x, col)
		for c := range col {
			col[c] -= k * x[c]
		}
		m, w := middleAndSpread(col)
		u.slope = append(u.slope, k)
		u.low, u.span = append(u.low, m), append(u.span, max(w, leastSpan))
	}
	for c := range there {
		v, _ := u.score(there[c])
		u.sorted = append(u.sorted, v)
	}
	slices.Sort(u.sorted)
	u.setAside()
	u.tail = fitTail(u.sorted)
	return u
}

// setAside drops the controls that stand out from the rest as a change does, so that
// what changed elsewhere doesn't hide what changed here: at most a sixth of them.
func (u *null) setAside() {
	m, w := middleAndSpread(u.sorted)
	n := len(u.sorted)
	keep := n
	for keep > n-n/6 && u.sorted[keep-1] > m+5*w {
		keep--
	}
	u.set = n - keep
	u.sorted = u.sorted[:keep]
}

// slopeOf is a robust slope of y against x, from 0 to 1: least squares about the
// medians, points off by more than three spreads left out.
func slopeOf(x, y []float64) float64 {
	mx, sx := middleAndSpread(x)
	my, _ := middleAndSpread(y)
	if sx < 1e-9 {
		return 0
	}
	k := 0.0
	r := make([]float64, len(x))
	for range 5 {
		for i := range x {
			r[i] = y[i] - my - k*(x[i]-mx)
		}
		m, w := middleAndSpread(r)
		var sxx, sxy float64
		for i := range x {
			if math.Abs(r[i]-m) <= 3*w && math.Abs(x[i]-mx) <= 4*sx {
				sxx += (x[i] - mx) * (x[i] - mx)
				sxy += (x[i] - mx) * (y[i] - my)
			}
		}
		if sxx < 1e-12 {
			return 0
		}
		k = min(max(sxy/sxx, 0), 1)
	}
	return k
}

// relative is the logarithm of each dissimilarity above the controls' median.
func (u *null) relative(m measure) []float64 {
	r := m.logs()
	for p := range r {
		r[p] -= u.middle[p]
	}
	return r
}

// sums returns, for each split s of the frames into 0…s and s+1…n-1, the mean
// relative dissimilarity across it and within its sides.
func (u *null) sums(d measure) (across, within []float64) {
	r := u.relative(d)
	across, within = make([]float64, u.n-1), make([]float64, u.n-1)
	for s := range across {
		na, nw := 0, 0
		for i := range u.n {
			for j := i + 1; j < u.n; j++ {
				v := r[pair(i, j, u.n)]
				if i <= s && j > s {
					across[s] += v
					na++
				} else {
					within[s] += v
					nw++
				}
			}
		}
		across[s] /= float64(na)
		if nw > 0 {
			within[s] /= float64(nw)
		}
	}
	return across, within
}

// contrasts returns what every split's sums leave unexplained, standardised.
func (u *null) contrasts(d measure) []float64 {
	across, within := u.sums(d)
	for s := range across {
		across[s] = (across[s] - u.slope[s]*within[s] - u.low[s]) / u.span[s]
	}
	return across
}

// largest returns the largest standardised contrast and how many frames lie before
// its split.
func largest(contrasts []float64) (float64, int) {
	best, at := math.Inf(-1), 0
	for s, v := range contrasts {
		if v > best {
			best, at = v, s+1
		}
	}
	return best, at
}

// score returns the statistic of a window's dissimilarities and where it splits.
func (u *null) score(d measure) (float64, int) { return largest(u.contrasts(d)) }

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
