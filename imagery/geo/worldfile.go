package geo

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseWorldFile reads the six lines that stand beside a PNG or JPEG as .pgw, .jgw or
// .wld. Its last two are the centre of the top left pixel; the transform returned
// counts from that pixel's corner. A world file names no coordinate system.
func ParseWorldFile(text string) (Affine, error) {
	fields := strings.Fields(text)
	if len(fields) < 6 {
		return Affine{}, fmt.Errorf("world file: %d numbers, want 6", len(fields))
	}
	var v [6]float64
	for i := range v {
		n, err := strconv.ParseFloat(strings.Replace(fields[i], ",", ".", 1), 64)
		if err != nil || !finite(n) {
			return Affine{}, fmt.Errorf("world file: line %d: %q is no number", i+1, fields[i])
		}
		v[i] = n
	}
	t := Affine{A: v[0], D: v[1], B: v[2], E: v[3], C: v[4], F: v[5]}
	t.C, t.F = t.At(-0.5, -0.5)
	if _, ok := t.Invert(); !ok {
		return Affine{}, fmt.Errorf("world file: the pixels have no area")
	}
	return t, nil
}
