package timeline

import "github.com/antequem/antequem/imagery/raster/vector"

// A measure is what the frames' structure, or their tones, say of one window: for
// frame i its energy, and for two frames the product of what they show, means per
// pixel.
type measure struct {
	energy  []float64
	product []float64 // two by two: (0,1), (0,2), … (1,2) …; see pair
}

// newMeasure takes the measure of the frames ps in the shape laid at a window.
func newMeasure(ps []planes, s *shape, at window) measure {
	n := len(ps)
	m := measure{energy: make([]float64, n), product: make([]float64, n*(n-1)/2)}
	rows := make([][]float32, n+n%2) // the last of an odd number stands twice
	for _, r := range s.runs {
		for i := range rows {
			p := ps[min(i, n-1)]
			k := channels * ((at.y+r.y)*p.w + at.x + r.x)
			rows[i] = p.v[k : k+channels*r.n]
		}
		m.add(rows)
	}
	k := 1 / float64(s.area)
	for i := range m.energy {
		m.energy[i] *= k
	}
	for i := range m.product {
		m.product[i] *= k
	}
	return m
}

// newSum returns the measure of nothing in n frames, to add others to.
func newSum(n int) measure {
	return measure{energy: make([]float64, n), product: make([]float64, n*(n-1)/2)}
}

// addTimes adds k times the measure o.
func (m *measure) addTimes(k float64, o measure) {
	for i, v := range o.energy {
		m.energy[i] += k * v
	}
	for i, v := range o.product {
		m.product[i] += k * v
	}
}

// add adds the products of what every two frames show along one row, four at a time.
func (m *measure) add(rows [][]float32) {
	for i := 0; i < len(rows); i += 2 {
		for j := i; j < len(rows); j += 2 {
			ac, ad, bc, bd := vector.Dots(rows[i], rows[i+1], rows[j], rows[j+1])
			m.put(i, j, ac)
			m.put(i, j+1, ad)
			m.put(i+1, j, bc)
			m.put(i+1, j+1, bd)
		}
	}
}

// put adds the product of frames i and j; that of j and i, and of the row that stands
// twice, is left out.
func (m *measure) put(i, j int, v float32) {
	switch n := len(m.energy); {
	case i >= n || j >= n || i > j:
	case i == j:
		m.energy[i] += float64(v)
	default:
		m.product[pair(i, j, n)] += float64(v)
	}
}

// pair is the place of the frames i < j among all pairs of n frames.
func pair(i, j, n int) int { return i*n - i*(i+1)/2 + j - i - 1 }

// apart is the mean squared difference of the structure of the frames i < j: 0 alike.
func (m measure) apart(i, j int) float64 {
	return max(m.energy[i]+m.energy[j]-2*m.product[pair(i, j, len(m.energy))], 0)
}

// least keeps quotients finite: structure below it is nothing.
const least = 1e-6

// A contrast is what a split's sides have and don't have in common.
type contrast struct {
	distance float64 // mean squared difference of the two sides, freed of noise
	energy   float64 // what each side has in itself, freed of noise, summed
}

// replaced is the share of the window's own structure that differs: 0 none, 1 all.
func (c contrast) replaced() float64 {
	if c.energy < least {
		return 1
	}
	return min(max(c.distance/c.energy, 0), 1)
}

// share is the share replaced of a piece, which may hold nearly nothing by itself:
// of less than a quarter of what is usual for a window there is nothing to replace.
func (c contrast) share(usual float64) float64 {
	return min(max(c.distance, 0)/(max(c.energy, usual/4)+least), 1)
}

// weight is the distance in proportion to the window's own structure and to what is
// usual in these pictures, so that plain windows don't stand out by their noise nor
// busy ones by their plenty.
func (c contrast) weight(usual float64) float64 {
	return max(c.distance, 0) / (max(c.energy, 0) + usual + least)
}

// contrast compares the frames before a split with those after it. What frames on
// one side have in common is free of noise; where a side has a single frame, its
// noise is taken to be like the others'.
func (m measure) contrast(after split) contrast {
	n := len(m.energy)
	var old, late, across, energyOld, energyLate float64
	frames := 0
	product := m.product // of the pairs yet to come; see pair
	for i, e := range m.energy {
		if after[i] {
			frames, energyLate = frames+1, energyLate+e
		} else {
			energyOld += e
		}
		side := after[i]
		for j, p := range product[:n-i-1] {
			switch {
			case after[i+1+j] != side:
				across += p
			case side:
				late += p
			default:
				old += p
			}
		}
		product = product[n-i-1:]
	}
	pairs := [2]int{(n - frames) * (n - frames - 1) / 2, frames * (frames - 1) / 2}
	energyOld, energyLate = energyOld/float64(n-frames), energyLate/float64(frames)
	across /= float64(frames * (n - frames))
	if pairs[0] > 0 {
		old /= float64(pairs[0])
	}
	if pairs[1] > 0 {
		late /= float64(pairs[1])
	}
	switch {
	case pairs == [2]int{}:
		old, late = energyOld, energyLate
	case pairs[0] == 0:
		old = energyOld * min(late/max(energyLate, least), 1)
	case pairs[1] == 0:
		late = energyLate * min(old/max(energyOld, least), 1)
	}
	return contrast{old + late - 2*across, old + late}
}
