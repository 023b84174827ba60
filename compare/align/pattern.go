package align

import (
	"cmp"
	"math"
	"slices"

	"github.com/antequem/antequem/imagery/raster"
)

// A pattern is print that is repeated all over two frames at the same places: a
// translucent watermark, for one. Its gradients agree by sign at no shift, as those of
// one ground do, but as much again at each step from one copy to the next, which no
// ground does in both directions.
type pattern struct {
	a, b  raster.Complex // gradients of both frames where they meet, of magnitude 0 to 1
	steps [][2]int       // px from one copy to others; as many lie the other way
}

// besides is how far, px, structure reaches from the gradients that it is made of.
const besides = 4

// strokes marks, from the top left of c, the print that is repeated all over both
// pictures; ok is false where there is none.
func (c *common) strokes(ref, mov raster.Raster, workers int) (marked raster.Mask, ok bool) {
	const side = 720 // px, of the middles, which show whether there is any
	if !c.suspect() {
		return marked, false
	}
	p := c.pattern(ref, mov, min(c.pw, side), min(c.ph, side), workers)
	p.steps = p.repeats(workers)
	if len(p.steps) == 0 {
		return marked, false
	}
	if max(c.pw, c.ph) > side {
		steps := p.steps
		p = c.pattern(ref, mov, c.pw, c.ph, workers)
		p.steps = steps
	}
	return p.strokes(workers), true
}

// suspect says whether the frames agree where they lie, and yet not all over: the lowest
// quarter of blocks is -0.17 to 0.05 under watermarks, and all of them together give 0.045
// and more; those of unrelated frames without gave 0.004 at most.
func (c *common) suspect() bool {
	const some = 0.03
	var cosines []float32
	var sum float64
	for _, l := range c.blocks {
		if c.lively(l) {
			cosines = append(cosines, l.cosine)
			sum += float64(l.cosine)
		}
	}
	n := len(cosines)
	return n > 0 && sum > some*float64(n) && raster.Nth(cosines, n/4) < ground
}

// pattern returns the gradients in the middle of c, w × h px.
func (c *common) pattern(ref, mov raster.Raster, w, h, workers int) pattern {
	x, y := c.x0+(c.pw-w)/2, c.y0+(c.ph-h)/2
	return pattern{a: slopes(excised(ref, x, y, w, h), workers), b: slopes(excised(mov, x+c.shift[0], y+c.shift[1], w, h), workers)}
}

// excised returns a copy of the w × h px of r that begin at (x0, y0).
func excised(r raster.Raster, x0, y0, w, h int) raster.Raster {
	p, q := raster.NewPlane(w, h), r.Bands[0]
	out := raster.Raster{Bands: []raster.Plane{p}}
	for y := range h {
		copy(p.Row(y), q.Row(y + y0)[x0:])
	}
	if r.Valid.Pix == nil {
		return out
	}
	out.Valid = raster.Mask{W: w, H: h, Pix: make([]uint8, w*h)}
	for y := range h {
		copy(out.Valid.Pix[y*w:][:w], r.Valid.Pix[(y+y0)*q.W+x0:])
	}
	return out
}

// slopes returns the gradient of r, lightly smoothed, that of its median strength at a
// magnitude of 0.7, so that no edge counts for more than a few; none beside nodata.
func slopes(r raster.Raster, workers int) raster.Complex {
	const sigma = 1
	p := raster.Blur(r.Bands[0], r.Valid, sigma, workers)
	inside := r.Valid.Erode(1)
	g := raster.NewComplex(p.W, p.H)
	for y := 1; y < p.H-1; y++ {
		for x := 1; x < p.W-1; x++ {
			if k := y*p.W + x; inside.Pix == nil || inside.Pix[k] != 0 {
				g.Re[k], g.Im[k] = p.Pix[k+1]-p.Pix[k-1], p.Pix[k+p.W]-p.Pix[k-p.W]
			}
		}
	}
	var some []float32
	for k := 0; k < len(g.Re); k += 7 {
		if s := g.Re[k]*g.Re[k] + g.Im[k]*g.Im[k]; s > 0 {
			some = append(some, s)
		}
	}
	if len(some) == 0 {
		return g
	}
	soft := raster.Nth(some, len(some)/2)
	for k, x := range g.Re {
		y := g.Im[k]
		f := 1 / sqrt32(x*x+y*y+soft)
		g.Re[k], g.Im[k] = f*x, f*y
	}
	return g
}

// repeats returns the steps from one copy of print to others: those at which the frames
// agree both ways, beyond chance and half as much as where they lie. Under 43 watermarks
// they agreed as much again there; of 20 places on one grid none had three such steps, and
// two strips of another had them along their streets alone.
func (p *pattern) repeats(workers int) [][2]int {
	const least, most, beyond, share, among, reach = 3, 8, 5, 0.5, 0.6, 0.2
	c := p.correlated(workers)
	w, h := p.extent()
	n, m := c.W, c.H
	noise := spreadOf(c, w, h)
	own := c.Re[0]
	if own <= beyond*noise {
		return nil
	}
	at := func(x, y int) float32 { return c.Re[(y+m)%m*n+(x+n)%n] }
	both := func(x, y int) float32 { return min(at(x, y), at(-x, -y)) }
	var found []peak
	for y := range min(h, m/2) {
		for x := -min(w, n/2) + 1; x < min(w, n/2); x++ {
			v := both(x, y)
			if max(x, -x, y) < printer || y == 0 && x < 0 || v < beyond*noise {
				continue
			}
			meet := float32((w-max(x, -x))*(h-y)) / float32(w*h)
			if v/meet > share*own && meet > reach && alone(both, x, y, among*v) {
				v /= meet
				found = append(found, peak{x, y, v})
			}
		}
	}
	slices.SortStableFunc(found, func(p, q peak) int { return cmp.Compare(q.v, p.v) })
	var out [][2]int
	for _, f := range found {
		if len(out) == most || f.v < among*found[0].v {
			break
		}
		if !slices.ContainsFunc(out, func(o [2]int) bool { return max(f.x-o[0], o[0]-f.x, f.y-o[1], o[1]-f.y) < 6 }) {
			out = append(out, [2]int{f.x, f.y})
		}
	}
	if len(out) < least || abreast(out) {
		return nil
	}
	return out
}

// abreast says whether all steps run nearly along one line, as they do along a road or the
// straight border of nodata.
func abreast(steps [][2]int) bool {
	for _, s := range steps[1:] {
		x, y, u, v := float64(steps[0][0]), float64(steps[0][1]), float64(s[0]), float64(s[1])
		if math.Abs(x*v-y*u) > 0.2*math.Hypot(x, y)*math.Hypot(u, v) {
			return false
		}
	}
	return true
}

// alone says whether correlation falls below low all around (x, y): along a straight edge,
// a road or the border of what has no data, it stays high.
func alone(correlation func(x, y int) float32, x, y int, low float32) bool {
	const around = 8 // px
	for _, d := range [...][2]int{{around, 0}, {-around, 0}, {0, around}, {0, -around}} {
		if correlation(x+d[0], y+d[1]) > low {
			return false
		}
	}
	return true
}

// correlated returns the correlation of both frames at every shift up to seven tenths
// of their sides, cyclic.
func (p *pattern) correlated(workers int) raster.Complex {
	w, h := raster.GoodSize(p.a.W*7/5), raster.GoodSize(p.a.H*7/5)
	f := raster.NewFFT(w, h)
	spectrum := func(g raster.Complex) raster.Complex {
		out := raster.NewComplex(w, h)
		for y := range g.H {
			copy(out.Re[y*w:], g.Re[y*g.W:][:g.W])
			copy(out.Im[y*w:], g.Im[y*g.W:][:g.W])
		}
		f.Forward(out, workers)
		return out
	}
	a, c := spectrum(p.a), spectrum(p.b)
	against(c, a)
	f.Inverse(c, workers)
	return c
}

// extent returns the sides of the smallest frame around all that has gradients in both:
// of a strip of ground amid nodata, those of the strip.
func (p *pattern) extent() (w, h int) {
	x0, y0, x1, y1 := p.a.W, p.a.H, 0, 0
	for y := range p.a.H {
		for x := range p.a.W {
			if k := y*p.a.W + x; (p.a.Re[k] != 0 || p.a.Im[k] != 0) && (p.b.Re[k] != 0 || p.b.Im[k] != 0) {
				x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x+1), max(y1, y+1)
			}
		}
	}
	return max(0, x1-x0), max(0, y1-y0)
}

// spreadOf returns the standard deviation of c at shifts of less than w and h px, by the
// median of its magnitudes.
func spreadOf(c raster.Complex, w, h int) float32 {
	const every = 5
	var some []float32
	for y := range c.H {
		if min(y, c.H-y) >= h {
			continue
		}
		row := c.Re[y*c.W:][:c.W]
		for x := y % every; x < c.W; x += every {
			if min(x, c.W-x) < w {
				some = append(some, max(row[x], -row[x]))
			}
		}
	}
	if len(some) == 0 {
		return 0
	}
	return raster.Nth(some, len(some)/2) / 0.6745
}

// strokes marks the print: where the mean of all copies but the pixel's own is more than
// what chance leaves of so many. Asking the other copies alone makes no ground look like
// print for agreeing here.
func (p *pattern) strokes(workers int) raster.Mask {
	const beyond, closing = 3.5, 3
	w, h := p.a.W, p.a.H
	e := raster.NewPlane(w, h)
	raster.Rows(h, workers, func(lo, hi int) {
		re, im := make([]float32, w), make([]float32, w)
		n := make([]float32, w)
		for y := lo; y < hi; y++ {
			clear(re)
			clear(im)
			clear(n)
			for _, s := range p.steps {
				p.copies(re, im, n, y, s[0], s[1])
				p.copies(re, im, n, y, -s[0], -s[1])
			}
			for x, k := range n {
				if k > 0 {
					e.Pix[y*w+x] = (re[x]*re[x] + im[x]*im[x]) / k
				}
			}
		}
	})
	e = raster.Blur(e, raster.Mask{}, 1.2, workers)
	var some []float32
	for i := 0; i < len(e.Pix); i += 7 {
		some = append(some, e.Pix[i])
	}
	chance := raster.Nth(some, len(some)/4)
	out := raster.Mask{W: w, H: h, Pix: make([]uint8, w*h)}
	for i, v := range e.Pix {
		if v > beyond*chance {
			out.Pix[i] = 1
		}
	}
	return out.Dilate(closing + 1).Erode(closing)
}

// copies adds to re, im and n, of row y, what lies (dx, dy) further, in both frames.
func (p *pattern) copies(re, im, n []float32, y, dx, dy int) {
	w := p.a.W
	if y += dy; y < 0 || y >= p.a.H {
		return
	}
	x0, x1 := max(0, -dx), min(w, w-dx)
	if x0 >= x1 {
		return
	}
	at := y*w + x0 + dx
	ar, ai, br, bi := p.a.Re[at:], p.a.Im[at:], p.b.Re[at:], p.b.Im[at:]
	for i := range x1 - x0 {
		re[x0+i] += ar[i] + br[i]
		im[x0+i] += ai[i] + bi[i]
		n[x0+i]++
	}
}

// bridged returns r with what is marked replaced by what lies around.
func bridged(r raster.Raster, marked raster.Mask, workers int) raster.Raster {
	q := r.Bands[0]
	w := raster.NewPlane(q.W, q.H)
	for i := range w.Pix {
		w.Pix[i] = 1
		if r.Valid.Pix != nil && r.Valid.Pix[i] == 0 {
			w.Pix[i] = 0
		}
	}
	var holes []int
	for k, is := range marked.Pix {
		if is != 0 {
			holes = append(holes, k)
			w.Pix[k] = 0
		}
	}
	v := raster.NewPlane(q.W, q.H)
	for i, k := range w.Pix {
		v.Pix[i] = k * q.Pix[i]
	}
	out := raster.NewPlane(q.W, q.H)
	copy(out.Pix, q.Pix)
	for _, sigma := range [...]float64{2, 6, 18} {
		if len(holes) == 0 {
			break
		}
		light, weight := raster.Blur(v, raster.Mask{}, sigma, workers), raster.Blur(w, raster.Mask{}, sigma, workers)
		var left []int
		for _, k := range holes {
			if weight.Pix[k] > 0.02 {
				out.Pix[k] = light.Pix[k] / weight.Pix[k]
			} else {
				left = append(left, k)
			}
		}
		holes = left
	}
	return raster.Raster{Bands: []raster.Plane{out}, Valid: r.Valid}
}

// framed lays a mask that begins at (x0, y0) of r over all of r.
func framed(marked raster.Mask, x0, y0 int, r raster.Raster) raster.Mask {
	out := raster.Mask{W: r.Bands[0].W, H: r.Bands[0].H}
	out.Pix = make([]uint8, out.W*out.H)
	for y := range marked.H {
		copy(out.Pix[(y+y0)*out.W+x0:], marked.Pix[y*marked.W:][:marked.W])
	}
	return out
}
