package raster

// Nth returns the sample that would stand at index k if v were sorted, and reorders
// v on the way (Hoare 1961, algorithm 65): a median costs a few passes rather than
// a sort. v holds no NaN, and k is an index of it.
func Nth[T float32 | float64](v []T, k int) T {
	for lo, hi := 0, len(v)-1; lo < hi; {
		a, b, c := v[lo], v[lo+(hi-lo)/2], v[hi]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for pivot < v[j] {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return v[k]
		}
	}
	return v[k]
}
