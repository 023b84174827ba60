package change

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/antequem/antequem/imagery/raster"
)

// IR-MAD (Nielsen 2007, IEEE Trans. Image Process. 16(2) 463), that the score is set
// beside.

// rounds of reweighting are enough for the variates to settle.
const rounds = 12

// rowsOf returns row y of each band.
func rowsOf(r raster.Raster, y int) [][]float32 {
	rows := make([][]float32, len(r.Bands))
	for i, p := range r.Bands {
		rows[i] = p.Row(y)
	}
	return rows
}

// at writes the tones of a pixel.
func at(dst []float64, rows [][]float32, x int) {
	for i, row := range rows {
		dst[i] = float64(row[x])
	}
}

// variates are the pairs of sums of bands in which two pictures agree best. For each
// they hold a constant, the weights of the bands of the one picture and those of the
// other, which together give the difference in units of its standard deviation where
// nothing changed.
type variates struct {
	n       int
	weights []float64
}

// distance is the squared difference of the variates of two pixels, summed.
func (m *variates) distance(u, v []float64) float64 {
	var z float64
	for k := m.weights; len(k) > len(u)+len(v); {
		d := k[0]
		k = k[1:]
		for i, x := range u {
			d += k[i] * x
		}
		k = k[len(u):]
		for i, x := range v {
			d += k[i] * x
		}
		k = k[len(v):]
		z += d * d
	}
	return z
}

// fitted is about how many pixels the variates are fitted to.
const fitted = 8000

// fitVariates finds the variates of a sample of the pixels, each weighed by how
// likely it is not to have changed.
func fitVariates(a, b raster.Raster, valid raster.Mask) variates {
	na, nb := len(a.Bands), len(b.Bands)
	var us, vs, weights []float64
	for i := 0; i < len(valid.Pix); i += len(valid.Pix)/fitted | 1 {
		if valid.Pix[i] == 0 {
			continue
		}
		us, vs = append(us, make([]float64, na)...), append(vs, make([]float64, nb)...)
		at(us[len(us)-na:], rowsOf(a, i/valid.W), i%valid.W)
		at(vs[len(vs)-nb:], rowsOf(b, i/valid.W), i%valid.W)
		weights = append(weights, 1)
	}
	if len(weights) < 4*(na+nb) {
		return variates{}
	}
	var m variates
	for range rounds {
		m = correlate(us, vs, weights, na, nb)
		if m.n == 0 {
			return m
		}
		for i := range weights {
			weights[i] = survival(m.n, m.distance(us[na*i:na*i+na], vs[nb*i:nb*i+nb])) + 1e-9
		}
	}
	return m
}

// survival returns the probability that a chi-square of k degrees of freedom exceeds x
// (Abramowitz and Stegun 1964, 26.4.4 and 26.4.5).
func survival(k int, x float64) float64 {
	sum, term, from := 0.0, math.Exp(-x/2), 2
	if k%2 == 1 {
		sum = math.Erfc(math.Sqrt(x / 2))
		term *= math.Sqrt(2 * x / math.Pi)
		from = 3
	}
	for r := from; r <= k; r += 2 {
		sum += term
		term *= x / float64(r)
	}
	return sum
}

// leastVariance keeps the difference of variates that agree perfectly from counting
// without bound, as a share of their own variance.
const leastVariance = 1e-4

// correlate returns the canonical variates of weighed samples.
func correlate(us, vs, weights []float64, na, nb int) variates {
	meanA, meanB := weighedMean(us, weights, na), weighedMean(vs, weights, nb)
	rootA := inverseRoot(covariance(us, us, meanA, meanA, weights))
	rootB := inverseRoot(covariance(vs, vs, meanB, meanB, weights))
	var once, whole mat.Dense
	once.Mul(rootA, covariance(us, vs, meanA, meanB, weights))
	whole.Mul(&once, rootB)
	var svd mat.SVD
	if !svd.Factorize(&whole, mat.SVDThin) {
		return variates{}
	}
	var left, right, ka, kb mat.Dense
	svd.UTo(&left)
	svd.VTo(&right)
	ka.Mul(rootA, &left)
	kb.Mul(rootB, &right)
	var m variates
	for k, r := range svd.Values(nil) {
		m.add(1/math.Sqrt(max(2*(1-r), leastVariance)), mat.Col(nil, k, &ka), meanA, mat.Col(nil, k, &kb), meanB)
	}
	return m
}

// add takes in a variate: unit times the sum of a over the one picture's departure from
// its mean, less that of b over the other's.
func (m *variates) add(unit float64, a, meanA, b, meanB []float64) {
	at := len(m.weights)
	m.n, m.weights = m.n+1, append(m.weights, 0)
	for i, w := range a {
		m.weights = append(m.weights, unit*w)
		m.weights[at] -= unit * w * meanA[i]
	}
	for i, w := range b {
		m.weights = append(m.weights, -unit*w)
		m.weights[at] += unit * w * meanB[i]
	}
}

func weighedMean(samples, weights []float64, n int) []float64 {
	out := make([]float64, n)
	var total float64
	for i, w := range weights {
		total += w
		for k := range out {
			out[k] += w * samples[n*i+k]
		}
	}
	for k := range out {
		out[k] /= total
	}
	return out
}

func covariance(us, vs, mu, mv, weights []float64) *mat.Dense {
	na, nb := len(mu), len(mv)
	sums := make([]float64, na*nb)
	var total float64
	for i, w := range weights {
		total += w
		for j := range na {
			d := w * (us[na*i+j] - mu[j])
			for k := range nb {
				sums[nb*j+k] += d * (vs[nb*i+k] - mv[k])
			}
		}
	}
	for i := range sums {
		sums[i] /= total
	}
	return mat.NewDense(na, nb, sums)
}

// inverseRoot returns the inverse square root of a covariance; directions that hold
// next to nothing, as between bands that are copies of one another, are left out.
func inverseRoot(c *mat.Dense) *mat.Dense {
	n, _ := c.Dims()
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(n, c.RawMatrix().Data), true) {
		return mat.NewDense(n, n, nil)
	}
	values := e.Values(nil) // smallest first
	var v, scaled, out mat.Dense
	e.VectorsTo(&v)
	scales := make([]float64, n)
	for i, x := range values {
		if x > 1e-6*values[n-1] && x > 1e-9 {
			scales[i] = 1 / math.Sqrt(x)
		}
	}
	scaled.Mul(&v, mat.NewDiagDense(n, scales))
	out.Mul(&scaled, v.T())
	return &out
}
