package synth

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/antequem/antequem/imagery"
)

// cell is the side of a cell of the index, metres.
const cell = 5.0

// A scene is the town on the day of one picture.
type scene struct {
	spec     Spec
	town     *town
	things   []thing
	wreck    []half // what collapsed; nil for nothing
	reach    poly
	toGround [3][3]float64 // picture → reference grid

	lean   vec // how far what stands appears to lean, metres per metre of height
	sun    vec // how far a ray to the sun goes, metres per metre of height
	sinEl  float64
	direct colour // light of the sun on ground that faces it
	sky    colour // light of the sky

	origin     vec // north-west corner of the index
	cols, rows int
	seen       [][]int32 // per cell: the things that may appear there, highest first
	shade      [][]int32 // per cell: the things that may throw a shadow there
	open       [][]int32 // per cell: the plots there, lots after blocks
	lanes      [][]int32 // per cell: the streets there
	clouds     cloudField
}

func newScene(s Spec) *scene {
	prepare()
	t := newTown(s.Town)
	things, wreck := t.raiseClinic(s.Damaged)
	things = append(append(slices.Clip(t.things), things...), t.cars(s.Look)...)
	sc := &scene{spec: s, town: t, things: things}
	sc.toGround, _ = invert(s.ToMoving)
	sc.lean = towards(s.LeanAz).mul(math.Tan(s.OffNadir * math.Pi / 180))
	sc.sun = towards(s.SunAz).mul(1 / math.Tan(s.SunEl*math.Pi/180))
	sc.sinEl = math.Sin(s.SunEl * math.Pi / 180)
	low := smooth((40 - s.SunEl) / 40)
	sc.direct = colour{1.15, 1.09, 1.0}.mix(colour{1.2, 1.0, 0.78}, low)
	sc.sky = colour{0.105, 0.125, 0.16}
	if wreck != nil {
		sc.wreck, sc.reach = wreck.halves(), t.damageReach(wreck, sc.lean, sc.sun)
	} else {
		_, would := t.raiseClinic(true)
		sc.reach = t.damageReach(would, sc.lean, sc.sun)
	}
	sc.clouds = newCloudField(s)
	sc.index()
	return sc
}

// index sorts things, plots and streets into cells, those alone that the
// picture can show.
func (sc *scene) index() {
	w, h := float64(sc.spec.W), float64(sc.spec.H)
	var corners poly
	for _, p := range []imagery.Point{{X: -1, Y: -1}, {X: w, Y: -1}, {X: -1, Y: h}, {X: w, Y: h}} {
		corners = append(corners, ground(Apply(sc.toGround, p)))
	}
	lo, hi := corners.box()
	lo, hi = vec{max(lo.x, -450), max(lo.y, -420)}, vec{min(hi.x, 450), min(hi.y, 420)}
	sc.origin = lo
	sc.cols, sc.rows = max(int((hi.x-lo.x)/cell)+1, 1), max(int((hi.y-lo.y)/cell)+1, 1)
	n := sc.cols * sc.rows
	sc.seen, sc.shade, sc.open, sc.lanes = make([][]int32, n), make([][]int32, n), make([][]int32, n), make([][]int32, n)
	for i := range sc.things {
		t := &sc.things[i]
		for k := range t.faces {
			f := &t.faces[k]
			f.view = f.nh + f.n.dot(sc.lean.mul(-1))
			f.sun = f.nh + f.n.dot(sc.sun)
		}
		sc.enter(sc.seen, i, t.lo, t.hi, sc.lean.mul(t.top))
		sc.enter(sc.shade, i, t.lo, t.hi, sc.sun.mul(-t.top))
	}
	for _, ids := range sc.seen {
		slices.SortStableFunc(ids, func(a, b int32) int { return cmp.Compare(sc.things[b].top, sc.things[a].top) })
	}
	for i, p := range sc.town.plots {
		lo, hi := p.poly.box()
		sc.enter(sc.open, i, lo, hi, vec{})
	}
	for i, s := range sc.town.streets {
		lo, hi := poly{s.a, s.b}.box()
		r := vec{s.width / 2, s.width / 2}
		sc.enter(sc.lanes, i, lo.sub(r), hi.add(r), vec{})
	}
}

// enter puts i into every cell of grid that the box touches, on its way by sweep.
func (sc *scene) enter(grid [][]int32, i int, lo, hi, sweep vec) {
	lo = vec{min(lo.x, lo.x+sweep.x), min(lo.y, lo.y+sweep.y)}
	hi = vec{max(hi.x, hi.x+sweep.x), max(hi.y, hi.y+sweep.y)}
	x0, y0 := int(math.Floor((lo.x-sc.origin.x)/cell)), int(math.Floor((lo.y-sc.origin.y)/cell))
	x1, y1 := int(math.Floor((hi.x-sc.origin.x)/cell)), int(math.Floor((hi.y-sc.origin.y)/cell))
	for y := max(y0, 0); y <= min(y1, sc.rows-1); y++ {
		for x := max(x0, 0); x <= min(x1, sc.cols-1); x++ {
			grid[y*sc.cols+x] = append(grid[y*sc.cols+x], int32(i))
		}
	}
}

// cellOf returns the index of v's cell; -1 off the town.
func (sc *scene) cellOf(v vec) int {
	x, y := int(math.Floor((v.x-sc.origin.x)/cell)), int(math.Floor((v.y-sc.origin.y)/cell))
	if x < 0 || y < 0 || x >= sc.cols || y >= sc.rows {
		return -1
	}
	return y*sc.cols + x
}

// lit returns the share of the sun's light that reaches (p, h), 0 or 1.
func (sc *scene) lit(p vec, h float64) float64 {
	c := sc.cellOf(p)
	if c < 0 {
		return 1
	}
	for _, id := range sc.shade[c] {
		if t := &sc.things[id]; t.top > h && t.shades(p, h, sc.sun) {
			if len(t.faces) == 0 && !t.evergreen && sc.spec.Leaf < 1 {
				if n := noise.fine.at(p.x*2.3, p.y*2.3); n*0.5+0.5 > 0.25+0.75*sc.spec.Leaf {
					continue // between bare twigs
				}
			}
			return 0
		}
	}
	return 1
}

// radiance returns the light that leaves towards the sensor where the line of
// sight ends at the ground position p.
func (sc *scene) radiance(p vec) colour {
	var (
		best float64
		face = -1
		hit  *thing
	)
	if c := sc.cellOf(p); c >= 0 {
		for _, id := range sc.seen[c] {
			t := &sc.things[id]
			if t.top <= best {
				break
			}
			if h, f, ok := t.seen(p, sc.lean); ok && h > best && sc.leafAt(t, p) {
				best, face, hit = h, f, t
			}
		}
	}
	q := p.sub(sc.lean.mul(best))
	body, n, nh := sc.surface(q, best, hit, face)
	body = sc.dusted(body, q)
	cos := (n.x*sc.sun.x + n.y*sc.sun.y + nh) * sc.sinEl
	light := sc.sky.mul(0.55 + 0.45*nh)
	if cos > 0 {
		cos *= sc.lit(q.add(n.mul(0.03)), best+0.03) * sc.clouds.through(q.add(sc.sun.mul(sc.clouds.height)))
		for i := range light {
			light[i] += sc.direct[i] * cos
		}
	}
	for i := range body {
		body[i] *= light[i]
	}
	return body
}

// leafAt says whether a tree's crown is there to be seen at p: bare ones show
// what lies beneath.
func (sc *scene) leafAt(t *thing, p vec) bool {
	if len(t.faces) > 0 || t.evergreen || sc.spec.Leaf >= 1 {
		return true
	}
	n := noise.fine.at(p.x*4.7+float64(t.grain>>24), p.y*4.7)
	return n*0.8+0.5 < 0.2+0.8*sc.spec.Leaf
}

// expose returns the light on a grid twice as fine as the picture: sample
// (i, j) lies at picture position (i/2 - 0.25, j/2 - 0.25).
func (sc *scene) expose() [3][]float32 {
	w, h := 2*sc.spec.W, 2*sc.spec.H
	var out [3][]float32
	for b := range out {
		out[b] = make([]float32, w*h)
	}
	rows(h, func(j int) {
		for i := range w {
			at := Apply(sc.toGround, imagery.Point{X: float64(i)/2 - 0.25, Y: float64(j)/2 - 0.25})
			c := sc.radiance(ground(at))
			for b, v := range c {
				out[b][j*w+i] = float32(v)
			}
		}
	})
	return out
}

// rows calls do for each of n rows, on all cores. Rows must not depend on one
// another.
func rows(n int, do func(y int)) {
	var wg sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), n)
	for k := range workers {
		wg.Go(func() {
			for y := k; y < n; y += workers {
				do(y)
			}
		})
	}
	wg.Wait()
}

func (sc *scene) truth() Truth {
	points := func(p poly) []imagery.Point {
		out := make([]imagery.Point, len(p))
		for i, v := range p {
			out[i] = reference(v)
		}
		return out
	}
	var over float64
	for _, v := range sc.town.clinic {
		over += 1 - sc.clouds.through(v.add(sc.lean.mul(sc.town.storeys)))
	}
	return Truth{
		ToMoving: sc.spec.ToMoving,
		Building: points(sc.town.outline(sc.lean)),
		Damage:   points(sc.reach),
		Damaged:  sc.spec.Damaged,
		Hidden:   over > 0.9*float64(len(sc.town.clinic)),
	}
}
