package align

import (
	"cmp"
	"math"
	"slices"
)

// A peak is a sample of a correlation surface that stands over those around it.
type peak struct {
	x, y int
	v    float32
}

// peaks returns the highest local maxima within reach of no displacement.
func (b *bench) peaks(c []float32, n int, reach float64, most int) []peak {
	r := min(int(reach), n/2-1)
	b.local = b.local[:0]
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

// subpixel refines the maximum at (x, y) of a cyclic surface of side n by the Gaussian
// through its 3 × 3 neighbourhood (least squares of the logarithms), which shortens what
// lies between pixels a third as much as a paraboloid does; by that where part of the
// neighbourhood is too low for logarithms.
func subpixel(c []float32, n, x, y int) (dx, dy float64) {
	var v [3][3]float64
	low := math.Inf(1)
	for j := range 3 {
		for i := range 3 {
			v[j][i] = float64(c[((y+j-1+n)%n)*n+(x+i-1+n)%n])
			low = min(low, v[j][i])
		}
	}
	if low > 0.05*v[1][1] {
		for j := range 3 {
			for i := range 3 {
				v[j][i] = math.Log(v[j][i])
			}
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
