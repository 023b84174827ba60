package align

import (
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
)

// describe writes down what was found, with a local field where there is one.
func (p *pair) describe(r refined) compare.Alignment {
	f, t, links := r.fitted, r.t, r.links
	unit := t.unit(f.m)
	field, miss := p.local(f, t, links)
	s := shape{f.m, field}
	out := compare.Alignment{Aligned: true, Model: f.model, Matrix: f.m, Field: field}
	sigma, off := f.sigma, p.uncertain(r, reach*unit)
	if field != nil {
		out.Model = compare.Local
		links = t.links(t.track(s, reach, 1), s)
		full := unit / float64(int(1)<<t.level)
		sigma = max(miss*full, 0.02*unit)
		ties, global := links, off
		off = func(x, y float64) float64 {
			own := math.Sqrt(0.3) * miss * full
			if !among(ties, x, y, 2*field.Step) {
				own = max(own, global(x, y)) // no tie point carries the field here
			}
			return own
		}
	}
	out.TiePoints, out.RMSE = tiePoints(links, s, sigma, f.share, reach*unit)
	out.Overlap, out.ExpectedError = p.expected(s, off)
	return out
}

// among says whether a link lies within reach of (x, y), reference px.
func among(links []link, x, y, reach float64) bool {
	return slices.ContainsFunc(links, func(l link) bool { return math.Hypot(l.x-x, l.y-y) < reach })
}

func tiePoints(links []link, s shape, sigma, share, reach float64) (ties []compare.TiePoint, rmse float64) {
	var square, trusted float64
	for _, l := range links {
		u, v := s.Map(l.x, l.y)
		r2 := (u-l.u)*(u-l.u) + (v-l.v)*(v-l.v)
		like := share * math.Exp(-r2/(2*sigma*sigma)) / (2 * math.Pi * sigma * sigma)
		trust := like / (like + (1-share)/(math.Pi*reach*reach))
		if !(trust > 1e-3) {
			trust = 0
		}
		square, trusted = square+trust*r2, trusted+trust
		ties = append(ties, compare.TiePoint{RefX: l.x, RefY: l.y, MovX: l.u, MovY: l.v, Weight: trust})
	}
	return ties, math.Sqrt(square / trusted)
}

// unseen is how likely a homography is to be needed where the links were too few
// to ask for one.
const unseen = 0.12

// uncertain returns the error to expect of r's map at a reference position, moving px: what
// the fit itself gives, and not less than the jackknife does where links chose the map. As
// far as unseen is likely, it is that of a homography fitted to the same links: far from
// all of them, what a narrower model leaves no room for is not thereby known.
func (p *pair) uncertain(r refined, reach float64) func(x, y float64) float64 {
	fitTo := func(links []link, model compare.Model) fitted {
		return fit(links, r.m, model, r.frame, r.sigma, 0.02, reach, 2)
	}
	const alone = 4 // times the variance, where all links lie in one part
	factor, parts := 1/independent, p.leftOut(r.links)
	var whole matrix
	var others []matrix
	switch {
	case len(parts) < 2:
		factor *= alone
	case !r.joint:
		whole = fitTo(r.links, r.model).m
		for _, rest := range parts {
			others = append(others, fitTo(rest, r.model).m)
		}
	}
	free := fitTo(r.links, compare.Homography)
	return func(x, y float64) float64 {
		own := max(factor*r.variance(x, y), jackknife(whole, others, x, y))
		return (1-unseen)*math.Sqrt(own) + unseen*math.Sqrt(max(own, factor*free.variance(x, y)))
	}
}

// leftOut returns the links without those of one part of the picture, a sixteenth, each.
func (p *pair) leftOut(links []link) [][]link {
	const across = 4
	var out [][]link
	for part := range across * across {
		var rest []link
		for _, l := range links {
			i := min(int(l.x/float64(p.ref.w)*across), across-1)
			j := min(int(l.y/float64(p.ref.h)*across), across-1)
			if j*across+i != part {
				rest = append(rest, l)
			}
		}
		if len(rest) < len(links) && len(rest) >= 4 {
			out = append(out, rest)
		}
	}
	return out
}

// jackknife returns the variance, both directions together, that maps fitted without one
// part of the picture each give the whole one at (x, y), so that errors which neighbours
// share count as one (Künsch 1989); 0 for none.
func jackknife(whole matrix, others []matrix, x, y float64) float64 {
	u, v := whole.Map(x, y)
	var square float64
	for _, m := range others {
		a, b := m.Map(x, y)
		square += (a-u)*(a-u) + (b-v)*(b-v)
	}
	n := float64(max(len(others), 1))
	return square * (n - 1) / n
}

// leastError is what no alignment is expected to be better than, px of the
// moving grid: the bias that interpolation and a different sharpness leave.
const leastError = 0.004

// expected returns the share of the reference that the moving image covers with
// data, and the mean error to expect wherever its frame lies, px of the moving
// grid: also where it holds no data, so that a map which a strip of ground leaves
// free to swing elsewhere doesn't pass for a good one.
func (p *pair) expected(s shape, off func(x, y float64) float64) (overlap, mean float64) {
	const across = 32
	covered, inside, sum := 0, 0, 0.0
	mask := p.mov.mask(0)
	for j := range across {
		for i := range across {
			x, y := (float64(i)+0.5)/across*float64(p.ref.w)-0.5, (float64(j)+0.5)/across*float64(p.ref.h)-0.5
			u, v := s.Map(x, y)
			if !(u >= 0 && v >= 0 && u <= float64(p.mov.w-1) && v <= float64(p.mov.h-1)) {
				continue
			}
			inside++
			sum += math.Hypot(off(x, y), leastError)
			if mask.Valid(int(u+0.5), int(v+0.5)) {
				covered++
			}
		}
	}
	return float64(covered) / (across * across), sum / float64(max(inside, 1))
}
