package synth

import (
	"math"
	"math/rand/v2"
)

var (
	flatRoofs = []colour{{0.34, 0.32, 0.28}, {0.40, 0.38, 0.34}, {0.27, 0.26, 0.24}, {0.46, 0.43, 0.37}, {0.30, 0.27, 0.22}, {0.52, 0.51, 0.48}}
	tileRoofs = []colour{{0.25, 0.105, 0.065}, {0.21, 0.095, 0.07}, {0.29, 0.135, 0.085}, {0.18, 0.10, 0.08}}
	sheets    = []colour{{0.30, 0.34, 0.38}, {0.16, 0.24, 0.33}, {0.42, 0.43, 0.43}, {0.22, 0.30, 0.25}}
)

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// build puts a house on the lot p: a slab, four wings round a courtyard, or
// something under tiles or sheet metal.
func (t *town) build(rng *rand.Rand, p poly) {
	foot := p.inset(0.2 + 2.2*rng.Float64()*rng.Float64())
	if foot == nil || foot.area() < 35 {
		return
	}
	_, _, short := foot.axis()
	storeys := 1 + rng.IntN(3)
	if rng.Float64() < 0.3 {
		storeys += 2
	}
	top := 3.1*float64(storeys) + 0.4
	switch k := rng.Float64(); {
	case short > 19 && k < 0.75:
		t.wings(rng, foot, top)
	case k < 0.58:
		t.slab(rng, foot, top)
	case k < 0.88 && short < 17:
		t.pitched(rng, foot, min(top, 7), rng.Float64() < 0.55, skinTile, pick(rng, tileRoofs))
	case k < 0.94 && short < 24:
		t.pitched(rng, foot, 4.5, false, skinMetal, pick(rng, sheets))
	default:
		t.slab(rng, foot, top)
	}
}

func (t *town) pitched(rng *rand.Rand, foot poly, eaves float64, hip bool, s skin, c colour) {
	rise := 0.42
	if s == skinMetal {
		rise = 0.16
	}
	c = c.mul(0.85 + 0.3*rng.Float64())
	t.things = append(t.things, newSolid(foot, eaves, skinWall, s, c, rng.Uint32()).pitch(foot, rise, hip, s))
}

// slab raises a flat roof and puts on it what stands on flat roofs.
func (t *town) slab(rng *rand.Rand, foot poly, top float64) {
	c := pick(rng, flatRoofs).mul(0.85 + 0.3*rng.Float64())
	t.things = append(t.things, newSolid(foot, top, skinWall, skinFlat, c, rng.Uint32()))
	t.things = append(t.things, roofGear(rng, foot, top)...)
}

// roofGear returns a stairhead, water tanks, air conditioners and panels.
func roofGear(rng *rand.Rand, foot poly, top float64) []thing {
	in := foot.inset(1.1)
	if in == nil || in.area() < 16 {
		return nil
	}
	dir, long, short := in.axis()
	var out []thing
	put := func(c vec, l, w, h float64, s skin, col colour) {
		r := rectangle(c, dir, l, w)
		for _, v := range r {
			if outside(in.halves(), v) > 0 {
				return
			}
		}
		out = append(out, newSolid(r, top+h, skinPlain, s, col, rng.Uint32()))
	}
	anywhere := func() vec {
		return in.centre().add(dir.mul((rng.Float64() - 0.5) * 0.9 * long)).add(dir.left().mul((rng.Float64() - 0.5) * 0.9 * short))
	}
	if in.area() > 60 && rng.Float64() < 0.8 {
		put(anywhere(), 3.6+rng.Float64(), 2.8, 2.4, skinPlain, pick(rng, flatRoofs).mul(1.1))
	}
	tanks := anywhere()
	for i := range rng.IntN(2 + min(int(in.area()/60), 5)) {
		at := tanks.add(dir.mul(1.9 * float64(i%3))).add(dir.left().mul(1.9 * float64(i/3)))
		put(at, 1.3, 1.3, 1.5, skinPlain, pick(rng, []colour{{0.7, 0.7, 0.7}, {0.06, 0.06, 0.06}, {0.25, 0.33, 0.42}, {0.6, 0.58, 0.52}}))
	}
	for range rng.IntN(3 + min(int(in.area()/50), 6)) {
		put(anywhere(), 1.1+rng.Float64(), 0.9, 0.7, skinPlain, colour{0.5, 0.5, 0.48}.mul(0.6+0.7*rng.Float64()))
	}
	if rng.Float64() < 0.22 {
		at := anywhere()
		for i := range 2 + rng.IntN(3) {
			put(at.add(dir.left().mul(1.7*float64(i))), 4.2, 1.1, 0.7, skinPlain, colour{0.035, 0.045, 0.085})
		}
	}
	return out
}

// wings builds on all sides of a lot and leaves a courtyard in the middle.
func (t *town) wings(rng *rand.Rand, foot poly, top float64) {
	wide := 6 + 2*rng.Float64()
	rest := foot
	for i, h := range foot.halves() {
		wing := rest.clip(half{h.n.mul(-1), -h.d + wide})
		if rest = rest.clip(half{h.n, h.d - wide}); wing == nil {
			continue
		}
		if i == 0 || rng.Float64() < 0.85 {
			t.slab(rng, wing, top-3.1*float64(rng.IntN(2))*math.Round(rng.Float64()))
		}
		if rest == nil {
			return
		}
	}
	t.plots = append(t.plots, plot{rest.halves(), rest, pick(rng, []use{useGrass, usePaved, useSoil}), vec{1, 0}})
	t.scatterTrees(rng, rest.inset(2), 0.015)
}

var paints = []colour{
	{0.55, 0.55, 0.55}, {0.6, 0.6, 0.58}, {0.48, 0.48, 0.47}, {0.04, 0.04, 0.045}, {0.06, 0.06, 0.065}, {0.2, 0.2, 0.21},
	{0.32, 0.33, 0.34}, {0.15, 0.15, 0.155}, {0.16, 0.035, 0.03}, {0.04, 0.06, 0.12}, {0.36, 0.28, 0.06}, {0.12, 0.13, 0.12},
}

// cars returns what stands and drives in the streets and car parks on one day.
func (t *town) cars(look uint64) []thing {
	rng := rand.New(rand.NewPCG(look, 0x63617273))
	var out []thing
	park := func(at, dir vec) {
		long, high := 4.2+0.5*rng.Float64(), 1.45
		if rng.Float64() < 0.08 {
			long, high = 6.8, 2.7 // a van
		}
		c := newSolid(rectangle(at, dir, long, 1.8), high, skinCar, skinCar, pick(rng, paints), rng.Uint32())
		c.dir = dir
		out = append(out, c)
	}
	for _, s := range t.streets {
		along, long := s.b.sub(s.a).unit(), s.b.sub(s.a).len()
		for _, side := range []float64{-1, 1} {
			for d := 6.0; d < long-6; d += 5.6 {
				if rng.Float64() < 0.22 {
					park(s.a.add(along.mul(d+rng.Float64()*0.5)).add(along.left().mul(side*(s.width/2-1.2))), along)
				}
			}
			for d := 6 + 30*rng.Float64(); d < long-6; d += 14 + 70*rng.Float64() {
				if s.width > 7 && rng.Float64() < 0.5 {
					park(s.a.add(along.mul(d)).add(along.left().mul(side*min(s.width/4, 2))), along)
				}
			}
		}
	}
	for _, p := range t.plots {
		if p.use != useCarPark {
			continue
		}
		lo, hi := p.poly.extent(p.dir)
		l, r := p.poly.extent(p.dir.left())
		for v := l + 5; v < r-4; v += 8.5 {
			for u := lo + 4; u < hi-4; u += 2.7 {
				at := p.dir.mul(u).add(p.dir.left().mul(v))
				if rng.Float64() < 0.45 && outside(p.rim, at) < -3.5 {
					park(at, p.dir.left())
				}
			}
		}
	}
	return out
}
