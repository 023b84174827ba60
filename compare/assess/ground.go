package assess

import (
	"fmt"
	"math"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/geo"
	"gonum.org/v1/gonum/mat"
)

// FromFile returns the decoded file pic as the picture of im, with what the
// file says filled in where im says nothing.
func FromFile(im imagery.Image, pic *decode.Picture) Picture {
	p := Picture{Image: im, Raster: pic.Raster()}
	for _, c := range decode.Contradictions(im, pic.Dates()) {
		p.Doubts = append(p.Doubts, c.Text)
	}
	g, ok := pic.Georeference()
	if !ok {
		return p
	}
	if _, err := g.Locate(); err != nil {
		return p
	}
	p.Georef = &g
	if im.GSD == 0 {
		w, h := p.Raster.Size()
		if gsd, err := g.GSD(w, h); err == nil {
			p.Image.GSD = gsd
		}
	}
	return p
}

// georeferenceError is how far a georeference is taken to be off at most, metres.
// Volunteers' exports and single scenes without ground control are off by tens
// of metres; a hint farther off than this is of no use.
const georeferenceError = 60

// georeferenceHint returns where the two pictures' own georeferences say that
// ref lies on mov: the affine map that fits a grid of ground points best.
func georeferenceHint(ref, mov Picture) (align.Hint, bool) {
	if ref.Georef == nil || mov.Georef == nil {
		return align.Hint{}, false
	}
	from, err1 := ref.Georef.Locate()
	to, err2 := mov.Georef.Locate()
	if err1 != nil || err2 != nil {
		return align.Hint{}, false
	}
	const n = 5
	w, h := ref.Raster.Size()
	a, b := mat.NewDense(n*n, 3, nil), mat.NewDense(n*n, 2, nil)
	for j := range n {
		for i := range n {
			x, y := float64(i)/(n-1)*float64(w-1), float64(j)/(n-1)*float64(h-1)
			u, v := to.Pixel(from.LonLat(x, y))
			if math.IsNaN(u) || math.IsNaN(v) || math.Abs(u)+math.Abs(v) > 1e7 {
				return align.Hint{}, false
			}
			a.SetRow(j*n+i, []float64{x, y, 1})
			b.SetRow(j*n+i, []float64{u, v})
		}
	}
	var m mat.Dense
	if err := m.Solve(a, b); err != nil {
		return align.Hint{}, false
	}
	hint := align.Hint{Matrix: [3][3]float64{{m.At(0, 0), m.At(1, 0), m.At(2, 0)}, {m.At(0, 1), m.At(1, 1), m.At(2, 1)}, {0, 0, 1}}}
	mw, mh := mov.Raster.Size()
	gsd, err := mov.Georef.GSD(mw, mh)
	if err != nil || !(gsd > 0) || math.Abs(hint.Matrix[0][0]*hint.Matrix[1][1]-hint.Matrix[0][1]*hint.Matrix[1][0]) < 1e-6 {
		return align.Hint{}, false
	}
	hint.Radius = georeferenceError / gsd
	return hint, true
}

// sizeHint returns the map that the two pictures' declared GSDs suggest, middle to
// middle, where these differ by more than a search without it would try.
func sizeHint(ref, mov Picture) (align.Hint, bool) {
	const tried = 1.5
	k := ref.Image.GSD / mov.Image.GSD // moving px per reference px
	if !(k > 0) || math.IsInf(k, 0) || k < tried && k > 1/tried {
		return align.Hint{}, false
	}
	w, h := ref.Raster.Size()
	mw, mh := mov.Raster.Size()
	x, y, u, v := float64(w-1)/2, float64(h-1)/2, float64(mw-1)/2, float64(mh-1)/2
	return align.Hint{Matrix: [3][3]float64{{k, 0, u - k*x}, {0, k, v - k*y}, {0, 0, 1}}, Radius: math.Hypot(u, v)}, true
}

// groundToPixels takes a ring of longitude and latitude to pixels.
func groundToPixels(g geo.Georeference, ring []imagery.Point) ([]imagery.Point, error) {
	l, err := g.Locate()
	if err != nil {
		return nil, err
	}
	places := make([]geo.LonLat, len(ring))
	for i, p := range ring {
		places[i] = geo.LonLat{Lon: p.X, Lat: p.Y}
	}
	px, err := l.Pixels(places)
	if err != nil {
		return nil, fmt.Errorf("on the ground: %w", err)
	}
	out := make([]imagery.Point, len(px))
	for i, p := range px {
		out[i] = imagery.Point{X: p[0], Y: p[1]}
	}
	return out, nil
}

// georeferenceDoubt says by how far the georeferences of ref and mov disagree
// with al, where that is more than they should; "" where they agree, or one has none.
func georeferenceDoubt(ref, mov Picture, al compare.Alignment) string {
	hint, ok := georeferenceHint(ref, mov)
	if !ok || !al.Aligned {
		return ""
	}
	w, h := ref.Raster.Size()
	x, y := float64(w-1)/2, float64(h-1)/2
	u, v := compare.Alignment{Matrix: hint.Matrix}.Map(x, y)
	s, t := al.Map(x, y)
	off := math.Hypot(u-s, v-t) * georeferenceError / hint.Radius
	if !(off > georeferenceClaim) {
		return ""
	}
	return fmt.Sprintf("its georeference and that of %s put it %.0f m beside where the two pictures agree: one of them is off by more than it should be. The pictures were lined up by what they show.", ref.Image.File, off)
}

// georeferenceClaim is what a georeference without ground control is good for,
// metres: 23 m CE90 is what QuickBird's basic products promise, newer ones less.
const georeferenceClaim = 25
