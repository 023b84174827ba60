package align

import "math"

// rise returns how much each frequency of a window of side n counts: the mean nothing,
// and what is slower than about a cycle in 70 px little. Streets and fields of one
// direction make windows alike wherever they lie. Before and after a tornado, what the
// frequencies of structure say, as cross spectrum over both power spectra, is a quarter
// at a cycle in 150 px of what it is from a cycle in 30 px on, and level from there.
func rise(n int) []float32 {
	const sigma = 8 // px
	out := make([]float32, n*n)
	for y := range n {
		for x := range n {
			u, v := float64(min(x, n-x))/float64(n), float64(min(y, n-y))/float64(n)
			out[y*n+x] = float32(1 - math.Exp(-2*math.Pi*math.Pi*sigma*sigma*(u*u+v*v)))
		}
	}
	return out
}

// flatten is the power of their mean spectrum by which the windows' structure is flattened.
// Correlated as it is, structure makes broad peaks that lean on their neighbours; flattened
// wholly, its noise counts like the rest. With a part of it, as in the generalised correlation of
// Knapp and Carter (IEEE Trans. ASSP 24(4) 320, 1976), right peaks stand higher over chance.
const flatten = 0.2

// whiten weighs the frequencies of the spots by rise, and by the less the more all have of one.
func (t *tracker) whiten() {
	if len(t.spots) == 0 {
		return
	}
	weight := make([]float32, t.n*t.n)
	for _, s := range t.spots {
		re, im := s.spectrum.Re, s.spectrum.Im
		for i, a := range re {
			weight[i] += a*a + im[i]*im[i]
		}
	}
	var mean float64
	for _, v := range weight {
		mean += float64(v) / float64(len(weight))
	}
	for i, k := range rise(t.n) {
		weight[i] = k * float32(math.Pow(float64(weight[i])/mean+1e-6, -flatten))
	}
	for _, s := range t.spots {
		re, im := s.spectrum.Re, s.spectrum.Im
		for i, w := range weight {
			re[i], im[i] = w*re[i], w*im[i]
		}
	}
}
