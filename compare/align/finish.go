package align

import (
	"math"

	"github.com/antequem/antequem/compare"
)

// tracker returns the tracker of those settings, made once.
func (p *pair) tracker(level, n, step, most int) *tracker {
	plane := p.ref.plane(level)
	most = min(most, max(0, (plane.W-n)/step+1)*max(0, (plane.H-n)/step+1))
	key := [4]int{level, n, step, most}
	if t, ok := p.trackers[key]; ok {
		return t
	}
	t := newTracker(p, level, n, step, most)
	if p.trackers == nil {
		p.trackers = map[[4]int]*tracker{}
	}
	p.trackers[key] = t
	return t
}

// A refined is a proposal taken as far as it goes.
type refined struct {
	fitted
	proof
	t     *tracker
	links []link         // made with t under nearly the same map
	joint bool           // all windows together chose the map, not the links
	why   compare.Reason // it can't be trusted; "" where it can
}

// rival is the share of the best map's evidence at which another map, of
// another place, makes the choice between them a guess.
const rival = 0.85

// finish refines the proposals, takes the one with the most evidence, checks it
// and says what it is worth.
func (p *pair) finish(proposals []proposal) compare.Alignment {
	var best refined
	why, second := compare.ReasonNoHypothesis, 0.0
	for i, start := range proposals {
		r := p.refine(start)
		if i == 0 {
			why = r.why
		}
		if r.why != compare.ReasonNone {
			continue
		}
		if best.t == nil {
			best = r
			continue
		}
		low := r
		if r.worth > best.worth {
			low, best = best, r
		}
		if p.apart(low.m, best.m) > 10*best.t.unit(best.m) {
			second = max(second, low.worth)
		}
	}
	if best.t == nil {
		return failed(why)
	}
	if second > rival*best.worth {
		return failed(compare.ReasonNoAgreement)
	}
	return p.conclude(best)
}

// conclude says what the map that was taken is worth.
func (p *pair) conclude(best refined) compare.Alignment {
	out := p.describe(best)
	if !(out.ExpectedError <= p.opts.MaxError) {
		return failed(compare.ReasonNoAgreement)
	}
	return out
}

// refine sharpens one proposal and asks for evidence; once for each.
func (p *pair) refine(start proposal) refined {
	r, ok := p.refinements[start.m]
	if !ok {
		r = p.taken(start)
		if p.refinements == nil {
			p.refinements = map[matrix]refined{}
		}
		p.refinements[start.m] = r
	}
	return r
}

func (p *pair) taken(start proposal) refined {
	if !start.given && start.standing() < 0 {
		return refined{why: compare.ReasonNoAgreement}
	}
	g, t := p.approach(start)
	if !p.plausible(g.m) {
		return refined{why: compare.ReasonImplausible}
	}
	faint := g.height < obvious*float64(g.spots)
	if faint {
		g = p.together(g)
	}
	rough := p.prove(g.m, g.model, g.near)
	if rough.spots[0]+rough.spots[1] < fewSpots {
		return refined{why: compare.ReasonLittleShared}
	}
	if rough.worth < 0.8*p.asked(g.m) && !p.backed(g.m, &rough) {
		return refined{why: compare.ReasonNoAgreement, proof: rough}
	}
	var r refined
	r.fitted, r.t, r.links = p.sharpen(g, t)
	weak := faint && r.support < fewLinks
	switch {
	case weak || !p.plausible(r.m):
	case rough.worth > 5*p.opts.Evidence && p.apart(r.m, g.m) < t.unit(g.m):
		r.proof = rough
	default:
		r.proof = p.prove(r.m, r.model, nil)
	}
	if weak || r.worth < 0.95*rough.worth {
		// too few single windows are sure of themselves: take what all of them together say
		r.fitted, r.t, r.proof, r.joint = p.pin(g, t), t, rough, true
		r.links = t.links(t.track(r.m, reach, 1), r.m)
	}
	if (r.worth < p.asked(r.m) || r.support < fewSure) && !p.backed(r.m, &r.proof) {
		r.why = compare.ReasonNoAgreement
	}
	return r
}

// fewSpots is how many windows that don't overlap must have something to say.
const fewSpots = 6

// fewSure is how many windows must be sure of the map by themselves, unless its lead backs
// it: right maps of narrow strips had 7 and more; of unrelated places, two whose windows
// together passed for evidence had 6.
const fewSure = 10

// fewLinks is the number of windows sure of themselves below which all windows
// together know the map better.
const fewLinks = 50

// together settles g on the surfaces of windows of two sizes, which show where it goes before
// windows of one size do: first from wherever around it they stand highest, then made
// anew under what that leads to. It widens the model where they ask for it.
func (p *pair) together(g proposal) proposal {
	const rounds, within = 2, 14 // px of the level
	level := p.levelFor(g.m, 0)
	for round := range rounds {
		all := p.tracker(level, 64, 32, 400).surfaces(g.m, within)
		small := p.tracker(level, 32, 16, 400).surfaces(g.m, within)
		all.z, all.spots = append(all.z, small.z...), append(all.spots, small.spots...)
		all = all.smooth(1)
		m, model, height := all.freed(g.m, g.model, p.frameFor(g.m), 2)
		if round == 0 {
			start, _ := all.hough(steps(-1, 1, 0.25), powers(1.005, -4, 4))
			if n, wider, top := all.freed(start, compare.Similarity, p.frameFor(start), 2); top > height {
				m, model = n, wider
			}
		}
		if !p.plausible(m) {
			break
		}
		g.m, g.model = m, model
	}
	return g
}

// freed settles m, takes the next wider model as long as its two parameters raise the
// sum by gain, and returns the sum that it reached, too. Of 68 strips that need no shear
// none gained more than 5.8 by it, and of 70 others one more than 6; of eight that need
// it or perspective five gained 7 to 37.
func (s *surfaces) freed(m matrix, model compare.Model, fr frame, width float64) (matrix, compare.Model, float64) {
	const gain = 9 // nats
	wider := map[compare.Model]compare.Model{compare.Similarity: compare.Affine, compare.Affine: compare.Homography}
	m, height := s.settle(m, model, fr, width)
	for next, ok := wider[model]; ok; next, ok = wider[next] {
		got, top := s.settle(m, next, fr, width)
		if top < height+gain {
			break
		}
		m, model, height = got, next, top
	}
	return m, model, height
}

// pin describes a map that the windows chose together by what each says alone.
func (p *pair) pin(g proposal, t *tracker) fitted {
	unit := t.unit(g.m)
	links := t.links(t.track(g.m, reach, 1), g.m)
	f := fit(links, g.m, g.model, p.frameFor(g.m), unit, 0.3*unit, reach*unit, 3)
	f.m = g.m
	return f
}

// approach climbs the surfaces at finer and finer levels, giving the map more
// freedom where the windows ask for it.
func (p *pair) approach(g proposal) (proposal, *tracker) {
	last := p.levelFor(g.m, 0)
	var t *tracker
	for level := p.levelFor(g.m, p.searchLevel()); level >= last; level-- {
		n := p.windowFor(level)
		t = p.tracker(level, n, n/2, 144)
		for _, sigma := range [...]float64{2, 1} {
			s := g.near
			if s == nil || s.t != t {
				s = t.surfaces(g.m, n/4)
			}
			g = p.widen(s, g, sigma)
			if g.height > obvious*float64(g.spots) {
				break // single windows do better from here on
			}
		}
	}
	return g, t
}

// widen settles g on s, blurred by sigma px, and takes the next wider model as long
// as that raises the sum by more than its two parameters do by chance (Schwarz's
// criterion over the windows that count as independent). Where the map isn't obvious, each model may also start from where twice the blur leads it.
func (p *pair) widen(s *surfaces, g proposal, sigma float64) proposal {
	gain := math.Log(max(2, float64(len(s.spots))*independent)) / independent
	fr := p.frameFor(g.m)
	order := [...]compare.Model{compare.Similarity, compare.Affine, compare.Homography}
	best := proposal{m: g.m, height: math.Inf(-1), spots: len(s.spots), near: g.near}
	sharp, rough := s.smooth(sigma), (*surfaces)(nil)
	from, afar := g.m, g.m
	for _, model := range order {
		m, height := sharp.settle(from, model, fr, sigma+1)
		if max(height, best.height) < obvious*float64(best.spots) {
			if rough == nil {
				rough = s.smooth(2 * sigma)
			}
			afar, _ = rough.settle(afar, model, fr, 2*sigma+1)
			if n, h := sharp.settle(afar, model, fr, sigma+1); h > height {
				m, height = n, h
			}
		}
		from = m
		if height > best.height+gain {
			best.m, best.model, best.height = m, model, height
		}
	}
	return best
}

// sharpen takes the single best match of each window, by sub-pixel, and fits
// the map to those that agree, resampling the moving image by the last map each
// time. It returns the tracker and the links that the map was fitted to.
func (p *pair) sharpen(g proposal, t *tracker) (fitted, *tracker, []link) {
	const rounds = 3
	f := fitted{m: g.m, model: g.model, frame: p.frameFor(g.m), sigma: t.unit(g.m)}
	unit := t.unit(g.m)
	var links []link
	for round := range rounds {
		if finer := p.tracker(t.level, t.n, t.n/2, 324); round > 0 || finer.keptOf == f.m {
			t = finer
		}
		links = t.links(t.track(f.m, reach, 1), f.m)
		last := f.m
		f = fit(links, last, g.model, p.frameFor(last), max(f.sigma, 0.3*unit), 0.02*unit, reach*unit, 5)
		if round == 0 && f.support < 12 {
			break // not worth the rest
		}
		if round > 0 && p.apart(last, f.m) < settled*unit {
			break
		}
	}
	return p.choose(links, f, reach*unit), t, links
}

// settled is the step of the map, px of the level, below which windows would find what
// they found before: the bias of a sub-pixel peak is a fraction of its displacement.
const settled = 0.03

// reach is how far, px of the level, single windows look for themselves.
const reach = 6

// choose fits every model and returns the one that Schwarz's criterion prefers.
func (p *pair) choose(links []link, f fitted, reach float64) fitted {
	best, top := f, math.Inf(-1)
	for _, model := range [...]compare.Model{compare.Identity, compare.Translation, compare.Similarity, compare.Affine, compare.Homography} {
		g := fit(links, f.m, model, f.frame, f.sigma, 0.02, reach, 4)
		if k := float64(len(freedom(model))); g.support < max(6, 0.5*k*k) {
			continue // a few links can always be met
		}
		// windows overlap by half: a quarter of them are independent
		score := g.gain*independent - 0.5*float64(len(freedom(model)))*math.Log(max(2, g.support*independent))
		if score > top {
			best, top = g, score
		}
	}
	return best
}

// independent is the share of windows, laid half a side apart, whose errors may
// be taken as independent.
const independent = 0.5
