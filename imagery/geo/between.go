package geo

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

// MapBetween returns the way from a pixel of the reference to the pixel of the moving
// picture that shows the same place, by the two georeferences alone. It knows nothing of
// relief, and errs by what the files err: a start for an alignment, never a result. Where
// either system can't show a place it returns NaN.
func MapBetween(reference, moving Georeference) (func(x, y float64) (mx, my float64), error) {
	if reference.EPSG == moving.EPSG && reference.EPSG != 0 && reference.HasGrid && moving.HasGrid && !isGeographic(reference.EPSG) {
		// One plane, known here or not: no need to leave it.
		inv, ok := moving.Transform.Invert()
		if !ok {
			return nil, errors.New("georeference of the moving picture has pixels without area")
		}
		return func(x, y float64) (float64, float64) {
			col, row := inv.At(reference.World(x, y))
			return col - 0.5, row - 0.5
		}, nil
	}
	from, err := reference.Locate()
	if err != nil {
		return nil, err
	}
	to, err := moving.Locate()
	if err != nil {
		return nil, err
	}
	return func(x, y float64) (float64, float64) { return to.Pixel(from.LonLat(x, y)) }, nil
}

// isGeographic says that coordinates are degrees, whose longitudes wrap round.
func isGeographic(epsg int) bool {
	switch epsg {
	case 4326, 4979, 4258, 4937, 4269, 4283, 4322:
		return true
	}
	return false
}

// The grid of places over the reference to which a matrix is fitted.
const fitSide = 7

// Homography returns the 3 × 3 matrix that comes nearest, by least squares, to
// MapBetween over a reference of w × h pixels, and how far it is off at most, in pixels
// of the moving picture.
func Homography(reference, moving Georeference, w, h int) (m [3][3]float64, worst float64, err error) {
	if w < 1 || h < 1 {
		return m, 0, errors.New("reference has no pixels")
	}
	f, err := MapBetween(reference, moving)
	if err != nil {
		return m, 0, err
	}
	var from, to [][2]float64
	for j := range fitSide {
		for i := range fitSide {
			x, y := float64(w-1)*float64(i)/(fitSide-1), float64(h-1)*float64(j)/(fitSide-1)
			mx, my := f(x, y)
			if mx-mx == 0 && my-my == 0 {
				from, to = append(from, [2]float64{x, y}), append(to, [2]float64{mx, my})
			}
		}
	}
	if len(from) < fitSide*fitSide/2 {
		return m, 0, errors.New("the pictures' coordinate systems don't meet there")
	}
	m, err = fitHomography(from, to)
	if err != nil {
		return m, 0, err
	}
	for i, p := range from {
		x, y := project(m, p[0], p[1])
		worst = max(worst, math.Hypot(x-to[i][0], y-to[i][1]))
	}
	return m, worst, nil
}

func project(m [3][3]float64, x, y float64) (float64, float64) {
	w := m[2][0]*x + m[2][1]*y + m[2][2]
	return (m[0][0]*x + m[0][1]*y + m[0][2]) / w, (m[1][0]*x + m[1][1]*y + m[1][2]) / w
}

// fitHomography solves the direct linear transform with normalised points (Hartley and
// Zisserman, Multiple View Geometry, 2nd ed., algorithm 4.2), the last element fixed at 1.
func fitHomography(from, to [][2]float64) (m [3][3]float64, err error) {
	a, b := normaliser(from), normaliser(to)
	rows := mat.NewDense(2*len(from), 8, nil)
	rhs := mat.NewVecDense(2*len(from), nil)
	for i := range from {
		x, y := a.on(from[i])
		u, v := b.on(to[i])
		rows.SetRow(2*i, []float64{x, y, 1, 0, 0, 0, -u * x, -u * y})
		rows.SetRow(2*i+1, []float64{0, 0, 0, x, y, 1, -v * x, -v * y})
		rhs.SetVec(2*i, u)
		rhs.SetVec(2*i+1, v)
	}
	var h mat.VecDense
	if err := h.SolveVec(rows, rhs); err != nil {
		return m, errors.New("no single matrix leads from one picture to the other")
	}
	n := mat.NewDense(3, 3, []float64{h.AtVec(0), h.AtVec(1), h.AtVec(2), h.AtVec(3), h.AtVec(4), h.AtVec(5), h.AtVec(6), h.AtVec(7), 1})
	var out mat.Dense
	out.Product(b.inverse(), n, a.matrix())
	scale := out.At(2, 2)
	for i := range 3 {
		for j := range 3 {
			m[i][j] = out.At(i, j) / scale
			if m[i][j]-m[i][j] != 0 {
				return m, errors.New("no single matrix leads from one picture to the other")
			}
		}
	}
	return m, nil
}

// A norm moves points to their centre and to a mean distance near 1.
type norm struct{ cx, cy, k float64 }

func normaliser(p [][2]float64) norm {
	var n norm
	for _, q := range p {
		n.cx, n.cy = n.cx+q[0]/float64(len(p)), n.cy+q[1]/float64(len(p))
	}
	d := 0.0
	for _, q := range p {
		d += math.Hypot(q[0]-n.cx, q[1]-n.cy) / float64(len(p))
	}
	n.k = 1 / max(d, 1e-12)
	return n
}

func (n norm) on(p [2]float64) (x, y float64) { return (p[0] - n.cx) * n.k, (p[1] - n.cy) * n.k }

func (n norm) matrix() *mat.Dense {
	return mat.NewDense(3, 3, []float64{n.k, 0, -n.cx * n.k, 0, n.k, -n.cy * n.k, 0, 0, 1})
}

func (n norm) inverse() *mat.Dense {
	return mat.NewDense(3, 3, []float64{1 / n.k, 0, n.cx, 0, 1 / n.k, n.cy, 0, 0, 1})
}
