package assess_test

import (
	"context"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// Four pictures of one scene, each with its own grain. A person tied the third one
// 30 px beside where it lies, which its own pictures don't bear out.
func TestAnImageTiedToTheWrongPlaceIsNamed(t *testing.T) {
	scene := checkered(420)
	c := imagery.Case{Title: "stack", Reference: "a.png"}
	for i, name := range []string{"a.png", "b.png", "c.png", "d.png"} {
		im := imagery.Image{File: name}
		im.Digest[0] = byte(i + 1)
		c.Images = append(c.Images, im)
	}
	for _, p := range []imagery.Point{{X: 60, Y: 60}, {X: 300, Y: 80}, {X: 90, Y: 320}} {
		c.Images[2].TiePoints = append(c.Images[2].TiePoints, imagery.UserTiePoint{Reference: p, Moving: imagery.Point{X: p.X + 30, Y: p.Y}})
	}
	square := imagery.Region{Name: "square", Image: "a.png", Polygon: []imagery.Point{{X: 200, Y: 200}, {X: 240, Y: 200}, {X: 240, Y: 240}, {X: 200, Y: 240}}}
	c.Regions = []imagery.Region{square}
	wantMisfit(t, c, scene)

	blank, far := imagery.Image{File: "e.png", Digest: imagery.Digest{blankDigest}}, square
	far.Name, far.Image = "drawn on what could not be aligned", blank.File
	c.Images, c.Regions = append(c.Images, blank), []imagery.Region{far, square}
	wantMisfit(t, c, scene)
}

// blankDigest begins the digest of a picture that shows nothing.
const blankDigest = 9

// wantMisfit wants c.png, and it alone, to be named as an image that fits badly.
func wantMisfit(t *testing.T, c imagery.Case, scene raster.Plane) {
	t.Helper()
	load := func(_ context.Context, im imagery.Image) (assess.Picture, error) {
		if im.Digest[0] == blankDigest {
			return assess.Picture{Image: im, Raster: raster.Raster{Bands: []raster.Plane{raster.NewPlane(scene.W, scene.H)}}}, nil
		}
		return assess.Picture{Image: im, Raster: grained(scene, uint32(im.Digest[0]))}, nil
	}
	res, err := assess.Case(t.Context(), c, load, assess.DefaultOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	found := ""
	for _, w := range res.Report.Cautions {
		if strings.Contains(w, "the other images badly") {
			found = w
		}
	}
	if !strings.HasPrefix(found, "c.png fits") {
		t.Errorf("cautions %q, want one that names c.png alone", res.Report.Cautions)
	}
}

// checkered draws rectangles of many sizes and tones, side px to a side.
func checkered(side int) raster.Plane {
	p := raster.NewPlane(side, side)
	state := uint32(1)
	next := func(n int) int {
		state = state*1664525 + 1013904223
		return int(state>>8) % n
	}
	for range side * 3 {
		x0, y0, w, h, tone := next(side), next(side), 4+next(24), 4+next(24), float32(30+next(200))
		for y := y0; y < min(side, y0+h); y++ {
			for x := x0; x < min(side, x0+w); x++ {
				p.Pix[y*side+x] = tone
			}
		}
	}
	return raster.Blur(p, raster.Mask{}, 0.9, 1)
}

// grained returns p with noise of ±4.
func grained(p raster.Plane, seed uint32) raster.Raster {
	out := raster.NewPlane(p.W, p.H)
	for i, v := range p.Pix {
		seed = seed*1664525 + 1013904223
		out.Pix[i] = v + float32(seed>>24)/32 - 4
	}
	return raster.Raster{Bands: []raster.Plane{out}}
}
