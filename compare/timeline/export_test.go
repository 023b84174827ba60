package timeline

import "github.com/antequem/antequem/imagery"

// Splits returns splitsOf, for tests of its laws.
func Splits(frames []Frame) [][]bool {
	var out [][]bool
	for _, s := range splitsOf(frames) {
		out = append(out, s)
	}
	return out
}

// PieceAreas returns the areas of a region's pieces, and of their cells summed, px.
func PieceAreas(region []imagery.Point) (areas, sums []int) {
	s, _, _, err := fill(region, 256, 256)
	if err != nil {
		panic(err)
	}
	l := newLayout(s)
	for _, in := range l.pieces {
		n := 0
		for _, c := range in {
			n += l.cells[c].area
		}
		sums = append(sums, n)
	}
	return l.areas, sums
}
