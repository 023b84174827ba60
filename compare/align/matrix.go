package align

import "math"

// A matrix is a map of the projective plane, row by row.
type matrix [3][3]float64

var identity = matrix{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}

// Map returns where (x, y) goes; NaN beyond the horizon.
func (m matrix) Map(x, y float64) (float64, float64) {
	w := m[2][0]*x + m[2][1]*y + m[2][2]
	if w <= 1e-12 {
		return math.NaN(), math.NaN()
	}
	return (m[0][0]*x + m[0][1]*y + m[0][2]) / w, (m[1][0]*x + m[1][1]*y + m[1][2]) / w
}

// mul returns the map that does b first, then m.
func (m matrix) mul(b matrix) matrix {
	var out matrix
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				out[i][j] += m[i][k] * b[k][j]
			}
		}
	}
	return out
}

func (m matrix) det() float64 {
	return m[0][0]*(m[1][1]*m[2][2]-m[1][2]*m[2][1]) - m[0][1]*(m[1][0]*m[2][2]-m[1][2]*m[2][0]) + m[0][2]*(m[1][0]*m[2][1]-m[1][1]*m[2][0])
}

// inverse returns the map back; ok is false where there is none.
func (m matrix) inverse() (inv matrix, ok bool) {
	d := m.det()
	if d == 0 || math.IsNaN(d) || math.IsInf(d, 0) {
		return identity, false
	}
	for i := range 3 {
		for j := range 3 {
			a, b, c, e := (j+1)%3, (j+2)%3, (i+1)%3, (i+2)%3
			inv[i][j] = (m[a][c]*m[b][e] - m[a][e]*m[b][c]) / d
		}
	}
	return inv, true
}

// normal returns m with its last element 1.
func (m matrix) normal() matrix {
	k := m[2][2]
	for i := range m {
		for j := range m[i] {
			m[i][j] /= k
		}
	}
	return m
}

func shift(dx, dy float64) matrix { return matrix{{1, 0, dx}, {0, 1, dy}, {0, 0, 1}} }

// similarity returns the turn by angle (radians) and the scaling about the origin.
func similarity(angle, scale float64) matrix {
	sin, cos := math.Sincos(angle)
	return matrix{{scale * cos, -scale * sin, 0}, {scale * sin, scale * cos, 0}, {0, 0, 1}}
}

// levelToFull maps pixels of a pyramid level to those of level 0.
func levelToFull(level int) matrix {
	s := float64(int(1) << level)
	return matrix{{s, 0, (s - 1) / 2}, {0, s, (s - 1) / 2}, {0, 0, 1}}
}

// jacobian returns how m moves when (x, y) does: du/dx, du/dy, dv/dx, dv/dy.
func (m matrix) jacobian(x, y float64) (a, b, c, d float64) {
	w := m[2][0]*x + m[2][1]*y + m[2][2]
	u, v := m.Map(x, y)
	return (m[0][0] - u*m[2][0]) / w, (m[0][1] - u*m[2][1]) / w, (m[1][0] - v*m[2][0]) / w, (m[1][1] - v*m[2][1]) / w
}

// axes returns the longer and the shorter axis of what m makes of a small circle
// at (x, y), and whether it keeps its sense of turning.
func (m matrix) axes(x, y float64) (long, short float64, upright bool) {
	a, b, c, d := m.jacobian(x, y)
	t, det := a*a+b*b+c*c+d*d, a*d-b*c
	r := math.Sqrt(max(t*t-4*det*det, 0))
	return math.Sqrt((t + r) / 2), math.Sqrt(max((t-r)/2, 0)), det > 0
}

// scale returns the mean magnification of m at (x, y), moving px per reference px.
func (m matrix) scale(x, y float64) float64 {
	long, short, _ := m.axes(x, y)
	return math.Sqrt(long * short)
}

// plausible says whether m neither folds, mirrors nor tears a w × h picture, and
// keeps scale and shear within limits at its corners and its centre.
func plausible(m matrix, w, h int, minScale, maxScale, maxShear float64) bool {
	x, y := float64(w-1), float64(h-1)
	for _, p := range [...][2]float64{{0, 0}, {x, 0}, {0, y}, {x, y}, {x / 2, y / 2}} {
		if !(m[2][0]*p[0]+m[2][1]*p[1]+m[2][2] > 1e-6) {
			return false
		}
		long, short, upright := m.axes(p[0], p[1])
		if !upright || !(short >= minScale) || !(long <= maxScale) || !(long <= maxShear*short) {
			return false
		}
	}
	return true
}
