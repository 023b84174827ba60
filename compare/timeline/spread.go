package timeline

import (
	"cmp"
	"math"
	"slices"
)

// A spread is how windows lie to one another.
type spread struct {
	disjoint float64 // how many that don't overlap hold as much ground
	steps    []uint8 // how far two of them lie from each other: (1,0), (2,0), (2,1), (3,0) …; see stride
}

// stride is the step, in sides of a square of the region's area, in which the
// distances of windows are told: half of what two of them that touch lie apart.
const stride = 0.5

func newSpread(at []window, s *shape) spread {
	out := spread{disjoint: disjoint(at, s), steps: make([]uint8, 0, len(at)*(len(at)-1)/2)}
	step := stride * math.Sqrt(float64(s.w*s.h))
	for i, a := range at {
		for _, b := range at[:i] {
			d := math.Hypot(float64(a.x-b.x), float64(a.y-b.y))
			out.steps = append(out.steps, uint8(min(d/step, math.MaxUint8)))
		}
	}
	return out
}

// independent returns how many values that have nothing to do with one another tell as
// much as one of each window does: fewer than there are windows, as what overlaps is
// alike, and as places that lie near each other often are. It is n²/ΣΣρ, where ρ is the
// correlation of two windows as far apart, out to where it ends (Clifford, Richardson &
// Hémon 1989, Biometrics 45 123). The values count by their normal scores, so that a few
// large ones don't rule.
func (s spread) independent(values []float64) float64 {
	z := normalScores(values)
	var products [math.MaxUint8 + 1]average
	for i, v := range z {
		steps := s.steps[i*(i-1)/2:]
		for j, u := range z[:i] {
			products[steps[j]].add(u * v)
		}
	}
	n, square := float64(len(z)), 0.0
	for _, v := range z {
		square += v * v / n
	}
	if square == 0 {
		return s.disjoint
	}
	sum := n
	for _, p := range products {
		if p.n > 0 && p.sum <= 0 {
			break
		}
		sum += 2 * p.sum / square
	}
	return max(min(n*n/sum, s.disjoint), 1)
}

// normalScores returns for each value where among as many draws from a normal
// distribution one of its rank lies, roughly (van der Waerden 1952); equal ones lie
// together.
func normalScores(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	out := make([]float64, len(values))
	for from, until := 0, 0; from < len(order); from = until {
		for until = from + 1; until < len(order) && values[order[until]] == values[order[from]]; until++ {
		}
		z := math.Sqrt2 * math.Erfinv(float64(from+until)/float64(len(order))-1)
		for _, i := range order[from:until] {
			out[i] = z
		}
	}
	return out
}

// disjoint returns how many windows that don't overlap hold as much ground as these.
func disjoint(at []window, s *shape) float64 {
	w, h := 0, 0
	for _, c := range at {
		w, h = max(w, c.x+s.w), max(h, c.y+s.h)
	}
	held := make([]bool, w*h)
	n := 0
	for _, c := range at {
		for y := c.y; y < c.y+s.h; y++ {
			for i := y*w + c.x; i < y*w+c.x+s.w; i++ {
				if !held[i] {
					held[i] = true
					n++
				}
			}
		}
	}
	return max(min(float64(n)/float64(s.w*s.h), float64(len(at))), 1)
}
