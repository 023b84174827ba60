package synth

import (
	"math"
	"math/rand/v2"
)

// A colour is reflectance in red, green and blue, linear, 0 to 1.
type colour [3]float64

func (c colour) mul(k float64) colour { return colour{c[0] * k, c[1] * k, c[2] * k} }

// mix returns c at k = 0 and d at k = 1.
func (c colour) mix(d colour, k float64) colour {
	return colour{c[0] + k*(d[0]-c[0]), c[1] + k*(d[1]-c[1]), c[2] + k*(d[2]-c[2])}
}

// A skin is what a face is made of.
type skin uint8

const (
	skinPlain  skin = iota // its thing's colour, a little grain
	skinWall               // with windows
	skinFlat               // a flat roof with a parapet
	skinTile               // rows of tiles along the eaves
	skinMetal              // corrugated sheet
	skinCar                // a body with windscreens
	skinBroken             // broken concrete
)

// A face is one side of a convex solid: the half space n·(x,y) + nh·h ≤ d.
type face struct {
	n     vec
	nh, d float64
	skin  skin
	view  float64 // how fast a line of sight leaves it, per metre of height; set by the scene
	sun   float64 // the same for a ray to the sun
}

// A thing stands on the ground: a convex solid, or a tree if it has no faces.
type thing struct {
	faces  []face
	walls  int // the first faces are walls
	lo, hi vec // box of its footprint
	top    float64
	colour colour
	dir    vec    // rows, ridges and bonnets run along it
	grain  uint32 // tells like things apart

	at        vec     // of a tree: its stem
	r, mid    float64 // radius of the crown, height of its centre, metres
	evergreen bool
}

func newTree(rng *rand.Rand, at vec, r float64) thing {
	green := colour{0.050, 0.085, 0.030}.mix(colour{0.085, 0.105, 0.045}, rng.Float64())
	mid := 1.2 + 0.9*r
	out := vec{1.25 * r, 1.25 * r}
	return thing{
		lo: at.sub(out), hi: at.add(out), top: mid + 1.1*r, colour: green, grain: rng.Uint32(),
		at: at, r: r, mid: mid, evergreen: rng.Float64() < 0.4,
	}
}

// newSolid raises the footprint p to the height top under a flat roof.
func newSolid(p poly, top float64, wall, roof skin, c colour, grain uint32) thing {
	t := thing{top: top, colour: c, grain: grain}
	t.lo, t.hi = p.box()
	t.dir, _, _ = p.axis()
	for _, h := range p.halves() {
		t.faces = append(t.faces, face{n: h.n, d: h.d, skin: wall})
	}
	t.walls = len(t.faces)
	t.faces = append(t.faces, face{nh: 1, d: top, skin: roof})
	return t
}

// pitch replaces the flat roof of t by slopes that rise by rise metres a metre
// from the eaves: from two sides for a gable, from all for a hip.
func (t thing) pitch(p poly, rise float64, hip bool, s skin) thing {
	eaves := t.faces[t.walls].d
	t.faces = t.faces[:t.walls]
	across := t.dir.left()
	norm := math.Hypot(1, rise)
	_, _, short := p.axis()
	t.top = eaves + rise*short/2
	slope := func(n vec, d float64) {
		t.faces = append(t.faces, face{n: n.mul(rise / norm), nh: 1 / norm, d: (eaves + rise*d) / norm, skin: s})
	}
	if hip {
		for _, w := range t.faces[:t.walls] {
			slope(w.n, w.d)
		}
		return t
	}
	lo, hi := p.extent(across)
	slope(across, hi)
	slope(across.mul(-1), -lo)
	return t
}

// rectangle returns the corners of a rectangle about c, long along dir.
func rectangle(c, dir vec, long, wide float64) poly {
	a, b := dir.mul(long/2), dir.left().mul(wide/2)
	return poly{c.add(a).add(b), c.add(a).sub(b), c.sub(a).sub(b), c.sub(a).add(b)}
}

// tilted returns a slab of the given thickness that leans against nothing: its
// upper face passes through c at height h and falls by slope along dir.
func tilted(p poly, c, dir vec, h, slope float64, col colour, grain uint32) thing {
	t := newSolid(p, h, skinBroken, skinBroken, col, grain)
	norm := math.Hypot(1, slope)
	t.faces[t.walls] = face{n: dir.mul(slope / norm), nh: 1 / norm, d: (slope*dir.dot(c) + h) / norm, skin: skinBroken}
	lo, _ := p.extent(dir)
	t.top = max(h+slope*(dir.dot(c)-lo), 0.05)
	return t
}

// seen returns the height at which the line of sight to the ground point p
// meets t from above, and the face it meets (-1 for a tree).
func (t *thing) seen(p, lean vec) (h float64, f int, ok bool) {
	if len(t.faces) == 0 {
		return t.seenCrown(p, lean)
	}
	lo, hi, at := 0.0, t.top+1, -1
	for i := range t.faces {
		fc := &t.faces[i]
		rest := fc.d - fc.n.x*p.x - fc.n.y*p.y
		switch {
		case fc.view > 1e-9:
			if v := rest / fc.view; v < hi {
				hi, at = v, i
			}
		case fc.view < -1e-9:
			if v := rest / fc.view; v > lo {
				lo = v
			}
		case rest < 0:
			return 0, 0, false
		}
		if hi <= lo {
			return 0, 0, false
		}
	}
	return hi, at, at >= 0
}

// shades says whether t stands between the point (p, h) and the sun.
func (t *thing) shades(p vec, h float64, sun vec) bool {
	if len(t.faces) == 0 {
		return t.shadesCrown(p, h, sun)
	}
	lo, hi := 0.02, t.top-h+1
	for i := range t.faces {
		fc := &t.faces[i]
		rest := fc.d - fc.n.x*p.x - fc.n.y*p.y - fc.nh*h
		switch {
		case fc.sun > 1e-9:
			hi = min(hi, rest/fc.sun)
		case fc.sun < -1e-9:
			lo = max(lo, rest/fc.sun)
		case rest < 0:
			return false
		}
		if hi <= lo {
			return false
		}
	}
	return true
}

// crown returns the heights above h at which the ray from (p, h) that moves by
// step per metre of height enters and leaves the ellipsoid of the crown.
func (t *thing) crown(p vec, h float64, step vec) (in, out float64, ok bool) {
	d := p.sub(t.at)
	rr := 1.1 * t.r // the crown is a little higher than wide
	k := t.r * t.r / (rr * rr)
	dh := h - t.mid
	a := step.dot(step) + k
	b := d.dot(step) + k*dh
	c := d.dot(d) + k*dh*dh - t.r*t.r
	disc := b*b - a*c
	if disc <= 0 {
		return 0, 0, false
	}
	root := math.Sqrt(disc)
	return (-b - root) / a, (-b + root) / a, true
}

func (t *thing) seenCrown(p, lean vec) (float64, int, bool) {
	n := noise.fine
	w := vec{n.at(p.x*3.1+float64(t.grain&255), p.y*3.1), n.at(p.y*3.1, p.x*3.1+float64(t.grain&255))}
	_, h, ok := t.crown(p.add(w.mul(0.5*t.r)), 0, lean.mul(-1))
	return h, -1, ok && h > 0
}

func (t *thing) shadesCrown(p vec, h float64, sun vec) bool {
	in, out, ok := t.crown(p, h, sun)
	return ok && out > 0.3 && out-max(in, 0) > 0.35
}
