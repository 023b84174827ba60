package main

import (
	"runtime/debug"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery/raster"
)

func TestMemoryIsReusedEarlyForLargePicturesUnlessTheUserSaysHowEarly(t *testing.T) {
	const usual = 123
	defer debug.SetGCPercent(debug.SetGCPercent(usual))
	percent := func() int {
		now := debug.SetGCPercent(usual)
		debug.SetGCPercent(now)
		return now
	}
	picture := func(w, h int) assess.Picture {
		return assess.Picture{Raster: raster.Raster{Bands: []raster.Plane{{W: w, H: h}}}}
	}
	for _, c := range []struct {
		name, gogc string
		pics       []assess.Picture
		want       int
	}{
		{"small pictures", "", []assess.Picture{picture(2048, 2048), picture(1024, 1024)}, usual},
		{"one large picture", "", []assess.Picture{picture(1024, 1024), picture(4096, 4096)}, strict},
		{"a large picture, and the user's own word", "200", []assess.Picture{picture(4096, 4096)}, usual},
		{"no picture that could be read", "", []assess.Picture{{}, {}}, usual},
	} {
		t.Setenv("GOGC", c.gogc)
		undo := collectOften(c.pics...)
		if got := percent(); got != c.want {
			t.Errorf("%s: %d %%, want %d", c.name, got, c.want)
		}
		if undo(); percent() != usual {
			t.Errorf("%s: %d %% is left", c.name, percent())
		}
	}
}
