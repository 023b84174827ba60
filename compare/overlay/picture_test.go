package overlay_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/overlay"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/encode"
	"github.com/antequem/antequem/imagery/raster"
)

// flat is a picture of one tone.
func flat(w, h int, tone float32) raster.Raster {
	p := raster.NewPlane(w, h)
	for i := range p.Pix {
		p.Pix[i] = tone
	}
	return raster.Raster{Bands: []raster.Plane{p}}
}

func at(im *image.NRGBA, x, y int) color.NRGBA { return im.NRGBAAt(x, y) }

func luma(c color.NRGBA) float64 {
	return 0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)
}

func TestView(t *testing.T) {
	colour := raster.Raster{Bands: []raster.Plane{flat(2, 1, 200).Bands[0], flat(2, 1, 100).Bands[0], flat(2, 1, 50.4).Bands[0]}}
	if got, want := at(overlay.View(colour), 1, 0), (color.NRGBA{200, 100, 50, 255}); got != want {
		t.Errorf("an ordinary picture shows %v, want it as it is, %v", got, want)
	}
	if got, want := at(overlay.View(flat(2, 2, 300)), 0, 0), (color.NRGBA{255, 255, 255, 255}); got != want {
		t.Errorf("an overshoot shows %v, want %v", got, want)
	}
	deep := raster.Raster{Bands: []raster.Plane{raster.NewPlane(1000, 1)}}
	for i := range deep.Bands[0].Pix {
		deep.Bands[0].Pix[i] = float32(i) * 10 // 16-bit reflectance, say
	}
	v := overlay.View(deep)
	if a, m, z := at(v, 5, 0).R, at(v, 500, 0).R, at(v, 995, 0).R; a != 0 || m < 126 || m > 129 || z != 255 {
		t.Errorf("a deep picture is stretched to %d, %d, %d, want 0, about 128, 255", a, m, z)
	}
	unit := raster.Raster{Bands: []raster.Plane{raster.NewPlane(100, 1)}}
	for i := range unit.Bands[0].Pix {
		unit.Bands[0].Pix[i] = float32(i) / 99
	}
	if got := at(overlay.View(unit), 99, 0).R; got != 255 {
		t.Errorf("a picture from 0 to 1 shows its 1 as %d, want 255", got)
	}
	hole := flat(2, 1, 100)
	hole.Valid = raster.Mask{W: 2, H: 1, Pix: []uint8{1, 0}}
	if got := at(overlay.View(hole), 1, 0); got.A != 0 {
		t.Errorf("nodata shows %v, want nothing", got)
	}
	if im := overlay.View(raster.Raster{}); !im.Rect.Empty() {
		t.Errorf("no bands make a picture of %v", im.Rect)
	}
}

func TestHeatLayerIsClearWhereNothingChangedAndBrighterWhereMoreDid(t *testing.T) {
	score := raster.NewPlane(101, 1)
	for i := range score.Pix {
		score.Pix[i] = float32(i) / 100
	}
	valid := raster.Full(101, 1)
	valid.Pix[100] = 0
	im := overlay.HeatLayer(score, valid)
	if at(im, 0, 0).A != 0 || at(im, 29, 0).A != 0 {
		t.Errorf("a score of 0 or 0.29 hides the picture")
	}
	for x := 32; x < 100; x++ {
		if a, b := at(im, x-1, 0), at(im, x, 0); luma(b) < luma(a) || b.A < a.A {
			t.Fatalf("score 0.%02d is %v after %v: neither brightness nor opacity may fall", x, b, a)
		}
	}
	if at(im, 100, 0).A != 0 {
		t.Errorf("nodata has a score")
	}
}

func TestHeatKeepsTheSmallerSizeAndHatchesNodata(t *testing.T) {
	score, valid := raster.NewPlane(40, 30), raster.Full(40, 30)
	for y := range 30 {
		for x := range 20 {
			valid.Pix[y*40+x] = 0
		}
	}
	score.Pix[10*40+30] = 1
	im := overlay.Heat(flat(64, 20, 128), score, valid)
	if im.Rect != image.Rect(0, 0, 40, 20) {
		t.Fatalf("the picture is %v, want 40 × 20", im.Rect)
	}
	plain := at(im, 35, 5)
	if plain.R != plain.G || plain.G != plain.B {
		t.Errorf("unchanged ground is %v, want grey", plain)
	}
	if hot := at(im, 30, 10); hot.R < 200 || luma(hot) < luma(plain)+60 {
		t.Errorf("changed ground is %v beside %v", hot, plain)
	}
	if at(im, 0, 0) == at(im, 4, 0) {
		t.Errorf("nodata is not hatched")
	}
}

func TestCheckerboardAlternates(t *testing.T) {
	im := overlay.Checkerboard(flat(20, 20, 200), flat(16, 18, 50), 5)
	if im.Rect != image.Rect(0, 0, 16, 18) {
		t.Fatalf("the picture is %v, want what both cover, 16 × 18", im.Rect)
	}
	for _, tt := range []struct{ x, y, want int }{{0, 0, 200}, {4, 4, 200}, {5, 0, 50}, {0, 5, 50}, {5, 5, 200}, {15, 10, 50}} {
		if got := at(im, tt.x, tt.y).R; int(got) != tt.want {
			t.Errorf("(%d, %d) is %d, want %d", tt.x, tt.y, got, tt.want)
		}
	}
}

// isYellow finds the box behind SYNTHETIC.
func isYellow(c color.NRGBA) bool { return c.R > 240 && c.G > 200 && c.B < 100 }

func TestFilmstrip(t *testing.T) {
	stills := []overlay.Still{
		{Name: "a.png", Words: "2015", Picture: flat(50, 40, 120), State: compare.StateOld, Synthetic: true},
		{Name: "b.png", Words: "2016", Status: compare.StatusUnaligned, State: compare.StateUnclear},
		{Name: "c.png", Words: "2017", Picture: flat(50, 40, 120), State: compare.StateNew, Group: 1},
	}
	ring := []imagery.Point{{X: 10, Y: 10}, {X: 39, Y: 10}, {X: 39, Y: 29}, {X: 10, Y: 29}}
	im := overlay.Filmstrip(stills, ring, overlay.FilmstripOptions{Tile: 200, Columns: 2})
	if w, h := im.Rect.Dx(), im.Rect.Dy(); w != 2*206+6 || h < 2*160 {
		t.Fatalf("the strip is %d × %d, want two tiles of 200 wide over two rows", w, h)
	}
	if !isYellow(at(im, 8, 8)) || isYellow(at(im, 8, 8+(im.Rect.Dy()-6)/2)) {
		t.Errorf("SYNTHETIC stands on the wrong picture")
	}
	// Four times enlarged, corner (10, 10) lies at 4·10.5 - 0.5 of the tile.
	if got := at(im, 6+60, 6+41); got.R < 180 {
		t.Errorf("the region's upper side shows %v, want white", got)
	}
	if got := at(im, 6+100, 6+80); got.R != 120 {
		t.Errorf("inside the region the picture shows %v, want it untouched", got)
	}
	for _, s := range [][]overlay.Still{nil, {{}}, {{Picture: flat(1, 1, 9)}}, {{Picture: flat(1, 900, 9)}}} {
		if im := overlay.Filmstrip(s, nil, overlay.FilmstripOptions{}); im.Rect.Empty() {
			t.Errorf("%d stills make an empty picture", len(s))
		}
	}
}

func TestTheGlyphOfALaterStateIsFullerThanThatOfTheNewOneAsOnTheTimeline(t *testing.T) {
	white := func(state compare.State, group int) (n int) {
		im := overlay.Filmstrip([]overlay.Still{{Picture: flat(50, 40, 20), State: state, Group: group}}, nil, overlay.FilmstripOptions{Tile: 200})
		for y := im.Rect.Dy() - 24; y < im.Rect.Dy(); y++ {
			for x := im.Rect.Dx() - 24; x < im.Rect.Dx(); x++ {
				if at(im, x, y).R > 128 {
					n++
				}
			}
		}
		return n
	}
	unclear, old, new, later := white(compare.StateUnclear, 0), white(compare.StateOld, 0), white(compare.StateNew, 1), white(compare.StateNew, 2)
	if unclear != 0 || old == 0 || new < old*4/3 || later < new*5/4 {
		t.Errorf("%d, %d, %d and %d px are white in the glyphs of no state, the old, the new and a later one", unclear, old, new, later)
	}
}

func TestOverview(t *testing.T) {
	before := overlay.Still{Name: "a.png", Words: "2015", Picture: flat(64, 48, 90)}
	after := overlay.Still{Name: "b.png", Words: "2016", Picture: flat(64, 48, 180), Synthetic: true}
	score := raster.NewPlane(64, 48)
	im := overlay.Overview(before, after, score, raster.Mask{}, overlay.OverviewOptions{Panel: 256})
	if got := at(im, 8+128, 8+96).R; got != 90 {
		t.Errorf("before shows %d, want 90", got)
	}
	if got := at(im, 2*8+256+128, 8+96).R; got != 180 {
		t.Errorf("after shows %d, want 180", got)
	}
	if isYellow(at(im, 10, 10)) || !isYellow(at(im, 2*8+256+2, 10)) || !isYellow(at(im, 3*8+512+2, 10)) {
		t.Errorf("SYNTHETIC has to stand on the synthetic picture and on what was made from it")
	}
	failed := overlay.Overview(before, overlay.Still{Name: "b.png"}, raster.Plane{}, raster.Mask{}, overlay.OverviewOptions{Panel: 256})
	if failed.Rect != im.Rect {
		t.Errorf("without alignment the overview is %v, want %v", failed.Rect, im.Rect)
	}
}

func TestResidualsPointFromWhereTheSpotIsToWhereTheFitPutsIt(t *testing.T) {
	al := compare.Self()
	al.RMSE = 4
	// Found 4 px left of where identity puts it: the arrow points right, 4 px · 2 (enlargement).
	al.TiePoints = []compare.TiePoint{{RefX: 120, RefY: 120, MovX: 116, MovY: 120, Weight: 1}, {RefX: 200, RefY: 200, MovX: 190, MovY: 200}}
	im := overlay.Residuals(flat(240, 240, 128), al)
	x, y := 240, 240
	if c := at(im, x+7, y); c.R < 200 || c.B > 120 {
		t.Errorf("right of the tie point is %v, want the arrow", c)
	}
	if c := at(im, x-9, y); c.R != c.G || c.G != c.B {
		t.Errorf("left of the tie point is %v, want grey", c)
	}
	al.Matrix[2] = [3]float64{0, 0, 0} // runs to infinity everywhere
	al.Model, al.Field = compare.Local, &compare.Field{Step: 60, Cols: 4, Rows: 4, DX: make([]float64, 16), DY: append(make([]float64, 15), math.Inf(1))}
	if im := overlay.Residuals(flat(240, 240, 128), al); im.Rect.Empty() {
		t.Errorf("no picture")
	}
	if im := overlay.Residuals(raster.Raster{}, compare.Alignment{Reason: compare.ReasonNoStructure}); im.Rect.Empty() {
		t.Errorf("no picture")
	}
}

func TestPicturesAreTheSameBytesEachTime(t *testing.T) {
	still := overlay.Still{Name: "a.png", Words: "2015", Picture: flat(333, 217, 120), Synthetic: true}
	draw := func() []byte {
		b, err := encode.PNG(overlay.Overview(still, still, raster.NewPlane(333, 217), raster.Mask{}, overlay.OverviewOptions{Panel: 200}), 1)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if !bytes.Equal(draw(), draw()) {
		t.Errorf("drawn differently the second time")
	}
}

func BenchmarkHeat(b *testing.B) {
	const side = 1024
	picture, score := flat(side, side, 128), raster.NewPlane(side, side)
	b.SetBytes(side * side) // one byte per pixel: MB/s reads as megapixels per second
	b.ReportAllocs()
	for b.Loop() {
		overlay.Heat(picture, score, raster.Mask{})
	}
}

func TestAPartIsOutlinedInDashesOnlyWhereItIsToldOf(t *testing.T) {
	box := func(a, b float64) []imagery.Point {
		return []imagery.Point{{X: a, Y: a}, {X: b, Y: a}, {X: b, Y: b}, {X: a, Y: b}}
	}
	old := overlay.Still{Name: "a", Picture: flat(60, 60, 100), Status: compare.StatusUsed, State: compare.StateOld}
	late := old
	late.State, late.Group, late.Part = compare.StateNew, 1, box(19.5, 39.5)
	im := overlay.Filmstrip([]overlay.Still{old, late}, box(9.5, 49.5), overlay.FilmstripOptions{Tile: 300, Columns: 2})
	// Views are enlarged five times; the part's upper side lies at 100 px of each.
	lit := func(tile int) (white, ground int) {
		for x := 105; x < 195; x++ {
			switch c := at(im, 6+tile*306+x, 6+100); {
			case luma(c) > 200:
				white++
			case luma(c) > 95 && luma(c) < 105:
				ground++
			}
		}
		return white, ground
	}
	if w, g := lit(0); w > 0 || g < 80 {
		t.Errorf("the old picture bears %d px of a part's outline beside %d px of ground", w, g)
	}
	if w, g := lit(1); w < 30 || g < 12 {
		t.Errorf("the new picture's outline of a part is %d px white and %d px ground of 90: want dashes", w, g)
	}
}
