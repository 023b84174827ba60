package assess

import (
	"math"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/geo"
	"github.com/antequem/antequem/imagery/raster"
)

// upright is a picture of 100 × 100 px of 1 m in UTM zone 37 north, its top left
// corner so many metres east of 500 km.
func upright(file string, east float64) Picture {
	return Picture{
		Image:  imagery.Image{File: file},
		Raster: raster.Raster{Bands: []raster.Plane{raster.NewPlane(100, 100)}},
		Georef: &geo.Georeference{EPSG: 32637, Transform: geo.Affine{A: 1, C: 500000 + east, E: -1, F: 4000000}, HasGrid: true},
	}
}

func TestAGeoreferenceThatIsOffIsSaid(t *testing.T) {
	for _, c := range []struct {
		name string
		east float64 // of the moving picture's georeference
		want string
	}{
		{"the pictures agree with their georeferences", 0, ""},
		{"by 10 m, as georeferences are", 10, ""},
		{"by 40 m", 40, "40 m beside"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := georeferenceDoubt(upright("a.tif", 0), upright("b.tif", c.east), compare.Self())
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	if got := georeferenceDoubt(upright("a.tif", 0), upright("b.tif", 40), compare.Alignment{}); got != "" {
		t.Errorf("not aligned, so nothing is known, yet %q", got)
	}
}

func TestGSDsThatDifferMuchSuggestAScale(t *testing.T) {
	// 0.5 m against 2 m: a reference pixel spans a quarter of a moving one, middle on middle.
	a, b := upright("a.png", 0), upright("b.png", 0)
	a.Image.GSD, b.Image.GSD = 0.5, 2
	h, ok := sizeHint(a, b)
	if u, v := (compare.Alignment{Matrix: h.Matrix}).Map(49.5, 49.5); !ok || h.Matrix[0][0] != 0.25 || math.Hypot(u-49.5, v-49.5) > 1e-9 {
		t.Errorf("got %v %v", h, ok)
	}
	b.Image.GSD = 0
	if _, ok := sizeHint(a, b); ok {
		t.Error("a hint from an unknown GSD")
	}
}

func TestResidualsOfAPersonsTiePointsAreInTheirOrder(t *testing.T) {
	// The second point is 3 px right of and 4 px below where the identity has it.
	ties := []imagery.UserTiePoint{{}, {Reference: imagery.Point{X: 10, Y: 10}, Moving: imagery.Point{X: 13, Y: 14}}}
	if got := tiedResiduals(compare.Self(), ties); len(got) != 2 || got[0] != 0 || got[1] != 5 {
		t.Errorf("got %v, want 0 and 5", got)
	}
	if got := tiedResiduals(compare.Alignment{}, ties); got != nil {
		t.Errorf("got %v for a failed alignment", got)
	}
}
