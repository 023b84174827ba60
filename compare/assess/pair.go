package assess

import (
	"context"
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/compare/change"
	"github.com/antequem/antequem/compare/radiometry"
	"github.com/antequem/antequem/compare/timeline"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// A PairResult is one picture laid over another, and what differs.
type PairResult struct {
	Before, After imagery.Image
	Alignment     compare.Alignment // of After to Before's grid
	Reference     raster.Raster     // Before as it is
	Moved         raster.Raster     // After on Before's grid, tones as they are; no bands if not aligned
	Tones         []radiometry.Line // what takes each band of Moved to Before's tones, for looking
	Score         raster.Plane      // change score for each pixel, 0 = none; see package change
	Valid         raster.Mask       // where both show ground: they hold data, and no drawn border
	Region        *compare.Timeline // nil without a region
	polygon       []imagery.Point
	opts          Options
	overview      image.Image // drawn once
}

// Pair lays after over before, evens out their tones and scores what differs.
// The region, in pixels of before, may be empty; where there is one, it is read
// as a timeline of two. Pictures that can't be aligned are a finding, not an error.
func Pair(ctx context.Context, before, after Picture, region []imagery.Point, opts Options, p Progress) (*PairResult, error) {
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	if p == nil {
		p = silent{}
	}
	r := &PairResult{Before: before.Image, After: after.Image, Reference: before.Raster, polygon: region, opts: opts}
	grid := whole(before.Raster)
	if err := insideGrid(region, grid); err != nil {
		return nil, err
	}
	const steps = 3
	p.Step("align", 0, steps)
	al, err := Align(ctx, before, after, opts)
	if err != nil {
		return nil, err
	}
	r.Alignment = al
	if !al.Aligned {
		return r, nil
	}
	p.Step("score the change", 1, steps)
	r.Moved = resample(after.Raster, al, grid, opts.Workers)
	r.Tones = radiometry.Fit(r.Reference, r.Moved)
	co := opts.Change
	co.Workers, co.ExpectedError = opts.Workers, orZero(al.ExpectedError)
	r.Score, r.Valid = change.Map(ground(r.Reference), ground(r.Moved), co)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.Step("read the region", 2, steps)
	if len(region) > 0 {
		if err := r.readRegion(ctx, after); err != nil {
			return nil, err
		}
	}
	p.Step("read the region", steps, steps)
	return r, nil
}

// ground returns r without its drawn border: noise and compression give black a
// structure, which differs from picture to picture and would pass for change.
func ground(r raster.Raster) raster.Raster {
	return raster.Raster{Bands: r.Bands, Valid: align.Ground(r)}
}

func (r *PairResult) readRegion(ctx context.Context, after Picture) error {
	frames := []timeline.Frame{
		{File: r.Before.File, Aligned: true, Reference: true, Picture: r.Reference, Scale: 1},
		{File: r.After.File, Aligned: true, Picture: r.Moved, Scale: coarseness(r.Alignment, whole(r.Reference))},
	}
	o := r.opts.Timeline
	o.Workers, o.Seed = r.opts.Workers, seedOf(r.Before.Digest, after.Image.Digest)
	t, err := timeline.Analyse(ctx, frames, r.polygon, o)
	if err != nil {
		return err
	}
	r.Region = &t
	return nil
}

// insideGrid wants every corner of a region on the picture it counts pixels of.
func insideGrid(polygon []imagery.Point, grid window) error {
	i := slices.IndexFunc(polygon, func(p imagery.Point) bool {
		return p.X < -0.5 || p.Y < -0.5 || p.X > float64(grid.w)-0.5 || p.Y > float64(grid.h)-0.5
	})
	if i < 0 {
		return nil
	}
	return fmt.Errorf("region: corner %d (%g, %g) lies outside the picture, which is %d × %d px: %w",
		i+1, polygon[i].X, polygon[i].Y, grid.w, grid.h, imagery.ErrInvalid)
}

// orZero returns 0 for NaN.
func orZero(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// Report puts the pair into the words of its JSON.
func (r *PairResult) Report() PairReport {
	w, h := r.Reference.Size()
	rep := PairReport{
		Before: r.Before.File, After: r.After.File,
		Alignment: ReportAlignment(r.Alignment, nil),
		Tones:     reportTones(r.Tones),
		Grid:      [2]int{w, h}, ChangedPct: r.changedPercent(),
		Version: Build(),
		Seed:    fmt.Sprintf("%016x", seedOf(r.Before.Digest, r.After.Digest)),
	}
	if r.Region != nil {
		g := reportRegion(regionOnGrid{polygon: r.polygon}, *r.Region, r.Before.GSD)
		rep.Region = &g
	}
	return rep
}

// reportTones puts the lines of tones into the words of a report, rounded to what
// they are known to.
func reportTones(lines []radiometry.Line) []ToneReport {
	out := []ToneReport{}
	for _, l := range lines {
		out = append(out, ToneReport{Gain: math.Round(l.Gain*1e4) / 1e4, Offset: math.Round(l.Offset*1e2) / 1e2})
	}
	return out
}

// changedFrom is the score from which on a pixel counts as changed: that of a median
// amount of structure, wholly replaced. Two shots of one ground in other light, with
// noise, blur and compression, hold 0.3 % of such pixels in the median of 20 scenes and
// 2.8 % at most; ground that people saw change in seven cities, a year or two apart, 47 to
// 96 %, and the rest of these cities 8 to 19 %.
const changedFrom = 0.5

// changedPercent returns the share of the pixels compared that count as changed, in
// percent; nil if none is compared.
func (r *PairResult) changedPercent() *float64 {
	changed, all := 0, 0
	for i, v := range r.Score.Pix {
		if r.Valid.Pix[i] == 0 {
			continue
		}
		all++
		if v >= changedFrom {
			changed++
		}
	}
	if all == 0 {
		return nil
	}
	return new(100 * float64(changed) / float64(all))
}
