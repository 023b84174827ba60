package casefile

import (
	"fmt"
	"math"

	"github.com/antequem/antequem/imagery"
)

// MaxPoints are as many corners as a region may have; the check for crossings
// compares each side with each.
const MaxPoints = 2000

// checkRing drops the closing repetition of the first point and says what is
// wrong with the ring, with the mend; "" if nothing is.
func checkRing(ring []imagery.Point) ([]imagery.Point, string) {
	if n := len(ring); n > 1 && ring[0] == ring[n-1] {
		ring = ring[:n-1]
	}
	switch n := len(ring); {
	case n < 3:
		return ring, fmt.Sprintf("it has %d of the 3 corners that a polygon needs at least", n)
	case n > MaxPoints:
		return ring, fmt.Sprintf("it has %d corners; draw it with %d at most", n, MaxPoints)
	}
	if i, j, crosses := crossing(ring); crosses {
		return ring, fmt.Sprintf("its side from corner %d meets its side from corner %d; list the corners in the order of a walk round it", i+1, j+1)
	}
	if area(ring) == 0 {
		return ring, "its corners lie on one line and enclose nothing; move one of them aside"
	}
	return ring, ""
}

// area is the ring's signed area, in the square of its unit (shoelace formula).
func area(ring []imagery.Point) float64 {
	var sum float64
	o := ring[0] // measured from a corner, so that far from 0, 0 nothing is lost
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += (p.X-o.X)*(q.Y-o.Y) - (q.X-o.X)*(p.Y-o.Y)
	}
	return sum / 2
}

// holdsPixel says whether the centre of a pixel of an image of w × h lies inside the
// ring (even-odd rule, a centre on its right or lower side left out).
func holdsPixel(ring []imagery.Point, w, h int) bool {
	top, bottom := math.Inf(1), math.Inf(-1)
	for _, p := range ring {
		top, bottom = min(top, p.Y), max(bottom, p.Y)
	}
	for y := max(0, math.Ceil(top)); y <= min(bottom, float64(h-1)); y++ {
		for _, c := range imagery.Crossings(ring, y) {
			if math.Ceil(max(c[0], 0)) < min(c[1], float64(w)) {
				return true
			}
		}
	}
	return false
}

// crossing finds two sides that meet anywhere but at the corner they share. Side
// i runs from corner i to the next.
func crossing(ring []imagery.Point) (i, j int, crosses bool) {
	n := len(ring)
	for i := range n {
		a, b, c := ring[i], ring[(i+1)%n], ring[(i+2)%n]
		if a == b || n > 3 && turn(a, b, c) == 0 && (b.X-a.X)*(c.X-b.X)+(b.Y-a.Y)*(c.Y-b.Y) < 0 {
			return i, (i + 1) % n, true // no length, or folded back along itself
		}
		for j := i + 2; j < n; j++ {
			if (j+1)%n != i && meet(a, b, ring[j], ring[(j+1)%n]) {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// meet says whether the segments ab and cd share a point.
func meet(a, b, c, d imagery.Point) bool {
	t1, t2, t3, t4 := turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
	if t1*t2 < 0 && t3*t4 < 0 {
		return true
	}
	return t1 == 0 && between(c, a, b) || t2 == 0 && between(d, a, b) ||
		t3 == 0 && between(a, c, d) || t4 == 0 && between(b, c, d)
}

// turn is the sign of the turn at b on the way from a to c: 0 if straight.
func turn(a, b, c imagery.Point) float64 {
	switch v := (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X); {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// between says whether p, on the line through a and b, lies from a to b.
func between(p, a, b imagery.Point) bool {
	return min(a.X, b.X) <= p.X && p.X <= max(a.X, b.X) && min(a.Y, b.Y) <= p.Y && p.Y <= max(a.Y, b.Y)
}
