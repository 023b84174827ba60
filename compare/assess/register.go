package assess

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// Align maps ref's pixels to mov's, from their georeferences or ground sample
// distances and a person's tie points where there are any. The only errors are a
// cancelled ctx and options that don't validate: pictures that can't be aligned are a
// finding.
func Align(ctx context.Context, ref, mov Picture, opts Options) (compare.Alignment, error) {
	if ref.Image.Digest == mov.Image.Digest && !ref.Image.Digest.IsZero() {
		return compare.Self(), nil
	}
	o := opts.Align
	o.Workers = opts.Workers
	o.Seed = seedOf(ref.Image.Digest, mov.Image.Digest)
	o.TiePoints = mov.Image.TiePoints
	if h, ok := georeferenceHint(ref, mov); ok {
		o.Hints = append(slices.Clone(o.Hints), h)
	} else if h, ok := sizeHint(ref, mov); ok {
		o.Hints = append(slices.Clone(o.Hints), h)
	}
	al, err := align.Estimate(ctx, ref.Raster, mov.Raster, o)
	if err != nil {
		return compare.Alignment{}, fmt.Errorf("align %s to %s: %w", mov.Image.File, ref.Image.File, err)
	}
	return al, nil
}

// seedOf derives the seed of random draws from what is compared, so that the
// same files always draw the same.
func seedOf(ds ...imagery.Digest) uint64 {
	h := sha256.New()
	for _, d := range ds {
		h.Write(d[:])
	}
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// ReportAlignment puts al into the words of its JSON, with the reference
// positions pts mapped through the whole model.
func ReportAlignment(al compare.Alignment, pts []imagery.Point) AlignmentReport {
	r := AlignmentReport{
		Status: "failed", Reason: string(al.Reason), Model: string(al.Model), Matrix: al.Matrix,
		RMSE: finite(al.RMSE), ExpectedError: finite(al.ExpectedError), Overlap: al.Overlap,
	}
	for _, t := range al.TiePoints {
		if t.Weight > 0 {
			r.TiePoints++
		}
	}
	if !al.Aligned {
		return r
	}
	r.Status = "aligned"
	if pts != nil {
		r.Points = [][2]*float64{} // a list was given, if an empty one
	}
	for _, p := range pts {
		x, y := al.Map(p.X, p.Y)
		r.Points = append(r.Points, [2]*float64{finite(x), finite(y)})
	}
	return r
}

// ReportTied is [ReportAlignment] with how far al misses each of a person's tie points.
func ReportTied(al compare.Alignment, pts []imagery.Point, ties []imagery.UserTiePoint) AlignmentReport {
	r := ReportAlignment(al, pts)
	r.Tied = tiedResiduals(al, ties)
	return r
}

// tiedResiduals returns how far al misses each of a person's tie points, px of the
// moving image; nil where al failed or maps one to infinity.
func tiedResiduals(al compare.Alignment, ties []imagery.UserTiePoint) []float64 {
	var out []float64
	for _, t := range ties {
		u, v := al.Map(t.Reference.X, t.Reference.Y)
		d := math.Hypot(u-t.Moving.X, v-t.Moving.Y)
		if !al.Aligned || math.IsNaN(d) {
			return nil
		}
		out = append(out, d)
	}
	return out
}

// Explain says in one plain sentence what a reason code means and what may mend it.
func Explain(r compare.Reason) string {
	switch r {
	case compare.ReasonTooSmall:
		return "a picture has too few pixels to be lined up; bring a larger one."
	case compare.ReasonNoStructure:
		return "a picture shows nothing to hold on to: it is blank, clouded or without data."
	case compare.ReasonNoHypothesis:
		return "no shift, turn or scale lays one over the other: another place, or too much has changed."
	case compare.ReasonNoAgreement:
		return "they agree in no more places than chance would give: another place, or too much has changed."
	case compare.ReasonLittleShared:
		return "they share too little ground to check the fit."
	case compare.ReasonImplausible:
		return "the best fit folds or tears the picture, so it is not believed."
	case compare.ReasonNone:
		return "no reason was given."
	}
	return "the reason is " + string(r) + "."
}

// finite returns nil for NaN and infinities, which JSON can't hold.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// A shifted map is an alignment seen from a window of the reference whose top
// left pixel is (x0, y0).
type shifted struct {
	al     compare.Alignment
	x0, y0 float64
}

// Map takes a position in the window to the moving image.
func (s shifted) Map(x, y float64) (mx, my float64) { return s.al.Map(x+s.x0, y+s.y0) }

// A window is a rectangle of the reference grid, in whole pixels.
type window struct{ x, y, w, h int }

func whole(r raster.Raster) window {
	w, h := r.Size()
	return window{w: w, h: h}
}

// resample lays mov over the window win of the reference.
func resample(mov raster.Raster, al compare.Alignment, win window, workers int) raster.Raster {
	return raster.Warp(mov, win.w, win.h, shifted{al, float64(win.x), float64(win.y)}, workers)
}

// unmap returns the reference position that al maps to the moving position
// (mx, my), by Newton's method from the global part's inverse; false where the
// map has none.
func unmap(al compare.Alignment, mx, my float64) (imagery.Point, bool) {
	x, y, ok := invert(al.Matrix, mx, my)
	if !ok {
		return imagery.Point{}, false
	}
	const h = 0.25 // px; the map is smooth over far more
	for range 30 {
		fx, fy := al.Map(x, y)
		ex, ey := mx-fx, my-fy
		if math.Hypot(ex, ey) < 1e-6 {
			return imagery.Point{X: x, Y: y}, true
		}
		ax, ay := al.Map(x+h, y)
		bx, by := al.Map(x, y+h)
		j11, j21, j12, j22 := (ax-fx)/h, (ay-fy)/h, (bx-fx)/h, (by-fy)/h
		det := j11*j22 - j12*j21
		if math.Abs(det) < 1e-9 || math.IsNaN(det) {
			return imagery.Point{}, false
		}
		x += (ex*j22 - ey*j12) / det
		y += (ey*j11 - ex*j21) / det
	}
	return imagery.Point{}, false
}

// invert applies the inverse of the homography m to (u, v).
func invert(m [3][3]float64, u, v float64) (x, y float64, ok bool) {
	// Two linear equations in x and y: (m0 - u·m2)·(x, y, 1) = 0, (m1 - v·m2)·(x, y, 1) = 0.
	a, b, c := m[0][0]-u*m[2][0], m[0][1]-u*m[2][1], m[0][2]-u*m[2][2]
	d, e, f := m[1][0]-v*m[2][0], m[1][1]-v*m[2][1], m[1][2]-v*m[2][2]
	det := a*e - b*d
	if math.Abs(det) < 1e-12 {
		return 0, 0, false
	}
	return (b*f - c*e) / det, (c*d - a*f) / det, true
}
