package align

import (
	"math"

	"github.com/antequem/antequem/compare"
)

// tracker returns the tracker of those settings, made once.
func (p *pair) tracker(level, n, step, most int) *tracker {
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

// finish refines a map from the search, checks it and says what it is worth.
func (p *pair) finish(f fitted) compare.Alignment {
	f, t, ok := p.refine(f)
	if !ok {
		return failed(compare.ReasonNoAgreement)
	}
	if !plausible(f.m, p.ref.w, p.ref.h, p.opts.MinScale, p.opts.MaxScale, p.opts.MaxShear) {
		return failed(compare.ReasonImplausible)
	}
	near, all, evidence := p.verify(f.m)
	if all < 6 {
		return failed(compare.ReasonLittleShared)
	}
	if evidence < p.opts.Evidence || near < 0.08*float64(all) || near < 4 {
		return failed(compare.ReasonNoAgreement)
	}
	return p.describe(f, t)
}

// refine tracks windows at finer and finer levels, resampling the moving image
// by the last map each time.
func (p *pair) refine(f fitted) (fitted, *tracker, bool) {
	last := p.levelFor(f.m, 0)
	var t *tracker
	var links []link
	for level := p.levelFor(f.m, p.searchLevel()); level >= last; level-- {
		n := p.windowFor(level)
		t = p.tracker(level, n, n/2, 400)
		rounds := 1
		if level == last {
			rounds = 3
		}
		for r := range rounds {
			reach := 10.0
			if level == last && r > 0 {
				reach = 7
			}
			links = t.links(t.track(f.m, reach, 1), f.m)
			if len(links) < 8 {
				return f, t, false
			}
			unit := t.unit(f.m)
			fr := p.frameFor(f.m)
			sigma := max(2*f.sigma, 0.5*unit)
			f = fit(links, f.m, compare.Affine, fr, sigma, 0.02*unit, reach*unit, 4)
			if f.support > 10 {
				f = fit(links, f.m, compare.Homography, fr, f.sigma, 0.02*unit, reach*unit, 5)
			}
		}
	}
	unit := t.unit(f.m)
	return p.choose(links, f, 7*unit), t, true
}

// choose fits every model and returns the one that Schwarz's criterion prefers.
func (p *pair) choose(links []link, f fitted, reach float64) fitted {
	best, top := f, math.Inf(-1)
	for _, model := range [...]compare.Model{compare.Identity, compare.Translation, compare.Similarity, compare.Affine, compare.Homography} {
		g := fit(links, f.m, model, f.frame, f.sigma, 0.01, reach, 4)
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

// verify asks windows that don't overlap where they are, and returns how many
// say within 1.5 px of where m puts them, how many were asked, and how far that
// is beyond chance, in standard deviations.
func (p *pair) verify(m matrix) (near float64, all int, evidence float64) {
	level := p.levelFor(m, 0)
	for max(p.ref.w, p.ref.h)>>level > 1024 {
		level++
	}
	n := p.windowFor(level)
	t := p.tracker(level, n, n, 300)
	const limit, reach = 1.5, 13
	for _, f := range t.track(m, reach, 1) {
		all++
		if math.Hypot(f.dx, f.dy) < limit {
			near++
		}
	}
	chance := limit * limit / (reach * reach)
	if all > 0 {
		evidence = (near/float64(all) - chance) / math.Sqrt(chance*(1-chance)/float64(all))
	}
	return near, all, evidence
}

// describe writes down what was found.
func (p *pair) describe(f fitted, t *tracker) compare.Alignment {
	out := compare.Alignment{Aligned: true, Model: f.model, Matrix: f.m}
	links := t.links(t.track(f.m, 7, 1), f.m)
	g := f
	g.trust = make([]float64, len(links))
	g.expect(links, f.m, 7*t.unit(f.m))
	var square, trusted float64
	for i, l := range links {
		u, v := f.m.Map(l.x, l.y)
		square += g.trust[i] * ((u-l.u)*(u-l.u) + (v-l.v)*(v-l.v))
		trusted += g.trust[i]
		out.TiePoints = append(out.TiePoints, compare.TiePoint{RefX: l.x, RefY: l.y, MovX: l.u, MovY: l.v, Weight: g.trust[i]})
	}
	out.RMSE = math.Sqrt(square / trusted)
	var variance float64
	var inside, all int
	for j := range 24 {
		for i := range 24 {
			x, y := (float64(i)+0.5)/24*float64(p.ref.w)-0.5, (float64(j)+0.5)/24*float64(p.ref.h)-0.5
			all++
			if u, v := f.m.Map(x, y); u >= 0 && v >= 0 && u <= float64(p.mov.w-1) && v <= float64(p.mov.h-1) {
				inside++
				variance += f.variance(x, y) / independent
			}
		}
	}
	out.Overlap = float64(inside) / float64(all)
	out.ExpectedError = math.Sqrt(variance/float64(max(inside, 1))) + 0.005
	return out
}
