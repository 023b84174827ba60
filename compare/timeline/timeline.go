// Package timeline reads N pictures of one region, laid over one grid and in date
// order: which show it as it was, which as it became, how surely, and how large a
// change they could have shown at all. It knows the order of the pictures and
// nothing of their dates.
//
// The measure is dissimilarity of structure: one minus the correlation of softly
// normalised gradients, so light, contrast and haze count for nothing. It is taken
// between every two pictures, in the region and in control windows: windows of the
// region's shape and of like texture elsewhere in the same pictures; and in each of
// these as a whole and in squares of half its side, so that a change of a part isn't
// thinned by the rest. A split of the sequence into before and after counts as change
// only as far as it stands out from what the same splits and squares do in the
// controls, and no change is said only where a planted one would have been found.
//
// A change score says that structure differs. It is not a probability of damage.
package timeline

import (
	"context"
	"fmt"
	"math"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// A Frame is one image laid over the reference grid. Frames come in date order.
type Frame struct {
	File        string
	Aligned     bool
	Reference   bool
	Picture     raster.Raster // on the reference grid; Valid where there is data; may be empty if not Aligned
	From, Until int           // places of its date's ends among those of all frames, from 1: what ends by 3 comes before what begins at 3; 0 where the order given is sure
	Scale       float64       // reference pixels that one pixel of the image covers: 1 if alike, 4 if four times as coarse; 0 if unknown
}

// Analyse says what the frames show of the region, a polygon in pixels of the
// frames' common grid. The state is that of the frames whose own state is clear.
// Control windows are sought around the region: some [Options.Context] pixels of
// surroundings on each side serve best. Where fewer than two widths of the region are
// there, it is read in tiles, which shows less; with little around it, it stays undetermined.
func Analyse(ctx context.Context, frames []Frame, region []imagery.Point, opts Options) (compare.Timeline, error) {
	if err := opts.Validate(); err != nil {
		return compare.Timeline{}, err
	}
	g, err := newGrid(frames, region, opts)
	if err != nil {
		return compare.Timeline{}, fmt.Errorf("timeline: %w", err)
	}
	a := &analysis{opts: opts, grid: g, frames: frames, out: Blank(frames)}
	if err := a.run(ctx); err != nil {
		return compare.Timeline{}, fmt.Errorf("timeline: %w", err)
	}
	if a.out.Crowded {
		if err := a.readInTiles(ctx); err != nil {
			return compare.Timeline{}, fmt.Errorf("timeline: %w", err)
		}
	}
	return a.out, nil
}

// run takes the steps of an analysis, as far as there is something to say.
func (a *analysis) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{a.observe, a.compare, a.test, a.probe, a.conclude} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(ctx); err != nil || a.done {
			return err
		}
	}
	return nil
}

// Blank is the timeline of frames of which nothing is known yet.
func Blank(frames []Frame) compare.Timeline {
	t := compare.Timeline{State: compare.Undetermined, PValue: math.NaN(), Statistic: math.NaN(), DetectablePx: math.NaN(), RuledOutPx: math.NaN()}
	for _, f := range frames {
		o := compare.Frame{File: f.File, Status: compare.StatusUsed, State: compare.StateUnclear, Group: -1}
		switch {
		case !f.Aligned:
			o.Status, o.Why = compare.StatusUnaligned, "it could not be laid over the reference"
		case f.Reference:
			o.Status = compare.StatusReference
		}
		t.Frames = append(t.Frames, o)
	}
	return t
}
