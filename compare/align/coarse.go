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
}

// A grid is a set of turns and scales to try. Every turn is tried together with
// the one half a circle on, which costs nothing more.
type grid struct {
	side   int       // longer side of the reference, px, when tried
	turns  []float64 // radians
	scales []float64 // moving px per reference px, as a factor of the ratio that sizes suggest
}

// narrow holds what pictures of one place mostly differ by; wide everything.
var (
	narrow = grid{side: 128, turns: steps(-12, 12, 4), scales: powers(1.12, -1, 1)}
	wide   = grid{side: 120, turns: steps(-88, 88, 4), scales: powers(1.12, -5, 5)}
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
	k := float64(g.side) / float64(max(p.ref.w, p.ref.h))
	pad := raster.GoodSize(2 * g.side)
	fft := raster.NewFFT(pad, pad)
	a := p.ref.shrunk(k, p.workers)
	ox, oy := pad/2-a.W/2, pad/2-a.H/2
	spectrum := raster.NewComplex(pad, pad)
	for y := range a.H {
		copy(spectrum.Re[(y+oy)*pad+ox:], a.Re[y*a.W:][:a.W])
		copy(spectrum.Im[(y+oy)*pad+ox:], a.Im[y*a.W:][:a.W])
	}
	fft.Forward(spectrum, p.workers)

	small := make([]raster.Complex, len(g.scales))
	for i, s := range g.scales {
		small[i] = p.mov.shrunk(k/(s*ratio), p.workers)
	}
	found := make([][]candidate, len(g.scales)*len(g.turns))
	enter := matrix{{k, 0, k/2 - 0.5}, {0, k, k/2 - 0.5}, {0, 0, 1}}
	raster.Rows(len(found), p.workers, func(lo, hi int) {
		c := raster.NewComplex(pad, pad)
		for i := lo; i < hi && p.ctx.Err() == nil; i++ {
			b := small[i%len(g.scales)]
			km := k / (g.scales[i%len(g.scales)] * ratio)
			leave := matrix{{1 / km, 0, 0.5/km - 0.5}, {0, 1 / km, 0.5/km - 0.5}, {0, 0, 1}}
			turn := g.turns[i/len(g.scales)]
			turned(c, b, turn)
			fft.Forward(c, 1)
			both(c, spectrum)
			fft.Inverse(c, 1)
			for half, surface := range [2][]float32{c.Re, c.Im} {
				angle := turn + float64(half)*math.Pi
				for _, pk := range shifts(surface, pad, a, b, angle) {
					m := shift(float64(b.W-1)/2, float64(b.H-1)/2).mul(similarity(angle, 1)).mul(shift(float64(ox-pad/2+pk.x), float64(oy-pad/2+pk.y)))
					found[i] = append(found[i], candidate{leave.mul(m).mul(enter), float64(pk.v)})
				}
			}
		}
	})
	return p.distinct(slices.Concat(found...), most)
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
	n := max(w, h)
	s := newStructurer(n)
	s.cut(r, 0, 0)
	whole := raster.NewComplex(n, n)
	flat := make([]float32, n*n)
	for i := range flat {
		flat[i] = 1
	}
	s.structure(whole, softness(r), flat)
	out := raster.NewComplex(w, h)
	for y := range h {
		copy(out.Re[y*w:][:w], whole.Re[y*n:])
		copy(out.Im[y*w:][:w], whole.Im[y*n:])
	}
	return out
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
	for y := range n {
		dy := float64(y - n/2)
		re, im := c.Re[y*n:][:n], c.Im[y*n:][:n]
		for x := range n {
			dx := float64(x - n/2)
			u, v := cos*dx-sin*dy+cx, sin*dx+cos*dy+cy
			if !(u >= 0 && v >= 0 && u < float64(b.W-1) && v < float64(b.H-1)) {
				continue
			}
			iu, iv := int(u), int(v)
			fu, fv := float32(u-float64(iu)), float32(v-float64(iv))
			k := iv*b.W + iu
			w00, w01, w10, w11 := (1-fu)*(1-fv), fu*(1-fv), (1-fu)*fv, fu*fv
			r := w00*b.Re[k] + w01*b.Re[k+1] + w10*b.Re[k+b.W] + w11*b.Re[k+b.W+1]
			i := w00*b.Im[k] + w01*b.Im[k+1] + w10*b.Im[k+b.W] + w11*b.Im[k+b.W+1]
			re[x], im[x] = tr*r-ti*i, tr*i+ti*r
		}
	}
}

// both replaces the spectrum in c by one whose inverse transform has, as its
// real part, the correlation with the reference a, and, as its imaginary part,
// that of the same picture turned by half a circle.
func both(c, a raster.Complex) {
	n := c.W
	for y := range n {
		ny := (n - y) % n
		for x := range n {
			i, j := y*n+x, ny*n+(n-x)%n
			if j < i {
				continue
			}
			ar, ai, br, bi := a.Re[i], a.Im[i], c.Re[i], c.Im[i]
			zr, zi, dr, di := a.Re[j], a.Im[j], c.Re[j], c.Im[j]
			// conj(a_i)·c_i, conj(a_j)·c_j and, turned, conj(a_i)·c_j, conj(a_j)·c_i
			pr, pi := ar*br+ai*bi, ar*bi-ai*br
			qr, qi := zr*dr+zi*di, zr*di-zi*dr
			sr, si := ar*dr+ai*di, ar*di-ai*dr
			tr, ti := zr*br+zi*bi, zr*bi-zi*br
			// Hermitian halves h and g; h + i·g at i and at j
			hr, hi := (pr+qr)/2, (pi-qi)/2
			gr, gi := (sr+tr)/2, (si-ti)/2
			c.Re[i], c.Im[i] = hr-gi, hi+gr
			c.Re[j], c.Im[j] = hr+gi, gr-hi
		}
	}
}

// shifts returns the highest peaks of a correlation surface, each divided by
// what chance gives at its overlap.
func shifts(surface []float32, n int, a, b raster.Complex, angle float64) []peak {
	const most = 2
	sin, cos := math.Sincos(angle)
	sin, cos = math.Abs(sin), math.Abs(cos)
	bw, bh := cos*float64(b.W)+sin*float64(b.H), sin*float64(b.W)+cos*float64(b.H)
	if fill := math.Sqrt(float64(b.W*b.H) / (bw * bh)); fill < 1 {
		bw, bh = bw*fill, bh*fill
	}
	lx, ly := overlaps(n, float64(a.W), bw), overlaps(n, float64(a.H), bh)
	var square, count float64
	for y := range n {
		row := surface[y*n:][:n]
		for x, v := range row {
			k := lx[x] * ly[y]
			if k == 0 {
				row[x] = 0
				continue
			}
			row[x] = v * k
			square += float64(row[x]) * float64(row[x])
			count++
		}
	}
	if square == 0 {
		return nil
	}
	unit := float32(1 / math.Sqrt(square/count))
	var out []peak
	for range most {
		best := peak{v: -1}
		for y := range n {
			for x, v := range surface[y*n:][:n] {
				if v > best.v && !near(out, x, y, n) {
					best = peak{x, y, v}
				}
			}
		}
		out = append(out, best)
	}
	for i := range out {
		out[i].v *= unit
		if out[i].x >= n/2 {
			out[i].x -= n
		}
		if out[i].y >= n/2 {
			out[i].y -= n
		}
	}
	return out
}

func near(ps []peak, x, y, n int) bool {
	for _, p := range ps {
		dx, dy := (x-p.x+n)%n, (y-p.y+n)%n
		if min(dx, n-dx) <= 4 && min(dy, n-dy) <= 4 {
			return true
		}
	}
	return false
}

// overlaps returns, for each cyclic shift of a line of length b against one of
// length a, both centred, one over the root of the share of the shorter that
// they share; 0 where that is too little.
func overlaps(n int, a, b float64) []float32 {
	const least = 0.25
	out := make([]float32, n)
	for i := range out {
		d := float64(i)
		if i >= n/2 {
			d -= float64(n)
		}
		share := (min(a/2, b/2-d) - max(-a/2, -b/2-d)) / min(a, b)
		if share >= least {
			out[i] = float32(1 / math.Sqrt(share))
		}
	}
	return out
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
