package align

import (
	"math"

	"github.com/antequem/antequem/compare"
)

const (
	fewTied   = 3 // a person's tie points from which they make a map
	handError = 1 // px of the moving grid: how well a person places one, at best
)

// tied returns the map that a person's tie points make, if there are enough: a
// similarity from three, an affine map from five, a homography from eight.
func (p *pair) tied() (fitted, bool) {
	n := len(p.opts.TiePoints)
	if n < fewTied {
		return fitted{}, false
	}
	links := make([]link, n)
	var fr frame
	for i, t := range p.opts.TiePoints {
		links[i] = link{x: t.Reference.X, y: t.Reference.Y, u: t.Moving.X, v: t.Moving.Y, weight: 1, spot: i}
		fr.x, fr.y = fr.x+t.Reference.X/float64(n), fr.y+t.Reference.Y/float64(n)
		fr.u, fr.v = fr.u+t.Moving.X/float64(n), fr.v+t.Moving.Y/float64(n)
	}
	fr.s = math.Hypot(float64(p.ref.w), float64(p.ref.h)) / 2
	model := compare.Similarity
	switch {
	case n >= 8:
		model = compare.Homography
	case n >= 5:
		model = compare.Affine
	}
	start, ok := similarityOf(links, fr)
	if !ok {
		return fitted{}, false
	}
	far := 10 * fr.s
	f := fit(links, start, compare.Similarity, fr, far/10, handError, far, 6)
	f = fit(links, f.m, model, fr, max(f.sigma, handError), handError, far, 8)
	return f, p.plausible(f.m)
}

// similarityOf returns the least squares similarity of links about the middle
// of fr; ok is false where they all stand on one spot.
func similarityOf(links []link, fr frame) (m matrix, ok bool) {
	var a, b, d float64
	for _, l := range links {
		x, y, u, v := l.x-fr.x, l.y-fr.y, l.u-fr.u, l.v-fr.v
		a, b, d = a+x*u+y*v, b+x*v-y*u, d+x*x+y*y
	}
	if d < 1 {
		return identity, false
	}
	a, b = a/d, b/d
	return shift(fr.u, fr.v).mul(matrix{{a, -b, 0}, {b, a, 0}, {0, 0, 1}}).mul(shift(-fr.x, -fr.y)), true
}

// guided aligns from a person's tie points: by the windows, where these find
// evidence for a map that the tie points agree with, and by the tie points
// alone elsewhere. Either way they come first among the result's tie points.
func (p *pair) guided(hand fitted) compare.Alignment {
	var out compare.Alignment
	if g, ok := p.ask(hand.m); ok && !p.ref.blank() && !p.mov.blank() {
		out = p.finish([]proposal{g})
	}
	var square float64
	ties := make([]compare.TiePoint, 0, len(p.opts.TiePoints)+len(out.TiePoints))
	for i, t := range p.opts.TiePoints {
		ties = append(ties, compare.TiePoint{RefX: t.Reference.X, RefY: t.Reference.Y, MovX: t.Moving.X, MovY: t.Moving.Y, Weight: hand.trust[i]})
		u, v := out.Map(t.Reference.X, t.Reference.Y)
		square += (u-t.Moving.X)*(u-t.Moving.X) + (v-t.Moving.Y)*(v-t.Moving.Y)
	}
	if out.Aligned && math.Sqrt(square/float64(2*len(ties))) < 3*max(hand.sigma, 2*handError) {
		out.TiePoints = append(ties, out.TiePoints...)
		return out
	}
	s := shape{m: hand.m}
	out = compare.Alignment{Aligned: true, Model: hand.model, Matrix: hand.m, TiePoints: ties}
	out.Overlap, out.ExpectedError = p.expected(s, func(x, y float64) float64 { return math.Sqrt(hand.variance(x, y) + handError*handError) })
	out.RMSE = math.Sqrt(residual(ties, s) / float64(len(ties)))
	return out
}

func residual(ties []compare.TiePoint, s shape) (square float64) {
	for _, t := range ties {
		u, v := s.Map(t.RefX, t.RefY)
		square += (u-t.MovX)*(u-t.MovX) + (v-t.MovY)*(v-t.MovY)
	}
	return square
}
