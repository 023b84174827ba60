package timeline

// A measure is what the frames' structure says of one window: for frame i its
// energy, and for two frames the product of their structures, means per pixel.
type measure struct {
	energy  []float64
	product []float64 // two by two: (0,1), (0,2), … (1,2) …; see pair
}

// newMeasure takes the measure of the frames fs in the shape laid at a window.
func newMeasure(fs []*field, s *shape, at window) measure {
	m := measure{energy: make([]float64, len(fs)), product: make([]float64, 0, len(fs)*(len(fs)-1)/2)}
	k := 1 / float64(s.area)
	for i := range fs {
		m.energy[i] = k * dot(fs[i], fs[i], s, at, at)
		for j := i + 1; j < len(fs); j++ {
			m.product = append(m.product, k*dot(fs[i], fs[j], s, at, at))
		}
	}
	return m
}

// pair is the place of the frames i < j among all pairs of n frames.
func pair(i, j, n int) int { return i*n - i*(i+1)/2 + j - i - 1 }

// apart is the mean squared difference of the structure of the frames i < j: 0 alike.
func (m measure) apart(i, j int) float64 {
	return max(m.energy[i]+m.energy[j]-2*m.product[pair(i, j, len(m.energy))], 0)
}

// least keeps quotients finite: structure below it is nothing.
const least = 1e-6

// replaced is the share of the region's structure that differs between the frames
// before split and those from it on, freed of noise by what frames on one side have
// in common: 0 none, 1 nothing is shared. Where one side has a single frame, its
// noise is taken to be like the others'.
func (m measure) replaced(split int) float64 {
	n := len(m.energy)
	var before, after, across, energyBefore, energyAfter float64
	nb, na := 0, 0
	for i := range n {
		if i < split {
			energyBefore += m.energy[i] / float64(split)
		} else {
			energyAfter += m.energy[i] / float64(n-split)
		}
		for j := i + 1; j < n; j++ {
			p := m.product[pair(i, j, n)]
			switch {
			case j < split:
				before, nb = before+p, nb+1
			case i >= split:
				after, na = after+p, na+1
			default:
				across += p / float64(split*(n-split))
			}
		}
	}
	if nb > 0 {
		before /= float64(nb)
	}
	if na > 0 {
		after /= float64(na)
	}
	switch {
	case nb == 0 && na == 0:
		before, after = energyBefore, energyAfter
	case nb == 0:
		before = energyBefore * min(after/max(energyAfter, least), 1)
	case na == 0:
		after = energyAfter * min(before/max(energyBefore, least), 1)
	}
	if before+after < least {
		return 1
	}
	return min(max(1-2*across/(before+after), 0), 1)
}

// dot sums the products of two frames' structure over a shape, each frame read at its
// own window.
func dot(a, b *field, s *shape, at, bt window) float64 {
	var sum float64
	for _, r := range s.runs {
		i := channels * ((at.y+r.y)*a.w + at.x + r.x)
		k := channels * ((bt.y+r.y)*b.w + bt.x + r.x)
		u := a.v[i : i+channels*r.n]
		v := b.v[k : k+channels*r.n]
		var p, q, t, o float32
		for j := 0; j+3 < len(u) && j+3 < len(v); j += 4 {
			p += u[j] * v[j]
			q += u[j+1] * v[j+1]
			t += u[j+2] * v[j+2]
			o += u[j+3] * v[j+3]
		}
		sum += float64(p) + float64(q) + float64(t) + float64(o)
	}
	return sum
}

// largest returns the largest replaced share over all splits, and how many frames lie
// before that split.
func (m measure) largest() (share float64, split int) {
	share, split = -1, 1
	for k := 1; k < len(m.energy); k++ {
		if r := m.replaced(k); r > share {
			share, split = r, k
		}
	}
	return share, split
}
