package assess

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"maps"
	"slices"

	"github.com/antequem/antequem/compare/overlay"
	"github.com/antequem/antequem/imagery/encode"
)

// A Bundle is a set of named files made from a case or a pair: the derived
// result that the command line writes to a folder and the service keeps under
// its recipe. Names use forward slashes.
type Bundle map[string][]byte

// Names of the files in a bundle. Those of single images end in their digest's
// first 12 characters.
const (
	ReportJSON      = "report.json"      // Report of a case, PairReport of a pair, AlignmentReport
	BeforePNG       = "before.png"       // pair: the reference, 8 bits
	AfterPNG        = "after.png"        // pair: the moving image on the reference grid
	ChangePNG       = "change.png"       // pair: 16-bit grey, change score, 0 = none
	HeatPNG         = "heat.png"         // pair: the change score as a transparent layer
	ValidPNG        = "valid.png"        // pair: white where both have data
	OverviewPNG     = "overview.png"     // pair: before, after and heat side by side, dated
	ResidualsPNG    = "residuals.png"    // alignment: tie points with residual arrows
	CheckerboardPNG = "checkerboard.png" // alignment: both pictures in alternate squares
	TimelineSVG     = "timeline.svg"     // case: dates, states, bracket and claims on one axis
	FilmstripPNG    = "filmstrip.png"    // case: the region in date order
	PlaceboPNG      = "placebo.png"      // case: the nearest control windows in date order
	MatrixSVG       = "matrix.svg"       // case: dissimilarity of each image with each
	ControlsSVG     = "controls.svg"     // case: the control windows' statistic, and the region's
	PowerSVG        = "power.svg"        // case: share of planted changes found, by size
	RegionsFolder   = "regions/"         // case of several regions: the drawings of each but the first, see RegionFolder
	AlignedFolder   = "aligned/"         // case: aligned/{12 characters}.png, each image on the reference grid
)

// A PairReport is what compare says of two pictures.
type PairReport struct {
	Before     string          `json:"before"`
	After      string          `json:"after"`
	Alignment  AlignmentReport `json:"alignment"`
	Tones      []ToneReport    `json:"tones"` // for each band of after; empty if not aligned
	Grid       [2]int          `json:"grid"`
	ChangedPct *float64        `json:"changed_percent"` // of the pixels that are compared; null where none is
	Region     *RegionReport   `json:"region"`          // null without a region
	Version    string          `json:"version"`
	Seed       string          `json:"seed"`
}

// A ToneReport is the straight line that takes the tones of a band of after to
// those of before: the difference of light between the two.
type ToneReport struct {
	Gain   float64 `json:"gain"`
	Offset float64 `json:"offset"`
}

// encode fills b with what the functions return, in any order, and stops at the
// first that fails.
func (b Bundle) encode(files map[string]func() ([]byte, error)) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data, err := files[name]()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		b[name] = data
	}
	return nil
}

// JSON writes v as reports are written: indented, and without escapes for HTML.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}

// Bundle returns the pictures of the pair and its report.
func (r *PairResult) Bundle(ctx context.Context) (Bundle, error) {
	b := Bundle{}
	files := map[string]func() ([]byte, error){
		ReportJSON: func() ([]byte, error) { return JSON(r.Report()) },
		BeforePNG:  picture(r.opts.Workers, func() image.Image { return overlay.View(r.Reference) }),
	}
	if r.Alignment.Aligned {
		files[AfterPNG] = picture(r.opts.Workers, func() image.Image { return overlay.View(r.Moved) })
		files[ChangePNG] = picture(r.opts.Workers, func() image.Image { return scorePicture(r.Score) })
		files[ValidPNG] = picture(r.opts.Workers, func() image.Image { return maskPicture(r.Valid) })
		files[HeatPNG] = picture(r.opts.Workers, func() image.Image { return overlay.HeatLayer(r.Score, r.Valid) })
		files[ResidualsPNG] = picture(r.opts.Workers, func() image.Image { return overlay.Residuals(r.Reference, r.Alignment) })
	}
	files[OverviewPNG] = picture(r.opts.Workers, func() image.Image { return r.Overview() })
	if err := b.encode(files); err != nil {
		return nil, err
	}
	return b, ctx.Err()
}

// Bundle returns the report of the case and its pictures. Images are loaded and
// resampled once more: a case holds on to no more than its regions.
func (r *CaseResult) Bundle(ctx context.Context, load Loader) (Bundle, error) {
	b := Bundle{}
	err := b.encode(map[string]func() ([]byte, error){
		ReportJSON: func() ([]byte, error) { return JSON(r.Report) },
	})
	if err != nil {
		return nil, err
	}
	for k := range r.run.regions {
		if err := b.encode(r.run.drawings(k)); err != nil {
			return nil, err
		}
	}
	grid := window{w: r.Report.Grid[0], h: r.Report.Grid[1]}
	for _, a := range r.run.images {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !a.alignment.Aligned {
			continue
		}
		pic, err := load(ctx, a.image)
		if err != nil {
			return nil, err
		}
		png, err := encode.PNG(overlay.View(resample(pic.Raster, a.alignment, grid, r.run.opts.Workers)), r.run.opts.Workers)
		if err != nil {
			return nil, err
		}
		b[AlignedFolder+a.image.Digest.Short()+".png"] = png
	}
	return b, nil
}
