package synth

import (
	"math"
	"math/rand/v2"
)

const (
	spread = 9.0  // how far rubble lies about a collapse, metres
	dust   = 14.0 // how far its dust does
)

var concrete = colour{0.36, 0.345, 0.31}

// raiseClinic returns the building in question as it stands, or with the part
// of it collapsed that lies beyond a jagged line, and the footprint of what
// collapsed (nil where nothing did).
func (t *town) raiseClinic(damaged bool) (things []thing, wreck poly) {
	rng := rand.New(rand.NewPCG(uint64(len(t.things)), 0x636c696e6963))
	roof := colour{0.43, 0.415, 0.375}
	gear := append(roofGear(rng, t.clinic, t.storeys), t.plant()...)
	dir, long, _ := t.clinic.axis()
	lo, _ := t.clinic.extent(dir)
	cut := lo + long*(0.33+0.06*rng.Float64())
	if !damaged {
		return append(gear, newSolid(t.clinic, t.storeys, skinWall, skinFlat, roof, 7)), nil
	}
	wreck = t.clinic.clip(half{dir.mul(-1), -cut})
	for _, g := range gear {
		if dir.dot(g.lo.add(g.hi).mul(0.5)) < cut-4 {
			things = append(things, g)
		}
	}
	across := dir.left()
	a, b := t.clinic.extent(across)
	const strips = 7
	for i := range strips {
		u, v := a+(b-a)*float64(i)/strips, a+(b-a)*float64(i+1)/strips
		strip := t.clinic.clip(half{across, v}).clip(half{across.mul(-1), -u})
		edge := cut + 6*(rng.Float64()-0.5)
		if p := strip.clip(half{dir, edge}); p != nil {
			things = append(things, newSolid(p, t.storeys, skinWall, skinPlain, roof.mul(0.93), 7))
		}
		if p := strip.clip(half{dir.mul(-1), -edge}); p != nil {
			things = append(things, heap(rng, p)...)
		}
	}
	return append(things, debris(rng, wreck, dir)...), wreck
}

// plant returns what a clinic carries on its roof: a lift house, two rows of
// cooling units along the middle, and light wells, painted dark.
func (t *town) plant() []thing {
	dir, long, short := t.clinic.axis()
	side, c := dir.left(), t.clinic.centre()
	out := []thing{newSolid(rectangle(c.add(dir.mul(-0.18*long)), dir, 7, 5), t.storeys+3.2, skinPlain, skinPlain, colour{0.5, 0.48, 0.42}, 3)}
	for i := range 6 {
		at := c.add(dir.mul(long * (0.06*float64(i) - 0.02)))
		for _, off := range []float64{-0.06, 0.06} {
			out = append(out, newSolid(rectangle(at.add(side.mul(off*short)), dir, 1.4, 1.1), t.storeys+1.1, skinPlain, skinPlain, colour{0.55, 0.55, 0.53}, uint32(i)))
		}
	}
	for _, at := range []vec{{-0.3, 0.27}, {0.05, 0.27}, {0.32, -0.27}, {-0.05, -0.27}} {
		p := c.add(dir.mul(at.x * long)).add(side.mul(at.y * short))
		out = append(out, newSolid(rectangle(p, dir, 4.4, 3), t.storeys+0.25, skinPlain, skinPlain, colour{0.07, 0.08, 0.09}, 5))
	}
	return out
}

// heap returns the broken storeys under what is left of a strip of roof: a few
// blocks of unequal height, each with a tilted top.
func heap(rng *rand.Rand, p poly) []thing {
	dir, _, _ := p.axis()
	lo, hi := p.extent(dir)
	var out []thing
	for u := lo; u < hi-0.5; {
		v := min(u+2.5+3.5*rng.Float64(), hi)
		if q := p.clip(half{dir, v}).clip(half{dir.mul(-1), -u}); q != nil {
			h := 1.2 + 5.5*rng.Float64()*rng.Float64()
			out = append(out, tilted(q, q.centre(), dir.turn(rng.Float64()*6), h, 0.5*(rng.Float64()-0.3), concrete.mul(0.6+0.5*rng.Float64()), rng.Uint32()))
		}
		u = v
	}
	return out
}

// debris returns what lies about a collapse: shards of the outer wall, slabs
// that slid, and chunks, fewer the farther out.
func debris(rng *rand.Rand, wreck poly, dir vec) []thing {
	var out []thing
	for i, a := range wreck {
		e := wreck[(i+1)%len(wreck)].sub(a)
		if math.Abs(e.unit().dot(dir.left())) > 0.8 && dir.dot(a) < dir.dot(wreck.centre()) {
			continue // the line along which it broke has no wall
		}
		for d := 0.0; d < e.len()-1.5; d += 2.2 {
			if rng.Float64() < 0.45 {
				c := a.add(e.unit().mul(d + 1)).add(wreck.centre().sub(a).unit().mul(0.3))
				out = append(out, newSolid(rectangle(c, e.unit(), 2.1, 0.45), 2+7*rng.Float64()*rng.Float64(), skinBroken, skinBroken, concrete, rng.Uint32()))
			}
		}
	}
	lo, hi := wreck.inset(-2).box()
	for range 14 {
		c := vec{lo.x + rng.Float64()*(hi.x-lo.x), lo.y + rng.Float64()*(hi.y-lo.y)}
		d := dir.turn(rng.Float64() * math.Pi)
		out = append(out, tilted(rectangle(c, d, 3+3*rng.Float64(), 2+1.5*rng.Float64()), c, d, 1+3*rng.Float64(), 0.3+0.6*rng.Float64(), concrete.mul(0.9+0.4*rng.Float64()), rng.Uint32()))
	}
	rim := wreck.halves()
	lo, hi = wreck.inset(-spread).box()
	for range 900 {
		c := vec{lo.x + rng.Float64()*(hi.x-lo.x), lo.y + rng.Float64()*(hi.y-lo.y)}
		far := max(outside(rim, c), 0) / spread
		if far > 1 || rng.Float64() < 2*far {
			continue
		}
		d := vec{1, 0}.turn(rng.Float64() * 7)
		s := (0.4 + 1.5*rng.Float64()*rng.Float64()) * (1 - 0.5*far)
		h := 0.3 + s*0.7
		if far == 0 {
			h += 3 * rng.Float64()
		}
		out = append(out, tilted(rectangle(c, d, s*1.4, s), c, d, h, 0.8*rng.Float64(), concrete.mul(0.45+0.8*rng.Float64()), rng.Uint32()))
	}
	return out
}

// damageReach returns the convex hull of all ground positions whose look the
// collapse of wreck can alter, seen with lean and lit from sun: the building and
// its spread, where they appear, and the shadows that they cast or cease to.
func (t *town) damageReach(wreck poly, lean, sun vec) poly {
	var pts []vec
	wide := wreck.inset(-dust)
	for _, v := range append(append(poly{}, t.clinic...), wide...) {
		pts = append(pts, v, v.add(lean.mul(t.storeys+3)), v.sub(sun.mul(t.storeys+3)))
	}
	return hull(pts)
}

// outline returns the convex hull of the clinic's walls and roof as seen with lean.
func (t *town) outline(lean vec) poly {
	var pts []vec
	for _, v := range t.clinic {
		pts = append(pts, v, v.add(lean.mul(t.storeys)))
	}
	return hull(pts)
}
