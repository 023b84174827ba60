package timeline

import (
	"context"
	"fmt"
	"math"

	"github.com/antequem/antequem/compare"
)

// An analysis is the work in hand: each step fills in what the next one needs.
type analysis struct {
	opts   Options
	grid   grid
	frames []Frame
	out    compare.Timeline
	done   bool // nothing more can be said

	used     []int // frames that show the region, by place in frames
	fields   []*field
	controls []window
	here     measure   // of the region
	there    []measure // of each control
	null     *null
	share    float64 // the region's largest replaced share
	split    int     // frames used[:split] against used[split:], where it lies
}

// observe takes every frame's structure and leaves out those that hide the region.
func (a *analysis) observe(context.Context) error {
	all := make([]*field, len(a.frames))
	each(a.opts.Workers, len(a.frames), func(i int) {
		if a.frames[i].Aligned {
			all[i] = newField(a.frames[i].Picture, a.grid)
		}
	})
	var shown []*field
	for _, f := range all {
		if f != nil {
			shown = append(shown, f)
		}
	}
	for i, c := range clouds(shown) {
		shown[i].cloud = c
	}
	for i, f := range all {
		if f == nil {
			continue
		}
		if why := hidden(f, &a.grid, a.frames[i]); why != "" {
			a.out.Frames[i].Status, a.out.Frames[i].Why = compare.StatusObscured, why
			continue
		}
		a.used = append(a.used, i)
		a.fields = append(a.fields, f)
	}
	if len(a.used) < 2 {
		a.stop("fewer than two images show the region on one grid, so nothing can be compared")
	}
	return nil
}

// stop ends the analysis undetermined.
func (a *analysis) stop(why string) {
	a.out.Cautions = append(a.out.Cautions, why)
	a.done = true
}

// compare takes the dissimilarities of the region and of the controls.
func (a *analysis) compare(ctx context.Context) error {
	g := &a.grid
	a.controls = controls(a.fields, g, a.opts.Controls)
	a.here = newMeasure(a.fields, &g.shape, window{g.rx, g.ry})
	a.there = make([]measure, len(a.controls))
	each(a.opts.Workers, len(a.controls), func(i int) {
		if ctx.Err() == nil {
			a.there[i] = newMeasure(a.fields, &g.shape, a.controls[i])
		}
	})
	a.tabulate()
	if n := len(a.controls); n < 20 {
		a.stop(fmt.Sprintf("only %d control windows of the region's size fit in the images around it: too few to tell a change from what light, season and alignment do", n))
	}
	return ctx.Err()
}

// tabulate writes the frame × frame dissimilarities.
func (a *analysis) tabulate() {
	n := len(a.frames)
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range m[i] {
			m[i][j] = math.NaN()
		}
	}
	for i, fi := range a.used {
		m[fi][fi] = 0
		for j, fj := range a.used[i+1:] {
			d := a.here.apart(i, i+1+j)
			m[fi][fj], m[fj][fi] = d, d
		}
	}
	a.out.Dissimilar = m
}

// test ranks the region's largest replaced share among the controls'.
func (a *analysis) test(context.Context) error {
	a.null = newNull(a.there)
	a.share, a.split = a.here.largest()
	a.out.Statistic, a.out.Controls = a.share, a.null.sorted
	a.out.PValue = a.null.p(a.share)
	return nil
}

// seen says whether so large a replaced share is called a change: it stands out from
// the controls, it is more than noise and compression can do, and the controls
// themselves mostly kept their structure.
func (a *analysis) seen(share float64) bool {
	return share >= a.opts.Effect && a.null.p(share) <= a.opts.Alpha && a.still()
}

// still says that at least half of the controls kept their structure, so that one
// which lost it is news.
func (a *analysis) still() bool { return quantile(a.null.sorted, 0.5) < a.opts.Kept }
