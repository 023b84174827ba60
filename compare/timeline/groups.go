package timeline

import (
	"context"
	"slices"

	"github.com/antequem/antequem/compare"
)

// of returns the measure of some of the frames, given in order.
func (m measure) of(frames []int) measure {
	n := len(m.energy)
	out := measure{energy: make([]float64, 0, len(frames)), product: make([]float64, 0, len(frames)*(len(frames)-1)/2)}
	for a, i := range frames {
		out.energy = append(out.energy, m.energy[i])
		for _, j := range frames[a+1:] {
			out.product = append(out.product, m.product[pair(i, j, n)])
		}
	}
	return out
}

// A part is a run of frames that is tested by itself, against what the controls do
// over the same frames.
type part struct {
	frames []int // by place in used
	found  find
	null   *null
}

// whole is the part of all frames in use, as ranked.
func (a *analysis) whole() part {
	return part{frames: a.all(), found: a.structure.found, null: a.structure.null}
}

func (a *analysis) part(frames []int) part { return a.partOf(frames, a.splitsOf(frames)) }

// partOf is the part of some frames under splits of them.
func (a *analysis) partOf(frames []int, splits []split) part {
	p := part{frames: frames, found: a.structure.region.of(frames).find(a.gauge, splits)}
	scores := make([]float64, len(a.structure.controls))
	for i, m := range a.structure.controls {
		scores[i] = m.of(frames).find(a.gauge, splits).score
	}
	p.null = newNull(scores, a.spread)
	return p
}

// groups sorts the frames into looks: the two sides of the largest change, and each
// side again wherever a further change stands out in it. Frames that fit neither side
// of a change belong to no look, unless they show one of their own.
func (a *analysis) groups(ctx context.Context) ([][]int, error) {
	var out [][]int
	todo := [][]int{a.all()}
	for len(todo) > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		frames := todo[0]
		todo = todo[1:]
		if len(frames) < 2 {
			out = append(out, frames)
			continue
		}
		p := a.part(frames)
		if further := len(frames) < len(a.used); !a.changes(p) || further && p.found.replaced < leastFurther {
			out = append(out, frames)
			continue
		}
		old, late := a.sides(p)
		if len(old) == 0 || len(late) == 0 {
			out = append(out, frames)
			continue
		}
		todo = slices.Insert(todo, 0, old, late)
	}
	return a.withOwn(out), nil
}

// leastFurther is the share of some piece's structure that is replaced at least where a
// region changed a further time, or for a while: the blur of one image takes more from
// new ground that is finer than what lies around it than from the controls. It passed
// for what was there for a while, beyond [Options.Effect] and short of this.
const leastFurther = 0.25

// all returns the places of the used frames.
func (a *analysis) all() []int {
	out := make([]int, len(a.used))
	for i := range out {
		out[i] = i
	}
	return out
}

// leastLean is the lean from which a frame counts as of its side: 1 is as near to it as
// the others are and as far from the other side, 0 is halfway.
const leastLean = 0.4

// sides sorts a part's frames by which side of its split they are nearer to, and
// leaves out the ones between.
func (a *analysis) sides(p part) (old, late []int) {
	m, n, after := a.structure.region[p.found.piece].of(p.frames), len(p.frames), p.found.split
	var across, within average
	to := make([][2]average, n) // each frame's distance to the sides
	for i := range n {
		for j := i + 1; j < n; j++ {
			d := m.apart(i, j)
			if after[i] != after[j] {
				across.add(d)
			} else {
				within.add(d)
			}
			to[i][after.side(j)].add(d)
			to[j][after.side(i)].add(d)
		}
	}
	for i, f := range p.frames {
		s := after.side(i)
		lean := (to[i][1-s].or(across.mean()) - to[i][s].or(within.mean())) / (across.mean() - within.mean())
		switch {
		case lean <= -leastLean:
			a.out.Frames[a.used[f]].Why = "it resembles the images on the other side of the change"
			a.crossed = append(a.crossed, f)
		case !(lean >= leastLean):
			a.out.Frames[a.used[f]].Why = "it resembles both sides of the change"
		case s == 0:
			old = append(old, f)
		default:
			late = append(late, f)
		}
	}
	return old, late
}

// An average is a mean in the making.
type average struct {
	sum float64
	n   int
}

func (a *average) add(v float64) { a.sum, a.n = a.sum+v, a.n+1 }

// mean is 0 for nothing.
func (a *average) mean() float64 { return a.or(0) }

// or is the mean, or v for nothing.
func (a *average) or(v float64) float64 {
	if a.n == 0 {
		return v
	}
	return a.sum / float64(a.n)
}

// pair says of every two frames whether they look alike or differ: within a look
// they are the same where a change between them would have shown, between looks they
// differ where the two looks taken together stand out as changed.
func (a *analysis) pair(looks [][]int, bound float64) {
	look := make([]int, len(a.used))
	for i := range look {
		look[i] = -1
	}
	calm := make([]bool, len(looks))
	differ := make([][]bool, len(looks))
	for g, frames := range looks {
		for _, f := range frames {
			look[f] = g
		}
		if len(frames) > 1 {
			calm[g] = a.steady(a.part(frames), bound)
		}
		differ[g] = make([]bool, len(looks))
		for h := range g {
			p := a.part(append(slices.Clone(looks[h]), frames...))
			differ[h][g] = a.changes(p)
		}
	}
	for i, fi := range a.used {
		for j := i + 1; j < len(a.used); j++ {
			p := compare.Pairing{A: a.frames[fi].File, B: a.frames[a.used[j]].File}
			g, h := look[i], look[j]
			switch {
			case a.astray:
				a.alone(&p, i, j, bound)
			case a.inHalf(i, j):
				p.Same = true
			case g < 0 || h < 0:
				p.Caution = "the state of the region is not clear in one of them"
			case g != h && differ[min(g, h)][max(g, h)]:
				p.Differ = true
			case g != h:
				p.Caution = "the region changed between them, and may have changed back"
			case calm[g]:
				p.Same = true
			default:
				p.Caution = "no change stands out, and one could have been missed"
			}
			a.out.Pairings = append(a.out.Pairings, p)
		}
	}
}

// alone says of two frames what they say by themselves, whatever the others show.
func (a *analysis) alone(p *compare.Pairing, i, j int, bound float64) {
	switch two := a.part([]int{i, j}); {
	case a.changes(two):
		p.Differ = true
	case a.calm(two, bound) && !a.doubtful():
		p.Same = true
	default:
		p.Caution = "no change stands out, and one could have been missed"
	}
}
