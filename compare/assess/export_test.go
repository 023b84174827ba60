package assess

import "github.com/antequem/antequem/imagery"

// Compose is compose, for tests of the maps it returns.
var Compose = compose

// Cautions returns what limits the reading of a case whose images were all read.
func Cautions(c imagery.Case) []string {
	r := &run{c: c}
	for _, im := range c.Images {
		r.images = append(r.images, aligned{image: im})
	}
	return r.cautions()
}
