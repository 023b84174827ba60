package views

// What tests look at from outside.
var (
	InstantOf = instantOf
)
