package assess

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/timeline"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// A CaseResult is what the images of a case say, and what it takes to draw it.
type CaseResult struct {
	Report Report
	run    *run
}

// An aligned image is one that was read and laid, or not, over the reference.
type aligned struct {
	image     imagery.Image
	alignment compare.Alignment
	reference bool
	scale     float64         // reference pixels that one of its pixels covers
	crops     []raster.Raster // one for each region; nil if not aligned
	tried     []int           // other images, by place, that it was laid over or could not be
	through   string          // File of the image that carries it to the reference; "" where it needs none
	doubts    []string        // of its Picture
}

// Case judges c: images in date order, aligned to one reference, read as a
// timeline for each region, and held against each claim. A case without images
// gets a report that says so; every claim in it is undetermined or untestable.
func Case(ctx context.Context, c imagery.Case, load Loader, opts Options, p Progress) (*CaseResult, error) {
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	if p == nil {
		p = silent{}
	}
	r := &run{c: c, load: load, opts: opts, progress: p}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"put the images in date order", r.order},
		{"read the reference", r.readReference},
		{"align", r.align},
		{"look for images that fit badly", r.findMisfits},
		{"look for copies", r.findCopies},
		{"read the timeline", r.analyse},
		{"judge the claims", r.judge},
	} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := step.do(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return &CaseResult{Report: r.report(), run: r}, nil
}

// A run is a case on its way through the steps.
type run struct {
	c        imagery.Case
	load     Loader
	opts     Options
	progress Progress

	picked    bool // the program chose the reference
	reference Picture
	images    []aligned // as c.Images, once they are in order
	misses    int       // attempts to lay one of them over another than the reference that failed
	copies    []CopiesReport
	misfits   []string // files of the images that fit the others badly
	regions   []regionOnGrid
	timelines []compare.Timeline // as regions
	verdicts  []compare.Verdict  // as c.Claims
}

// order puts the images in the order of their dates.
func (r *run) order(context.Context) error {
	r.c.Images = slices.Clone(r.c.Images)
	slices.SortStableFunc(r.c.Images, byDate)
	return nil
}

// byDate compares the middles of the intervals in which two images were taken. Ties
// go by file name, so that the order never depends on how a case lists its images.
func byDate(a, b imagery.Image) int {
	return cmp.Or(a.Taken().Middle().Compare(b.Taken().Middle()), cmp.Compare(a.File, b.File))
}

// readReference picks and loads the image that lends its grid: the one that the
// case names, else the one that the first region is drawn on, else the one of
// the finest known GSD, else the first.
func (r *run) readReference(ctx context.Context) error {
	if len(r.c.Images) == 0 {
		return nil
	}
	file := r.c.Reference
	if file == "" {
		file, r.picked = r.pickReference(), true
	}
	im, ok := r.c.Image(file)
	if !ok {
		return fmt.Errorf("reference %q is no image of this case: %w", file, imagery.ErrInvalid)
	}
	pic, err := r.load(ctx, im)
	if err != nil {
		return err
	}
	r.reference = pic
	return nil
}

func (r *run) pickReference() string {
	for _, g := range r.c.Regions {
		if g.Image != "" {
			return g.Image
		}
	}
	best := r.c.Images[0]
	for _, im := range r.c.Images {
		if im.GSD > 0 && (best.GSD == 0 || im.GSD < best.GSD) {
			best = im
		}
	}
	return best.File
}

// align lays every image over the reference, by way of another image where it must,
// and keeps of each the surroundings of the regions, so that memory grows with the
// regions and not with the images.
func (r *run) align(ctx context.Context) error {
	if err := r.placeRegions(ctx); err != nil {
		return err
	}
	pictures := r.others(ctx)
	defer pictures.stop()
	for i, im := range r.c.Images {
		r.progress.Step("align", i, len(r.c.Images))
		a, err := r.alignOne(ctx, im, pictures)
		if err != nil {
			return err
		}
		r.images = append(r.images, a)
	}
	if err := r.chain(ctx); err != nil {
		return err
	}
	r.progress.Step("align", len(r.c.Images), len(r.c.Images))
	return nil
}

// others reads the images other than the reference.
func (r *run) others(ctx context.Context) *reader {
	ims := slices.DeleteFunc(slices.Clone(r.c.Images), func(im imagery.Image) bool { return im.File == r.reference.Image.File })
	return &reader{ctx: ctx, load: r.load, images: ims}
}

func (r *run) alignOne(ctx context.Context, im imagery.Image, pictures *reader) (aligned, error) {
	if im.File == r.reference.Image.File {
		a := aligned{image: r.reference.Image, alignment: compare.Self(), reference: true, scale: 1, doubts: r.reference.Doubts}
		for _, g := range r.regions {
			a.crops = append(a.crops, resample(r.reference.Raster, a.alignment, g.window, r.opts.Workers))
		}
		return a, nil
	}
	pic, err := pictures.next()
	if err != nil {
		return aligned{}, err
	}
	al, err := Align(ctx, r.reference, pic, r.opts)
	if err != nil {
		return aligned{}, err
	}
	a := aligned{image: pic.Image, alignment: al, scale: coarseness(al, whole(r.reference.Raster)), doubts: pic.Doubts}
	if d := georeferenceDoubt(r.reference, pic, al); d != "" {
		a.doubts = append(slices.Clone(a.doubts), d)
	}
	if al.Aligned {
		for _, g := range r.regions {
			a.crops = append(a.crops, resample(pic.Raster, al, g.window, r.opts.Workers))
		}
	}
	return a, nil
}

// coarseness returns how many reference pixels one moving pixel covers, along a
// side, at the middle of the reference; 0 if the map has no size there.
func coarseness(al compare.Alignment, ref window) float64 {
	x, y := float64(ref.w-1)/2, float64(ref.h-1)/2
	x0, y0 := al.Map(x-1, y-1)
	x1, y1 := al.Map(x+1, y-1)
	x2, y2 := al.Map(x-1, y+1)
	area := math.Abs((x1-x0)*(y2-y0)-(x2-x0)*(y1-y0)) / 4 // moving px² for each reference px²
	if !(area > 1e-9) {
		return 0
	}
	return 1 / math.Sqrt(area)
}

// analyse reads the timeline of each region.
func (r *run) analyse(ctx context.Context) error {
	for k, g := range r.regions {
		r.progress.Step("read the timeline", k, len(r.regions))
		t, err := r.timelineOf(ctx, k, g)
		if err != nil {
			return err
		}
		r.timelines = append(r.timelines, t)
	}
	return nil
}

func (r *run) timelineOf(ctx context.Context, k int, g regionOnGrid) (compare.Timeline, error) {
	frames := make([]timeline.Frame, len(r.images))
	ends := r.dateEnds()
	for i, a := range r.images {
		frames[i] = timeline.Frame{File: a.image.File, Aligned: a.alignment.Aligned, Reference: a.reference, Scale: a.scale}
		frames[i].From, frames[i].Until = ends[i][0], ends[i][1]
		if a.alignment.Aligned {
			frames[i].Picture = a.crops[k]
		}
	}
	if g.lost != "" {
		return lostRegion(frames, g.lost), nil
	}
	o := r.opts.Timeline
	o.Workers, o.Seed = r.opts.Workers, r.seed()
	t, err := timeline.Analyse(ctx, frames, g.inWindow(), o)
	if errors.Is(err, timeline.ErrNoPixel) {
		return lostRegion(frames, "the region holds no pixel of the reference image: it lies outside, or is smaller than one"), nil
	}
	return t, err
}

// dateEnds returns, for each image, the places of its date's ends among those of all
// images, from 1; an open end comes before or after all others.
func (r *run) dateEnds() [][2]int {
	var instants []time.Time
	for _, a := range r.images {
		iv := a.image.Taken()
		instants = append(instants, iv.Earliest, iv.Latest)
	}
	slices.SortFunc(instants, time.Time.Compare)
	instants = slices.CompactFunc(instants, time.Time.Equal)
	out := make([][2]int, len(r.images))
	for i, a := range r.images {
		iv := a.image.Taken()
		from, _ := slices.BinarySearchFunc(instants, iv.Earliest, time.Time.Compare)
		until, _ := slices.BinarySearchFunc(instants, iv.Latest, time.Time.Compare)
		if iv.Latest.IsZero() {
			until = len(instants)
		}
		out[i] = [2]int{from + 1, until + 1}
	}
	return out
}

// seed derives the seed of a case from what its images hold, in an order that
// doesn't depend on their names or dates.
func (r *run) seed() uint64 {
	var ds []imagery.Digest
	for _, a := range r.images {
		ds = append(ds, a.image.Digest)
	}
	slices.SortFunc(ds, func(a, b imagery.Digest) int { return slices.Compare(a[:], b[:]) })
	return seedOf(ds...)
}
