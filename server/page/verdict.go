package page

import (
	"html/template"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/verdict"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// The reasons of verdicts. English has the sentence that came with the verdict;
// the other languages put theirs together from its code and its values: the images
// it rests on, the brackets that bear on the claim, and the time that is claimed.

// A judgement is a claim with what its sentence needs.
type judgement struct {
	*voice
	ClaimView
	images []ImageView
	steps  []compare.Bracket // of the claim's region
}

func (v *voice) judgement(c ClaimView, f *Finding, images []ImageView) judgement {
	j := judgement{voice: v, ClaimView: c, images: images}
	switch {
	case f == nil:
	case len(f.Steps) > 0:
		j.steps = f.Steps
	case f.Bracket != nil:
		j.steps = []compare.Bracket{*f.Bracket}
	}
	return j
}

// why says why a claim got its verdict, in one sentence. The finding is that of the
// claim's region, nil where there is none.
func (v *voice) why(c ClaimView, f *Finding, images []ImageView) template.HTML {
	switch {
	case c.Kind == imagery.ClaimUntestable && c.Why != "":
		return isolate(c.Why)
	case c.Verdict == nil:
		return v.say("asserts.tested", "what", v.asserts(c))
	case v.lang == English:
		return template.HTML(template.HTMLEscapeString(c.Verdict.Why))
	}
	j := v.judgement(c, f, images)
	key := "why." + c.Verdict.Reason
	switch r := c.Verdict.Reason; {
	case r == verdict.ReasonNoChangeSeen && c.Kind == imagery.ClaimUnchanged && len(j.steps) > 0:
		key += ".elsewhere"
	case r == verdict.ReasonNotCovered && len(j.steps) > 0:
		key += ".changed"
	case r == verdict.ReasonStateUnclear && len(c.Verdict.RestsOn) > 0:
		key += ".between"
	case v.said(key + "." + string(c.Kind)):
		key += "." + string(c.Kind)
	}
	if !v.said(key) {
		return v.english(c.Verdict.Why)
	}
	return v.say(key, "span", j.spans(), "when", v.declared(c.When), "images", j.named(c.Verdict.RestsOn), "if", j.condition())
}

// condition says which of the dates that the verdict rests on are someone's word.
func (j judgement) condition() template.HTML {
	if len(j.Verdict.ConditionalOn) == 0 {
		return ""
	}
	return j.say("why.if", "files", j.files(j.Verdict.ConditionalOn))
}

func (j judgement) files(files []string) template.HTML {
	parts := make([]template.HTML, len(files))
	for i, f := range files {
		parts[i] = isolate(f)
	}
	return j.list("list.comma", parts)
}

// named names images with their dates.
func (j judgement) named(files []string) template.HTML {
	parts := make([]template.HTML, len(files))
	for i, f := range files {
		parts[i] = isolate(f)
		if im := named(j.images, f); im != nil {
			parts[i] = j.say("why.image", "file", isolate(f), "date", j.acquired(*im))
		}
	}
	return j.enumerated(parts)
}

// bearing returns the brackets that the verdict speaks of: the one within the
// claimed time, those that overlap it, or all where it lies outside them.
func (j judgement) bearing() []compare.Bracket {
	when := j.When.Interval()
	switch j.Verdict.Reason {
	case verdict.ReasonBracketWithin:
		for _, s := range j.steps {
			if when.Covers(spanOf(s)) {
				return []compare.Bracket{s}
			}
		}
	case verdict.ReasonBracketOverlap:
		return slices.DeleteFunc(slices.Clone(j.steps), func(s compare.Bracket) bool { return !when.Overlaps(spanOf(s)) })
	}
	return j.steps
}

func spanOf(b compare.Bracket) edtf.Interval { return edtf.Interval{Earliest: b.After, Latest: b.By} }

func (j judgement) spans() template.HTML { return j.brackets(j.bearing()) }

// settle says what further image would decide a claim; "" where it is decided.
func (v *voice) settle(c ClaimView, f *Finding, images []ImageView) template.HTML {
	if c.Verdict == nil || c.Verdict.WouldSettle == "" {
		return ""
	}
	if v.lang == English {
		return template.HTML(template.HTMLEscapeString(c.Verdict.WouldSettle))
	}
	j := v.judgement(c, f, images)
	switch c.Verdict.Reason {
	case verdict.ReasonNoImagery, verdict.ReasonTooFew, verdict.ReasonNotCovered:
		return j.around()
	case verdict.ReasonStateUnclear:
		return v.say("settle.state-unclear", "around", j.around())
	case verdict.ReasonBracketOverlap:
		return j.overlap()
	case verdict.ReasonTooLittle:
		return v.say("settle.too-little-around")
	case verdict.ReasonNotHeld:
		return v.say("settle.image-not-held", "images", j.named(c.Images[:]))
	case verdict.ReasonNotSeen, verdict.ReasonContradictory, verdict.ReasonNotComparable:
		return v.say("settle."+c.Verdict.Reason, "images", j.named(c.Verdict.RestsOn), "when", v.declared(c.When))
	}
	return v.english(c.Verdict.WouldSettle)
}

// around says which images would judge a claim about a time, if there were none.
func (j judgement) around() template.HTML {
	iv := j.When.Interval()
	switch {
	case iv.Earliest.IsZero() && iv.Latest.IsZero():
		return j.say("settle.around.open")
	case iv.Earliest.IsZero():
		return j.say("settle.around.end", "end", j.ending(iv.Latest))
	case iv.Latest.IsZero():
		return j.say("settle.around.begin", "begin", j.beginning(iv.Earliest))
	}
	begin, end := j.beginning(iv.Earliest), j.ending(iv.Latest)
	if begin == end {
		return j.say("settle.around.day", "begin", begin)
	}
	return j.say("settle.around.both", "begin", begin, "end", end)
}

// overlap says when one more image would decide whether the change lies within the
// claimed time.
func (j judgement) overlap() template.HTML {
	all := j.bearing()
	if len(all) == 0 {
		return j.around()
	}
	s, wide := all[0], j.When.Interval()
	before := !wide.Earliest.IsZero() && (s.After.IsZero() || s.After.Before(wide.Earliest))
	after := !wide.Latest.IsZero() && (s.By.IsZero() || s.By.After(wide.Latest))
	switch {
	case before && after:
		return j.say("settle.overlap.both",
			"first", j.bracket(compare.Bracket{After: s.After, By: wide.Earliest}), "begin", j.beginning(wide.Earliest),
			"second", j.bracket(compare.Bracket{After: wide.Latest, By: s.By}), "end", j.ending(wide.Latest))
	case before:
		return j.say("settle.overlap.before", "span", j.bracket(s), "begin", j.beginning(wide.Earliest))
	case after:
		return j.say("settle.overlap.after", "span", j.bracket(s), "end", j.ending(wide.Latest))
	}
	return j.say("settle.overlap.none", "span", j.bracket(s))
}
