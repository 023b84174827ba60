// Package align lays a moving image over a reference: it estimates the map from
// reference pixels to moving pixels, how far that map can be off, or why there
// is none to be trusted.
//
// The way of a pair:
//
//	views        pyramids of brightness, nodata, flat borders and what is printed on both masked out
//	hypotheses   georeference, a person's tie points, a grid of turns and scales
//	search       windows at a coarse level vote for one similarity (or affine)
//	refine       smaller steps at finer levels, the moving image resampled each time
//	prove        windows, each under a map it had no say in, must agree far beyond chance
//	local        a smooth field on top, where tie points carry one
//
// Everything is measured on structure: the direction of the brightness gradient,
// doubled, so that neither light nor contrast nor its reversal matters.
package align

import (
	"context"
	"math"
	"sync"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster"
)

// Estimate aligns mov to ref. The error is for a cancelled ctx or invalid opts
// alone: where no map can be trusted, the result is an alignment with Aligned
// false and a Reason.
func Estimate(ctx context.Context, ref, mov raster.Raster, opts Options) (compare.Alignment, error) {
	if err := opts.Validate(); err != nil {
		return compare.Alignment{}, err
	}
	if err := ctx.Err(); err != nil {
		return compare.Alignment{}, err
	}
	if tooSmall(ref) || tooSmall(mov) {
		return failed(compare.ReasonTooSmall), nil
	}
	p := &pair{ctx: ctx, opts: opts, workers: raster.Workers(opts.Workers)}
	ref, mov = grey(ref), grey(mov)
	ref, mov, veil := withoutFurniture(ref, mov, p.workers)
	p.ref, p.mov = newView(ref, p.workers), newView(mov, p.workers)
	p.ref.veiled(veil, p.workers)
	if hand, ok := p.tied(); ok {
		out := p.guided(hand)
		if err := ctx.Err(); err != nil {
			return compare.Alignment{}, err
		}
		return out, nil
	}
	if p.ref.blank() || p.mov.blank() {
		return failed(compare.ReasonNoStructure), nil
	}
	out := searched(p, ref, mov)
	if err := ctx.Err(); err != nil {
		return compare.Alignment{}, err
	}
	return out, nil
}

// smallest is the shortest side, px, in which structure can be told from noise.
const smallest = 32

func tooSmall(r raster.Raster) bool {
	w, h := r.Size()
	return min(w, h) < smallest
}

// grey returns r with brightness as its one band.
func grey(r raster.Raster) raster.Raster {
	return raster.Raster{Bands: []raster.Plane{r.Luma()}, Valid: r.Valid}
}

func failed(why compare.Reason) compare.Alignment {
	return compare.Alignment{Reason: why, RMSE: math.NaN(), ExpectedError: math.NaN()}
}

// A pair is the two pictures on their way through the steps.
type pair struct {
	ctx      context.Context
	opts     Options
	workers  int
	trackers map[[4]int]*tracker
	ref, mov *view

	found       []proposal         // by the windows, so far
	refinements map[matrix]refined // of those that were taken further

	tiles      sync.Pool // *structurer, of tiles of sheets
	sheet      *sheet    // the last that was laid, if any: see laid
	sheetOf    raster.Mapper
	sheetLevel int
}
