package server

// What tests look at from outside.
var (
	AddTiles      = addTiles
	Halve         = halve
	TopLevel      = topLevel
	FileName      = fileName
	InstantOf     = instantOf
	OnGrid        = onGrid
	CropBox       = cropBox
	PublicFailure = publicFailure
)

// Order is a case as a recipe holds it.
type Order = caseOrder

var Made = caseOrder.made

// Explain returns what a reader is told of an error.
func Explain(err error) (status int, title, detail string) {
	t := explain(err)
	return t.Status, t.Title, t.Detail
}
