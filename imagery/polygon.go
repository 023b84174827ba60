package imagery

import (
	"math"
	"slices"
)

// Crossings returns where the row of pixel centres at y enters and leaves a polygon, in
// pairs from left to right, by the even-odd rule. A corner on the row counts as above it.
func Crossings(polygon []Point, y float64) [][2]float64 {
	var xs []float64
	for i, p := range polygon {
		q := polygon[(i+1)%len(polygon)]
		if (p.Y <= y) == (q.Y <= y) {
			continue
		}
		xs = append(xs, p.X+(y-p.Y)*(q.X-p.X)/(q.Y-p.Y))
	}
	slices.Sort(xs)
	var out [][2]float64
	for i := 0; i+1 < len(xs); i += 2 {
		if !math.IsNaN(xs[i]) && !math.IsNaN(xs[i+1]) {
			out = append(out, [2]float64{xs[i], xs[i+1]})
		}
	}
	return out
}
