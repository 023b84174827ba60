package workshop

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/geo"
)

// gridJSON is the file of a case or a pair that says what its grid stands for, where
// there is something to say.
const gridJSON = "grid.json"

// A Ground says what a grid stands for.
type Ground struct {
	Width  int      `json:"width"` // px of the picture that lends the grid
	Height int      `json:"height"`
	Step   float64  `json:"step"`  // px of it along a side that one pixel of the grid stands for: 1 unless the pair was measured on copies
	North  *float64 `json:"north"` // degrees clockwise from the top to north, in the middle; null if unknown
}

// addGround adds what a grid stands for to b.
func addGround(b map[string][]byte, g Ground) error {
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

// Ground reads it back; a grid of w × h px of which nothing is said stands for itself.
func (r Result) Ground(w, h int) (Ground, error) {
	if !r.Holds(gridJSON) {
		return Ground{Width: w, Height: h, Step: 1}, nil
	}
	var g Ground
	err := r.JSON(gridJSON, &g)
	if err == nil && !(g.Step >= 1) {
		err = fmt.Errorf("%s: step %v: %w", gridJSON, g.Step, imagery.ErrCorrupt)
	}
	return g, err
}

// OnGrid takes positions in the picture that lends the grid to the grid.
func (g Ground) OnGrid(polygon []imagery.Point) []imagery.Point { return scaled(polygon, g.Step) }

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
