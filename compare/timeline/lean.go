package timeline

import (
	"math"

	"github.com/antequem/antequem/imagery/raster/vector"
)

const (
	// mostLean is how far, px, a part of the region may lie aside in later frames: a
	// roof seen from two sides does, by its height times the difference of the tangents
	// of both angles, while the ground around it lies where it lay.
	mostLean = 5

	// leanBlock is the side, px, of the squares of which each leans or doesn't.
	leanBlock = 8

	// agrees is the share of the difference that is left at most, of a square and of the
	// region, where it leans: of ground that was replaced, little less is left by chance.
	agrees = 0.6
)

// leans returns how far to the right and down a part's later frames show what the
// earlier ones do, px, be it in some squares of the region alone; ok is false where a
// change stands out even if those squares are read there.
func (a *analysis) leans(p part) (dx, dy int, ok bool) {
	g := &a.grid
	l := a.newLean(p)
	home := l.apart(window{g.rx, g.ry})
	best, at, there := math.Inf(1), window{g.rx, g.ry}, home
	for y := max(0, g.ry-mostLean); y <= min(g.h-g.shape.h, g.ry+mostLean); y++ {
		for x := max(0, g.rx-mostLean); x <= min(g.w-g.shape.w, g.rx+mostLean); x++ {
			if math.Hypot(float64(x-g.rx), float64(y-g.ry)) > mostLean {
				continue
			}
			d := l.apart(window{x, y})
			var sum float64
			for b, v := range d {
				if v < agrees*home[b] {
					sum += v
				} else {
					sum += home[b]
				}
			}
			if sum < best {
				best, at, there = sum, window{x, y}, d
			}
		}
	}
	if at == (window{g.rx, g.ry}) {
		return 0, 0, false
	}
	for b := range there {
		l.moved[b] = there[b] < agrees*home[b]
	}
	f := l.measure(p, at).find(a.gauge, a.splitsOf(p.frames))
	return at.x - g.rx, at.y - g.ry, f.score < agrees*p.found.score && !a.seen(f, p.null)
}

// A lean is the region of a part's frames by squares, rows of it as measuring needs.
type lean struct {
	a     *analysis
	parts []segment
	moved []bool // of each square: the later frames are read at another window
	old   []float32
	late  []planes
}

// A segment is a piece of a row of the region that lies in one square: values from lo
// to hi of what take returns.
type segment struct{ square, lo, hi int }

func (a *analysis) newLean(p part) *lean {
	g := &a.grid
	l := &lean{a: a}
	across, at := (g.shape.w+leanBlock-1)/leanBlock, 0
	for _, r := range g.rows.runs {
		for x := r.x; x < r.x+r.n; {
			end := min((x/leanBlock+1)*leanBlock, r.x+r.n)
			l.parts = append(l.parts, segment{r.y/leanBlock*across + x/leanBlock, at, at + channels*(end-x)})
			at += channels * (end - x)
			x = end
		}
	}
	l.moved = make([]bool, across*((g.shape.h+leanBlock-1)/leanBlock))
	l.old = make([]float32, at)
	earlier := 0
	for i, f := range p.frames {
		if p.found.split[i] {
			l.late = append(l.late, a.fields[f].edges)
			continue
		}
		earlier++
		vector.Add(l.old, a.fields[f].edges.take(&g.rows, window{g.rx, g.ry}))
	}
	for i := range l.old {
		l.old[i] /= float32(earlier)
	}
	return l
}

// apart returns for each square the summed squared difference of the mean of the earlier
// frames and the later ones, read at a window.
func (l *lean) apart(at window) []float64 {
	out := make([]float64, len(l.moved))
	for _, f := range l.late {
		shown := f.take(&l.a.grid.rows, at)
		for _, s := range l.parts {
			o, v := l.old[s.lo:s.hi], shown[s.lo:s.hi]
			out[s.square] += float64(vector.Dot(o, o)) + float64(vector.Dot(v, v)) - 2*float64(vector.Dot(o, v))
		}
	}
	return out
}

// measure takes the measures of the part, the later frames read at another window in the
// squares that moved.
func (l *lean) measure(p part, at window) pieces {
	g := &l.a.grid
	shown := make([]planes, len(p.frames))
	for i, f := range p.frames {
		edges := l.a.fields[f].edges
		here := edges.take(&g.rows, window{g.rx, g.ry})
		if p.found.split[i] {
			aside := edges.take(&g.rows, at)
			for _, s := range l.parts {
				if l.moved[s.square] {
					copy(here[s.lo:s.hi], aside[s.lo:s.hi])
				}
			}
		}
		shown[i] = planes{g.shape.w, make([]float32, channels*g.shape.w*g.shape.h)}
		shown[i].put(&g.rows, here)
	}
	return newPieces(shown, &g.layout, window{})
}
