package assess

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/antequem/antequem/compare/exposure"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/imagery/raster"
)

// A CopiesReport names images of a case that look like copies of one exposure.
type CopiesReport struct {
	Files       []string `json:"files"`       // in date order
	Correlation float64  `json:"correlation"` // of their fine detail, the least of any two that were taken for copies
	Conflict    bool     `json:"conflict"`    // their dates can't all be right
}

// findCopies looks for images that are one exposure, around the first region that has
// a place. States and verdicts take no notice: a copy is what its date makes of it, and
// which date is wrong no pixel says. Readers have to be told.
func (r *run) findCopies(ctx context.Context) error {
	region := r.firstPlaced()
	if region < 0 {
		return nil
	}
	var at []int
	var pictures []exposure.Picture
	for i, a := range r.images {
		if len(a.crops) > 0 {
			at = append(at, i)
			pictures = append(pictures, exposure.Picture{Raster: a.crops[region], Scale: a.scale})
		}
	}
	set := exposure.NewSet(pictures, r.opts.Workers)
	kin, least := newKin(len(at)), make([]float64, len(at))
	for i := range at {
		least[i] = 1
	}
	for i := range at {
		if err := ctx.Err(); err != nil {
			return err
		}
		for k, l := range r.likenesses(set, i, len(at)) {
			if j := i + 1 + k; l.Copies() {
				kin.join(i, j)
				least[i], least[j] = min(least[i], l.Correlation), min(least[j], l.Correlation)
			}
		}
	}
	for _, family := range kin.families() {
		c := CopiesReport{Correlation: 1}
		var images []imagery.Image
		for _, k := range family {
			images = append(images, r.images[at[k]].image)
			c.Correlation = min(c.Correlation, least[k])
		}
		c.name(images)
		r.copies = append(r.copies, c)
	}
	return nil
}

// name notes which images are copies of one another, and whether one instant can be the
// date of all.
func (c *CopiesReport) name(images []imagery.Image) {
	from, until := math.Inf(-1), math.Inf(1) // seconds
	for _, im := range images {
		c.Files = append(c.Files, im.File)
		iv := im.Taken()
		if !iv.Earliest.IsZero() {
			from = max(from, float64(iv.Earliest.Unix()))
		}
		if !iv.Latest.IsZero() {
			until = min(until, float64(iv.Latest.Unix()))
		}
	}
	c.Conflict = from >= until
}

// likenesses compares picture i of n with each that follows it.
func (r *run) likenesses(set *exposure.Set, i, n int) []exposure.Likeness {
	out := make([]exposure.Likeness, n-i-1)
	raster.Each(len(out), r.opts.Workers, func(k int) { out[k] = set.Compare(i, i+1+k) })
	return out
}

// words says what follows from c in one or two plain sentences.
func (c CopiesReport) words(r *run) string {
	named := make([]string, len(c.Files))
	for i, f := range c.Files {
		im, _ := r.c.Image(f)
		named[i] = fmt.Sprintf("%s (%s)", f, human(im.Acquired))
	}
	s := fmt.Sprintf("%s look like copies of one exposure: their finest detail agrees as that of pictures taken apart never did where it was measured (correlation %.2f).",
		sentenceList(named), c.Correlation)
	if c.Conflict {
		return s + " If they are, at least one of their dates is wrong, and what rests on it falls."
	}
	return s + " If they are, they bear witness once and not " + times(len(c.Files)) + "."
}

func human(d edtf.Date) string {
	if s := strings.TrimSpace(d.Human()); s != "" {
		return s
	}
	return "no date"
}

func times(n int) string {
	if n == 2 {
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// A kin joins what belongs together: a disjoint-set forest.
type kin []int

func newKin(n int) kin {
	k := make(kin, n)
	for i := range k {
		k[i] = i
	}
	return k
}

func (k kin) root(i int) int {
	for k[i] != i {
		i = k[i]
	}
	return i
}

func (k kin) join(i, j int) { k[max(k.root(i), k.root(j))] = min(k.root(i), k.root(j)) }

// families returns the members of each set of two or more, in order.
func (k kin) families() [][]int {
	byRoot := map[int][]int{}
	for i := range k {
		byRoot[k.root(i)] = append(byRoot[k.root(i)], i)
	}
	var out [][]int
	for i := range k {
		if f := byRoot[i]; len(f) > 1 {
			out = append(out, f)
		}
	}
	return slices.Clip(out)
}
