package align

import (
	"math"
	"slices"
	"sync"

	"github.com/antequem/antequem/imagery/raster"
)

// A tracker finds windows of the reference again in the moving image, at one
// level of the reference's pyramid. The windows' spectra are made once and serve
// every round.
type tracker struct {
	p     *pair
	level int
	n     int // window side, px of the level
	fft   *raster.FFT
	taper []float32
	dense bool // the windows overlap so much that they are cut from one sheet
	spots []spot
	room  sync.Pool // *bench

	kept   []float32 // where dense, the surface of each spot under the last map, n × n each
	covers []bool    // of each spot: something lies under it there
	keptOf raster.Mapper
}

// A spot is a window of the reference.
type spot struct {
	x0, y0   int     // top left pixel, px of the level
	x, y     float64 // centre, reference px
	spectrum raster.Complex
}

// A match is where a spot was found: displaced by (dx, dy) px of the level from
// where the map in use puts it.
type match struct {
	spot   int
	dx, dy float64
	z      float64 // height of the peak in standard deviations of its surface
	ratio  float64 // of this peak to the highest elsewhere
}

// A bench is the room in which one goroutine works.
type bench struct {
	s      *structurer // of one window; nil where windows are cut from a sheet
	sheet  *sheet      // the same
	fields [2]raster.Complex
	local  []peak
}

func (t *tracker) bench() *bench {
	if b, ok := t.room.Get().(*bench); ok {
		return b
	}
	b := &bench{fields: [2]raster.Complex{raster.NewComplex(t.n, t.n), raster.NewComplex(t.n, t.n)}}
	if !t.dense {
		b.s, b.sheet = newStructurer(t.n), newSheet(t.n, t.n)
	}
	return b
}

// newTracker lays windows of side n over the reference at the given level.
// Windows with little structure are left out.
func newTracker(p *pair, level, n, step, most int) *tracker {
	t := &tracker{p: p, level: level, n: n, fft: raster.NewFFT(n, n), taper: hann(n)}
	plane := p.ref.plane(level)
	if plane.W < n || plane.H < n {
		return t
	}
	at := p.ref.places(level, n, step, most)
	t.dense = 5*len(at)*n*n > 4*plane.W*plane.H // each filters a margin of its own besides
	all := make([]spot, len(at))
	var ref *sheet
	if t.dense {
		ref = p.ref.sheet(level, &p.tiles, p.workers)
	}
	raster.Rows(len(at), p.workers, func(lo, hi int) {
		b := t.bench()
		for i := lo; i < hi; i++ {
			all[i] = t.spot(b, ref, at[i][0], at[i][1])
		}
		t.room.Put(b)
	})
	for _, s := range all {
		if s.spectrum.W > 0 {
			t.spots = append(t.spots, s)
		}
	}
	t.whiten()
	return t
}

// spread returns the i-th of n positions spread evenly over 0 to room.
func spread(i, n, room int) int {
	if n == 1 {
		return room / 2
	}
	return (2*i*room + n - 1) / (2 * (n - 1))
}

// leastHeld is the share of a window that must hold data.
const leastHeld = 0.65

func (t *tracker) spot(b *bench, ref *sheet, x0, y0 int) spot {
	out := raster.NewComplex(t.n, t.n)
	if !t.window(b, out, ref, x0, y0, func(s *structurer) (float32, bool) {
		t.p.ref.cut(s, t.level, x0, y0)
		return t.p.ref.soft[t.level], true
	}) {
		return spot{}
	}
	x, y := levelToFull(t.level).Map(float64(x0)+float64(t.n-1)/2, float64(y0)+float64(t.n-1)/2)
	return spot{x0: x0, y0: y0, x: x, y: y, spectrum: out}
}

// window fills out with the spectrum of the structure of a window, cut from sh or, where
// that is nil, made of what load brings, and says whether the window has enough to show.
func (t *tracker) window(b *bench, out raster.Complex, sh *sheet, x0, y0 int, load func(s *structurer) (soft float32, ok bool)) bool {
	if sh == nil {
		soft, ok := load(b.s)
		if !ok {
			return false
		}
		sh, x0, y0 = b.sheet, 0, 0
		sh.whole = b.s.structure(sh, 0, 0, soft)
	}
	energy, share := sh.window(out, x0, y0, t.taper)
	if share < leastHeld || energy < 1e-3*float64(t.n*t.n)*share {
		return false
	}
	t.fft.Forward(out, 1)
	return true
}

// track looks for every spot within reach px of the level around where m puts
// it, and returns up to top peaks of each, spot by spot, best first.
func (t *tracker) track(m raster.Mapper, reach float64, top int) []match {
	found := make([][]match, len(t.spots))
	t.correlate(m, func(b *bench, i int, c []float32) {
		found[i] = t.find(b, i, c, reach, top)
	})
	return slices.Concat(found...)
}

func (t *tracker) find(b *bench, i int, c []float32, reach float64, top int) []match {
	var square float64
	for _, v := range c {
		square += float64(v) * float64(v)
	}
	deviation := math.Sqrt(square / float64(len(c)))
	peaks := b.peaks(c, t.n, reach, top+1)
	var out []match
	for k, pk := range peaks[:min(top, len(peaks))] {
		dx, dy := subpixel(c, t.n, pk.x, pk.y)
		f := match{spot: i, dx: dx, dy: dy, z: float64(pk.v) / deviation, ratio: 10}
		other := 0
		if k == 0 {
			other = 1
		}
		if other < len(peaks) && peaks[other].v > 0 {
			f.ratio = min(10, float64(pk.v/peaks[other].v))
		}
		out = append(out, f)
	}
	return out
}

// correlate hands to do, spot by spot, the cyclic correlation of each spot with the
// moving image as m lays it over the reference; spots that nothing lies under are left
// out. do may be called from several goroutines at once, once for each spot.
func (t *tracker) correlate(m raster.Mapper, do func(b *bench, i int, c []float32)) {
	if !t.dense {
		t.couples(nil, m, do)
		return
	}
	t.keep(m)
	area := t.n * t.n
	raster.Rows(len(t.spots), t.p.workers, func(lo, hi int) {
		b := t.bench()
		for i := lo; i < hi; i++ {
			if t.covers[i] {
				do(b, i, t.kept[i*area:][:area])
			}
		}
		t.room.Put(b)
	})
}

// keep correlates all spots under m, unless that was done last.
func (t *tracker) keep(m raster.Mapper) {
	if len(t.spots) == 0 || t.keptOf == m {
		return
	}
	area := t.n * t.n
	if t.kept == nil {
		t.kept, t.covers = make([]float32, len(t.spots)*area), make([]bool, len(t.spots))
	}
	clear(t.covers)
	t.couples(t.p.laid(m, t.level), m, func(_ *bench, i int, c []float32) {
		copy(t.kept[i*area:], c)
		t.covers[i] = true
	})
	t.keptOf = m
}

// couples goes through the spots two by two.
func (t *tracker) couples(laid *sheet, m raster.Mapper, do func(b *bench, i int, c []float32)) {
	raster.Rows((len(t.spots)+1)/2, t.p.workers, func(lo, hi int) {
		b := t.bench()
		for i := 2 * lo; i < min(2*hi, len(t.spots)) && t.p.ctx.Err() == nil; i += 2 {
			t.couple(b, laid, m, i, do)
		}
		t.room.Put(b)
	})
}

// couple is correlate for spots i and i+1, if there is one. Of the correlation of two
// complex patches the real part is wanted alone, which the Hermitian half of the
// spectrum makes: so both go through one inverse transform.
func (t *tracker) couple(b *bench, laid *sheet, m raster.Mapper, i int, do func(b *bench, i int, c []float32)) {
	var has [2]bool
	for k := range min(2, len(t.spots)-i) {
		s := &t.spots[i+k]
		has[k] = t.window(b, b.fields[k], laid, s.x0, s.y0, func(st *structurer) (float32, bool) {
			return t.p.load(st, m, t.level, s.x0, s.y0)
		})
	}
	f := b.fields[0]
	switch {
	case has[0] && has[1]:
		join(f, t.spots[i].spectrum, b.fields[1], t.spots[i+1].spectrum)
	case has[0]:
		against(f, t.spots[i].spectrum)
	case has[1]:
		f = b.fields[1]
		against(f, t.spots[i+1].spectrum)
	default:
		return
	}
	t.fft.Inverse(f, 1)
	if has[0] {
		do(b, i, f.Re)
	}
	switch {
	case has[0] && has[1]:
		do(b, i+1, f.Im)
	case has[1]:
		do(b, i+1, f.Re)
	}
}
