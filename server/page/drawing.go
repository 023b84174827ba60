package page

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
)

// points writes a polygon for an SVG whose user units are pixels counted from
// the corner, so half a pixel further than pixel centres.
func points(polygon []imagery.Point) string {
	var b strings.Builder
	for i, p := range polygon {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatFloat(p.X+0.5, 'f', 1, 64))
		b.WriteByte(',')
		b.WriteString(strconv.FormatFloat(p.Y+0.5, 'f', 1, 64))
	}
	return b.String()
}

// A scaleBar is a bar over a picture.
type scaleBar struct {
	Percent float64 // of the picture's width
	Metres  float64
	Label   string
}

// scale returns a bar of a round length, about a fifth of the picture, or nil
// if the ground sample distance is not known.
func (v *voice) scale(g Grid) *scaleBar {
	if !(g.GSD > 0) || g.Width <= 0 {
		return nil
	}
	across := g.GSD * float64(g.Width)
	want := across / 5
	step := math.Pow(10, math.Floor(math.Log10(want)))
	for _, k := range []float64{5, 2} {
		if k*step <= want {
			step *= k
			break
		}
	}
	decimals := max(0, -int(math.Floor(math.Log10(step))))
	label := v.text("size.m", "m", v.decimal(step, decimals))
	if step >= 1000 {
		label = v.text("size.km", "km", v.decimal(step/1000, 0))
	}
	return &scaleBar{Percent: math.Round(1e4*step/across) / 100, Metres: step, Label: label}
}

// A fitted is a size at which a picture is shown.
type fitted struct{ Width, Height int }

// fit returns the largest size of a picture's shape in a box of that many CSS
// pixels. A picture is enlarged at most four times.
func fit(width, height, boxWidth, boxHeight int) fitted {
	if width <= 0 || height <= 0 {
		return fitted{boxWidth, boxHeight}
	}
	s := min(float64(boxWidth)/float64(width), float64(boxHeight)/float64(height), 4)
	return fitted{max(1, int(math.Round(s*float64(width)))), max(1, int(math.Round(s*float64(height))))}
}

// shown returns the size at which one of a pair is shown: that of the grid where
// the two share one, else its own.
func shown(v ImageView, p Pair, boxWidth, boxHeight int) fitted {
	if !p.Together() && v.Picture != nil {
		return fit(v.Picture.Width, v.Picture.Height, boxWidth, boxHeight)
	}
	return fit(p.Grid.Width, p.Grid.Height, boxWidth, boxHeight)
}

// known says that a number is one.
func known(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// shownTies is how many tie points a page draws at most.
const shownTies = 400

// ties draws tie points as SVG paths: a ring, and a line to ten times the error
// between the two positions. Of many, every so manieth is drawn.
func ties(points []compare.TiePoint) []string {
	every := max(1, (len(points)+shownTies-1)/shownTies)
	var out []string
	for i := 0; i < len(points); i += every {
		p := points[i]
		x, y := p.RefX+0.5, p.RefY+0.5
		dx, dy := 10*(p.MovX-p.RefX), 10*(p.MovY-p.RefY)
		if !known(x) || !known(y) || !known(dx) || !known(dy) {
			continue
		}
		out = append(out, fmt.Sprintf("M%.1f %.1fm-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0m3 0l%.1f %.1f", x, y, dx, dy))
	}
	return out
}
