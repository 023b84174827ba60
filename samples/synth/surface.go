package synth

import "math"

// surface returns the reflectance of what the line of sight meets, and its
// normal: f is the face of t at q, height h; a nil t is the ground.
func (sc *scene) surface(q vec, h float64, t *thing, f int) (c colour, n vec, nh float64) {
	fine, broad := noise.fine, noise.broad
	grain := fine.at(q.x*4, q.y*4)
	stain := broad.at(q.x*0.7, q.y*0.7)
	switch {
	case t == nil:
		return sc.groundAt(q, grain, stain), vec{}, 1
	case f < 0:
		return sc.crownAt(q, h, t, grain)
	}
	fc := &t.faces[f]
	c = t.colour
	switch fc.skin {
	case skinWall:
		along := fc.n.left().dot(q)
		c = colour{0.40, 0.36, 0.30}.mul(0.75 + 0.35*float64(t.grain&255)/255)
		if u, v := frac(along/2.7), frac(h/3.1); u > 0.3 && u < 0.68 && v > 0.3 && v < 0.75 {
			c = colour{0.05, 0.06, 0.07}
		}
		c = c.mul(1 + 0.12*stain)
	case skinFlat:
		c = sc.flatRoof(q, t, grain, stain)
	case skinTile:
		row := math.Sin(2 * math.Pi * outwards(fc.n).dot(q) / 0.95)
		c = c.mul(1 + 0.10*row + 0.16*grain + 0.25*stain)
	case skinMetal:
		rib := math.Sin(2 * math.Pi * t.dir.dot(q) / 1.1)
		c = c.mul(1+0.06*rib+0.05*grain+0.22*stain).mix(colour{0.22, 0.11, 0.06}, 0.5*smooth(3*stain-0.6))
	case skinCar:
		if u := math.Abs(t.dir.dot(q.sub(t.lo.add(t.hi).mul(0.5)))); f == t.walls && u > 0.75 && u < 1.35 {
			c = colour{0.03, 0.035, 0.04}
		}
	case skinBroken:
		c = c.mul(clamp(1+0.55*grain+0.5*fine.at(q.x*9.3, q.y*9.3)+0.2*stain, 0.15, 2))
	default:
		c = c.mul(1 + 0.10*grain + 0.15*stain)
	}
	return c, fc.n, fc.nh
}

func frac(v float64) float64 { return v - math.Floor(v) }

// outwards returns the horizontal direction in which a slope falls.
func outwards(n vec) vec { return n.unit() }

// flatRoof returns a roof's skin: a parapet, its shadow, patches, stains.
func (sc *scene) flatRoof(q vec, t *thing, grain, stain float64) colour {
	c := t.colour
	patch := noise.broad.at(q.x*1.9+float64(t.grain&1023), q.y*1.9+float64(t.grain>>10&1023))
	c = c.mul(1 + 0.09*grain + 0.22*stain + 0.3*patch)
	strip := math.Floor(t.dir.left().dot(q) / 1.05) // sheets of felt, each a little other
	c = c.mul(1 + 0.05*math.Sin(strip*float64(t.grain%7+3)))
	for i := range t.walls {
		w := &t.faces[i]
		in := w.d - w.n.dot(q)
		if in < 0.4 {
			return c.mul(1.22)
		}
		if deep := w.n.dot(sc.sun); deep > 0 && in < 0.4+0.9*deep { // the parapet is 0.9 m high
			c = c.mul(0.42)
		}
	}
	return c
}

// crownAt returns a tree's leaves: lighter and darker tufts on a rough ball.
func (sc *scene) crownAt(q vec, h float64, t *thing, grain float64) (colour, vec, float64) {
	tuft := noise.fine.at(q.x*3.3+float64(t.grain&511), q.y*3.3)
	d := q.sub(t.at).mul(1 / t.r)
	n := d.add(vec{grain, tuft}.mul(0.5))
	nh := max((h-t.mid)/(1.1*t.r), 0.05) + 0.35
	k := 1 / math.Hypot(n.len(), nh)
	c := t.colour
	if !t.evergreen {
		c = colour{0.10, 0.085, 0.06}.mix(c, sc.spec.Leaf)
	}
	return c.mul(clamp(1+0.5*tuft+0.35*grain, 0.3, 2)), n.mul(k), nh * k
}

// groundAt returns streets, pavements, yards, parks, pitches and car parks.
func (sc *scene) groundAt(q vec, grain, stain float64) colour {
	c := sc.cellOf(q)
	if c < 0 {
		return sc.soil(grain, stain)
	}
	at, deep := -1, 0.0
	for _, id := range sc.open[c] { // lots come after the block that they lie in
		if d := outside(sc.town.plots[id].rim, q); d <= 0 {
			at, deep = int(id), -d
		}
	}
	if at < 0 {
		return sc.street(q, c, grain, stain)
	}
	p := &sc.town.plots[at]
	switch p.use {
	case usePaved:
		slab := 1.0
		if u, v := frac(p.dir.dot(q)/1.2), frac(p.dir.left().dot(q)/1.2); u < 0.08 || v < 0.08 {
			slab = 0.9
		}
		if deep < 0.22 {
			slab = 1.25 // the kerb
		}
		return colour{0.27, 0.255, 0.225}.mul(slab * (1 + 0.10*grain + 0.3*stain))
	case useGrass:
		return sc.grass(grain, stain)
	case usePark:
		path := math.Abs(p.dir.dot(q.sub(p.poly.centre())) + 3*stain)
		if deep < 2.2 || path < 1.3 {
			return colour{0.32, 0.29, 0.23}.mul(1 + 0.12*grain + 0.15*stain)
		}
		return sc.grass(grain, stain)
	case usePitch:
		return sc.pitchAt(p, q, deep, grain, stain)
	case useCarPark:
		c := colour{0.085, 0.085, 0.085}.mul(1 + 0.18*grain + 0.35*stain)
		if frac(p.dir.dot(q)/2.7) < 0.06 && deep > 3 {
			c = c.mix(colour{0.45, 0.45, 0.42}, 0.6)
		}
		return c
	}
	return sc.soil(grain, stain)
}

func (sc *scene) soil(grain, stain float64) colour {
	c := colour{0.25, 0.195, 0.135}.mul(1 + 0.22*grain + 0.35*stain)
	weeds := smooth(2.2*stain+1.2*grain-0.25) * (0.25 + 0.75*sc.spec.Green)
	return c.mix(colour{0.085, 0.105, 0.045}, 0.75*weeds)
}

func (sc *scene) grass(grain, stain float64) colour {
	c := colour{0.215, 0.175, 0.095}.mix(colour{0.075, 0.115, 0.04}, sc.spec.Green)
	return c.mul(1+0.28*grain+0.35*stain).mix(colour{0.24, 0.19, 0.13}, 0.7*smooth(2.4*stain-0.5))
}

// pitchAt returns a playing field with its lines.
func (sc *scene) pitchAt(p *plot, q vec, deep, grain, stain float64) colour {
	if deep < 5 {
		return sc.soil(grain, stain)
	}
	d := q.sub(p.poly.centre())
	mow := 1.0
	if frac(p.dir.dot(d)/8) < 0.5 {
		mow = 0.9
	}
	c := colour{0.16, 0.15, 0.08}.mix(colour{0.06, 0.12, 0.035}, 0.4+0.6*sc.spec.Green).mul(mow * (1 + 0.16*grain + 0.15*stain))
	if deep < 5.35 || math.Abs(p.dir.dot(d)) < 0.17 || math.Abs(d.len()-7) < 0.17 {
		c = c.mix(colour{0.6, 0.6, 0.58}, 0.75)
	}
	return c
}

// street returns asphalt with its patches, wheel tracks and markings.
func (sc *scene) street(q vec, cell int, grain, stain float64) colour {
	patch := noise.broad.at(q.x*2.9, q.y*2.9)
	c := colour{0.115, 0.112, 0.107}.mul(1 + 0.20*grain + 0.35*stain + 0.2*patch)
	for _, id := range sc.lanes[cell] {
		s := &sc.town.streets[id]
		along := s.b.sub(s.a)
		u := along.unit().dot(q.sub(s.a))
		off := math.Abs(along.unit().cross(q.sub(s.a)))
		if off > s.width/2 || u < 0 || u > along.len() {
			continue
		}
		wear := math.Exp(-math.Pow((off-s.width/4)/1.1, 2))
		c = c.mul(1 - 0.16*wear)
		if s.width > 10 && off < 0.13 || s.width > 8 && off < 0.11 && frac(u/6) < 0.5 {
			c = c.mix(colour{0.5, 0.5, 0.47}, 0.7)
		}
		if end := min(u, along.len()-u); s.width > 8 && end > 3 && end < 5.6 && frac(off/1.1) < 0.5 {
			c = c.mix(colour{0.5, 0.5, 0.48}, 0.65) // a crossing
		}
		break
	}
	return c
}

// dusted lays rubble and dust about what collapsed over the skin c at q.
func (sc *scene) dusted(c colour, q vec) colour {
	if sc.wreck == nil {
		return c
	}
	far := max(outside(sc.wreck, q), 0)
	if far > dust {
		return c
	}
	fine := noise.fine
	chip := fine.at(q.x*9.7, q.y*9.7)
	if k := 1 - far/spread; k > 0 && far > 0 && 0.5+0.6*chip+0.5*fine.at(q.x*3, q.y*3) < 1.1*k {
		return concrete.mul(clamp(0.8+0.9*chip, 0.2, 1.5))
	}
	return c.mix(colour{0.37, 0.35, 0.315}, 0.45*smooth(1-far/dust))
}
