package assess

import (
	"context"
	"fmt"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery/raster"
)

const (
	stackLeast = 4   // images from which one that fits badly can be told from the others
	stackSide  = 400 // px: pictures are halved until they are no larger
)

// findMisfits lays the images, as they lie on the reference grid around the first
// region that has a place, over their neighbours in date, the last over the first:
// where all alignments are right, each comes to lie on each. That closes two triangles
// with the reference for every image, and one that closes neither is named.
func (r *run) findMisfits(ctx context.Context) error {
	region := r.firstPlaced()
	if region < 0 {
		return nil
	}
	var stack []int
	for i, a := range r.images {
		if a.alignment.Aligned && len(a.crops) > 0 {
			stack = append(stack, i)
		}
	}
	if len(stack) < stackLeast {
		return nil
	}
	small, sizes := make([]raster.Raster, len(stack)), make([][2]int, len(stack))
	scale := 1.0
	for k, i := range stack {
		small[k], scale = halved(r.images[i].crops[region], r.opts.Workers)
		sizes[k][0], sizes[k][1] = small[k].Size()
	}
	pairs, err := r.ring(ctx, stack, small, scale)
	if err != nil {
		return err
	}
	// all that is known of an image is how it lies on the reference: other triangles
	// say nothing, for two pictures that are off alike agree with each other
	around := slices.DeleteFunc(align.Triangles(pairs, sizes), func(t align.Triangle) bool {
		return !r.images[stack[t.First]].reference && !r.images[stack[t.Second]].reference && !r.images[stack[t.Third]].reference
	})
	for _, k := range align.Misfits(around, len(stack)) {
		r.misfits = append(r.misfits, r.images[stack[k]].image.File)
	}
	return nil
}

// ring aligns each image of the stack with the reference, as it is laid there, and with
// its neighbour in date. The alignments are by their places in the stack, lower first.
func (r *run) ring(ctx context.Context, stack []int, small []raster.Raster, scale float64) (map[[2]int]compare.Alignment, error) {
	pairs := map[[2]int]compare.Alignment{}
	home := slices.IndexFunc(stack, func(i int) bool { return r.images[i].reference })
	var ring []int
	for k, i := range stack {
		if k != home {
			ring = append(ring, k)
			pairs[[2]int{min(k, home), max(k, home)}] = r.laid(i, scale)
		}
	}
	for m, k := range ring {
		l := ring[(m+1)%len(ring)]
		al, err := r.overlaid(ctx, small[min(k, l)], small[max(k, l)])
		if err != nil {
			return nil, err
		}
		pairs[[2]int{min(k, l), max(k, l)}] = al
	}
	return pairs, nil
}

// laid is the alignment of image i with the reference on the reference's own
// grid, seen at scale: it lies where it should, give or take its expected error.
func (r *run) laid(i int, scale float64) compare.Alignment {
	al := compare.Self()
	al.ExpectedError = r.images[i].alignment.ExpectedError * r.images[i].scale * scale
	return al
}

// overlaid aligns two pictures that should lie on one another already.
func (r *run) overlaid(ctx context.Context, a, b raster.Raster) (compare.Alignment, error) {
	o := r.opts.Align
	o.Workers, o.Seed = r.opts.Workers, r.seed()
	o.Hints, o.HintsOnly = []align.Hint{{Matrix: compare.Self().Matrix}}, true
	al, err := align.Estimate(ctx, a, b, o)
	if err != nil {
		return compare.Alignment{}, fmt.Errorf("hold the images against one another: %w", err)
	}
	return al, nil
}

// halved returns p at a size that suffices to see a slip of some pixels, and how many
// of its pixels one of p spans.
func halved(p raster.Raster, workers int) (small raster.Raster, scale float64) {
	scale = 1
	for w, h := p.Size(); max(w, h) > stackSide; w, h = p.Size() {
		p, scale = raster.Half(p, workers), scale/2
	}
	return p, scale
}

// misfitWords is the caution that names the images that fit the stack badly; "" for none.
func (r *run) misfitWords() string {
	if len(r.misfits) == 0 {
		return ""
	}
	names := slices.Sorted(slices.Values(r.misfits))
	verb := " fits"
	if len(names) > 1 {
		verb = " fit"
	}
	return sentenceList(names) + verb + " the other images badly: laid over the reference, the same ground lies beside where they have it. Look at the alignment before relying on what it shows."
}
