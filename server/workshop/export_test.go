package workshop

import "github.com/antequem/antequem/compare"

// What tests look at from outside.
var (
	AddTiles    = addTiles
	StreamTiles = streamTiles
	TopLevel    = topLevel
	Halve       = halve
	CropBox     = cropBox
	OnGrid      = onGrid
	NorthOf     = northOf
	Made        = caseOrder.made
)

// Order is a case as a recipe holds it.
type Order = caseOrder

// WholeMap is the map between two pictures, by the alignment of their copies.
func WholeMap(al compare.Alignment, stepX, stepY float64) interface {
	Map(x, y float64) (mx, my float64)
} {
	return wholeMap{al, stepX, stepY}
}
