package synth

import (
	"math"
	"math/rand/v2"
)

// A street is a straight strip between two points.
type street struct {
	a, b  vec
	width float64 // kerb to kerb, metres
}

// A use says what the open ground of a plot is.
type use uint8

const (
	useSoil use = iota
	usePaved
	useGrass
	usePark
	usePitch
	useCarPark
)

// A plot is a piece of ground between streets, pavement included.
type plot struct {
	rim  []half
	poly poly
	use  use
	dir  vec // along its longer side
}

// A town is what stands on the ground whoever looks, whenever.
type town struct {
	streets []street
	plots   []plot // blocks, then the lots within them
	things  []thing
	clinic  poly    // footprint of the building in question
	storeys float64 // height of its roof, metres
	site    []half  // the block it stands on
}

// pavement is the width of the strip between kerb and lots, metres.
const pavement = 1.8

// newTown lays out streets, blocks, lots, houses and trees from a seed. The
// layout is a rectangle of 760 m by 660 m, turned by a few degrees.
func newTown(seed uint64) *town {
	rng := rand.New(rand.NewPCG(seed, 0x73747265657473))
	turn := (rng.Float64()*14 + 4) * math.Pi / 180
	if rng.IntN(2) == 0 {
		turn = -turn
	}
	root := poly{{-380, -330}, {380, -330}, {380, 330}, {-380, 330}}
	for i, v := range root {
		root[i] = v.turn(turn)
	}
	t := &town{}
	blocks := t.subdivide(rng, root, 0)
	site := nearest(blocks, vec{6, -4})
	for i, b := range blocks {
		if b = b.inset(0); b == nil {
			continue
		}
		if i == site {
			t.layClinic(rng, b)
			continue
		}
		t.layBlock(rng, b)
	}
	for _, s := range t.streets {
		t.plantAvenue(rng, s)
	}
	return t
}

// subdivide cuts p by streets, the first the widest, down to blocks.
func (t *town) subdivide(rng *rand.Rand, p poly, depth int) []poly {
	dir, long, short := p.axis()
	if a := p.area(); a < 2400+3600*rng.Float64() || short < 30 && long < 90 {
		return []poly{p}
	}
	n := dir.turn(rng.NormFloat64() * 0.055)
	d := n.dot(p.centre()) + long*0.11*(rng.Float64()*2-1)
	width := [...]float64{15, 11, 9, 7.5}[min(depth, 3)] + rng.Float64()
	l, r := p.clip(half{n, d - width/2}), p.clip(half{n.mul(-1), -d - width/2})
	if l == nil || r == nil || min(l.area(), r.area()) < 700 {
		return []poly{p}
	}
	across := n.left()
	lo, hi := p.clip(half{n, d + 0.5}).clip(half{n.mul(-1), -d + 0.5}).extent(across)
	foot := n.mul(d)
	t.streets = append(t.streets, street{foot.add(across.mul(lo)), foot.add(across.mul(hi)), width})
	return append(t.subdivide(rng, l, depth+1), t.subdivide(rng, r, depth+1)...)
}

// nearest returns the index of the block that is large enough for the clinic
// and closest to v.
func nearest(blocks []poly, v vec) int {
	best, at := math.Inf(1), 0
	for i, b := range blocks {
		_, _, short := b.axis()
		d := b.centre().sub(v).len()
		if short < 34 || b.area() < 2000 {
			d += 1000
		}
		if d < best {
			best, at = d, i
		}
	}
	return at
}

// layBlock fills a block with lots, or makes it a park, a pitch or a car park.
func (t *town) layBlock(rng *rand.Rand, b poly) {
	dir, _, short := b.axis()
	kind := usePaved
	switch k := rng.Float64(); {
	case k < 0.07:
		kind = usePark
	case k < 0.10 && short > 42:
		kind = usePitch
	case k < 0.14:
		kind = useCarPark
	case k < 0.18:
		kind = useSoil
	default:
		t.plots = append(t.plots, plot{b.halves(), b, usePaved, dir})
		if in := b.inset(pavement); in != nil {
			t.layLots(rng, in)
		}
		return
	}
	t.plots = append(t.plots, plot{b.halves(), b, kind, dir})
	switch kind {
	case usePark:
		t.scatterTrees(rng, b.inset(4), 0.016)
	case useSoil:
		t.scatterTrees(rng, b.inset(6), 0.001)
	}
}

// layLots cuts p into lots and builds on most of them.
func (t *town) layLots(rng *rand.Rand, p poly) {
	if p.area() > 190+420*rng.Float64() {
		dir, long, _ := p.axis()
		n := dir.turn(rng.NormFloat64() * 0.02)
		d := n.dot(p.centre()) + long*0.1*(rng.Float64()*2-1)
		l, r := p.clip(half{n, d}), p.clip(half{n.mul(-1), -d})
		if l != nil && r != nil && min(l.area(), r.area()) > 60 {
			t.layLots(rng, l)
			t.layLots(rng, r)
			return
		}
	}
	dir, _, short := p.axis()
	ground := []use{useSoil, usePaved, usePaved, useGrass}[rng.IntN(4)]
	t.plots = append(t.plots, plot{p.halves(), p, ground, dir})
	switch {
	case rng.Float64() < 0.12 || short < 6:
		t.scatterTrees(rng, p.inset(1.5), 0.012)
	default:
		t.build(rng, p)
	}
}

// layClinic puts the building in question on one half of its block and leaves
// a yard with a few trees on the other.
func (t *town) layClinic(rng *rand.Rand, b poly) {
	dir, _, _ := b.axis()
	t.site = b.halves()
	t.plots = append(t.plots, plot{t.site, b, usePaved, dir})
	in := b.inset(pavement + 2.5)
	lo, hi := in.extent(dir)
	d := lo + min(0.62*(hi-lo), 40)
	t.clinic, t.storeys = in.clip(half{dir, d}), 14.2
	a, c := t.clinic.extent(dir.left())
	if wide := 24.0; c-a > wide { // a slab, not a cube: a yard stays along one side
		t.clinic = t.clinic.clip(half{dir.left(), a + wide})
	}
	yard := in.clip(half{dir.mul(-1), -d - 5})
	if yard == nil {
		return
	}
	t.plots = append(t.plots, plot{yard.halves(), yard, useGrass, dir})
	t.scatterTrees(rng, yard.inset(2), 0.008)
}

// plantAvenue sets trees along both kerbs of a wide street.
func (t *town) plantAvenue(rng *rand.Rand, s street) {
	along := s.b.sub(s.a).unit()
	for _, side := range []float64{-1, 1} {
		if s.width < 8.5 || rng.Float64() < 0.35 {
			continue
		}
		for d := 5.0; d < s.b.sub(s.a).len()-5; d += 8 + 3*rng.Float64() {
			if rng.Float64() < 0.3 {
				continue
			}
			at := s.a.add(along.mul(d)).add(along.left().mul(side * (s.width/2 + 0.9)))
			t.things = append(t.things, newTree(rng, at, 1.3+1.3*rng.Float64()))
		}
	}
}

// scatterTrees sets about density trees per square metre within p.
func (t *town) scatterTrees(rng *rand.Rand, p poly, density float64) {
	if p == nil {
		return
	}
	lo, hi := p.box()
	rim := p.halves()
	for range int(density * (hi.x - lo.x) * (hi.y - lo.y)) {
		at := vec{lo.x + rng.Float64()*(hi.x-lo.x), lo.y + rng.Float64()*(hi.y-lo.y)}
		r := 1.4 + 2.4*rng.Float64()*rng.Float64()
		if outside(rim, at) < 0 {
			t.things = append(t.things, newTree(rng, at, r))
		}
	}
}
