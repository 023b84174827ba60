package align

import (
	"cmp"
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
)

// A Triangle is three images of a stack aligned pairwise, by their places in
// it, First < Second < Third.
type Triangle struct {
	First, Second, Third int
	Miss                 float64 // mean distance between the way around and the direct way, px of Third
	Expected             float64 // what the three expected errors explain of it, px of Third
}

// Triangles returns every triangle that pairs closes, the worst first. pairs
// holds, under {i, j} with i < j, the alignment that maps pixels of image i to
// pixels of image j; sizes are the images' widths and heights. Failed
// alignments and triangles whose three images share no ground are left out.
func Triangles(pairs map[[2]int]compare.Alignment, sizes [][2]int) []Triangle {
	var out []Triangle
	for i := range sizes {
		for j := i + 1; j < len(sizes); j++ {
			for k := j + 1; k < len(sizes); k++ {
				ij, jk, ik := pairs[[2]int{i, j}], pairs[[2]int{j, k}], pairs[[2]int{i, k}]
				if !ij.Aligned || !jk.Aligned || !ik.Aligned {
					continue
				}
				if miss, scale := around(ij, jk, ik, sizes[i], sizes[j]); !math.IsNaN(miss) {
					expected := math.Sqrt(square(ij.ExpectedError*scale) + square(jk.ExpectedError) + square(ik.ExpectedError))
					out = append(out, Triangle{i, j, k, miss, expected})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Triangle) int { return cmp.Compare(b.Miss, a.Miss) })
	return out
}

// around returns the mean distance between both ways from the first image to
// the third, over a grid of points that fall inside the second, and how many px
// of the third a px of the second spans.
func around(ij, jk, ik compare.Alignment, first, second [2]int) (miss, scale float64) {
	const across = 16
	var sum, stretch, n float64
	for b := range across {
		for a := range across {
			x, y := (float64(a)+0.5)/across*float64(first[0])-0.5, (float64(b)+0.5)/across*float64(first[1])-0.5
			u, v := ij.Map(x, y)
			if !(u >= 0 && v >= 0 && u <= float64(second[0]-1) && v <= float64(second[1]-1)) {
				continue
			}
			s, t := jk.Map(u, v)
			p, q := ik.Map(x, y)
			e, f := jk.Map(u+1, v)
			if d := math.Hypot(s-p, t-q) + math.Hypot(e-s, f-t); !math.IsNaN(d) {
				sum, stretch, n = sum+math.Hypot(s-p, t-q), stretch+math.Hypot(e-s, f-t), n+1
			}
		}
	}
	return sum / n, stretch / n // NaN for none
}

func square(v float64) float64 { return v * v }

// Misfits returns the images that fit their stack badly, in the stack's order:
// those for which more than half of the triangles that they are in, two or
// more, miss by more than three times what was expected and a px at least, once
// the triangles of a worse image are set aside.
func Misfits(triangles []Triangle, images int) []int {
	var out []int
	left := slices.Clone(triangles)
	for {
		worst, most := -1, 0.5
		for i := range images {
			var in, bad float64
			for _, t := range left {
				if t.First == i || t.Second == i || t.Third == i {
					in++
					if t.Miss > max(3*t.Expected, 1) {
						bad++
					}
				}
			}
			if in >= 2 && bad/in > most {
				worst, most = i, bad/in
			}
		}
		if worst < 0 {
			slices.Sort(out)
			return out
		}
		out = append(out, worst)
		left = slices.DeleteFunc(left, func(t Triangle) bool { return t.First == worst || t.Second == worst || t.Third == worst })
	}
}
