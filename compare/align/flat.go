package align

import (
	"math"
	"slices"

	"github.com/antequem/antequem/imagery/raster"
)

// Ground returns the mask of r without what was drawn around the ground as nodata:
// flat areas that begin at the border and hold its darkest or brightest tone.
func Ground(r raster.Raster) raster.Mask { return withoutFlatBorder(r.Luma(), r.Valid) }

// withoutFlatBorder returns the mask of grey with flat areas taken out that
// begin at the picture's border and hold its darkest or brightest tone: nodata
// that was drawn as black or white, whatever noise and compression made of it
// since. Their outline is an edge that belongs to the frame, not to the ground.
func withoutFlatBorder(grey raster.Plane, valid raster.Mask) raster.Mask {
	b := newBlocks(grey, valid)
	flat := b.flood()
	if flat == nil {
		return valid
	}
	out := raster.Mask{W: grey.W, H: grey.H, Pix: make([]uint8, grey.W*grey.H)}
	for y := range grey.H {
		for x := range grey.W {
			if !flat[min(y/b.side, b.h-1)*b.w+min(x/b.side, b.w-1)] && valid.Valid(x, y) {
				out.Pix[y*grey.W+x] = 1
			}
		}
	}
	return out
}

// blocks is mean and standard deviation of the brightness of square blocks.
type blocks struct {
	w, h, side int
	mean, dev  []float64
	empty      []bool // no data at all
}

func newBlocks(grey raster.Plane, valid raster.Mask) blocks {
	side := 8
	for max(grey.W, grey.H)/side > 128 {
		side *= 2
	}
	b := blocks{w: max(1, grey.W/side), h: max(1, grey.H/side), side: side}
	n := b.w * b.h
	b.mean, b.dev, b.empty = make([]float64, n), make([]float64, n), make([]bool, n)
	for j := range b.h {
		for i := range b.w {
			var sum, square, count float64
			for y := j * side; y < min((j+1)*side, grey.H); y++ {
				for x := i * side; x < min((i+1)*side, grey.W); x++ {
					if valid.Valid(x, y) {
						v := float64(grey.Pix[y*grey.W+x])
						sum, square, count = sum+v, square+v*v, count+1
					}
				}
			}
			k := j*b.w + i
			b.empty[k] = count == 0
			if count > 0 {
				b.mean[k] = sum / count
				b.dev[k] = math.Sqrt(max(square/count-b.mean[k]*b.mean[k], 0))
			}
		}
	}
	return b
}

// flood returns the blocks of flat areas that start at the border, grown by one
// block to take their outline with them; nil if there are none.
func (b *blocks) flood() []bool {
	const share = 0.015 // of the picture, below which a flat area is left alone
	low, high, noise := b.range3()
	seen := make([]bool, len(b.mean))
	var areas [][]int
	for k := range b.mean {
		i, j := k%b.w, k/b.w
		if i > 0 && j > 0 && i < b.w-1 && j < b.h-1 || seen[k] || b.empty[k] || !b.extreme(k, low, high, noise) {
			continue
		}
		if area := b.grow(k, seen, low, high, noise); float64(len(area)) >= share*float64(len(b.mean)) {
			areas = append(areas, area)
		}
	}
	areas = b.beyondFootprint(areas)
	if len(areas) == 0 {
		return nil
	}
	out := make([]bool, len(b.mean))
	for _, area := range areas {
		for _, a := range area {
			b.around(a, func(n int) { out[n] = true })
		}
	}
	return out
}

// range3 returns the 2nd and 98th percentile of tone and the 1st quartile of
// the blocks' deviation among those that have texture.
func (b *blocks) range3() (low, high, texture float64) {
	var means, devs []float64
	for k, e := range b.empty {
		if !e {
			means, devs = append(means, b.mean[k]), append(devs, b.dev[k])
		}
	}
	if len(means) == 0 {
		return 0, 0, 0
	}
	slices.Sort(means)
	slices.Sort(devs)
	top := devs[len(devs)*95/100]
	return means[len(means)/50], means[len(means)-1-len(means)/50], top
}

// extreme says whether block k is flat beside the picture's texture and near one
// end of its tones.
func (b *blocks) extreme(k int, low, high, texture float64) bool {
	edge := 0.06 * (high - low)
	return b.dev[k] < 0.3*texture && (b.mean[k] < low+edge || b.mean[k] > high-edge)
}

// quantum is the step of tone, as a share of their range, that strong compression makes
// between blocks of what was one slowly shaded tone.
const quantum = 0.016

// grow returns the blocks that continue block k without a step of tone.
func (b *blocks) grow(k int, seen []bool, low, high, texture float64) []int {
	area, seed := []int{k}, b.dev[k]
	seen[k] = true
	for at := 0; at < len(area); at++ {
		from := area[at]
		b.around(from, func(n int) {
			if seen[n] || b.empty[n] {
				return
			}
			noise := max(seed, b.dev[n])
			step := math.Abs(b.mean[n] - b.mean[from])
			if step > max(0.5*noise+0.004*(high-low), quantum*(high-low)) || b.dev[n] > 1.5*seed+0.01*(high-low) || b.dev[n] >= 0.3*texture {
				return
			}
			seen[n] = true
			area = append(area, n)
		})
	}
	return area
}

// around calls f for the blocks of the 3 × 3 square around k, k among them.
func (b *blocks) around(k int, f func(n int)) {
	i, j := k%b.w, k/b.w
	for y := max(j-1, 0); y <= min(j+1, b.h-1); y++ {
		for x := max(i-1, 0); x <= min(i+1, b.w-1); x++ {
			f(y*b.w + x)
		}
	}
}
