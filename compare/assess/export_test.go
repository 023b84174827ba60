package assess

import (
	"context"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// Compose is compose, for tests of the maps it returns.
var Compose = compose

// Cautions returns what limits the reading of a case whose images were all read.
func Cautions(c imagery.Case) []string {
	r := &run{c: c}
	for _, im := range c.Images {
		r.images = append(r.images, aligned{image: im})
	}
	return r.cautions()
}

// Reread reads the timeline of region k again with other pictures in place of the
// case's own, laid as those were.
func Reread(ctx context.Context, res *CaseResult, k int, load Loader) (compare.Timeline, error) {
	r := *res.run
	r.images = slices.Clone(r.images)
	for i := range r.images {
		a := &r.images[i]
		if !a.alignment.Aligned {
			continue
		}
		pic, err := load(ctx, a.image)
		if err != nil {
			return compare.Timeline{}, err
		}
		a.crops = make([]raster.Raster, len(r.regions))
		a.crops[k] = resample(pic.Raster, a.alignment, r.regions[k].window, r.opts.Workers)
	}
	return r.timelineOf(ctx, k, r.regions[k])
}

// DateEnds returns the places of the ends of the images' dates among one another.
func DateEnds(images ...imagery.Image) [][2]int {
	r := &run{}
	for _, im := range images {
		r.images = append(r.images, aligned{image: im})
	}
	return r.dateEnds()
}

// StateOf returns the state of a region with the timeline t, over all the dates of its case.
func StateOf(t compare.Timeline) compare.RegionState {
	r := &run{timelines: []compare.Timeline{t}}
	return r.stateOf(0)
}
