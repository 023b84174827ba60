package verdict

import (
	"cmp"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
)

// Evidence is what the images of one region say, in any order.
type Evidence struct {
	State        compare.RegionState // of the region; "unchanged" only where a change would have been seen
	Observations []compare.Observation
	Pairings     []compare.Pairing
	Crowded      bool // too little ground is shown around the region to say anything
}

// EvidenceOf joins the timeline of a region to the dates of its images.
func EvidenceOf(t compare.Timeline, images []imagery.Image) Evidence {
	ev := Evidence{State: t.State, Pairings: t.Pairings, Crowded: t.Crowded}
	for _, f := range t.Frames {
		i := slices.IndexFunc(images, func(im imagery.Image) bool { return im.File == f.File })
		if i < 0 {
			continue
		}
		o := compare.Observation{
			File: f.File, Taken: images[i].Taken(), Conditional: images[i].Conditional(),
			State: f.State, Group: f.Group, Why: f.Why,
		}
		if f.Status == compare.StatusUnaligned || f.Status == compare.StatusObscured {
			o.State, o.Hidden = compare.StateUnclear, true
		}
		ev.Observations = append(ev.Observations, o)
	}
	return ev
}

// Steps returns the bracket of each visible change, in order: none where the
// observations show one look. The error is a *Contradiction.
func Steps(obs []compare.Observation) ([]compare.Bracket, error) {
	d := newDossier(Evidence{Observations: obs})
	if d.contradiction != nil {
		return nil, d.contradiction
	}
	var out []compare.Bracket
	for _, s := range d.steps {
		out = append(out, bracketOf(s))
	}
	return out, nil
}

// A dossier is the evidence, sorted by date and numbered by look, and the steps that
// follow from it.
type dossier struct {
	state         compare.RegionState
	crowded       bool
	all           []compare.Observation // in date order, then by name
	clear         []view                // of those, the ones that show a state
	pairings      map[[2]string]compare.Pairing
	looks         int // how many different ones the clear views show
	steps         []step
	contradiction *Contradiction
}

// A view is an observation whose state is clear.
type view struct {
	compare.Observation
	look int // 0 the first, numbered without gaps
}

func newDossier(ev Evidence) *dossier {
	d := &dossier{state: ev.State, crowded: ev.Crowded, all: slices.Clone(ev.Observations), pairings: map[[2]string]compare.Pairing{}}
	slices.SortStableFunc(d.all, inDateOrder)
	groups := map[int]int{}
	for _, o := range d.all {
		if g, ok := group(o); ok {
			groups[g] = 0
			d.clear = append(d.clear, view{o, g})
		}
	}
	for i, g := range sortedKeys(groups) {
		groups[g] = i
	}
	for i := range d.clear {
		d.clear[i].look = groups[d.clear[i].look]
	}
	d.looks = len(groups)
	for _, p := range ev.Pairings {
		d.pairings[pairKey(p.A, p.B)] = p
	}
	d.findSteps()
	return d
}

// group numbers an observation's look, and says whether it is clear.
func group(o compare.Observation) (int, bool) {
	switch o.State {
	case compare.StateOld:
		return max(o.Group, 0), true
	case compare.StateNew:
		return max(o.Group, 1), true
	}
	return 0, false
}

func sortedKeys(m map[int]int) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// inDateOrder sorts by the middle of the interval, and by name where that is equal.
func inDateOrder(a, b compare.Observation) int {
	return cmp.Or(a.Taken.Middle().Compare(b.Taken.Middle()), cmp.Compare(a.File, b.File))
}

func pairKey(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// paired returns what the images a and b say of one another.
func (d *dossier) paired(a, b string) (compare.Pairing, bool) {
	p, ok := d.pairings[pairKey(a, b)]
	return p, ok
}

// seen says whether a change between two views of one look would have been seen.
func (d *dossier) seen(a, b string) bool {
	if p, ok := d.paired(a, b); ok {
		return p.Same
	}
	return d.state == compare.Unchanged
}

// resting adds images to those that an answer rests on: once each, in date order.
func (d *dossier) resting(v compare.Verdict, files ...string) compare.Verdict {
	files = append(files, v.RestsOn...)
	v.RestsOn, v.ConditionalOn = nil, nil
	for _, o := range d.all {
		if slices.Contains(files, o.File) && !slices.Contains(v.RestsOn, o.File) {
			v.RestsOn = append(v.RestsOn, o.File)
			if o.Conditional {
				v.ConditionalOn = append(v.ConditionalOn, o.File)
			}
		}
	}
	return v
}
