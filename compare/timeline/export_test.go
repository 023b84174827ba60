package timeline

// Splits returns splitsOf, for tests of its laws.
func Splits(frames []Frame) [][]bool {
	var out [][]bool
	for _, s := range splitsOf(frames) {
		out = append(out, s)
	}
	return out
}
