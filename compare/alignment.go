package compare

import (
	"fmt"
	"math"

	"github.com/antequem/antequem/imagery"
)

// A TiePoint is one spot seen in both pictures, in pixels of each.
type TiePoint struct {
	RefX, RefY float64
	MovX, MovY float64
	Weight     float64 // 0 to 1: how far the fit trusted it; 0 is an outlier
}

// A Model is the family of maps that an alignment was fitted with.
type Model string

const (
	Identity    Model = "identity"
	Translation Model = "translation"
	Similarity  Model = "similarity"
	Affine      Model = "affine"
	Homography  Model = "homography"
	Local       Model = "local" // a homography and a smooth displacement field on top
)

// A Reason is a stable code that says why an alignment failed; "" where it didn't.
type Reason string

const (
	ReasonNone         Reason = ""
	ReasonTooSmall     Reason = "too-small"     // a picture has too few pixels to hold structure
	ReasonNoStructure  Reason = "no-structure"  // a picture is blank, clouded or all nodata
	ReasonNoHypothesis Reason = "no-hypothesis" // no shift, turn or scale explains the moving image
	ReasonNoAgreement  Reason = "no-agreement"  // one does, but no more windows agree on it than chance would give
	ReasonLittleShared Reason = "little-shared" // too small an overlap to check
	ReasonImplausible  Reason = "implausible"   // the fitted map folds, mirrors or tears the picture
)

// An Alignment maps reference pixels to moving pixels. The zero value is a
// failed alignment without a reason.
type Alignment struct {
	Aligned       bool
	Reason        Reason // why not, where Aligned is false
	Model         Model
	Matrix        [3][3]float64 // the global part; row by row, Matrix[2][2] is 1
	Field         *Field        // the local part, nil unless Model is Local
	TiePoints     []TiePoint
	RMSE          float64 // of the inlying tie points, px of the moving grid; NaN for none
	ExpectedError float64 // expected mean error of Map over the overlap, px of the moving grid; NaN if failed
	Overlap       float64 // share of the reference grid that the moving image covers with data, 0 to 1
}

// A Field is a smooth displacement added in the reference frame before the
// global part: Map(p) = Matrix · (p + Field(p)). Nodes stand on a regular grid,
// node (i, j) at reference pixel (X0 + i·Step, Y0 + j·Step); between them the
// displacement is bicubic (Catmull–Rom) and outside it is held constant.
type Field struct {
	X0, Y0, Step float64
	Cols, Rows   int
	DX, DY       []float64 // px of the reference grid, len Cols*Rows, row by row
}

// At returns the displacement at the reference position (x, y), px.
func (f *Field) At(x, y float64) (dx, dy float64) {
	u := min(max((x-f.X0)/f.Step, 0), float64(f.Cols-1))
	v := min(max((y-f.Y0)/f.Step, 0), float64(f.Rows-1))
	i, j := min(int(u), max(f.Cols-2, 0)), min(int(v), max(f.Rows-2, 0))
	wu, wv := catmullRom(u-float64(i)), catmullRom(v-float64(j))
	for b := range 4 {
		row := min(max(j+b-1, 0), f.Rows-1) * f.Cols
		for a := range 4 {
			k := row + min(max(i+a-1, 0), f.Cols-1)
			w := wu[a] * wv[b]
			dx += w * f.DX[k]
			dy += w * f.DY[k]
		}
	}
	return dx, dy
}

func catmullRom(t float64) [4]float64 {
	t2, t3 := t*t, t*t*t
	return [4]float64{(-t3 + 2*t2 - t) / 2, (3*t3 - 5*t2 + 2) / 2, (-3*t3 + 4*t2 + t) / 2, (t3 - t2) / 2}
}

// Map returns where the reference position (x, y) lies in the moving image,
// px. It returns NaN where the map runs to infinity.
func (a Alignment) Map(x, y float64) (mx, my float64) {
	if a.Field != nil {
		dx, dy := a.Field.At(x, y)
		x, y = x+dx, y+dy
	}
	m := &a.Matrix
	w := m[2][0]*x + m[2][1]*y + m[2][2]
	if w <= 1e-12 {
		return math.NaN(), math.NaN()
	}
	return (m[0][0]*x + m[0][1]*y + m[0][2]) / w, (m[1][0]*x + m[1][1]*y + m[1][2]) / w
}

// Self is the alignment of the reference image with itself.
func Self() Alignment {
	return Alignment{Aligned: true, Model: Identity, Matrix: [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, Overlap: 1}
}

// An AlignmentError says that two pictures could not be laid over one another,
// with what was found. It answers to [imagery.ErrNotAligned].
type AlignmentError struct {
	Reason    Reason
	TiePoints int
	RMSE      float64 // px
}

func (e *AlignmentError) Error() string {
	return fmt.Sprintf("align: %s (%d tie points, residual RMSE %.2f px)", e.Reason, e.TiePoints, e.RMSE)
}

func (e *AlignmentError) Unwrap() error { return imagery.ErrNotAligned }
