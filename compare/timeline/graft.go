package timeline

import "math"

// take copies what p shows in a shape laid at a window, run by run.
func (p planes) take(s *shape, at window) []float32 {
	out := make([]float32, 0, channels*s.area)
	for _, r := range s.runs {
		i := channels * ((at.y+r.y)*p.w + at.x + r.x)
		out = append(out, p.v[i:i+channels*r.n]...)
	}
	return out
}

// put writes into p, at its corner, what was taken of a shape.
func (p planes) put(s *shape, taken []float32) {
	for _, r := range s.runs {
		n := copy(p.v[channels*(r.y*p.w+r.x):][:channels*r.n], taken)
		taken = taken[n:]
	}
}

// graft sets the donor's structure into the host's as new ground would show: its
// contrast halfway to that of the spot, for what is built or torn down stands in the
// same light and haze as what it replaces, and its rim soft by the optics' one pixel.
// Both were taken from the square of that side whose corner is (px, py).
func graft(host, donor []float32, square *shape, px, py, side int) {
	k := float32(0.5)
	if theirs := contrastOf(donor); theirs > least {
		k += 0.5 * float32(min(contrastOf(host)/theirs, mostContrast))
	}
	i := 0
	for _, r := range square.runs {
		down := rim(r.y-py, side)
		for x := range r.n {
			share := down * rim(r.x+x-px, side)
			for c := i; c < i+channels; c += 2 {
				gx, gy := contrasted(donor[c], donor[c+1], k)
				host[c] += share * (gx - host[c])
				host[c+1] += share * (gy - host[c+1])
			}
			i += channels
		}
	}
}

// mostContrast is how many times as much contrast as the donor's is drawn from at most.
const mostContrast = 3

// rim is the share of new ground at the i-th of side pixels: a step one pixel inside
// the edge, seen through a Gaussian of one pixel.
func rim(i, side int) float32 {
	d := float64(min(i, side-1-i)) - 0.5
	return float32(0.5 * math.Erfc(-d/math.Sqrt2))
}

// steepness is |g|²/m² of a softly normalised gradient; see [field.gradients].
func steepness(gx, gy float32) float32 {
	e2 := gx*gx + gy*gy
	return e2 / max(softness*softness-e2, 1e-3)
}

// contrasted returns the softly normalised gradient of k times the contrast.
func contrasted(gx, gy, k float32) (x, y float32) {
	q := steepness(gx, gy)
	f := k * float32(math.Sqrt(float64((1+q)/(1+k*k*q))))
	return f * gx, f * gy
}

// contrastOf is the mean of |g|/m, as it was before the gradients were normalised.
func contrastOf(taken []float32) float64 {
	var sum float64
	for c := 0; c+1 < len(taken); c += 2 {
		sum += math.Sqrt(float64(steepness(taken[c], taken[c+1])))
	}
	return sum / max(float64(len(taken)/2), 1)
}
