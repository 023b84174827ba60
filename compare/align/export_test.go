package align

import (
	"context"

	"github.com/antequem/antequem/imagery/raster"
)

// Windows lays windows over r and returns a function that finds them all again in
// r, and how many pixels they hold.
func Windows(r raster.Raster) (find func() int, pixels int) {
	p := &pair{ctx: context.Background(), opts: DefaultOptions(), workers: raster.Workers(0)}
	p.ref = newView(r, p.workers)
	p.mov = p.ref
	t := p.tracker(0, 64, 64, 4096)
	return func() int { return len(t.track(identity, reach, 1)) }, len(t.spots) * 64 * 64
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
