package timeline

import "slices"

// A split says of each frame whether it comes after a change, true, or before it.
type split []bool

// mostSplits bounds the splits that are tried: dates so vague that they allow more
// orders tell next to nothing of the order, and the images are better dated first.
const mostSplits = 128

// splitsOf returns the splits of frames that their dates allow: before is never
// without a frame that is surely earlier than another one in it. The first n - 1
// follow the order in which the frames are given, earliest first.
func splitsOf(frames []Frame) []split {
	n := len(frames)
	var out []split
	for k := 1; k <= n+1; k++ { // the last two, whose one side is empty, only lead to others
		s := make(split, n)
		for i := k % (n + 1); i < n; i++ {
			s[i] = true
		}
		out = append(out, s)
	}
	for next := 0; next < len(out) && len(out) < mostSplits; next++ {
		for i := range n {
			s := slices.Clone(out[next])
			s[i] = !s[i]
			if s.allowed(frames) && !slices.ContainsFunc(out, func(o split) bool { return slices.Equal(o, s) }) {
				out = append(out, s)
			}
		}
	}
	return slices.Delete(out, n-1, n+1)
}

// allowed says that no frame after the split was surely taken before one that
// precedes it.
func (s split) allowed(frames []Frame) bool {
	for i := range s {
		for j := i + 1; j < len(s); j++ {
			if s[i] && !s[j] && frames[i].surelyBefore(frames[j]) {
				return false
			}
		}
	}
	return true
}

// surelyBefore says that f, which is given before o, was surely taken before it.
func (f Frame) surelyBefore(o Frame) bool {
	return f.Until == 0 || o.Until == 0 || f.Until <= o.From
}

// side is 0 for a frame before the split and 1 for one after it.
func (s split) side(i int) int {
	if s[i] {
		return 1
	}
	return 0
}
