package views

import (
	"math"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
)

// Footprint returns the corners of an image of w × h px on the reference grid, by
// the global part of its alignment; nil where they can't be told.
func Footprint(rep *assess.Report, file string, w, h int) []imagery.Point {
	if rep == nil || w <= 0 || h <= 0 {
		return nil
	}
	for _, im := range rep.Images {
		if im.File != file || im.Alignment.Status != "aligned" {
			continue
		}
		var out []imagery.Point
		right, bottom := float64(w)-0.5, float64(h)-0.5
		for _, c := range [][2]float64{{-0.5, -0.5}, {right, -0.5}, {right, bottom}, {-0.5, bottom}} {
			p, ok := backwards(im.Alignment.Matrix, c[0], c[1])
			if !ok {
				return nil
			}
			out = append(out, p)
		}
		return out
	}
	return nil
}

// backwards applies the inverse of the homography m to (u, v): two linear equations
// in x and y, (m0 − u·m2)·(x, y, 1) = 0 and (m1 − v·m2)·(x, y, 1) = 0.
func backwards(m [3][3]float64, u, v float64) (imagery.Point, bool) {
	a, b, c := m[0][0]-u*m[2][0], m[0][1]-u*m[2][1], m[0][2]-u*m[2][2]
	d, e, f := m[1][0]-v*m[2][0], m[1][1]-v*m[2][1], m[1][2]-v*m[2][2]
	det := a*e - b*d
	x, y := (b*f-c*e)/det, (c*d-a*f)/det
	if math.Abs(det) < 1e-12 || math.IsNaN(x+y) || math.IsInf(x+y, 0) || math.Abs(x)+math.Abs(y) > 1e7 {
		return imagery.Point{}, false
	}
	return imagery.Point{X: x, Y: y}, true
}
