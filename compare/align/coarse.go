package align

import (
	"cmp"
	"math"
	"slices"

	"github.com/antequem/antequem/imagery/raster"
)

// A candidate is a map that may be right, with what speaks for it.
type candidate struct {
	m     matrix
	score float64 // height of its peak over chance, standard deviations
	given bool    // it was there before any search: a hint, or one extent
}

// A grid is a set of turns and scales to try. Every turn is tried together with
// the one half a circle on, which costs nothing more.
type grid struct {
	side   int       // root of the reference's area, px, when tried
	turns  []float64 // radians
	scales []float64 // moving px per reference px, as a factor of the ratio that sizes suggest
}

// plain and narrow hold what pictures of one place mostly differ by; wide and fine
// everything, fine with more detail, which shows maps of mostly changed ground.
var (
	plain  = grid{side: 120, turns: steps(-4, 4, 4), scales: []float64{1}}
	narrow = grid{side: 120, turns: steps(-12, 12, 4), scales: powers(1.12, -1, 1)}
	wide   = grid{side: 90, turns: steps(-90, 85, 5), scales: powers(1.15, -4, 4)}
	fine   = grid{side: 128, turns: steps(-90, 86, 4), scales: powers(1.15, -4, 4)}
)

func steps(from, to, by float64) []float64 {
	var out []float64
	for d := from; d <= to; d += by {
		out = append(out, d*math.Pi/180)
	}
	return out
}

func powers(base float64, from, to int) []float64 {
	var out []float64
	for i := from; i <= to; i++ {
		out = append(out, math.Pow(base, float64(i)))
	}
	return out
}

// coarse tries every turn and scale of g on small pictures by the orientation
// correlation of their structure (Fitch, Kadyrov, Christmas and Kittler, BMVC
// 2002), which finds the best shifts of each at once, and returns the best maps
// that differ, best first.
func (p *pair) coarse(g grid, ratio float64, most int) []candidate {
	longer := float64(max(p.ref.w, p.ref.h))
	k := min(float64(g.side)/math.Sqrt(p.ref.area), 2.2*float64(g.side)/longer, 1)
	pad := padding(int(1.6 * k * longer))
	fft, small := raster.NewFFT(pad, pad), raster.NewFFT(pad/block, pad/block)
	a := p.ref.shrunk(k, p.workers)
	ox, oy := pad/2-a.W/2, pad/2-a.H/2
	spectrum := raster.NewComplex(pad, pad)
	for y := range a.H {
		copy(spectrum.Re[(y+oy)*pad+ox:], a.Re[y*a.W:][:a.W])
		copy(spectrum.Im[(y+oy)*pad+ox:], a.Im[y*a.W:][:a.W])
	}
	weight := raster.NewComplex(pad/block, pad/block)
	energies(weight, spectrum)
	small.Forward(weight, 1)
	fft.Forward(spectrum, p.workers)
	inverted, overturned := halfTurned(spectrum), halfTurned(weight)

	scaled := make([]raster.Complex, len(g.scales))
	for i, s := range g.scales {
		scaled[i] = p.mov.shrunk(k/(s*ratio), p.workers)
	}
	found := make([][]candidate, len(g.scales)*len(g.turns))
	enter := matrix{{k, 0, k/2 - 0.5}, {0, k, k/2 - 0.5}, {0, 0, 1}}
	raster.Rows(len(found), p.workers, func(lo, hi int) {
		c, e := raster.NewComplex(pad, pad), raster.NewComplex(pad/block, pad/block)
		for i := lo; i < hi && p.ctx.Err() == nil; i++ {
			b := scaled[i%len(g.scales)]
			km := k / (g.scales[i%len(g.scales)] * ratio)
			leave := matrix{{1 / km, 0, 0.5/km - 0.5}, {0, 1 / km, 0.5/km - 0.5}, {0, 0, 1}}
			turn := g.turns[i/len(g.scales)]
			turned(c, b, turn)
			energies(e, c)
			correlate(fft, c, spectrum, inverted)
			correlate(small, e, weight, overturned)
			for half, surface := range [2][]float32{c.Re, c.Im} {
				angle, sign := turn+float64(half)*math.Pi, 1-2*half
				for _, pk := range shifts(surface, [2][]float32{e.Re, e.Im}[half], pad) {
					m := shift(float64(b.W-1)/2, float64(b.H-1)/2).mul(similarity(angle, 1)).mul(shift(float64(ox-pad/2+sign*pk.x), float64(oy-pad/2+sign*pk.y)))
					found[i] = append(found[i], candidate{m: leave.mul(m).mul(enter), score: float64(pk.v)})
				}
			}
		}
	})
	return p.distinct(slices.Concat(found...), most)
}

// padding returns the side of a grid for transforms of n samples or a few less,
// a multiple of block.
func padding(n int) int {
	for side := 64; ; side *= 2 {
		for _, m := range [...]int{side, side / 8 * 9, side / 4 * 5, side / 2 * 3} {
			if m >= n-n/16 {
				return m
			}
		}
	}
}

// shrunk returns the structure of v at k times its size.
func (v *view) shrunk(k float64, workers int) raster.Complex {
	w, h := max(8, int(float64(v.w)*k+0.5)), max(8, int(float64(v.h)*k+0.5))
	level := 0
	for level+1 < len(v.levels) && k*float64(int(2)<<level) <= 1 {
		level++
	}
	m := matrix{{1 / k, 0, 0.5/k - 0.5}, {0, 1 / k, 0.5/k - 0.5}, {0, 0, 1}}
	if inv, ok := levelToFull(level).inverse(); ok {
		m = inv.mul(m)
	}
	r := raster.Warp(v.levels[level], w, h, m, workers)
	s := newStructurer(max(w, h))
	s.cut(r, 0, 0)
	out := newSheet(w, h)
	s.structure(out, 0, 0, softness(r))
	return out.Complex
}

// turned fills c with b turned about its centre, which comes to lie at the
// middle of c: what lies at offset d in c lies at the turned d in b. The
// directions that b holds turn with it.
func turned(c, b raster.Complex, angle float64) {
	n := c.W
	sin, cos := math.Sincos(angle)
	back, forth := math.Sincos(-2 * angle)
	tr, ti := float32(forth), float32(back)
	clear(c.Re)
	clear(c.Im)
	cx, cy := float64(b.W-1)/2, float64(b.H-1)/2
	w, h := float64(b.W-1), float64(b.H-1)
	for y := range n {
		dy := float64(y - n/2)
		u0, v0 := cx-sin*dy, cy+cos*dy
		from, to := crossing(-n/2, n-n/2-1, cos, u0, w)
		from, to = crossing(from, to, sin, v0, h)
		re, im := c.Re[y*n:][:n], c.Im[y*n:][:n]
		for x := from; x <= to; x++ {
			dx := float64(x)
			u, v := cos*dx+u0, sin*dx+v0
			if !(u >= 0 && v >= 0 && u < w && v < h) {
				continue
			}
			iu, iv := int(u), int(v)
			fu, fv := float32(u-float64(iu)), float32(v-float64(iv))
			k := iv*b.W + iu
			w00, w01, w10, w11 := (1-fu)*(1-fv), fu*(1-fv), (1-fu)*fv, fu*fv
			r0, r1, i0, i1 := b.Re[k:][:2], b.Re[k+b.W:][:2], b.Im[k:][:2], b.Im[k+b.W:][:2]
			r := w00*r0[0] + w01*r0[1] + w10*r1[0] + w11*r1[1]
			i := w00*i0[0] + w01*i0[1] + w10*i1[0] + w11*i1[1]
			re[x+n/2], im[x+n/2] = tr*r-ti*i, tr*i+ti*r
		}
	}
}

// crossing narrows from to to, ends included, to where slope·x + start can lie from 0 to end.
func crossing(from, to int, slope, start, end float64) (int, int) {
	if math.Abs(slope) < 1e-9 {
		return from, to
	}
	a, b := -start/slope, (end-start)/slope
	return max(from, int(math.Floor(min(a, b)))), min(to, int(math.Ceil(max(a, b))))
}

// energies fills e with the squared magnitude of c, summed over blocks.
func energies(e, c raster.Complex) {
	clear(e.Re)
	clear(e.Im)
	for y := range c.H {
		re, im, dst := c.Re[y*c.W:][:c.W], c.Im[y*c.W:][:c.W], e.Re[y/block*e.W:][:e.W]
		for x, r := range re {
			dst[x/block] += r*r + im[x]*im[x]
		}
	}
}

// correlate replaces c by its correlation with the picture whose spectrum a is (real
// part) and with that picture turned by half a circle, whose spectrum is b (imaginary
// part).
func correlate(f *raster.FFT, c, a, b raster.Complex) {
	f.Forward(c, 1)
	join(c, a, c, b)
	f.Inverse(c, 1)
}

// halfTurned returns the spectrum of what a is the spectrum of, turned by half a circle about its origin.
func halfTurned(a raster.Complex) raster.Complex {
	n := a.W
	out := raster.NewComplex(n, n)
	for y := range n {
		for x := range n {
			i, j := y*n+x, (n-y)%n*n+(n-x)%n
			out.Re[i], out.Im[i] = a.Re[j], a.Im[j]
		}
	}
	return out
}

// shifts returns the highest peaks of a correlation surface, each sample divided by
// what chance gives at its shift. Shifts at which little of either picture meets are
// left out.
func shifts(surface, energy []float32, n int) []peak {
	const most = 2
	expected := chances(energy, n)
	if expected == nil {
		return nil
	}
	m := n / block
	tops := make([]peak, n) // of each row
	for y := range n {
		row, inv := surface[y*n:][:n], expected[(y+block/2)/block%m*m:][:m]
		at, k := 0, inv[0]
		for x := range row {
			if (x+block/2)%block == 0 {
				if at++; at == m {
					at = 0
				}
				k = inv[at]
			}
			row[x] *= k
		}
		tops[y] = highest(row, y, nil)
	}
	var out []peak
	for range most {
		best := peak{}
		for y, pk := range tops {
			if near(out, pk.x, y, n) {
				pk = highest(surface[y*n:][:n], y, out)
			}
			if pk.v > best.v {
				best = pk
			}
		}
		out = append(out, best)
	}
	for i := range out {
		if out[i].x >= n/2 {
			out[i].x -= n
		}
		if out[i].y >= n/2 {
			out[i].y -= n
		}
	}
	return out
}

// chances returns for each block of shifts the reciprocal of what chance gives there,
// which is the root of the correlation of the energies; nil where there is none. Where
// little of the pictures meets, a few streets that agree stand high over that: so a share
// of the energy where most meets counts everywhere. Of 97 strips of a destroyed town
// the right map was among the best four of all turns and scales 69 times with 0.6, 54
// times with 0.1; of 36 pairs that share half a frame, or are turned, it led with either.
func chances(energy []float32, n int) []float32 {
	const least, even = 0.12, 0.6
	m := n / block
	top := slices.Max(energy)
	if top <= 0 {
		return nil
	}
	out := make([]float32, m*m)
	scale := 1 / float32(n)
	for i, e := range energy {
		if e > least*top {
			// correlations of blocks count each pixel pair of the block once for each of its shifts
			out[i] = float32(block*math.Sqrt2) * float32(m) / float32(n) / sqrt32(e+even*top) * scale
		}
	}
	return out
}

// highest returns the first of the highest samples of row y that isn't near any of ps.
func highest(row []float32, y int, ps []peak) (best peak) {
	for x, v := range row {
		if v > best.v && !near(ps, x, y, len(row)) {
			best = peak{x, y, v}
		}
	}
	return best
}

// block is the side of the squares over which energy is summed.
const block = 4

func near(ps []peak, x, y, n int) bool {
	for _, p := range ps {
		dx, dy := (x-p.x+n)%n, (y-p.y+n)%n
		if min(dx, n-dx) <= 4 && min(dy, n-dy) <= 4 {
			return true
		}
	}
	return false
}

// distinct returns the best candidates that put the reference's corners at
// different places, best first.
func (p *pair) distinct(all []candidate, most int) []candidate {
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	var out []candidate
	limit := 0.05 * float64(max(p.mov.w, p.mov.h))
	for _, c := range all {
		if len(out) == most {
			break
		}
		if !slices.ContainsFunc(out, func(o candidate) bool { return p.apart(c.m, o.m) < limit }) {
			out = append(out, c)
		}
	}
	return out
}

// apart returns the largest distance between where two maps put the middles of
// the reference's sides, moving px.
func (p *pair) apart(a, b matrix) float64 {
	x, y := float64(p.ref.w-1), float64(p.ref.h-1)
	var far float64
	for _, q := range [...][2]float64{{x / 4, y / 4}, {3 * x / 4, y / 4}, {x / 4, 3 * y / 4}, {3 * x / 4, 3 * y / 4}} {
		u, v := a.Map(q[0], q[1])
		s, t := b.Map(q[0], q[1])
		far = max(far, math.Hypot(u-s, v-t))
	}
	return far
}
