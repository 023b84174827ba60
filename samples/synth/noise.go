package synth

import (
	"math"
	"math/rand/v2"
	"sync"
)

// tileSide is the side of a tile of noise, texels; a power of two.
const tileSide = 512

// A tile is noise of many octaves, -1 to 1, that repeats without a seam.
type tile [tileSide * tileSide]float32

// noise is the same for every town: fine is for grain, broad for stains.
var noise struct{ fine, broad *tile }

// prepare makes the noise; everything that draws calls it first.
var prepare = sync.OnceFunc(func() { noise.fine, noise.broad = newTile(1, 0.62), newTile(2, 0.8) })

// newTile sums octaves of value noise from 4 lattice cells a side to 256; each
// octave is keep times as strong as the one before.
func newTile(seed uint64, keep float64) *tile {
	rng := rand.New(rand.NewPCG(seed, 0x746f776e))
	t := new(tile)
	amp := 1.0
	for cells := 4; cells <= 256; cells *= 2 {
		lattice := make([]float64, cells*cells)
		for i := range lattice {
			lattice[i] = rng.Float64()*2 - 1
		}
		step := tileSide / cells
		for y := range tileSide {
			j, v := y/step, smooth(float64(y%step)/float64(step))
			r0, r1 := j*cells, (j+1)%cells*cells
			for x := range tileSide {
				i, u := x/step, smooth(float64(x%step)/float64(step))
				k := (i + 1) % cells
				a := lattice[r0+i] + u*(lattice[r0+k]-lattice[r0+i])
				b := lattice[r1+i] + u*(lattice[r1+k]-lattice[r1+i])
				t[y*tileSide+x] += float32(amp * (a + v*(b-a)))
			}
		}
		amp *= keep
	}
	var peak float32
	for _, v := range t {
		peak = max(peak, v, -v)
	}
	for i := range t {
		t[i] /= peak
	}
	return t
}

// at returns the noise at (x, y) texels, bilinear.
func (t *tile) at(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	u, v := float32(x-fx), float32(y-fy)
	i, j := int(fx)&(tileSide-1), int(fy)&(tileSide-1)
	k, l := (i+1)&(tileSide-1), (j+1)&(tileSide-1)
	a := t[j*tileSide+i] + u*(t[j*tileSide+k]-t[j*tileSide+i])
	b := t[l*tileSide+i] + u*(t[l*tileSide+k]-t[l*tileSide+i])
	return float64(a + v*(b-a))
}

// smooth is the S-curve from 0 at 0 to 1 at 1, held beyond.
func smooth(t float64) float64 {
	t = min(max(t, 0), 1)
	return t * t * (3 - 2*t)
}
