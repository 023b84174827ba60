package align

import (
	"cmp"
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
)

// A proposal is a map that many windows were asked about.
type proposal struct {
	m      matrix
	model  compare.Model
	height float64 // sum of the surfaces at m
	spots  int
	given  bool      // a hint or one extent led to it: nothing chose it among many
	near   *surfaces // made under nearly m, where it is obvious; else nil
}

// search looks for maps by hypotheses and windows, where pictures mostly lie before
// anywhere else, and takes the best as far as it goes.
func (p *pair) search() compare.Alignment {
	if p.hinted() || p.opts.HintsOnly {
		return p.finish(p.best(rivals))
	}
	for _, more := range [...]func() []candidate{
		func() []candidate { return []candidate{{m: p.sameFrame(), given: true}} },
		func() []candidate { return p.coarse(plain, 1, 4) },
		func() []candidate { return p.coarse(narrow, 1, 8) },
		func() []candidate { return p.coarse(wide, 1, 8) },
	} {
		if p.try(more()) {
			return p.finish(p.best(rivals))
		}
		if out, ok := p.early(); ok {
			return out
		}
	}
	p.survey()
	if out, ok := p.early(); ok {
		return out
	}
	const strip = 2 // longer side by root of area, from which on fine would take seconds more
	if float64(max(p.ref.w, p.ref.h)) < strip*math.Sqrt(p.ref.area) {
		p.try(p.coarse(fine, 1, 16))
	}
	return p.finish(p.best(rivals))
}

// rivals is how many maps are taken on, so that a choice between them is noticed.
const rivals = 4

// hinted tries the hints, and says whether one is beyond doubt.
func (p *pair) hinted() bool {
	for _, h := range p.opts.Hints {
		if p.try([]candidate{{m: matrix(h.Matrix), given: true}}) || h.Radius > 0 && p.try(p.around(h)) {
			return true
		}
	}
	return false
}

// try asks the windows about candidates, keeps what they lead to in p.found, and says
// whether to look no further: a map agrees with so many that it alone is kept.
func (p *pair) try(cs []candidate) (done bool) {
	for _, c := range cs {
		if p.ctx.Err() != nil {
			return true
		}
		f, ok := p.ask(c.m)
		if !ok {
			continue
		}
		f.given = c.given
		p.found = append(p.found, f)
		if f.clear() {
			p.found = []proposal{f}
			return true
		}
	}
	return false
}

// best returns the best maps found so far that differ, best first.
func (p *pair) best(most int) []proposal {
	slices.SortStableFunc(p.found, func(a, b proposal) int { return cmp.Compare(b.standing(), a.standing()) })
	var out []proposal
	for _, f := range p.found {
		limit := 0.03 * float64(max(p.mov.w, p.mov.h))
		switch i := slices.IndexFunc(out, func(o proposal) bool { return p.apart(o.m, f.m) < limit }); {
		case i >= 0:
			out[i].given = out[i].given || f.given
		case len(out) < most:
			out = append(out, f)
		}
	}
	return out
}

// early takes the best map so far as far as it goes, and is ok where the evidence for
// it leaves nothing to look for elsewhere.
func (p *pair) early() (out compare.Alignment, ok bool) {
	const ample = 1.05 // times what is asked; destroyed towns seldom give more
	for _, f := range p.best(1) {
		if f.height < promising*float64(f.spots) {
			continue
		}
		r := p.refine(f)
		if r.why == compare.ReasonNone && (r.worth > ample*p.asked(r.m) || r.both() > ample*p.askedOfBoth(r.m)) {
			out = p.conclude(r)
		}
	}
	return out, out.Aligned
}

// promising is the mean height from which on a map is taken further at once. It saves
// time and decides nothing: what is taken further is proved all the same.
const promising = 0.5

// standing returns how far the sum of surfaces stands over what the best of many
// wrong maps reaches, in units in which the sums of wrong maps differ by about a
// third: of 170 proposals for unrelated places none had more than 1.7. What stands
// below 0 is not taken on, unless it was given: right maps of 409 pairs, strips of destroyed ground among them,
// stood at 0.3 and more; of 427 unrelated pairs the four whose windows agreed most in
// the end had begun below 0, and one of them was worth a right map.
func (f proposal) standing() float64 {
	const each, best = 0.22, 1.5
	n := float64(f.spots)
	return (f.height-each*n)/math.Sqrt(max(n, 1)) - best
}

// clear says whether no other proposal needs to be looked for.
func (f proposal) clear() bool {
	return f.spots >= 20 && (f.height > sure*float64(f.spots) || f.standing() > 3.5)
}

// sameFrame returns the map between pictures that show the same extent.
func (p *pair) sameFrame() matrix {
	kx, ky := float64(p.mov.w)/float64(p.ref.w), float64(p.mov.h)/float64(p.ref.h)
	if kx/ky > 1.1 || ky/kx > 1.1 {
		return identity
	}
	return matrix{{kx, 0, kx/2 - 0.5}, {0, ky, ky/2 - 0.5}, {0, 0, 1}}
}

// survey asks the windows about turns and scales near those of pictures of one
// extent, all of them, and about shifts beyond what they reach: where little of the
// ground has stayed the same, its trace is lost on the small pictures that coarse looks at.
func (p *pair) survey() {
	var found []proposal
	ask := func(turn, scale, dx, dy float64) {
		x, y := float64(p.ref.w-1)/2, float64(p.ref.h-1)/2
		if f, ok := p.ask(p.sameFrame().mul(shift(x+dx, y+dy)).mul(similarity(turn, scale)).mul(shift(-x, -y))); ok {
			found = append(found, f)
		}
	}
	for _, turn := range steps(-10, 10, 5) {
		for _, scale := range powers(1.13, -1, 1) {
			ask(turn, scale, 0, 0)
		}
	}
	level := p.levelFor(p.sameFrame(), p.searchLevel())
	beyond := float64(p.windowFor(level)/2) * float64(int(1)<<level)
	for _, turn := range steps(-5, 5, 5) {
		for k := range 9 {
			if k != 4 {
				ask(turn, 1, float64(k%3-1)*beyond, float64(k/3-1)*beyond)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b proposal) int { return cmp.Compare(b.standing(), a.standing()) })
	for _, f := range found[:min(rivals, len(found))] {
		p.found = append(p.found, p.askAgain(f))
	}
}

// askAgain asks from where the windows led, as long as that leads higher.
func (p *pair) askAgain(f proposal) proposal {
	for range 3 {
		next, ok := p.ask(f.m)
		if !ok || next.standing() <= f.standing() {
			break
		}
		f = next
	}
	return f
}

// around looks for maps that turn and scale about as h does, wherever they shift.
func (p *pair) around(h Hint) []candidate {
	m, x, y := matrix(h.Matrix), float64(p.ref.w-1)/2, float64(p.ref.h-1)/2
	a, b, c, d := m.jacobian(x, y)
	g := grid{side: plain.side, scales: plain.scales}
	for _, turn := range plain.turns {
		g.turns = append(g.turns, turn+math.Atan2(c-b, a+d))
	}
	return p.coarse(g, m.scale(x, y), 4)
}

// sure is the mean height of the surfaces at which a search ends early: no
// chance agreement of many windows comes near.
const sure = 1.2

// obvious is the mean height at which a map is within reach of what single windows find.
const obvious = 2

// levelFor returns the finest level of the reference, from least on, whose
// detail the moving image also has under m.
func (p *pair) levelFor(m matrix, least int) int {
	s := m.scale(float64(p.ref.w-1)/2, float64(p.ref.h-1)/2)
	for least < len(p.ref.levels)-1 && s*float64(int(1)<<least) < 0.7 {
		least++
	}
	return least
}

// searchLevel is the finest level of the reference with data on no more than
// 512 × 512 px.
func (p *pair) searchLevel() int {
	level := 0
	for p.ref.area/float64(int(1)<<(2*level)) > 512*512 && level < len(p.ref.levels)-1 {
		level++
	}
	return level
}

// windowFor returns the window side for a level: 64 px, or 32 on small pictures.
func (p *pair) windowFor(level int) int {
	if min(p.ref.w, p.ref.h)>>level >= 150 {
		return 64
	}
	return 32
}

func (p *pair) frameFor(m matrix) frame {
	x, y := float64(p.ref.w-1)/2, float64(p.ref.h-1)/2
	u, v := m.Map(x, y)
	return frame{x: x, y: y, u: u, v: v, s: math.Hypot(x, y)}
}

func (p *pair) plausible(m matrix) bool {
	return plausible(m, p.ref.w, p.ref.h, p.opts.MinScale, p.opts.MaxScale, p.opts.MaxShear)
}

var (
	smallTurns  = steps(-3, 3, 1)
	smallScales = powers(1.025, -3, 3)
)

// ask lets windows at a coarse level say how well m and similarities near it fit.
func (p *pair) ask(m matrix) (proposal, bool) {
	if !p.plausible(m) || p.ctx.Err() != nil {
		return proposal{}, false
	}
	level := p.levelFor(m, p.searchLevel())
	n := p.windowFor(level)
	near := p.tracker(level, n, n/2, 144).surfaces(m, n*5/16)
	s := near.smooth(1.5)
	if len(s.spots) < 4 {
		return proposal{}, false
	}
	start, _ := s.hough(smallTurns, smallScales)
	got, height := s.settle(start, compare.Similarity, p.frameFor(start), 2.5)
	if height < obvious*float64(len(s.spots)) {
		near = nil
	}
	return proposal{m: got, model: compare.Similarity, height: height, spots: len(s.spots), near: near}, p.plausible(got)
}

// unit returns how many moving px a px of t's level spans under m.
func (t *tracker) unit(m matrix) float64 {
	return m.scale(float64(t.p.ref.w-1)/2, float64(t.p.ref.h-1)/2) * float64(int(1)<<t.level)
}

// links turns matches, made under m, into pairs of positions.
func (t *tracker) links(found []match, m interface {
	Map(x, y float64) (float64, float64)
}) []link {
	out := make([]link, 0, len(found))
	k := float64(int(1) << t.level)
	for _, f := range found {
		s := &t.spots[f.spot]
		u, v := m.Map(s.x+f.dx*k, s.y+f.dy*k)
		w := min(max((f.z-2.5)/4, 0.05), 1)
		if !math.IsNaN(u + v) {
			out = append(out, link{x: s.x, y: s.y, u: u, v: v, weight: w, spot: f.spot})
		}
	}
	return out
}
