package align

import (
	"context"
	"math"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster"
)

// Rise returns how much each frequency of a window counts.
var Rise = rise

// Whiten weighs the spectrum of the only window there is, of side s.W.
func Whiten(s raster.Complex) { (&tracker{n: s.W, spots: []spot{{spectrum: s}}}).whiten() }

// Windows lays windows over r and returns a function that finds them all again in
// r, and how many pixels they hold.
func Windows(r raster.Raster) (find func() int, pixels int) {
	p := &pair{ctx: context.Background(), opts: DefaultOptions(), workers: raster.Workers(0)}
	p.ref = newView(r, p.workers)
	p.mov = p.ref
	t := p.tracker(0, 64, 64, 4096)
	return func() int {
		p.sheetOf, t.keptOf = nil, nil
		return len(t.track(identity, reach, 1))
	}, len(t.spots) * 64 * 64
}

// Found returns where windows of 32 px of ref lie in mov under m: displacement x, y and
// the height of the peak, standard deviations, of each. plain has each filtered and transformed by itself.
func Found(ref, mov raster.Raster, m [3][3]float64, plain bool) [][3]float64 {
	p := &pair{ctx: context.Background(), opts: DefaultOptions(), workers: 1}
	p.ref, p.mov = newView(ref, 1), newView(mov, 1)
	t := p.tracker(0, 32, 16, 4096)
	each := [][]spot{t.spots}
	if plain {
		each = nil
		for i := range t.spots {
			each = append(each, t.spots[i:i+1])
		}
		t = &tracker{p: p, n: t.n, fft: t.fft, taper: t.taper}
	}
	var out [][3]float64
	for _, spots := range each {
		t.spots = spots
		for _, f := range t.track(matrix(m), reach, 1) {
			out = append(out, [3]float64{f.dx, f.dy, f.z})
		}
	}
	return out
}

// Fitting returns a function that fits a homography to n × n links with a tenth of
// them astray, and returns how many it trusts.
func Fitting(n int) func() float64 {
	m := matrix{{1.01, 0.02, 5}, {-0.02, 0.99, -3}, {1e-6, 2e-6, 1}}
	var links []link
	for i := range n * n {
		x, y := float64(i%n)*32, float64(i/n)*32
		u, v := m.Map(x, y)
		if i%10 == 0 {
			u, v = u+float64(i%7)-3, v+float64(i%5)-2
		}
		links = append(links, link{x: x, y: y, u: u + float64(i%3-1)/50, v: v, weight: 1, spot: i})
	}
	side := float64(n) * 16
	fr := frame{x: side, y: side, u: side, v: side, s: 1.4 * side}
	return func() float64 { return fit(links, identity, "homography", fr, 2, 0.02, 6, 5).support }
}

// Settled returns where windows whose surfaces have their peak at (dx, dy), of the given
// standard deviation, px, lead a similarity that displaces none of them.
func Settled(dx, dy, sigma float64) (x, y float64) {
	const across, r = 5, 14
	s := &surfaces{r: r}
	for k := range across * across {
		z := make([]float32, (2*r+1)*(2*r+1))
		for i := range z {
			u, v := float64(i%(2*r+1)-r)-dx, float64(i/(2*r+1)-r)-dy
			z[i] = float32(5 * math.Exp(-(u*u+v*v)/(2*sigma*sigma)))
		}
		at := place{x: float64(k%across) * 32, y: float64(k/across) * 32, back: [4]float64{1, 0, 0, 1}}
		at.u, at.v = at.x, at.y
		s.z, s.spots = append(s.z, z), append(s.spots, at)
	}
	m, _ := s.settle(identity, compare.Similarity, frame{x: 64, y: 64, u: 64, v: 64, s: 90}, sigma)
	x, y = m.Map(64, 64)
	return x - 64, y - 64
}

// WithoutFlatBorder takes flat areas at the border out of a mask.
var WithoutFlatBorder = withoutFlatBorder

// Abreast says whether steps run along one line.
var Abreast = abreast
