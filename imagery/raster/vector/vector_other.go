//go:build !amd64

package vector

// Only amd64 has more than the plain loops.

func wideFour(_, _ []Group, _, _, _ int, _ *[3]Turn) bool          { return false }
func wideTwo(_, _ []Group, _, _, _ int, _ Turn) bool               { return false }
func wideFilter(_, _ []float32, _, _ int, _ []float32) int         { return 0 }
func wideAdd(_, _ []float32) int                                   { return 0 }
func wideAddProduct(_, _, _ []float32) int                         { return 0 }
func wideCubic(_, _ []float32, _ int, _ []int, _, _ []float32) int { return 0 }
func wideDot(_ *[block]float32, _, _ []float32) bool               { return false }
func wideDots(_ *[4][block]float32, _, _, _, _ []float32) bool     { return false }
