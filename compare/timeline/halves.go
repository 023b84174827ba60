package timeline

import (
	"context"
	"slices"
)

// halve keeps what can be said where the frames together are not clear: which sides of
// the split that stands out most show one look each. All but a few planted changes left
// more than bound in the frames together.
func (a *analysis) halve(ctx context.Context, bound float64) {
	after := a.structure.found.split
	if a.calm(a.whole(), bound) && a.toneMoved() {
		after = a.tones.found.split
	}
	var sides [2][]int
	for i := range a.used {
		sides[after.side(i)] = append(sides[after.side(i)], i)
	}
	for _, frames := range sides {
		if len(frames) > 1 && a.only(frames).quiet(ctx) {
			a.halves = append(a.halves, frames)
		}
	}
	if a.tile {
		return // it is no more than a part that looks the same
	}
	name := func(i int) string { return a.frames[a.used[i]].File }
	if len(a.halves) == 2 {
		old, late := a.halves[0], a.halves[1]
		if before, from := old[len(old)-1], late[0]; before < from { // else dates overlap, and the two are mixed
			a.caution("if the region changed, it was between %s and %s: it looks the same from %s to %s, and from %s to %s", name(before), name(from), name(old[0]), name(before), name(from), name(late[len(late)-1]))
		}
		return
	}
	for _, half := range a.halves {
		a.caution("from %s to %s the region looks the same; how it compares with the other images can't be told", name(half[0]), name(half[len(half)-1]))
	}
}

// quiet ranks a part of the frames that was set aside, and says that surely nothing in
// it changed.
func (a *analysis) quiet(ctx context.Context) bool {
	a.rank()
	return a.moved < a.opts.Moved && !a.doubtful() && a.steady(a.whole(), a.bound(ctx))
}

// inHalf says that two of the used frames, by place, are of one half that shows one look.
func (a *analysis) inHalf(i, j int) bool {
	return slices.ContainsFunc(a.halves, func(frames []int) bool {
		return slices.Contains(frames, i) && slices.Contains(frames, j)
	})
}
