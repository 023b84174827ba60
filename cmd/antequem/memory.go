package main

import (
	"os"
	"runtime/debug"

	"github.com/antequem/antequem/compare/assess"
)

const (
	// large is the size of a picture, pixels, from which on comparing it takes memory
	// by the GiB, so that room not reused costs more time than looking for it does.
	large = 8 << 20
	// strict is how far, in percent, the memory in use may then grow before it is looked
	// through for what is no longer needed. At 4096² it takes a third off the peak.
	strict = 25
)

// collectOften has memory reused early where a picture is large, unless GOGC in the
// environment says how early. undo has it as it was.
func collectOften(pics ...assess.Picture) (undo func()) {
	for _, p := range pics {
		if w, h := p.Raster.Size(); w*h >= large && os.Getenv("GOGC") == "" {
			was := debug.SetGCPercent(strict)
			return func() { debug.SetGCPercent(was) }
		}
	}
	return func() {}
}
