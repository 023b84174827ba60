package synth

import (
	"math"
	"slices"

	"github.com/antequem/antequem/imagery"
)

// Identity is the map of a picture that is drawn on the reference grid itself.
func Identity() [3][3]float64 { return [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}} }

// Similarity returns the map that turns the reference grid by turn degrees
// (clockwise as seen), scales it, and brings its centre to the centre of a
// picture of w × h pixels, moved by (dx, dy) pixels.
func Similarity(w, h int, scale, turn, dx, dy float64) [3][3]float64 {
	sin, cos := math.Sincos(turn * math.Pi / 180)
	a, b := scale*cos, scale*sin
	cx, cy := float64(RefW-1)/2, float64(RefH-1)/2
	mx, my := float64(w-1)/2+dx, float64(h-1)/2+dy
	return [3][3]float64{{a, -b, mx - a*cx + b*cy}, {b, a, my - b*cx - a*cy}, {0, 0, 1}}
}

// Apply returns where m puts the point p.
func Apply(m [3][3]float64, p imagery.Point) imagery.Point {
	w := m[2][0]*p.X + m[2][1]*p.Y + m[2][2]
	return imagery.Point{
		X: (m[0][0]*p.X + m[0][1]*p.Y + m[0][2]) / w,
		Y: (m[1][0]*p.X + m[1][1]*p.Y + m[1][2]) / w,
	}
}

// invert returns the inverse of m, and whether there is one.
func invert(m [3][3]float64) (inv [3][3]float64, ok bool) {
	cof := func(i, j int) float64 {
		a, b, c, d := (i+1)%3, (i+2)%3, (j+1)%3, (j+2)%3
		return m[a][c]*m[b][d] - m[a][d]*m[b][c]
	}
	det := m[0][0]*cof(0, 0) + m[0][1]*cof(0, 1) + m[0][2]*cof(0, 2)
	if !(math.Abs(det) > 1e-12) || math.IsInf(det, 0) {
		return inv, false
	}
	for i := range 3 {
		for j := range 3 {
			inv[j][i] = cof(i, j) / det
		}
	}
	return inv, true
}

// A vec is a point of the ground or a direction on it, metres, x east, y south.
type vec struct{ x, y float64 }

func (a vec) add(b vec) vec       { return vec{a.x + b.x, a.y + b.y} }
func (a vec) sub(b vec) vec       { return vec{a.x - b.x, a.y - b.y} }
func (a vec) mul(k float64) vec   { return vec{a.x * k, a.y * k} }
func (a vec) dot(b vec) float64   { return a.x*b.x + a.y*b.y }
func (a vec) cross(b vec) float64 { return a.x*b.y - a.y*b.x }
func (a vec) len() float64        { return math.Hypot(a.x, a.y) }
func (a vec) left() vec           { return vec{a.y, -a.x} }
func (a vec) unit() vec           { return a.mul(1 / max(a.len(), 1e-9)) }
func (a vec) turn(rad float64) vec {
	s, c := math.Sincos(rad)
	return vec{c*a.x - s*a.y, s*a.x + c*a.y}
}
func towards(azimuth float64) vec { s, c := math.Sincos(azimuth * math.Pi / 180); return vec{s, -c} }
func ground(p imagery.Point) vec {
	return vec{(p.X - (RefW-1)/2.0) * RefGSD, (p.Y - (RefH-1)/2.0) * RefGSD}
}
func reference(v vec) imagery.Point {
	return imagery.Point{X: v.x/RefGSD + (RefW-1)/2.0, Y: v.y/RefGSD + (RefH-1)/2.0}
}

// A half is the half plane n·p ≤ d; n is a unit vector that points out of it.
type half struct {
	n vec
	d float64
}

// A poly is a convex polygon in order round its rim, either way.
type poly []vec

// clip returns the part of p that lies in h; nil for nothing.
func (p poly) clip(h half) poly {
	var out poly
	for i, a := range p {
		b := p[(i+1)%len(p)]
		da, db := h.n.dot(a)-h.d, h.n.dot(b)-h.d
		if da <= 0 {
			out = append(out, a)
		}
		if (da < 0 && db > 0) || (da > 0 && db < 0) {
			out = append(out, a.add(b.sub(a).mul(da/(da-db))))
		}
	}
	if len(out) < 3 {
		return nil
	}
	return out
}

// halves returns the half planes whose intersection p is.
func (p poly) halves() []half {
	c := p.centre()
	out := make([]half, 0, len(p))
	for i, a := range p {
		e := p[(i+1)%len(p)].sub(a)
		if e.len() < 0.05 {
			continue
		}
		n := e.left().unit()
		if n.dot(a.sub(c)) < 0 {
			n = n.mul(-1)
		}
		out = append(out, half{n, n.dot(a)})
	}
	return out
}

// inset returns p less a margin of r metres along its rim; negative r grows it
// (by mitred corners, cut off at three times r). It may return nil.
func (p poly) inset(r float64) poly {
	out := p
	if r < 0 {
		lo, hi := p.box()
		out = poly{{lo.x + 3*r, lo.y + 3*r}, {hi.x - 3*r, lo.y + 3*r}, {hi.x - 3*r, hi.y - 3*r}, {lo.x + 3*r, hi.y - 3*r}}
	}
	for _, h := range p.halves() {
		h.d -= r
		if out = out.clip(h); out == nil {
			return nil
		}
	}
	return out
}

func (p poly) area() float64 {
	var a float64
	for i := range p {
		a += p[i].cross(p[(i+1)%len(p)])
	}
	return math.Abs(a) / 2
}

// centre returns the mean of the corners.
func (p poly) centre() vec {
	var c vec
	for _, v := range p {
		c = c.add(v)
	}
	return c.mul(1 / float64(max(len(p), 1)))
}

func (p poly) box() (lo, hi vec) {
	lo, hi = vec{math.Inf(1), math.Inf(1)}, vec{math.Inf(-1), math.Inf(-1)}
	for _, v := range p {
		lo, hi = vec{min(lo.x, v.x), min(lo.y, v.y)}, vec{max(hi.x, v.x), max(hi.y, v.y)}
	}
	return lo, hi
}

// extent returns how far p reaches along n, from and to.
func (p poly) extent(n vec) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range p {
		lo, hi = min(lo, n.dot(v)), max(hi, n.dot(v))
	}
	return lo, hi
}

// axis returns the direction in which p is longest, of those along its longest
// edge and across it, and both lengths.
func (p poly) axis() (dir vec, long, short float64) {
	for i := range p {
		if e := p[(i+1)%len(p)].sub(p[i]); e.len() > long {
			dir, long = e.unit(), e.len()
		}
	}
	lo, hi := p.extent(dir)
	l, r := p.extent(dir.left())
	if long, short = hi-lo, r-l; short > long {
		return dir.left(), short, long
	}
	return dir, long, short
}

// outside returns how far v lies outside p, metres; negative inside.
func outside(hs []half, v vec) float64 {
	d := math.Inf(-1)
	for _, h := range hs {
		d = max(d, h.n.dot(v)-h.d)
	}
	return d
}

// hull returns the convex hull of the points (Andrew's monotone chain).
func hull(pts []vec) poly {
	slices.SortFunc(pts, func(a, b vec) int {
		switch {
		case a.x < b.x || (a.x == b.x && a.y < b.y):
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	half := func(pts []vec) poly {
		var out poly
		for _, p := range pts {
			for len(out) > 1 && out[len(out)-1].sub(out[len(out)-2]).cross(p.sub(out[len(out)-1])) <= 0 {
				out = out[:len(out)-1]
			}
			out = append(out, p)
		}
		return out[:len(out)-1]
	}
	lower := half(pts)
	slices.Reverse(pts)
	return append(lower, half(pts)...)
}
