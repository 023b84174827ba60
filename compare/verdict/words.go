package verdict

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/edtf"
)

// named is an image with its date: "a.png (15 Oct 2015)".
func named(o compare.Observation) string { return o.File + " (" + o.Taken.Human() + ")" }

// spanWords words a bracket with the images that set it.
func spanWords(s step) string {
	after, by := edtf.HumanEarliest(s.after.at), edtf.HumanLatest(s.by.at)
	switch openAfter, openBy := s.after.at.IsZero(), s.by.at.IsZero(); {
	case openAfter && openBy:
		return "at a time that the dates leave open (between " + s.after.file + " and " + s.by.file + ")"
	case openAfter:
		return "by " + by + " (" + s.by.file + ")"
	case openBy:
		return "not before " + after + " (" + s.after.file + ")"
	}
	return "between " + after + " (" + s.after.file + ") and " + by + " (" + s.by.file + ")"
}

func spansWords(steps []step) string {
	parts := make([]string, len(steps))
	for i, s := range steps {
		parts[i] = spanWords(s)
	}
	return strings.Join(parts, ", then ")
}

// condition says which of the dates that v rests on are someone's word.
func (d *dossier) condition(v compare.Verdict) string {
	if len(v.ConditionalOn) == 0 {
		return ""
	}
	return ", if that date is right (" + strings.Join(v.ConditionalOn, ", ") + ")"
}

// hours names the part of the first or last day that its image leaves open.
func (c coverage) hours() string {
	var parts []string
	if c.first.Taken.Latest.After(c.span.Earliest) {
		parts = append(parts, "before "+c.first.File+" on "+edtf.HumanEarliest(c.span.Earliest))
	}
	if c.last.Taken.Earliest.Before(c.span.Latest) {
		parts = append(parts, "after "+c.last.File+" on "+edtf.HumanLatest(c.span.Latest))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (all but the hours " + strings.Join(parts, " and ") + ")"
}

// settleOverlap says when one more image would decide whether a change in the
// bracket s lies in the claimed time.
func settleOverlap(s step, wide edtf.Interval) string {
	reachesBefore := !wide.Earliest.IsZero() && (s.after.at.IsZero() || s.after.at.Before(wide.Earliest))
	reachesAfter := !wide.Latest.IsZero() && (s.by.at.IsZero() || s.by.at.After(wide.Latest))
	begin, end := edtf.HumanEarliest(wide.Earliest), edtf.HumanLatest(wide.Latest)
	switch {
	case reachesBefore && reachesAfter:
		return "Two images: one taken " + within(edtf.Interval{Earliest: s.after.at, Latest: wide.Earliest}) + ", as near to " + begin +
			" as can be, and one taken " + within(edtf.Interval{Earliest: wide.Latest, Latest: s.by.at}) + ", as near to " + end + " as can be."
	case reachesBefore:
		return "An image taken " + within(s.interval()) + ", as near to the beginning of " + begin + " as can be."
	case reachesAfter:
		return "An image taken " + within(s.interval()) + ", as near to the end of " + end + " as can be."
	}
	return "A sharper date for the claim: an image can only say more of when the change came, which was " + within(s.interval()) + "."
}

// within words an interval in which an image would have to be taken.
func within(iv edtf.Interval) string {
	switch {
	case iv.Earliest.IsZero() && iv.Latest.IsZero():
		return "at a known date"
	case iv.Earliest.IsZero():
		return "by " + edtf.HumanLatest(iv.Latest)
	case iv.Latest.IsZero():
		return "after " + edtf.HumanEarliest(iv.Earliest)
	}
	return "between " + edtf.HumanEarliest(iv.Earliest) + " and " + edtf.HumanLatest(iv.Latest)
}

// missingEnds says which images would cover the claimed time.
func missingEnds(when edtf.Date, c coverage) string {
	iv := when.Interval()
	if iv.Earliest.IsZero() || iv.Latest.IsZero() {
		return aroundImages(when)
	}
	switch {
	case c.first == nil && c.last == nil:
		return aroundImages(when)
	case c.first == nil:
		return "An image taken by the beginning of " + edtf.HumanEarliest(iv.Earliest) + ", as near to it as can be."
	case c.last == nil:
		return "An image taken at the end of " + edtf.HumanLatest(iv.Latest) + " or later, as near to it as can be."
	}
	return "Images of one look from both ends of the claimed time (" + when.Human() + ")."
}

// aroundImages says which images would judge a claim about a time, if there were none.
func aroundImages(when edtf.Date) string {
	iv := when.Interval()
	begin, end := edtf.HumanEarliest(iv.Earliest), edtf.HumanLatest(iv.Latest)
	switch {
	case iv.Earliest.IsZero() && iv.Latest.IsZero():
		return "Two images of the region with known dates that show a change."
	case iv.Earliest.IsZero():
		return "Two images of the region that show a change, the later one taken by " + end + "; without a beginning the claim can't be refuted by images that show none."
	case iv.Latest.IsZero():
		return "Two images of the region that show a change, the earlier one taken on " + begin + " or after it; without an end the claim can't be refuted by images that show none."
	}
	if begin == end {
		return "Two images of the region, one taken before " + begin + " and one after it, as near to it as can be."
	}
	return "Two images of the region, one taken by the beginning of " + begin + " and one at the end of " + end + " or later, as near to these dates as can be."
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}
