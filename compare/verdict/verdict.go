// Package verdict puts dates and states together: when a region changed, by the
// images, and what that does to a claim. It knows no pixels. One rule judges every
// claim, whoever made it.
//
// Image i was taken at an unknown instant of its interval [aᵢ, bᵢ) and shows the
// region in one of its looks: the old one, the new one, or a later one still. Each
// passage from one look to the next is a step, and its bracket is (tpq, taq]: tpq
// is the largest aᵢ of the images before it, taq the smallest bᵢ of those after it.
// The rule takes it that the steps that the images show are the visible changes
// that there were; what came and went between two images nobody can see.
//
//	changed: I
//	  supported      the bracket of a step lies within I
//	  contradicted   the brackets of all steps lie outside I (with several steps, only
//	                 where images cover I too: a place that changes often may have
//	                 changed once more); or no step is seen and images cover I
//	  consistent     a bracket overlaps I and reaches outside it
//	unchanged: I
//	  supported      all brackets lie outside I, and images of one look cover I
//	  contradicted   the bracket of a step lies within I
//	same: [A, B], differs: [A, B]
//	  as the pairing of A and B says; no date is needed
//
// Anything else is undetermined. Images cover I when one was surely taken by the
// beginning of I and one surely at its end or later, both show one look, and a
// change between them would have been seen. A claim about days is about days: an
// image of its first day covers its beginning and one of its last day its end,
// unless the claim is of a single day, whose hours are then the very question.
//
// Where the intervals overlap so much that the looks could have followed one
// another in another order too, every such order counts. A claimed date that is
// approximate supports only what holds by its narrowest reading and contradicts
// only what fails by its widest.
package verdict

import (
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
)

// Judge says what the evidence does to a claim. It never depends on the order of
// the observations.
func Judge(claim imagery.Claim, ev Evidence) compare.Verdict {
	v := judge(claim, newDossier(ev))
	v.Claim = claim.ID
	if len(v.ConditionalOn) == 0 {
		return v
	}
	// What images of sure dates decide alone needs nobody's word.
	sure := ev
	sure.Observations = slices.DeleteFunc(slices.Clone(ev.Observations), func(o compare.Observation) bool { return o.Conditional })
	if w := judge(claim, newDossier(sure)); w.Answer == v.Answer && w.Reason == v.Reason && decided(w.Answer) {
		w.Claim = claim.ID
		return w
	}
	return v
}

func decided(a compare.Answer) bool { return a == compare.Supported || a == compare.Contradicted }

func judge(claim imagery.Claim, d *dossier) compare.Verdict {
	switch claim.Kind {
	case imagery.ClaimChanged, imagery.ClaimUnchanged:
		return d.dated(claim)
	case imagery.ClaimSame, imagery.ClaimDiffers:
		return d.pair(claim)
	}
	why := claim.Why
	if why == "" {
		why = "Imagery can't show this."
	}
	return compare.Verdict{Answer: compare.Untestable, Reason: ReasonUntestable, Why: why}
}
