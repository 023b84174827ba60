package overlay

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// Residuals shows the quality of an alignment: over the reference in grey, each tie
// point with an arrow from where it was found to where the alignment puts it, both
// in the moving image, drawn longer by a factor that the strip below tells. Rings
// are tie points that carry the fit, crosses ones that it left aside.
func Residuals(reference raster.Raster, al compare.Alignment) *image.NRGBA {
	view := grey(View(reference), 30, 150)
	base, scale := fitView(view, max(min(view.Rect.Dx(), 1600), 480), 3000)
	size := max(float64(base.Rect.Dx())/60, 12)
	strip := int(size*1.3*2+size*0.45) + 1
	out := blank(base.Rect.Dx(), base.Rect.Dy()+strip, dusk)
	paste(out, base, image.Point{})
	longer := exaggeration(al, scale)
	place := func(x, y float64) imagery.Point {
		return imagery.Point{X: (x+0.5)*scale - 0.5, Y: (y+0.5)*scale - 0.5}
	}
	if al.Field != nil {
		drawField(out, al.Field, place, scale*longer)
	}
	inliers, r := 0, max(size/5, 2.5)
	for _, tp := range al.TiePoints {
		p := place(tp.RefX, tp.RefY)
		if !(tp.Weight > 0) {
			cross(out, p, r)
			continue
		}
		inliers++
		mx, my := al.Map(tp.RefX, tp.RefY)
		if math.IsNaN(mx) || math.IsNaN(my) {
			continue
		}
		tip := imagery.Point{X: p.X + (mx-tp.MovX)*scale*longer, Y: p.Y + (my-tp.MovY)*scale*longer}
		arrow(out, p, tip, r)
	}
	first := fmt.Sprintf("%d tie points carry the fit, %d left aside; residual RMSE %s px", inliers, len(al.TiePoints)-inliers, short(al.RMSE))
	if !al.Aligned {
		first = "Not aligned: " + string(al.Reason)
	}
	second := fmt.Sprintf("arrows drawn %s times as long as the residuals", short(longer))
	if al.Field != nil {
		second += "; blue lines: the local field"
	}
	banner(out, out.Rect, size, first, second)
	return out
}

// exaggeration makes the 95th percentile of the residuals about 14 px long: a power
// of two, and never less than the truth.
func exaggeration(al compare.Alignment, scale float64) float64 {
	var lengths []float64
	for _, tp := range al.TiePoints {
		mx, my := al.Map(tp.RefX, tp.RefY)
		if d := math.Hypot(mx-tp.MovX, my-tp.MovY); tp.Weight > 0 && !math.IsNaN(d) {
			lengths = append(lengths, d*scale)
		}
	}
	if len(lengths) == 0 {
		return 1
	}
	slices.Sort(lengths)
	typical := max(lengths[len(lengths)*95/100], 1e-4)
	return max(math.Exp2(math.Floor(math.Log2(14/typical))), 1)
}

var (
	amber = color.NRGBA{255, 193, 37, 255}
	azure = color.NRGBA{96, 176, 255, 255}
)

// arrow draws a ring at p and a shaft from it to tip, cased in black.
func arrow(im *image.NRGBA, p, tip imagery.Point, r float64) {
	for _, pass := range []struct {
		grow float64
		c    color.NRGBA
	}{{1.2, black}, {0, amber}} {
		var s shape
		s.line(p, tip, 1.6+2*pass.grow)
		s.fill(im, pass.c)
		var dot shape
		dot.circle(p, r*0.7+pass.grow)
		dot.fill(im, pass.c)
	}
	var in shape
	in.circle(p, r*0.35)
	in.fill(im, black)
}

func cross(im *image.NRGBA, p imagery.Point, r float64) {
	for _, pass := range []struct {
		width float64
		c     color.NRGBA
	}{{3.4, black}, {1.4, pale}} {
		for _, sign := range []float64{1, -1} {
			var s shape
			s.line(imagery.Point{X: p.X - r, Y: p.Y - sign*r}, imagery.Point{X: p.X + r, Y: p.Y + sign*r}, pass.width)
			s.fill(im, pass.c)
		}
	}
}

// drawField draws the local displacement at the field's nodes.
func drawField(im *image.NRGBA, f *compare.Field, place func(x, y float64) imagery.Point, longer float64) {
	every := max(1, max(f.Cols, f.Rows)/40)
	for j := 0; j < f.Rows; j += every {
		for i := 0; i < f.Cols; i += every {
			k := j*f.Cols + i
			if k >= len(f.DX) || k >= len(f.DY) {
				return
			}
			p := place(f.X0+float64(i)*f.Step, f.Y0+float64(j)*f.Step)
			var s shape
			s.line(p, imagery.Point{X: p.X + f.DX[k]*longer, Y: p.Y + f.DY[k]*longer}, 1.4)
			s.fill(im, azure)
		}
	}
}

// Checkerboard shows two pictures on one grid in alternate squares, so that edges
// that run on from square to square show the alignment. cell is the side of a
// square, px; 0 makes about twelve of them across. Where the second has no data its
// squares are dark.
func Checkerboard(a, b raster.Raster, cell int) *image.NRGBA {
	va, vb := View(a), View(b)
	w, h := min(va.Rect.Dx(), vb.Rect.Dx()), min(va.Rect.Dy(), vb.Rect.Dy())
	if cell <= 0 {
		cell = max(max(w, h)/12, 8)
	}
	out := blank(w, h, dusk)
	for y := range h {
		for x := range w {
			src := va
			if (x/cell+y/cell)%2 == 1 {
				src = vb
			}
			j := src.PixOffset(x, y)
			if src.Pix[j+3] != 0 {
				i := out.PixOffset(x, y)
				copy(out.Pix[i:i+3], src.Pix[j:j+3])
			}
		}
	}
	return out
}
