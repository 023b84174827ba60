package assess

import (
	"context"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/verdict"
	"github.com/antequem/antequem/imagery"
)

// judge holds each claim against the evidence of its region.
func (r *run) judge(context.Context) error {
	r.progress.Step("judge the claims", 0, len(r.c.Claims))
	for _, c := range r.c.Claims {
		r.verdicts = append(r.verdicts, verdict.Judge(c, r.evidence(c.Region)))
	}
	r.progress.Step("judge the claims", len(r.c.Claims), len(r.c.Claims))
	return nil
}

// evidence returns what the images say of the region of that name; "" is the first.
func (r *run) evidence(region string) verdict.Evidence {
	k := slices.IndexFunc(r.regions, func(g regionOnGrid) bool { return g.name == region })
	if region == "" && len(r.regions) > 0 {
		k = 0
	}
	if k < 0 {
		return verdict.Evidence{State: compare.Undetermined}
	}
	return verdict.EvidenceOf(r.timelines[k], r.imagesRead())
}

// imagesRead returns the images as they are in the order of the frames.
func (r *run) imagesRead() []imagery.Image {
	out := make([]imagery.Image, len(r.images))
	for i, a := range r.images {
		out[i] = a.image
	}
	return out
}

// stepsOf returns the bracket of each change seen in region k; none where the
// images contradict one another.
func (r *run) stepsOf(k int) []compare.Bracket {
	if r.timelines[k].State != compare.Changed {
		return nil
	}
	steps, err := verdict.Steps(verdict.EvidenceOf(r.timelines[k], r.imagesRead()).Observations)
	if err != nil {
		return nil
	}
	return steps
}

// stateOf returns the state of region k over all the dates of the case. A claim
// may be decided by the images that cover it; the region as a whole is not called
// unchanged while its first or its last image is left out for what a change may have
// done, as one that can't be laid over the others, or while nobody knows what it shows.
// One that a cloud hides is left out as any other would be.
func (r *run) stateOf(k int) compare.RegionState {
	t := r.timelines[k]
	t.Frames = slices.DeleteFunc(slices.Clone(t.Frames), func(f compare.Frame) bool { return f.Status == compare.StatusObscured })
	if t.State == compare.Unchanged && (t.EndUnread || endUnclear(t)) {
		return compare.Undetermined
	}
	return t.State
}

// endUnclear says that the first or the last frame shows no clear state.
func endUnclear(t compare.Timeline) bool {
	n := len(t.Frames)
	return n > 0 && (t.Frames[0].State == compare.StateUnclear || t.Frames[n-1].State == compare.StateUnclear)
}
