package verdict

import (
	"fmt"
	"slices"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/edtf"
)

// A Contradiction is an image that shows an earlier look and was surely taken
// after one that shows a later look: a repair, a wrong date or a slip of alignment.
type Contradiction struct {
	Earlier string // File of the image that shows the earlier look
	Later   string // File of the one that shows the later look, and is the older image
}

func (c *Contradiction) Error() string {
	return fmt.Sprintf("contradictory evidence: %s shows the earlier state and was taken after %s, which shows a later one", c.Earlier, c.Later)
}

// A bound is an end of a bracket and the image that sets it. A zero instant is open.
type bound struct {
	at   time.Time
	file string
}

// A step is the passage from one look to the next: (after, by].
type step struct{ after, by bound }

func (s step) interval() edtf.Interval { return edtf.Interval{Earliest: s.after.at, Latest: s.by.at} }

// impossible says that no instant lies in s.
func (s step) impossible() bool {
	return !s.after.at.IsZero() && !s.by.at.IsZero() && !s.after.at.Before(s.by.at)
}

// later returns the bound that binds more as an after: an open one binds least,
// since the zero time is before all others. Of equals it returns b.
func later(a, b bound) bound {
	if a.file == "" || b.file != "" && !b.at.Before(a.at) {
		return b
	}
	return a
}

// sooner returns the bound that binds more as a by. Of equals it returns a.
func sooner(a, b bound) bound {
	if a.file == "" || b.file != "" && !b.at.IsZero() && (a.at.IsZero() || b.at.Before(a.at)) {
		return b
	}
	return a
}

// limits are the bounds that the images of one look set together.
type limits struct{ after, by bound }

// mostLooks is the number of looks up to which every order is tried. Beyond it,
// where the order is unsure, all that is said is that the changes lie between the
// first image and the last.
const mostLooks = 6

// findSteps finds the bracket of each step, over every order of the looks that
// the dates allow, or the contradiction.
func (d *dossier) findSteps() {
	byLook := make([]limits, d.looks)
	for _, v := range d.clear {
		e := &byLook[v.look]
		e.after = later(e.after, bound{v.Taken.Earliest, v.File})
		e.by = sooner(e.by, bound{v.Taken.Latest, v.File})
	}
	numbered := make([]int, d.looks)
	for i := range numbered {
		numbered[i] = i
	}
	d.steps = stepsIn(numbered, byLook)
	if i := slices.IndexFunc(d.steps, step.impossible); i >= 0 {
		d.contradiction = &Contradiction{Earlier: d.steps[i].after.file, Later: d.steps[i].by.file}
		d.steps = nil
		return
	}
	if d.looks > mostLooks {
		d.widenAll(byLook)
		return
	}
	permute(numbered, func(order []int) {
		steps := stepsIn(order, byLook)
		if slices.ContainsFunc(steps, step.impossible) {
			return
		}
		for i, s := range steps {
			d.steps[i].widen(s)
		}
	})
}

// stepsIn returns the steps between looks that follow one another in that order.
func stepsIn(order []int, byLook []limits) []step {
	var steps []step
	for j := 1; j < len(order); j++ {
		var s step
		for _, g := range order[:j] {
			s.after = later(s.after, byLook[g].after)
		}
		for _, g := range order[j:] {
			s.by = sooner(s.by, byLook[g].by)
		}
		steps = append(steps, s)
	}
	return steps
}

// widen makes s reach as far as t does.
func (s *step) widen(t step) {
	if later(t.after, s.after) == s.after && t.after.at != s.after.at {
		s.after = t.after
	}
	if sooner(t.by, s.by) == s.by && t.by.at != s.by.at {
		s.by = t.by
	}
}

// widenAll lets every step reach from the first image to the last, where any two
// neighbouring looks could change places.
func (d *dossier) widenAll(byLook []limits) {
	sure := true
	for j := 1; j < len(byLook); j++ {
		swapped := step{after: byLook[j].after, by: byLook[j-1].by}
		sure = sure && swapped.impossible()
	}
	if sure {
		return
	}
	first, last := d.clear[0].Taken, d.clear[0].Taken
	for _, v := range d.clear[1:] {
		if v.Taken.Earliest.Before(first.Earliest) {
			first = v.Taken
		}
		if v.Taken.Latest.IsZero() || !last.Latest.IsZero() && v.Taken.Latest.After(last.Latest) {
			last = v.Taken
		}
	}
	for i := range d.steps {
		d.steps[i].after.at, d.steps[i].by.at = first.Earliest, last.Latest
	}
}

// permute calls do with every order of items (Heap's method); do must not keep it.
func permute(items []int, do func([]int)) {
	var swap func(int)
	swap = func(k int) {
		if k <= 1 {
			do(items)
			return
		}
		for i := range k {
			swap(k - 1)
			if j := i * (1 - k%2); i < k-1 {
				items[j], items[k-1] = items[k-1], items[j]
			}
		}
	}
	swap(len(items))
}

// bracketOf is the bracket as the dictionary has it.
func bracketOf(s step) compare.Bracket { return compare.Bracket{After: s.after.at, By: s.by.at} }
