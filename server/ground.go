package server

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/geo"
	"github.com/antequem/antequem/server/page"
)

// gridJSON is the file of a case or a pair that says what its grid stands for, where
// there is something to say.
const gridJSON = "grid.json"

// A ground says what a grid stands for.
type ground struct {
	Width  int      `json:"width"` // px of the picture that lends the grid
	Height int      `json:"height"`
	Step   float64  `json:"step"`  // px of it along a side that one pixel of the grid stands for: 1 unless the pair was measured on copies
	North  *float64 `json:"north"` // degrees clockwise from the top to north, in the middle; null if unknown
}

// addGround adds what a grid stands for to b.
func addGround(b map[string][]byte, g ground) error {
	if g.Step == 1 && g.North == nil {
		return nil
	}
	text, err := json.Marshal(g)
	if err != nil {
		return fmt.Errorf("%s: %w", gridJSON, err)
	}
	b[gridJSON] = text
	return nil
}

// groundOf reads it back; a grid of w × h px of which nothing is said stands for itself.
func groundOf(res archive.Result, w, h int) (ground, error) {
	if !holds(res, gridJSON) {
		return ground{Width: w, Height: h, Step: 1}, nil
	}
	var g ground
	err := readJSON(res, gridJSON, &g)
	if err == nil && !(g.Step >= 1) {
		err = fmt.Errorf("%s: step %v: %w", gridJSON, g.Step, imagery.ErrCorrupt)
	}
	return g, err
}

// northOf returns the direction of north in the middle of a picture, degrees
// clockwise from its top; nil where the picture doesn't say where it lies.
func northOf(p assess.Picture) *float64 {
	if p.Georef == nil {
		return nil
	}
	l, err := p.Georef.Locate()
	if err != nil {
		return nil
	}
	w, h := p.Raster.Size()
	x, y := float64(w-1)/2, float64(h-1)/2
	here := l.LonLat(x, y)
	const degree = 1e-4 // about 11 m to the north
	nx, ny := l.Pixel(geo.LonLat{Lon: here.Lon, Lat: here.Lat + degree})
	angle := math.Atan2(nx-x, y-ny) * 180 / math.Pi
	if math.IsNaN(angle) || math.Hypot(nx-x, ny-y) < 1e-6 {
		return nil
	}
	angle = math.Round(10*angle) / 10
	if angle <= -180 {
		angle += 360
	}
	angle += 0 // minus zero is zero
	return &angle
}

// gridOf returns the grid of a case as its pages show it.
func (s *Server) gridOf(ctx context.Context, st standing) page.Grid {
	g := gridOf(st.report)
	if st.made.result == nil {
		return g
	}
	known, err := groundOf(*st.made.result, g.Width, g.Height)
	if err != nil {
		s.log.ErrorContext(ctx, "grid", "location", st.slug, "err", err)
		return g
	}
	g.North = orNaN(known.North)
	return g
}
