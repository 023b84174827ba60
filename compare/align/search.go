package align

import (
	"math"
	"math/rand/v2"

	"github.com/antequem/antequem/compare"
)

// search returns the best map that hypotheses and window votes lead to.
func (p *pair) search() (fitted, bool) {
	ratio := 1.0
	best, ok := fitted{gain: -1}, false
	try := func(cs []candidate, enough float64) bool {
		for _, c := range cs {
			if p.ctx.Err() != nil {
				return true
			}
			f, good := p.vote(c.m)
			if good && f.gain > best.gain {
				best, ok = f, true
			}
			if best.gain > enough {
				return true
			}
		}
		return false
	}
	for _, h := range p.opts.Hints {
		if try([]candidate{{m: matrix(h.Matrix)}}, sure) {
			return best, ok
		}
	}
	if try(p.coarse(narrow, ratio, 4), sure) {
		return best, ok
	}
	if best.gain < likely {
		try(p.coarse(wide, ratio, 12), sure)
	}
	return best, ok
}

// A search ends early at a log likelihood (nats over chance) of sure; at likely
// it spares the wide grid.
const (
	sure   = 120
	likely = 60
)

// levelFor returns the finest level of the reference, from least on, whose
// detail the moving image also has under m.
func (p *pair) levelFor(m matrix, least int) int {
	s := m.scale(float64(p.ref.w-1)/2, float64(p.ref.h-1)/2)
	for least < len(p.ref.levels)-1 && s*float64(int(1)<<least) < 0.7 {
		least++
	}
	return least
}

// searchLevel is the finest level of the reference of at most 512 px.
func (p *pair) searchLevel() int {
	level := 0
	for max(p.ref.w, p.ref.h)>>level > 512 && level < len(p.ref.levels)-1 {
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

// vote lets windows at a coarse level look for themselves around m and returns
// the affine map that most of them agree on.
func (p *pair) vote(m matrix) (fitted, bool) {
	if !plausible(m, p.ref.w, p.ref.h, p.opts.MinScale, p.opts.MaxScale, p.opts.MaxShear) {
		return fitted{}, false
	}
	level := p.levelFor(m, p.searchLevel())
	t := p.tracker(level, p.windowFor(level), p.windowFor(level)/2, 120)
	reach := 0.4 * float64(t.n)
	links := t.links(t.track(m, reach, 3), m)
	if len(links) < 4 {
		return fitted{}, false
	}
	unit := t.unit(m)
	start, ok := p.msac(links, m, 2.5*unit, reach*unit)
	if !ok {
		return fitted{}, false
	}
	fr := p.frameFor(start)
	f := fit(links, start, compare.Similarity, fr, 2*unit, 0.3*unit, reach*unit, 4)
	f = fit(links, f.m, compare.Affine, fr, 1.5*unit, 0.2*unit, reach*unit, 6)
	return f, plausible(f.m, p.ref.w, p.ref.h, p.opts.MinScale, p.opts.MaxScale, p.opts.MaxShear)
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

// msac draws pairs of links and returns the similarity that costs least, a link
// costing its squared residual up to the square of limit (Torr and Zisserman
// 2000). Similarities that turn or scale against m by more than its grid's step
// can explain are not believed.
func (p *pair) msac(links []link, m matrix, limit, reach float64) (matrix, bool) {
	const draws = 1500
	rng := rand.New(rand.NewPCG(p.opts.Seed, uint64(len(links))))
	local := project(m, compare.Similarity, p.frameFor(m))
	la, lb := local[0][0], local[1][0]
	best, found := 0.0, matrix{}
	order := cumulative(links)
	for range draws {
		i, j := draw(order, rng), draw(order, rng)
		p1, p2 := &links[i], &links[j]
		dx, dy := p2.x-p1.x, p2.y-p1.y
		d := dx*dx + dy*dy
		if p1.spot == p2.spot || d == 0 {
			continue
		}
		du, dv := p2.u-p1.u, p2.v-p1.v
		a, b := (dx*du+dy*dv)/d, (dx*dv-dy*du)/d
		if math.Hypot(a-la, b-lb) > 0.2*math.Hypot(la, lb) {
			continue
		}
		tx, ty := p1.u-a*p1.x+b*p1.y, p1.v-b*p1.x-a*p1.y
		var score, here float64
		spot := -1
		for k := range links {
			l := &links[k]
			if l.spot != spot {
				score, here, spot = score+here, 0, l.spot
			}
			ru, rv := a*l.x-b*l.y+tx-l.u, b*l.x+a*l.y+ty-l.v
			if r := (ru*ru + rv*rv) / (limit * limit); r < 1 {
				here = max(here, l.weight*(1-r))
			}
		}
		if score += here; score > best {
			best, found = score, matrix{{a, -b, tx}, {b, a, ty}, {0, 0, 1}}
		}
	}
	return found, best > 0
}

func cumulative(links []link) []float64 {
	out, sum := make([]float64, len(links)), 0.0
	for i, l := range links {
		sum += l.weight
		out[i] = sum
	}
	return out
}

func draw(order []float64, rng *rand.Rand) int {
	v := rng.Float64() * order[len(order)-1]
	lo, hi := 0, len(order)-1
	for lo < hi {
		mid := (lo + hi) / 2
		if order[mid] > v {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}
