package workshop

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/edtf"
)

// Kinds of job. A recipe says everything that bears on its result, so the same
// recipe gives the same files on every machine.
const (
	KindCase = "case" // a location's images and claims → what judge writes
	KindPair = "pair" // two images → what compare writes
	KindView = "view" // one image → pictures of it that a browser shows
)

// viewVersion names how pictures of a single image are made, and drawnVersion how
// those for pages are made beside what package assess makes.
const (
	viewVersion  = "view.4"
	drawnVersion = "+pages.8"
)

// workVersion names how cases and pairs are worked.
func workVersion() string { return assess.Build() + drawnVersion }

// A caseOrder is what a case's recipe holds beside digests.
type caseOrder struct {
	Title     string          `json:"title"`
	Images    []imageOrder    `json:"images"`
	Reference string          `json:"reference"`
	Regions   []regionOrder   `json:"regions"`
	Claims    []imagery.Claim `json:"claims"`
	Options   assess.Options  `json:"options"`
}

type pairOrder struct {
	Before  imageOrder      `json:"before"`
	After   imageOrder      `json:"after"`
	Region  []imagery.Point `json:"region"`
	Options assess.Options  `json:"options"`
}

// An imageOrder is an image as a recipe holds it: what is unknown is null, for
// JSON has no NaN.
type imageOrder struct {
	File      string                 `json:"file"`
	Digest    imagery.Digest         `json:"sha256"`
	Acquired  edtf.Date              `json:"acquired"`
	Basis     imagery.Basis          `json:"basis"`
	Source    string                 `json:"source"`
	Publisher string                 `json:"publisher"`
	Licence   string                 `json:"licence"`
	Platform  imagery.Platform       `json:"platform"`
	Sensor    string                 `json:"sensor"`
	GSD       float64                `json:"gsd_m"`
	OffNadir  *float64               `json:"off_nadir"`
	SunAz     *float64               `json:"sun_azimuth"`
	SunEl     *float64               `json:"sun_elevation"`
	Notes     string                 `json:"notes"`
	Synthetic bool                   `json:"synthetic"`
	TiePoints []imagery.UserTiePoint `json:"tie_points"`
}

type regionOrder struct {
	Name    string            `json:"name"`
	Image   string            `json:"image"`
	Polygon []imagery.Point   `json:"polygon"`
	Rings   [][]imagery.Point `json:"rings"`
}

// CaseRecipe says how a case is judged.
func CaseRecipe(c imagery.Case, o assess.Options) (archive.Recipe, error) {
	order := caseOrder{Title: c.Title, Reference: c.Reference, Claims: c.Claims, Options: anyWorkers(o)}
	var inputs []imagery.Digest
	for _, im := range c.Images {
		order.Images = append(order.Images, orderOf(im))
		inputs = append(inputs, im.Digest)
	}
	for _, g := range c.Regions {
		order.Regions = append(order.Regions, regionOrder(g))
	}
	return recipe(KindCase, inputs, order, workVersion())
}

// PairRecipe says how two images are compared. The region, in pixels of before,
// may be empty.
func PairRecipe(before, after imagery.Image, region []imagery.Point, o assess.Options) (archive.Recipe, error) {
	order := pairOrder{Before: orderOf(before), After: orderOf(after), Region: region, Options: anyWorkers(o)}
	return recipe(KindPair, []imagery.Digest{before.Digest, after.Digest}, order, workVersion())
}

// ViewRecipe says how the pictures of a single image are made.
func ViewRecipe(d imagery.Digest) (archive.Recipe, error) {
	return recipe(KindView, []imagery.Digest{d}, struct{}{}, viewVersion)
}

func recipe(kind string, inputs []imagery.Digest, order any, version string) (archive.Recipe, error) {
	b, err := json.Marshal(order)
	if err != nil {
		return archive.Recipe{}, fmt.Errorf("recipe of a %s: %w", kind, err)
	}
	return archive.Recipe{Kind: kind, Inputs: inputs, Options: b, Version: version}, nil
}

// anyWorkers leaves the number of workers out: it bears on no result.
func anyWorkers(o assess.Options) assess.Options {
	o.Workers, o.Align.Workers, o.Change.Workers, o.Timeline.Workers = 0, 0, 0, 0
	return o
}

func orderOf(im imagery.Image) imageOrder {
	return imageOrder{
		File: im.File, Digest: im.Digest, Acquired: im.Acquired, Basis: im.Basis, Source: im.Source, Publisher: im.Publisher,
		Licence: im.Licence, Platform: im.Platform, Sensor: im.Sensor, GSD: im.GSD, OffNadir: known(im.OffNadir),
		SunAz: known(im.SunAz), SunEl: known(im.SunEl), Notes: im.Notes, Synthetic: im.Synthetic, TiePoints: im.TiePoints,
	}
}

func (o imageOrder) image() imagery.Image {
	return imagery.Image{
		File: o.File, Digest: o.Digest, Acquired: o.Acquired, Basis: o.Basis, Source: o.Source, Publisher: o.Publisher,
		Licence: o.Licence, Platform: o.Platform, Sensor: o.Sensor, GSD: o.GSD, OffNadir: orNaN(o.OffNadir),
		SunAz: orNaN(o.SunAz), SunEl: orNaN(o.SunEl), Notes: o.Notes, Synthetic: o.Synthetic, TiePoints: o.TiePoints,
	}
}

func (o caseOrder) made() imagery.Case {
	c := imagery.Case{Title: o.Title, Reference: o.Reference, Claims: o.Claims}
	for _, im := range o.Images {
		c.Images = append(c.Images, im.image())
	}
	for _, g := range o.Regions {
		c.Regions = append(c.Regions, imagery.Region(g))
	}
	return c
}

// known returns nil for what is not known.
func known(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}
