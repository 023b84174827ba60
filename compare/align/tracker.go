package align

import (
	"cmp"
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
	spots []spot
	room  sync.Pool // *bench
}

// A spot is a window of the reference.
type spot struct {
	x0, y0   int     // top left pixel, px of the level
	x, y     float64 // centre, reference px
	spectrum raster.Complex
	energy   float64
}

// A match is where a spot was found: displaced by (dx, dy) px of the level from
// where the map in use puts it.
type match struct {
	spot   int
	dx, dy float64
	rho    float64 // share of the structure that agrees, at most 1
	z      float64 // height of the peak in standard deviations of its surface
	ratio  float64 // of this peak to the highest elsewhere
}

// A bench is the room in which one goroutine works.
type bench struct {
	s     *structurer
	field raster.Complex
	local []peak
}

type peak struct {
	x, y int
	v    float32
}

func (t *tracker) bench() *bench {
	if b, ok := t.room.Get().(*bench); ok {
		return b
	}
	return &bench{s: newStructurer(t.n), field: raster.NewComplex(t.n, t.n)}
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
	all := make([]spot, len(at))
	raster.Rows(len(at), p.workers, func(lo, hi int) {
		b := t.bench()
		for i := lo; i < hi; i++ {
			all[i] = t.spot(b, at[i][0], at[i][1])
		}
		t.room.Put(b)
	})
	for _, s := range all {
		if s.energy > 0 {
			t.spots = append(t.spots, s)
		}
	}
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

func (t *tracker) spot(b *bench, x0, y0 int) spot {
	b.s.cut(t.p.ref.levels[t.level], x0, y0)
	out := raster.NewComplex(t.n, t.n)
	energy, share := b.s.structure(out, t.p.ref.soft[t.level], t.taper)
	if share < leastHeld || energy < 1e-3*float64(t.n*t.n)*share {
		return spot{}
	}
	t.fft.Forward(out, 1)
	x, y := levelToFull(t.level).Map(float64(x0)+float64(t.n-1)/2, float64(y0)+float64(t.n-1)/2)
	return spot{x0: x0, y0: y0, x: x, y: y, spectrum: out, energy: energy}
}

// track looks for every spot within reach px of the level around where m puts
// it, and returns up to top peaks of each, spot by spot, best first.
func (t *tracker) track(m raster.Mapper, reach float64, top int) []match {
	found := make([][]match, len(t.spots))
	raster.Rows(len(t.spots), t.p.workers, func(lo, hi int) {
		b := t.bench()
		for i := lo; i < hi; i++ {
			if t.p.ctx.Err() == nil {
				found[i] = t.find(b, i, m, reach, top)
			}
		}
		t.room.Put(b)
	})
	return slices.Concat(found...)
}

func (t *tracker) find(b *bench, i int, m raster.Mapper, reach float64, top int) []match {
	energy, ok := t.correlate(b, i, m)
	if !ok {
		return nil
	}
	c := b.field.Re
	var square float64
	for _, v := range c {
		square += float64(v) * float64(v)
	}
	deviation := math.Sqrt(square / float64(len(c)))
	peaks := b.peaks(t.n, reach, top+1)
	scale := math.Sqrt(t.spots[i].energy*energy) * float64(t.n*t.n)
	var out []match
	for k, pk := range peaks[:min(top, len(peaks))] {
		dx, dy := subpixel(c, t.n, pk.x, pk.y)
		f := match{spot: i, dx: dx, dy: dy, rho: float64(pk.v) / scale, z: float64(pk.v) / deviation, ratio: 10}
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

// correlate fills b.field.Re with the correlation of spot i and the moving
// image as m lays it over the reference.
func (t *tracker) correlate(b *bench, i int, m raster.Mapper) (energy float64, ok bool) {
	s := &t.spots[i]
	soft, ok := t.p.load(b.s, m, t.level, s.x0, s.y0)
	if !ok {
		return 0, false
	}
	energy, share := b.s.structure(b.field, soft, t.taper)
	if share < leastHeld || energy < 1e-3*float64(t.n*t.n)*share {
		return 0, false
	}
	t.fft.Forward(b.field, 1)
	ar, ai, br, bi := s.spectrum.Re, s.spectrum.Im, b.field.Re, b.field.Im
	ai, br, bi = ai[:len(ar)], br[:len(ar)], bi[:len(ar)]
	for k, r := range ar {
		j := ai[k]
		br[k], bi[k] = r*br[k]+j*bi[k], r*bi[k]-j*br[k]
	}
	t.fft.Inverse(b.field, 1)
	return energy, true
}

// peaks returns the highest local maxima within reach of no displacement.
func (b *bench) peaks(n int, reach float64, most int) []peak {
	r := min(int(reach), n/2-1)
	b.local = b.local[:0]
	c := b.field.Re
	for y := -r; y <= r; y++ {
		row := c[((y+n)%n)*n:][:n]
		up, down := c[((y-1+n)%n)*n:][:n], c[((y+1+n)%n)*n:][:n]
		for x := -r; x <= r; x++ {
			i, l, g := (x+n)%n, (x-1+n)%n, (x+1+n)%n
			v := row[i]
			if v > 0 && v >= row[l] && v > row[g] && v >= up[i] && v > down[i] && v >= up[l] && v > up[g] && v >= down[l] && v > down[g] &&
				float64(x*x+y*y) <= reach*reach {
				b.local = append(b.local, peak{x, y, v})
			}
		}
	}
	slices.SortStableFunc(b.local, func(p, q peak) int { return cmp.Compare(q.v, p.v) })
	return b.local[:min(most, len(b.local))]
}

// subpixel refines the maximum at (x, y) of a cyclic surface of side n by the
// paraboloid through its 3 × 3 neighbourhood (least squares).
func subpixel(c []float32, n, x, y int) (dx, dy float64) {
	var v [3][3]float64
	for j := range 3 {
		for i := range 3 {
			v[j][i] = float64(c[((y+j-1+n)%n)*n+(x+i-1+n)%n])
		}
	}
	gx, gy := (v[1][2]-v[1][0])/2, (v[2][1]-v[0][1])/2
	xx, yy := v[1][2]-2*v[1][1]+v[1][0], v[2][1]-2*v[1][1]+v[0][1]
	xy := (v[2][2] - v[2][0] - v[0][2] + v[0][0]) / 4
	det := xx*yy - xy*xy
	if !(det > 0) || xx >= 0 {
		return float64(x), float64(y)
	}
	ox, oy := (xy*gy-yy*gx)/det, (xy*gx-xx*gy)/det
	if math.Abs(ox) > 1 || math.Abs(oy) > 1 {
		return float64(x), float64(y)
	}
	return float64(x) + ox, float64(y) + oy
}
