package align

import (
	"math"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster"
	"github.com/antequem/antequem/imagery/raster/vector"
)

// Surfaces are the correlation surfaces of a tracker's spots under one map, in
// standard deviations of each. A weak match shows in the sum of many surfaces
// long before it shows as the peak of any.
type surfaces struct {
	t     *tracker
	m     matrix // the map they were made under
	r     int    // displacements from -r to r px of the level
	z     [][]float32
	spots []place
}

// A place is where a spot lies and how px of its surface relate to moving px.
type place struct {
	x, y, u, v float64    // centre in reference px; where m puts it
	back       [4]float64 // moving px to px of the level, row by row
	spot       int
}

// A surface is clipped above at strong, so that no single spot decides, and
// below at weak.
const (
	strong = 9
	weak   = -3
)

// surfaces correlates every spot under m, to displacements of r px of the level.
func (t *tracker) surfaces(m matrix, r int) *surfaces { return t.levelled(m, r, nil) }

// levelled is surfaces with each displacement divided by gain, where gain isn't
// nil: what chance gives along either axis at displacements of 0 to n-1 px.
func (t *tracker) levelled(m matrix, r int, gain []float32) *surfaces {
	out := &surfaces{t: t, m: m, r: min(r, t.n/2-1)}
	all := make([][]float32, len(t.spots))
	t.correlate(m, func(_ *bench, i int, c []float32) {
		all[i] = excerpt(c, t.n, out.r, gain)
	})
	k := float64(int(1) << t.level)
	for i, z := range all {
		if z == nil {
			continue
		}
		s := &t.spots[i]
		pl := place{x: s.x, y: s.y, spot: i}
		pl.u, pl.v = m.Map(s.x, s.y)
		a, b, c, d := m.jacobian(s.x, s.y)
		det := (a*d - b*c) * k
		pl.back = [4]float64{d / det, -b / det, -c / det, a / det}
		out.z, out.spots = append(out.z, z), append(out.spots, pl)
	}
	return out
}

// excerpt returns the part of a cyclic surface within r of no displacement, in
// standard deviations of the whole; with a gain, of the part divided by it.
func excerpt(c []float32, n, r int, gain []float32) []float32 {
	w := 2*r + 1
	out := make([]float32, w*w)
	for y := range w {
		row, dst := c[((y-r+n)%n)*n:][:n], out[y*w:][:w]
		copy(dst, row[n-r:])
		copy(dst[r:], row[:r+1])
		if gain != nil {
			k := 1 / gain[(y-r+n)%n]
			for x := range dst {
				dst[x] *= k / gain[(x-r+n)%n]
			}
		}
	}
	if gain != nil {
		c = out
	}
	var square float64
	for _, v := range c {
		square += float64(v) * float64(v)
	}
	unit := float32(1 / math.Sqrt(square/float64(len(c))+1e-30))
	for i, v := range out {
		out[i] = min(max(v*unit, weak), strong)
	}
	return out
}

// smooth returns the surfaces blurred by sigma px.
func (s *surfaces) smooth(sigma float64) *surfaces {
	out := *s
	out.z = make([][]float32, len(s.z))
	w := 2*s.r + 1
	raster.Rows(len(s.z), s.t.p.workers, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			out.z[i] = raster.Blur(raster.Plane{W: w, H: w, Pix: s.z[i]}, raster.Mask{}, sigma, 1).Pix
		}
	})
	return &out
}

// at returns the value and the gradient of surface i at (x, y); zeros outside. Between
// samples it follows Catmull and Rom's cubic: linear interpolation has a ridge along
// every row of samples, and a map would be held by those on which it began.
func (s *surfaces) at(i int, x, y float64) (v, gx, gy float64) {
	w := 2*s.r + 1
	x, y = x+float64(s.r), y+float64(s.r)
	if !(x >= 1 && y >= 1 && x < float64(w-2) && y < float64(w-2)) {
		return 0, 0, 0
	}
	ix, iy := int(x), int(y)
	wx, sx := between(float32(x - float64(ix)))
	wy, sy := between(float32(y - float64(iy)))
	var sum, across, along float32
	for j := range 4 {
		z := s.z[i][(iy+j-1)*w+ix-1:][:4]
		row := wx[0]*z[0] + wx[1]*z[1] + wx[2]*z[2] + wx[3]*z[3]
		sum, along = sum+wy[j]*row, along+sy[j]*row
		across += wy[j] * (sx[0]*z[0] + sx[1]*z[1] + sx[2]*z[2] + sx[3]*z[3])
	}
	return float64(sum), float64(across), float64(along)
}

// between returns the weights of four samples for the value at t between the second and the
// third, and for its slope.
func between(t float32) (weight, slope [4]float32) {
	return vector.Weights(t), [4]float32{((4-3*t)*t - 1) / 2, (9*t - 10) * t / 2, ((8-9*t)*t + 1) / 2, (3*t - 2) * t / 2}
}

// hough tries small turns and scalings around the map that the surfaces were
// made under, sums the surfaces as each would displace them, and returns the
// similarity with the highest sum and that sum.
func (s *surfaces) hough(turns, scales []float64) (matrix, float64) {
	cx, cy := s.centre()
	w := 2*s.r + 1
	k := 1 / float64(int(1)<<s.t.level)
	type trial struct {
		x, y int
		v    float32
	}
	trials := make([]trial, len(turns)*len(scales))
	raster.Rows(len(trials), s.t.p.workers, func(lo, hi int) {
		sum := make([]float32, w*w)
		for i := lo; i < hi; i++ {
			clear(sum)
			g := similarity(turns[i%len(turns)], scales[i/len(turns)])
			for j := range s.spots {
				x, y := s.spots[j].x-cx, s.spots[j].y-cy
				dx := int(math.Round((g[0][0]*x + g[0][1]*y - x) * k))
				dy := int(math.Round((g[1][0]*x + g[1][1]*y - y) * k))
				addShifted(sum, s.z[j], w, dx, dy)
			}
			best := trial{v: float32(math.Inf(-1))}
			for at, v := range sum {
				if v > best.v {
					best = trial{x: at%w - s.r, y: at/w - s.r, v: v}
				}
			}
			trials[i] = best
		}
	})
	best := 0
	for i, t := range trials {
		if t.v > trials[best].v {
			best = i
		}
	}
	t := trials[best]
	g := similarity(turns[best%len(turns)], scales[best/len(turns)])
	step := float64(int(1) << s.t.level)
	g = shift(cx+float64(t.x)*step, cy+float64(t.y)*step).mul(g).mul(shift(-cx, -cy))
	return s.m.mul(g), float64(t.v)
}

// addShifted adds to sum the surface z displaced so that its (dx, dy) comes to lie at no displacement.
func addShifted(sum, z []float32, w, dx, dy int) {
	x0, x1 := max(0, -dx), min(w, w-dx)
	if x0 >= x1 {
		return
	}
	for y := max(0, -dy); y < min(w, w-dy); y++ {
		vector.Add(sum[y*w+x0:y*w+x1], z[(y+dy)*w+x0+dx:])
	}
}

func (s *surfaces) centre() (x, y float64) {
	for _, p := range s.spots {
		x, y = x+p.x, y+p.y
	}
	n := float64(max(len(s.spots), 1))
	return x / n, y / n
}

// settle moves from, a map of the given model, uphill on the sum of surfaces
// until it stands still. A spot pulls by the slope of its surface, and the less
// the lower it stands there. It returns the map and the sum that it reached.
func (s *surfaces) settle(from matrix, model compare.Model, fr frame, width float64) (matrix, float64) {
	dirs := freedom(model)
	h := fr.enter(project(from, model, fr))
	best := s.height(fr.leave(h), h, dirs)
	damp := 1.0
	for range 24 {
		next := s.climb(h, dirs, fr, width, damp)
		top := s.height(fr.leave(next), next, dirs)
		if top > best {
			done := top-best < 1e-4*(1+math.Abs(best))
			h, best, damp = next, top, max(damp/2, 1)
			if done {
				break
			}
			continue
		}
		if damp *= 4; damp > 100 {
			break
		}
	}
	return fr.leave(h), best
}

// height returns what settle makes large under m, less what stiffness costs.
func (s *surfaces) height(m, h matrix, dirs [][8]float64) float64 {
	var sum float64
	for i := range s.spots {
		dx, dy := s.displaced(i, m)
		v, _, _ := s.at(i, dx, dy)
		sum += credit(v)
	}
	for a, dir := range dirs {
		if sd := stiffness[a]; sd > 0 {
			v := along(h, dir) / sd
			sum -= v * v / 2
		}
	}
	return sum
}

// doubt is the height, in standard deviations, at which a spot is as likely as
// not to have been found.
const doubt = 2

// displaced returns where m would displace spot i to, px of its level.
func (s *surfaces) displaced(i int, m matrix) (dx, dy float64) {
	p := &s.spots[i]
	u, v := m.Map(p.x, p.y)
	u, v = u-p.u, v-p.v
	return p.back[0]*u + p.back[1]*v, p.back[2]*u + p.back[3]*v
}

// climb makes one damped step of Newton. The curvature of a peak is taken from
// its height and width.
func (s *surfaces) climb(h matrix, dirs [][8]float64, fr frame, width, damp float64) matrix {
	var n normal
	m := fr.leave(h)
	for i := range s.spots {
		dx, dy := s.displaced(i, m)
		v, gx, gy := s.at(i, dx, dy)
		w := 1 / (1 + math.Exp(doubt-v))
		b := &s.spots[i].back
		c := w * max(v, 0.5) / (width * width)
		pull := [2]float64{w * (b[0]*gx + b[2]*gy) * fr.s, w * (b[1]*gx + b[3]*gy) * fr.s}
		bend := [3]float64{c * (b[0]*b[0] + b[2]*b[2]), c * (b[0]*b[1] + b[2]*b[3]), c * (b[1]*b[1] + b[3]*b[3])}
		for k := range bend {
			bend[k] *= fr.s * fr.s
		}
		n.add(h, (s.spots[i].x-fr.x)/fr.s, (s.spots[i].y-fr.y)/fr.s, pull, bend)
	}
	delta, _, ok := n.solve(h, dirs, damp)
	if !ok {
		return h
	}
	return nudge(h, delta)
}

// A position is a displacement of a spot, px of its level.
type position struct{ x, y float64 }

// under returns where m displaces each spot.
func (s *surfaces) under(m matrix) []position {
	out := make([]position, len(s.spots))
	for i := range out {
		out[i].x, out[i].y = s.displaced(i, m)
	}
	return out
}

// credit is what a spot counts whose surface stands at v: log(1 + exp(v - doubt)), from
// a table between whose steps it is off by 8e-6 at most.
func credit(v float64) float64 {
	x := (v - weak) * creditSteps
	if !(x >= 0 && x < creditSteps*(strong-weak)) {
		return math.Log1p(math.Exp(v - doubt))
	}
	i := int(x)
	return credits[i] + (x-float64(i))*(credits[i+1]-credits[i])
}

// creditSteps is the number of the table's steps for each standard deviation.
const creditSteps = 64

var credits = func() (table [creditSteps*(strong-weak) + 1]float64) {
	for i := range table {
		table[i] = math.Log1p(math.Exp(float64(i)/creditSteps + weak - doubt))
	}
	return table
}()
