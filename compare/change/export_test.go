package change

import "github.com/antequem/antequem/imagery/raster"

// MAD returns the chi-square of the iteratively reweighted MAD variates of a pixel,
// for tests that set the score beside it.
func MAD(a, b raster.Raster) func(x, y int) float64 {
	w, h := a.Size()
	m := fitVariates(a, b, raster.Mask{W: w, H: h, Pix: shared(a.Valid, b.Valid, w, h)})
	u, v := make([]float64, len(a.Bands)), make([]float64, len(b.Bands))
	return func(x, y int) float64 {
		at(u, rowsOf(a, y), x)
		at(v, rowsOf(b, y), x)
		return m.distance(u, v)
	}
}

// Survival, Ln and Exp are what they are called inside.
var (
	Survival = survival
	Ln       = ln
	Exp      = exp
)
