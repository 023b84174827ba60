package timeline

import "slices"

// withOwn adds to the looks the runs of frames that fit neither side of a change
// because they show a look of their own, as cleared ground does between a ruin and what
// is built in its place: two frames at least, alike, that stand out from the look
// before them and from the one after.
func (a *analysis) withOwn(looks [][]int) [][]int {
	own := make([]int, len(a.used))
	for i := range own {
		own[i] = slices.IndexFunc(looks, func(frames []int) bool { return slices.Contains(frames, i) })
	}
	out := slices.Clone(looks)
	added := 0
	for from, until := 0, 0; from < len(own); from = until {
		for until = from + 1; until < len(own) && (own[until] < 0) == (own[from] < 0); until++ {
		}
		if own[from] >= 0 || until-from < 2 {
			continue
		}
		run, before, after := a.all()[from:until], 0, len(looks)
		if from > 0 {
			before = own[from-1] + 1
		}
		if until < len(own) {
			after = own[until]
		}
		if before != after || a.changes(a.part(run)) || before > 0 && !a.apartFrom(looks[before-1], run) || after < len(looks) && !a.apartFrom(run, looks[after]) {
			continue
		}
		out = slices.Insert(out, before+added, run)
		added++
	}
	return out
}

// changes says that a change stands out in a part.
func (a *analysis) changes(p part) bool { return a.seen(p.found, p.null) }

// apartFrom says that the change that stands out most in two runs of frames taken
// together lies between them.
func (a *analysis) apartFrom(before, after []int) bool {
	p := a.part(append(slices.Clone(before), after...))
	if !a.changes(p) {
		return false
	}
	for i, f := range p.frames {
		if p.found.split[i] != slices.Contains(after, f) {
			return false
		}
	}
	return true
}
