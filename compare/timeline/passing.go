package timeline

import (
	"math"
	"slices"
)

// runs are the sets of frames, true, that lie next to each other with other frames
// before and after them: what was there for a while, and gone again, shows in these
// and in no split. The shortest come first; of very many frames there are no others.
func runs(n int) []split {
	var out []split
	for length := 1; length <= n-2 && len(out) < mostSplits; length++ {
		for from := 1; from+length < n; from++ {
			s := make(split, n)
			for i := range length {
				s[from+i] = true
			}
			out = append(out, s)
		}
	}
	return out
}

// passing returns the frames of a part that may show something else than those before
// and after them do, as after a change that was undone or under a wrong date; nil if none
// do. It asks less than a change does: an image that may differ is not called the same.
func (a *analysis) passing(frames []int, bound float64) []int {
	return a.between(frames, func(p part) bool { return !a.kept(p, bound) || a.passes(p) })
}

// undone returns the frames of a part that surely do.
func (a *analysis) undone(frames []int) []int { return a.between(frames, a.passes) }

// passes says that what a part shows for a while stands out.
func (a *analysis) passes(p part) bool { return a.changes(p) && p.found.replaced >= leastFurther }

// between returns the frames of a part that differ most from those before and after
// them, if they are said to differ; else nil.
func (a *analysis) between(frames []int, differ func(part) bool) []int {
	among := runs(len(frames))
	if len(among) == 0 {
		return nil
	}
	p := a.partOf(frames, among)
	if !differ(p) {
		return nil
	}
	var out []int
	for i, f := range frames {
		if p.found.split[i] {
			out = append(out, f)
		}
	}
	return out
}

// back returns frames that speak against one order of the looks: what shows for a while
// within a look, or the look of one side of a change on its other side.
func (a *analysis) back(looks [][]int) []int {
	for _, frames := range looks {
		if p := a.passing(frames, math.Inf(1)); p != nil {
			return p
		}
	}
	for _, f := range a.crossed {
		if !slices.ContainsFunc(looks, func(frames []int) bool { return slices.Contains(frames, f) }) {
			return []int{f}
		}
	}
	return nil
}
