package align

import (
	"math"
	"slices"
)

// beyondFootprint returns those of the areas, lists of blocks, that lie outside
// the convex hulls of all other blocks: a picture turned, cropped or cut into
// tiles has a convex footprint, so nodata lies around it, and between it and whatever
// else was laid into the frame. A flat lake, a field or the land of a drawn map reaches
// into it, and is ground.
func (b *blocks) beyondFootprint(areas [][]int) [][]int {
	const inside = 0.1 // share of an area that may lie inside: footprints bend a little
	for len(areas) > 0 {
		hulls := b.footprints(areas)
		worst, most := -1, inside
		for k, area := range areas {
			in := 0
			for _, a := range area {
				if slices.ContainsFunc(hulls, func(hull [][2]float64) bool { return within(hull, float64(a%b.w), float64(a/b.w)) }) {
					in++
				}
			}
			if share := float64(in) / float64(len(area)); share > most {
				worst, most = k, share
			}
		}
		if worst < 0 {
			break
		}
		areas = append(areas[:worst:worst], areas[worst+1:]...)
	}
	return areas
}

// footprints returns the convex hulls of the centres of the blocks outside areas, of
// each that hang together one, those of less than a fiftieth of the picture left out, as
// corners with the inside on their left.
func (b *blocks) footprints(areas [][]int) [][][2]float64 {
	seen := slices.Clone(b.empty)
	for _, area := range areas {
		for _, a := range area {
			seen[a] = true
		}
	}
	var hulls [][][2]float64
	for k := range seen {
		if seen[k] {
			continue
		}
		seen[k] = true
		island := []int{k}
		for at := 0; at < len(island); at++ {
			b.around(island[at], func(n int) {
				if !seen[n] {
					seen[n] = true
					island = append(island, n)
				}
			})
		}
		if 50*len(island) >= len(b.mean) {
			hulls = append(hulls, b.hull(island))
		}
	}
	return hulls
}

// hull returns the convex hull of block centres (Andrew 1979).
func (b *blocks) hull(ground []int) [][2]float64 {
	left, right := make([]int, b.h), make([]int, b.h)
	for y := range b.h {
		left[y], right[y] = b.w, -1
	}
	for _, k := range ground {
		x, y := k%b.w, k/b.w
		left[y], right[y] = min(left[y], x), max(right[y], x)
	}
	var out [][2]float64
	add := func(x, y, floor int) {
		p := [2]float64{float64(x), float64(y)}
		for len(out) >= floor+2 && cross(out[len(out)-2], out[len(out)-1], p) <= 0 {
			out = out[:len(out)-1]
		}
		out = append(out, p)
	}
	for y := range b.h {
		if right[y] >= 0 {
			add(right[y], y, 0)
		}
	}
	floor := max(len(out)-1, 0)
	for y := b.h - 1; y >= 0; y-- {
		if right[y] >= 0 {
			add(left[y], y, floor)
		}
	}
	return out
}

// cross is positive where the way from a over b to c turns from the x axis towards the y axis.
func cross(a, b, c [2]float64) float64 {
	return (b[0]-a[0])*(c[1]-b[1]) - (b[1]-a[1])*(c[0]-b[0])
}

// within says whether (x, y) lies more than a block inside the convex hull.
func within(hull [][2]float64, x, y float64) bool {
	if len(hull) < 3 {
		return false
	}
	for i, p := range hull {
		q := hull[(i+1)%len(hull)]
		side := math.Hypot(q[0]-p[0], q[1]-p[1])
		if side > 0 && cross(p, q, [2]float64{x, y}) < 1.5*side {
			return false
		}
	}
	return true
}
