package verdict

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// dated judges a claim that the region changed, or did not, within a time.
func (d *dossier) dated(claim imagery.Claim) compare.Verdict {
	if v, open := d.unreadable(claim); open {
		if c := d.coverAside(claim.When); c.found && d.contradiction == nil {
			return d.still(claim, c)
		}
		return v
	}
	if d.looks == 1 {
		return d.stillThroughout(claim)
	}
	if claim.Kind == imagery.ClaimChanged {
		return d.changedWithin(claim)
	}
	return d.unchangedWithin(claim)
}

// unreadable says why no date can be judged by these images, if none can.
func (d *dossier) unreadable(claim imagery.Claim) (compare.Verdict, bool) {
	v := compare.Verdict{Answer: compare.AnswerUndetermined}
	consistent := d.looks == 1 && d.state == compare.Unchanged || d.looks > 1 && d.state == compare.Changed
	switch {
	case len(d.all) == 0:
		v.Reason, v.Why = ReasonNoImagery, "No imagery of the region is held."
		v.WouldSettle = aroundImages(claim.When)
	case d.contradiction != nil:
		c := d.contradiction
		v = d.resting(v, c.Earlier, c.Later)
		v.Reason = ReasonContradictory
		v.Why = c.Earlier + " shows the earlier state, but was taken after " + c.Later + ", which shows a later one: a repair, a wrong date or a slip of alignment" + d.condition(v) + "."
		v.WouldSettle = "A check of the dates of " + c.Earlier + " and " + c.Later + ", or further images taken between them."
	case len(d.shown()) < 2:
		v.Reason, v.Why = ReasonTooFew, "Fewer than two images show the state of the region"+d.unclearWhy()+"."
		v.WouldSettle = aroundImages(claim.When)
	case d.crowded:
		v.Reason, v.Why, v.WouldSettle = ReasonTooLittle, tooLittle, widerImages
	case !consistent:
		v.Reason, v.Why = ReasonStateUnclear, "The images don't show clearly whether the region changed"
		if before, after, ok := d.doubt(); ok {
			v = d.resting(v, before.File, after.File)
			v.Why += " between " + named(before) + " and " + named(after) + d.condition(v)
		}
		v.Why += d.unclearWhy() + "."
		v.WouldSettle = "Clearer or finer images of the same dates, or others: " + lowerFirst(aroundImages(claim.When))
	default:
		return v, false
	}
	return v, true
}

// shown returns the images that show the region, in whatever state.
func (d *dossier) shown() []compare.Observation {
	return slices.DeleteFunc(slices.Clone(d.all), func(o compare.Observation) bool { return o.Hidden })
}

// doubt returns the images between which the region changed, if it did: those before
// are alike, and so are those after. ok is false where nothing so plain can be said.
func (d *dossier) doubt() (before, after compare.Observation, ok bool) {
	shown := d.shown()
	n := len(shown)
	first := d.alike(shown)
	slices.Reverse(shown)
	last := d.alike(shown)
	slices.Reverse(shown)
	if first == n || first+last < n {
		return before, after, false
	}
	return shown[n-last-1], shown[first], true
}

// alike returns how many of the observations, from the first on, all look the same.
func (d *dossier) alike(shown []compare.Observation) int {
	for i, a := range shown {
		for _, b := range shown[:i] {
			if p, ok := d.paired(a.File, b.File); !ok || !p.Same || p.Differ {
				return i
			}
		}
	}
	return len(shown)
}

// What is said where a region fills the images.
const (
	tooLittle   = "The images show too little ground around the region to tell a change from what light, season and alignment do."
	widerImages = "The same images with more ground around the region, at least half its width on each side, or a smaller region within it."
)

// unclearWhy names the images whose state is unclear and why, three at most.
func (d *dossier) unclearWhy() string {
	var parts []string
	for _, o := range d.all {
		if _, ok := group(o); !ok && o.Why != "" && len(parts) < 3 {
			parts = append(parts, o.File+": "+strings.TrimSuffix(o.Why, "."))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}

// stillThroughout judges by images that all show one look.
func (d *dossier) stillThroughout(claim imagery.Claim) compare.Verdict {
	c := d.cover(claim.When)
	if !c.found {
		if aside := d.coverAside(claim.When); aside.found {
			return d.still(claim, aside)
		}
		return d.uncovered(claim, c)
	}
	return d.still(claim, c)
}

// still is the answer where images cover the claimed time and show one look.
func (d *dossier) still(claim imagery.Claim, c coverage) compare.Verdict {
	v := d.resting(compare.Verdict{Reason: ReasonNoChangeSeen, Answer: compare.Supported}, c.first.File, c.last.File)
	if claim.Kind == imagery.ClaimChanged {
		v.Answer = compare.Contradicted
	}
	v.Why = "The region looks the same in " + named(c.first.Observation) + " and " + named(c.last.Observation) +
		", before and after the claimed time (" + claim.When.Human() + "), and a change would have been seen" + c.hours() + d.condition(v) + "."
	return v
}

// uncovered is the answer where one look is seen, but not over all of the claimed time.
func (d *dossier) uncovered(claim imagery.Claim, c coverage) compare.Verdict {
	v := compare.Verdict{Answer: compare.AnswerUndetermined, Reason: ReasonNotCovered}
	if c.first != nil && c.last != nil {
		v = d.resting(v, c.first.File, c.last.File)
		v.Reason = ReasonNotSeen
		v.Why = "No change is seen between " + named(c.first.Observation) + " and " + named(c.last.Observation) + ", but one might have escaped them" + d.condition(v) + "."
		v.WouldSettle = "Clearer or finer images from both ends of the claimed time (" + claim.When.Human() + ")."
		return v
	}
	v.Why = "No change is seen, but the images don't reach from the beginning to the end of the claimed time (" + claim.When.Human() + ")."
	if d.looks > 1 {
		v.Why = "The change seen lies outside the claimed time (" + claim.When.Human() + "), but the images don't reach from its beginning to its end, so another can't be excluded."
	}
	v.WouldSettle = missingEnds(claim.When, c)
	return v
}

// meeting returns the first step whose bracket surely lies within the claimed
// time, nil if there is none, and the steps whose brackets overlap it.
func (d *dossier) meeting(when edtf.Date) (within *step, overlapping []step) {
	wide := when.Interval()
	inner, sure := when.Inner()
	for i, s := range d.steps {
		if sure && inner.Covers(s.interval()) {
			return &d.steps[i], nil
		}
		if wide.Overlaps(s.interval()) {
			overlapping = append(overlapping, s)
		}
	}
	return nil, overlapping
}

// changedWithin judges "changed: I" by the brackets of the changes seen.
func (d *dossier) changedWithin(claim imagery.Claim) compare.Verdict {
	said := "the claimed time (" + claim.When.Human() + ")"
	within, overlapping := d.meeting(claim.When)
	if within != nil {
		v := d.restingOn(compare.Verdict{Answer: compare.Supported, Reason: ReasonBracketWithin}, *within)
		v.Why = "The images put the change " + spanWords(*within) + ", within " + said + d.condition(v) + "."
		return v
	}
	if len(overlapping) > 0 {
		v := d.restingOn(compare.Verdict{Answer: compare.Consistent, Reason: ReasonBracketOverlap}, overlapping...)
		v.Why = "The images put the change " + spansWords(overlapping) + ", which allows " + said + " and doesn't prove it" + d.condition(v) + "."
		v.WouldSettle = settleOverlap(overlapping[0], claim.When.Interval())
		return v
	}
	c := d.cover(claim.When)
	if len(d.steps) > 1 && !c.found {
		return d.uncovered(claim, c)
	}
	v := compare.Verdict{Answer: compare.Contradicted, Reason: ReasonBracketOutside}
	if c.found {
		v = d.restingOn(d.resting(v, c.first.File, c.last.File), d.steps...)
	} else {
		v = d.restingOn(v, d.steps...)
	}
	v.Why = "The images put the change " + spansWords(d.steps) + ", outside " + said
	if !c.found {
		v.Why += ", and show no other"
	}
	v.Why += d.condition(v) + "."
	return v
}

// unchangedWithin judges "unchanged: I" by the brackets of the changes seen.
func (d *dossier) unchangedWithin(claim imagery.Claim) compare.Verdict {
	said := "the claimed time (" + claim.When.Human() + ")"
	within, overlapping := d.meeting(claim.When)
	if within != nil {
		v := d.restingOn(compare.Verdict{Answer: compare.Contradicted, Reason: ReasonBracketWithin}, *within)
		v.Why = "The images put a change " + spanWords(*within) + ", within " + said + d.condition(v) + "."
		return v
	}
	if len(overlapping) > 0 {
		v := d.restingOn(compare.Verdict{Answer: compare.AnswerUndetermined, Reason: ReasonBracketOverlap}, overlapping...)
		v.Why = "The images put a change " + spansWords(overlapping) + ", which may lie within " + said + " or not" + d.condition(v) + "."
		v.WouldSettle = settleOverlap(overlapping[0], claim.When.Interval())
		return v
	}
	c := d.cover(claim.When)
	if !c.found {
		return d.uncovered(claim, c)
	}
	v := d.restingOn(compare.Verdict{Answer: compare.Supported, Reason: ReasonNoChangeSeen}, d.steps...)
	v = d.resting(v, c.first.File, c.last.File)
	v.Why = "The region looks the same in " + named(c.first.Observation) + " and " + named(c.last.Observation) +
		", over " + said + "; the change seen came " + spansWords(d.steps) + c.hours() + d.condition(v) + "."
	return v
}

func (d *dossier) restingOn(v compare.Verdict, steps ...step) compare.Verdict {
	var files []string
	for _, s := range steps {
		files = append(files, s.after.file, s.by.file)
	}
	return d.resting(v, files...)
}

// A coverage is a pair of views of one look around a claimed time. Where none
// covers both ends, first and last tell what there is: each is nil where no view
// covers that end, and both are set where a change might have escaped them.
type coverage struct {
	first, last *view
	found       bool
	span        edtf.Interval
}

// slack is how much later than its beginning, and earlier than its end, an image
// may have been taken and cover a claimed time: within the first and the last day
// of a claim about days, not at all where hours are claimed or one day is.
func slack(when edtf.Date) time.Duration {
	const day = 24 * time.Hour
	iv := when.Interval()
	if strings.Contains(when.String(), "T") || iv.Bounded() && iv.Latest.Sub(iv.Earliest) <= day {
		return 0
	}
	return day
}

// begins says that an image was surely taken by the beginning of a claimed time.
func begins(taken edtf.Interval, when edtf.Date) bool {
	from := when.Interval().Earliest
	return !from.IsZero() && !taken.Latest.IsZero() && !taken.Latest.After(from.Add(slack(when)))
}

// ends says that an image was surely taken at the end of a claimed time or later.
func ends(taken edtf.Interval, when edtf.Date) bool {
	to := when.Interval().Latest
	return !to.IsZero() && !taken.Earliest.IsZero() && !taken.Earliest.Before(to.Add(-slack(when)))
}

// coverAside looks for the pair of images nearest to the ends of the claimed time that
// look the same, whatever their state is: where the surroundings of both differ as a
// whole from those of the other images, or a change between them and the others is not
// clear, nobody knows it, and it doesn't matter.
func (d *dossier) coverAside(when edtf.Date) coverage {
	c := coverage{span: when.Interval()}
	for i := len(d.all) - 1; i >= 0; i-- {
		a := d.all[i]
		if !begins(a.Taken, when) {
			continue
		}
		for _, b := range d.all {
			if p, ok := d.paired(a.File, b.File); ok && p.Same && !p.Differ && a.File != b.File && ends(b.Taken, when) {
				c.first, c.last, c.found = &view{a, -1}, &view{b, -1}, true
				return c
			}
		}
	}
	return c
}

// cover looks for the pair of views nearest to the ends of the claimed time.
func (d *dossier) cover(when edtf.Date) coverage {
	c := coverage{span: when.Interval()}
	var firsts, lasts []*view
	for i := range d.clear {
		v := &d.clear[i]
		if begins(v.Taken, when) {
			firsts = append(firsts, v)
		}
		if ends(v.Taken, when) {
			lasts = append(lasts, v)
		}
	}
	slices.SortStableFunc(firsts, func(a, b *view) int {
		return cmp.Or(b.Taken.Latest.Compare(a.Taken.Latest), cmp.Compare(a.File, b.File))
	})
	slices.SortStableFunc(lasts, func(a, b *view) int {
		return cmp.Or(a.Taken.Earliest.Compare(b.Taken.Earliest), cmp.Compare(a.File, b.File))
	})
	if len(firsts) == 0 || len(lasts) == 0 {
		c.first, c.last = head(firsts), head(lasts)
		return c
	}
	for _, a := range firsts {
		for _, b := range lasts {
			if a.look != b.look || a.File == b.File {
				continue
			}
			if c.first == nil {
				c.first, c.last = a, b
			}
			if d.seen(a.File, b.File) {
				c.first, c.last, c.found = a, b, true
				return c
			}
		}
	}
	return c
}

func head(vs []*view) *view {
	if len(vs) == 0 {
		return nil
	}
	return vs[0]
}
