package workshop

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/antequem/antequem/compare"
)

// maxTies is how many tie points a page shows; of more, every so manieth.
const maxTies = 300

// tiesJSON is the file of a pair that holds the tie points that its alignment
// rests on: x and y of each in the picture before, and in the picture after as it
// is laid over it, px of the grid. A point's length is its residual.
const tiesJSON = "ties.json"

// addTies adds the tie points of an alignment to b.
func addTies(b map[string][]byte, al compare.Alignment) error {
	var inliers []compare.TiePoint
	for _, t := range al.TiePoints {
		if t.Weight > 0 {
			inliers = append(inliers, t)
		}
	}
	every := (len(inliers) + maxTies - 1) / maxTies
	ties := [][4]float64{}
	for i := 0; i < len(inliers); i += max(every, 1) {
		if x, y, ok := onGrid(al, inliers[i]); ok {
			ties = append(ties, [4]float64{inliers[i].RefX, inliers[i].RefY, x, y})
		}
	}
	text, err := json.Marshal(ties)
	if err != nil {
		return fmt.Errorf("%s: %w", tiesJSON, err)
	}
	b[tiesJSON] = text
	return nil
}

// onGrid returns where the moving end of a tie point lies on the reference grid:
// its residual, led back by the slope of the map at that place.
func onGrid(al compare.Alignment, t compare.TiePoint) (x, y float64, ok bool) {
	const h = 0.5
	mx, my := al.Map(t.RefX, t.RefY)
	ax, ay := al.Map(t.RefX+h, t.RefY)
	bx, by := al.Map(t.RefX, t.RefY+h)
	ax, ay, bx, by = (ax-mx)/h, (ay-my)/h, (bx-mx)/h, (by-my)/h
	det := ax*by - ay*bx
	dx, dy := t.MovX-mx, t.MovY-my
	x, y = t.RefX+(dx*by-dy*bx)/det, t.RefY+(dy*ax-dx*ay)/det
	return x, y, !math.IsNaN(x+y) && !math.IsInf(x+y, 0)
}

// Ties reads them back, placed on the grid; none where the result holds none.
func (r Result) Ties() ([]compare.TiePoint, error) {
	if !r.Holds(tiesJSON) {
		return nil, nil
	}
	var ties [][4]float64
	if err := r.JSON(tiesJSON, &ties); err != nil {
		return nil, err
	}
	out := make([]compare.TiePoint, len(ties))
	for i, t := range ties {
		out[i] = compare.TiePoint{RefX: t[0], RefY: t[1], MovX: t[2], MovY: t[3], Weight: 1}
	}
	return out, nil
}
