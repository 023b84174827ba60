package align

import (
	"math"

	"github.com/antequem/antequem/compare"
)

// A link is a pair of positions thought to show the same spot.
type link struct {
	x, y   float64 // reference px
	u, v   float64 // moving px
	weight float64 // how much it says before its residual is known, > 0
	spot   int
}

// A fitted is a map with what its links say of it.
type fitted struct {
	m       matrix
	model   compare.Model
	sigma   float64   // standard deviation of an inlier in each direction, moving px
	share   float64   // of the links that are inliers
	trust   []float64 // of each link: the probability that it is an inlier
	gain    float64   // log likelihood over that of chance, nats
	support float64   // sum of trust times weight
	cov     [8][8]float64
	frame   frame
}

// A frame scales positions to about ±1, so that all parameters are of one size.
type frame struct{ x, y, u, v, s float64 }

// freedom lists, for a model, how its parameters move the eight elements of the
// matrix (in the frame, row by row, without the last).
func freedom(model compare.Model) [][8]float64 {
	translation := [][8]float64{{2: 1}, {5: 1}}
	switch model {
	case compare.Identity:
		return nil
	case compare.Translation:
		return translation
	case compare.Similarity:
		return append(translation, [8]float64{0: 1, 4: 1}, [8]float64{1: -1, 3: 1})
	case compare.Affine:
		return append(translation, [8]float64{0: 1, 4: 1}, [8]float64{1: -1, 3: 1}, [8]float64{0: 1, 4: -1}, [8]float64{1: 1, 3: 1})
	}
	return append(freedom(compare.Affine), [8]float64{6: 1}, [8]float64{7: 1})
}

// stiffness is how far, as a standard deviation in the frame, shear and
// perspective may go before the links have to insist: pictures taken from far
// above have little of either. Parameters in the order of freedom.
var stiffness = [8]float64{0, 0, 0, 0, 0.02, 0.02, 0.015, 0.015}

// fit estimates a map of the given model by expectation maximisation: a link is
// either an inlier with a normal residual or lies anywhere within reach (moving
// px). It begins at from, with a residual of sigma; sigma doesn't fall below floor.
func fit(links []link, from matrix, model compare.Model, fr frame, sigma, floor, reach float64, rounds int) fitted {
	f := fitted{model: model, sigma: sigma, share: 0.5, frame: fr, trust: make([]float64, len(links))}
	h := fr.enter(project(from, model, fr))
	dirs := freedom(model)
	for range rounds {
		f.expect(links, fr.leave(h), reach)
		for range 2 {
			h = f.step(links, h, dirs)
		}
		f.spread(links, fr.leave(h), floor, reach)
	}
	f.m = project(fr.leave(h), model, fr) // free of rounding
	f.expect(links, f.m, reach)
	return f
}

// project returns the map of the model nearest to m at the middle of the frame.
func project(m matrix, model compare.Model, fr frame) matrix {
	switch model {
	case compare.Identity:
		return identity
	case compare.Homography:
		return m
	}
	u, v := m.Map(fr.x, fr.y)
	a, b, c, d := m.jacobian(fr.x, fr.y)
	switch model {
	case compare.Translation:
		a, b, c, d = 1, 0, 0, 1
	case compare.Similarity:
		a, b, c, d = (a+d)/2, (b-c)/2, (c-b)/2, (a+d)/2
	}
	return matrix{{a, b, u - a*fr.x - b*fr.y}, {c, d, v - c*fr.x - d*fr.y}, {0, 0, 1}}
}

// enter and leave carry a map into the frame and out of it.
func (fr frame) enter(m matrix) matrix {
	return shiftScale(fr.u, fr.v, 1/fr.s).mul(m).mul(matrix{{fr.s, 0, fr.x}, {0, fr.s, fr.y}, {0, 0, 1}}).normal()
}

func (fr frame) leave(h matrix) matrix {
	return matrix{{fr.s, 0, fr.u}, {0, fr.s, fr.v}, {0, 0, 1}}.mul(h).mul(shiftScale(fr.x, fr.y, 1/fr.s)).normal()
}

func shiftScale(x, y, k float64) matrix { return matrix{{k, 0, -k * x}, {0, k, -k * y}, {0, 0, 1}} }

// expect sets each link's trust, and the gain, from its residual under m.
func (f *fitted) expect(links []link, m matrix, reach float64) {
	chance := 1 / (math.Pi * reach * reach)
	f.gain, f.support = 0, 0
	for i, l := range links {
		u, v := m.Map(l.x, l.y)
		du, dv := u-l.u, v-l.v
		var like float64
		if r2 := du*du + dv*dv; r2 < 1e12 { // NaN fails too
			like = f.share * math.Exp(-r2/(2*f.sigma*f.sigma)) / (2 * math.Pi * f.sigma * f.sigma)
		}
		f.trust[i] = like / (like + (1-f.share)*chance)
		f.gain += l.weight * math.Log(like/chance+1-f.share)
		f.support += f.trust[i] * l.weight
	}
}

// spread re-estimates sigma and share.
func (f *fitted) spread(links []link, m matrix, floor, reach float64) {
	var square, trusted, all float64
	for i, l := range links {
		w := l.weight * f.trust[i]
		all += l.weight
		if w < 1e-9 {
			continue
		}
		u, v := m.Map(l.x, l.y)
		square += w * ((u-l.u)*(u-l.u) + (v-l.v)*(v-l.v))
		trusted += w
	}
	if trusted > 0 {
		f.sigma = min(max(math.Sqrt(square/(2*trusted)), floor), reach/3)
		f.share = min(max(trusted/all, 0.01), 0.99)
	}
}

// step improves h by one step of Gauss and Newton along dirs, and keeps the
// covariance of the parameters.
func (f *fitted) step(links []link, h matrix, dirs [][8]float64) matrix {
	var n normal
	s := f.sigma / f.frame.s
	for i, l := range links {
		w := l.weight * f.trust[i] / (s * s)
		if w < 1e-9 {
			continue
		}
		x, y := (l.x-f.frame.x)/f.frame.s, (l.y-f.frame.y)/f.frame.s
		q := h[2][0]*x + h[2][1]*y + h[2][2]
		u, v := (h[0][0]*x+h[0][1]*y+h[0][2])/q, (h[1][0]*x+h[1][1]*y+h[1][2])/q
		ru, rv := (l.u-f.frame.u)/f.frame.s-u, (l.v-f.frame.v)/f.frame.s-v
		n.add(h, x, y, [2]float64{w * ru, w * rv}, [3]float64{w, 0, w})
	}
	delta, cov, ok := n.solve(h, dirs, 1)
	if !ok {
		return h
	}
	f.cov = cov
	return nudge(h, delta)
}

func nudge(h matrix, delta [8]float64) matrix {
	for i, d := range delta {
		h[i/3][i%3] += d
	}
	return h
}

// A normal gathers the normal equations of the eight elements of a map.
type normal struct {
	full [8][8]float64
	grad [8]float64
}

// add takes in what a point at (x, y) wants of the map h: a pull in u and v, and
// how it stiffens against it (uu, uv, vv).
func (n *normal) add(h matrix, x, y float64, pull [2]float64, bend [3]float64) {
	q := h[2][0]*x + h[2][1]*y + h[2][2]
	u, v := (h[0][0]*x+h[0][1]*y+h[0][2])/q, (h[1][0]*x+h[1][1]*y+h[1][2])/q
	ju := [8]float64{x / q, y / q, 1 / q, 0, 0, 0, -u * x / q, -u * y / q}
	jv := [8]float64{0, 0, 0, x / q, y / q, 1 / q, -v * x / q, -v * y / q}
	for a := range 8 {
		n.grad[a] += ju[a]*pull[0] + jv[a]*pull[1]
		for b := range 8 {
			n.full[a][b] += bend[0]*ju[a]*ju[b] + bend[1]*(ju[a]*jv[b]+jv[a]*ju[b]) + bend[2]*jv[a]*jv[b]
		}
	}
}

// solve returns the step along dirs and the covariance of the eight elements,
// with stiffness as a prior. damp above 1 shortens the step.
func (n *normal) solve(h matrix, dirs [][8]float64, damp float64) (delta [8]float64, cov [8][8]float64, ok bool) {
	k := len(dirs)
	left, right := make([][]float64, k), make([]float64, k)
	for a := range k {
		left[a] = make([]float64, k)
		for i := range 8 {
			right[a] += dirs[a][i] * n.grad[i]
			for b := range k {
				for j := range 8 {
					left[a][b] += dirs[a][i] * n.full[i][j] * dirs[b][j]
				}
			}
		}
		if sd := stiffness[a]; sd > 0 {
			left[a][a] += 1 / (sd * sd)
			right[a] -= along(h, dirs[a]) / (sd * sd)
		}
		left[a][a] = left[a][a]*damp + 1e-9
	}
	inv, ok := invert(left)
	if !ok {
		return delta, cov, false
	}
	for a := range k {
		for b := range k {
			for i := range 8 {
				delta[i] += dirs[a][i] * inv[a][b] * right[b]
				for j := range 8 {
					cov[i][j] += dirs[a][i] * inv[a][b] * dirs[b][j]
				}
			}
		}
	}
	return delta, cov, true
}

// along returns how far h goes along dir, a unit of freedom.
func along(h matrix, dir [8]float64) float64 {
	var sum, square float64
	for i, d := range dir {
		sum += d * h[i/3][i%3]
		square += d * d
	}
	return sum / square
}

// variance returns the variance of the fitted map at a reference position,
// moving px², both directions together.
func (f *fitted) variance(px, py float64) float64 {
	h := f.frame.enter(f.m)
	x, y := (px-f.frame.x)/f.frame.s, (py-f.frame.y)/f.frame.s
	q := h[2][0]*x + h[2][1]*y + h[2][2]
	u, v := (h[0][0]*x+h[0][1]*y+h[0][2])/q, (h[1][0]*x+h[1][1]*y+h[1][2])/q
	ju := [8]float64{x / q, y / q, 1 / q, 0, 0, 0, -u * x / q, -u * y / q}
	jv := [8]float64{0, 0, 0, x / q, y / q, 1 / q, -v * x / q, -v * y / q}
	var sum float64
	for i := range 8 {
		for j := range 8 {
			sum += f.cov[i][j] * (ju[i]*ju[j] + jv[i]*jv[j])
		}
	}
	return sum * f.frame.s * f.frame.s
}

// invert returns the inverse of a small symmetric positive matrix.
func invert(a [][]float64) ([][]float64, bool) {
	n := len(a)
	work := make([][]float64, n)
	for i := range n {
		work[i] = make([]float64, 2*n)
		copy(work[i], a[i])
		work[i][n+i] = 1
	}
	for i := range n {
		best := i
		for r := i + 1; r < n; r++ {
			if math.Abs(work[r][i]) > math.Abs(work[best][i]) {
				best = r
			}
		}
		work[i], work[best] = work[best], work[i]
		d := work[i][i]
		if !(math.Abs(d) > 1e-300) {
			return nil, false
		}
		for c := range work[i] {
			work[i][c] /= d
		}
		for r := range n {
			if k := work[r][i]; r != i && k != 0 {
				for c := range work[r] {
					work[r][c] -= k * work[i][c]
				}
			}
		}
	}
	for i := range n {
		work[i] = work[i][n:]
	}
	return work, true
}
