package assess

import (
	"fmt"
	"math"

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
