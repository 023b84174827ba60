// Package synth draws a fictional town seen from above, so that there are scenes
// whose true shift and true damage are known: for tests, and for the training
// case that shows what the program does. It is pure: a [Spec] fixes every byte.
//
// The town stands on flat ground in metres, x east and y south, heights up. The
// reference grid lies on that ground: pixel (x, y) is the ground point
// ((x - (RefW-1)/2)·RefGSD, (y - (RefH-1)/2)·RefGSD). [Spec.ToMoving] maps this
// grid to the pixels of the picture drawn, the direction of every transform in
// the project, and holds exactly for what lies on the ground; roofs lean away
// from it by their height times the tangent of the off-nadir angle, as they do
// in a photograph.
package synth

import (
	"image"

	"github.com/antequem/antequem/imagery"
)

// The reference grid: its size in pixels and its ground sample distance, metres
// per pixel. A Spec may draw any part of it, at any scale, and beyond its rim.
const (
	RefW, RefH = 900, 700
	RefGSD     = 0.5
)

// A Spec says what to draw. Equal specs give equal bytes.
type Spec struct {
	Town     uint64        // seed of streets, houses and trees; equal seeds, equal towns
	Look     uint64        // seed of what no two pictures share: cars, clouds, noise
	W, H     int           // size of the picture, px
	ToMoving [3][3]float64 // reference grid → this picture; see Identity and Similarity
	Damaged  bool          // most of the clinic has collapsed

	OffNadir float64 // degrees, 0 is nadir, below 45: how far buildings lean
	LeanAz   float64 // direction in which they lean, degrees clockwise from north (up on the reference grid)
	SunAz    float64 // where the sun stands, degrees clockwise from north
	SunEl    float64 // degrees above the horizon, 5 to 90

	Leaf  float64 // share of leaves on the trees, 0 (bare) to 1
	Green float64 // how green the grass is, 0 (dry) to 1
	Haze  float64 // share of the light that comes from the air, 0 to 0.6
	Gain  float64 // exposure; 1 is a plain one, 0 means 1
	Warm  float64 // colour cast, -1 (blue) to 1 (yellow)
	Blur  float64 // standard deviation of the sensor's blur, px of this picture; 0.5 is a sharp sensor
	Noise float64 // standard deviation of the noise, grey levels of 255
	JPEG  int     // quality of a pass through JPEG, 1 to 100; 0 for none

	Cloud   float64       // share of the picture under cloud, 0 to 1
	CloudAt imagery.Point // reference pixel that a bank of cloud surely hides, where Cloud is not 0
	Bare    bool          // leaves the mark SYNTHETIC out: for tests, which show it to nobody
}

// A Truth is what is known of a drawn picture.
type Truth struct {
	ToMoving [3][3]float64   // reference grid → picture, exact on the ground
	Building []imagery.Point // outline of the clinic as this picture shows it, walls and roof, reference grid
	Damage   []imagery.Point // convex hull of all that the collapse alters, shadow included, reference grid
	Damaged  bool
	Hidden   bool // the clinic lies under cloud
}

// Draw draws the picture that s describes. The picture is opaque.
func Draw(s Spec) (*image.NRGBA, Truth) {
	s = s.within()
	sc := newScene(s)
	img := s.develop(sc.expose(), sc)
	if !s.Bare {
		mark(img)
	}
	return img, sc.truth()
}

// within returns s with every value brought into its range, so that no spec
// can make Draw fail.
func (s Spec) within() Spec {
	s.W, s.H = min(max(s.W, 1), 8192), min(max(s.H, 1), 8192)
	if s.Gain == 0 {
		s.Gain = 1
	}
	if _, ok := invert(s.ToMoving); !ok {
		s.ToMoving = Identity()
	}
	s.OffNadir = clamp(s.OffNadir, 0, 44)
	s.SunEl = clamp(s.SunEl, 5, 90)
	s.Leaf, s.Green, s.Cloud = clamp(s.Leaf, 0, 1), clamp(s.Green, 0, 1), clamp(s.Cloud, 0, 1)
	s.Haze, s.Gain, s.Warm = clamp(s.Haze, 0, 0.6), clamp(s.Gain, 0.05, 10), clamp(s.Warm, -1, 1)
	s.Blur, s.Noise = clamp(s.Blur, 0, 20), clamp(s.Noise, 0, 128)
	s.JPEG = min(max(s.JPEG, 0), 100)
	return s
}

// clamp brings v into [lo, hi]; NaN becomes lo.
func clamp(v, lo, hi float64) float64 {
	if !(v > lo) {
		return lo
	}
	return min(v, hi)
}
