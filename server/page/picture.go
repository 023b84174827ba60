package page

import (
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
)

// A Picture is a file that a browser can show.
type Picture struct {
	URL           string // an address of this service, or a path relative to a report
	Width, Height int    // px of the file
	Small         string // the same picture for narrow screens; "" if there is none
	SmallWidth    int    // px of Small
	Tiles         *Tiles // for deep zoom; nil if there are none
}

// Tiles is a Deep Zoom pyramid of a picture.
type Tiles struct {
	URL           string // the folder of tiles, with a slash at the end: URL + "{level}/{column}_{row}.{Format}"
	Width, Height int    // px of the whole picture
	Size          int    // px of a tile's side, without overlap
	Overlap       int    // px
	Format        string // "jpg", "png" or "webp"
}

// An ImageView is an image as pages show it.
type ImageView struct {
	imagery.Image
	ID        string   // how addresses name it: the first 12 characters of its digest; "" in a report
	Name      string   // how the page names it beside its date; File if ""
	Picture   *Picture // laid over the reference where it could be, else as it came; nil while there is none
	Status    compare.Status
	Why       string // why it is left out, in one plain clause; "" otherwise
	Alignment AlignmentView
	Footprint []imagery.Point // its corners on the reference grid; nil if not known
	Original  string          // address of the bytes as uploaded; "" if not offered
	Brought   []Bringer       // who brought it, as far as an editor released that
}

// A Bringer is somebody who brought a file, and what it was called on their machine.
type Bringer struct{ By, As string } // "" where that wasn't told

// Label is how the page names the image beside its date.
func (v ImageView) Label() string {
	if v.Name != "" {
		return v.Name
	}
	return v.File
}

// An AlignmentView is how well an image lies over the reference.
type AlignmentView struct {
	Aligned    bool
	Reason     compare.Reason // why not, where Aligned is false
	Model      compare.Model
	TiePoints  int
	ResidualPx float64 // RMSE of the tie points, px; NaN if unknown
	ExpectedPx float64 // expected mean error, px; NaN if unknown
	ExpectedM  float64 // the same in metres; NaN if unknown
	Overlap    float64 // share of the reference that the image covers, 0 to 1
}

// A Grid is the pixel grid that pictures of a pair share: the reference's.
type Grid struct {
	Width, Height int
	GSD           float64 // metres per pixel; 0 if unknown
	North         float64 // degrees clockwise from the top of the picture to north; NaN if unknown
}

// A Pair is two images on one grid, the one taken first first.
type Pair struct {
	Before, After ImageView // their Pictures show the whole grid
	Grid          Grid
	Outlines      []Outline          // the regions
	Difference    *Picture           // where the two differ; nil if there is none
	Heat          *Picture           // the change score in colours over After; nil if there is none
	TiePoints     []compare.TiePoint // what the alignment rests on, in grid px of both; nil if not to be shown
	ExpectedPx    float64            // expected alignment error between the two, grid px; NaN if unknown
	ExpectedM     float64            // the same in metres; NaN if unknown
	Reduced       int                // how many px of a picture's side were made one to measure the pair; 0 and 1: none were
	Uncertain     []string           // what limits the reading of these two, in plain sentences
}

// An Outline is a region on a Grid, in its pixels.
type Outline struct {
	Name    string
	Polygon []imagery.Point
	Part    []imagery.Point // where in it the change stands out most; nil for no such part
}

// Parted says that the part of a region in which it changed most is outlined.
func (p Pair) Parted() bool {
	return p.Together() && slices.ContainsFunc(p.Outlines, func(o Outline) bool { return len(o.Part) > 0 })
}

// Together says that the two lie on one grid, so that one may be shown over the
// other. Else they stand side by side.
func (p Pair) Together() bool {
	return (known(p.ExpectedPx) || p.Before.lies() && p.After.lies()) && p.Before.fills(p.Grid) && p.After.fills(p.Grid)
}

// Show returns the mode in which a page shows p when another is asked for: what
// does not lie on one grid stands side by side, and a derived picture that was
// not made can't be shown.
func (p Pair) Show(m Mode) Mode {
	switch {
	case !p.Together():
		return Side
	case m == Difference && p.Difference == nil, m == Heat && p.Heat == nil:
		return Swipe
	}
	return m
}

// lies says that v lies on the reference's grid.
func (v ImageView) lies() bool { return v.Status == compare.StatusReference || v.Alignment.Aligned }

// fills says that v has a picture of the grid's shape, within what rounding does
// to a small one.
func (v ImageView) fills(g Grid) bool {
	p := v.Picture
	if p == nil || p.Width <= 0 || p.Height <= 0 || g.Width <= 0 || g.Height <= 0 {
		return false
	}
	shape := float64(p.Width) * float64(g.Height) / (float64(p.Height) * float64(g.Width))
	return shape > 0.98 && shape < 1.02
}
