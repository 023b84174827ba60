package timeline

import (
	"image"
	"slices"
)

// A layout cuts the region's shape into pieces that are measured each by itself: the
// whole, and squares of half its side, a quarter of a side aside from one another. A
// change of a part of the region replaces nearly all of one of them, where a season
// takes a little of each.
type layout struct {
	shape
	cells  []shape           // quarters along each side, or the whole of a small shape; none is empty
	pieces [][]int           // cells of each piece; the first piece is the whole
	areas  []int             // of the pieces, px
	boxes  []image.Rectangle // around the pieces, px of the shape
}

const (
	quarters  = 4   // cells along each side
	leastCell = 4   // side of a cell, px: structure is some px wide itself
	leastFull = 0.5 // of what a square of half the side holds on average, for it to be a piece
)

func newLayout(s shape) layout {
	l := layout{shape: s, pieces: make([][]int, 1), areas: []int{s.area}, boxes: []image.Rectangle{image.Rect(0, 0, s.w, s.h)}}
	n := quarters
	if min(s.w, s.h) < quarters*leastCell {
		n = 1
	}
	places := make([][]int, n*n) // of each cell among those that are not empty
	for c := range places {
		x, y := c%n, c/n
		if cell := s.within(x*s.w/n, y*s.h/n, (x+1)*s.w/n, (y+1)*s.h/n); cell.area > 0 {
			places[c] = []int{len(l.cells)}
			l.cells = append(l.cells, cell)
		}
		l.pieces[0] = append(l.pieces[0], places[c]...)
	}
	for c := range places {
		x, y := c%n, c/n
		if max(x, y)+n/2 > n || n == 1 {
			continue
		}
		var square []int
		area := 0
		for k := range n * n / 4 {
			for _, cell := range places[c+k/(n/2)*n+k%(n/2)] {
				square = append(square, cell)
				area += l.cells[cell].area
			}
		}
		if float64(area) >= leastFull*float64(s.area)/4 {
			l.pieces, l.areas = append(l.pieces, square), append(l.areas, area)
			l.boxes = append(l.boxes, image.Rect(x*s.w/n, y*s.h/n, (x+n/2)*s.w/n, (y+n/2)*s.h/n))
		}
	}
	return l
}

// inOne is the layout of a shape that is measured as a whole alone.
func inOne(s shape) layout {
	return layout{shape: s, cells: []shape{s}, pieces: [][]int{{0}}, areas: []int{s.area}, boxes: []image.Rectangle{image.Rect(0, 0, s.w, s.h)}}
}

// cut returns the part of the layout inside a square, cell by cell, and for each cell
// where that ends in what is taken of it.
func (l *layout) cut(x, y, side int) (square shape, ends []int) {
	square = shape{w: l.w, h: l.h}
	for _, cell := range l.cells {
		part := cell.within(x, y, x+side, y+side)
		square.runs = append(square.runs, part.runs...)
		square.area += part.area
		ends = append(ends, channels*square.area)
	}
	return square, ends
}

// pieces are the measures of a window's pieces, in the layout's order.
type pieces []measure

// newPieces takes the measures of the frames ps in the layout laid at a window.
func newPieces(ps []planes, l *layout, at window) pieces {
	cells := make([]measure, len(l.cells))
	for i := range cells {
		cells[i] = newMeasure(ps, &l.cells[i], at)
	}
	out := make(pieces, len(l.pieces))
	for k, in := range l.pieces {
		out[k] = newSum(len(ps))
		for _, c := range in {
			out[k].addTimes(float64(l.cells[c].area)/float64(l.areas[k]), cells[c])
		}
	}
	return out
}

// of returns the measures of some of the frames, given in order.
func (p pieces) of(frames []int) pieces {
	out := make(pieces, len(p))
	for k, m := range p {
		out[k] = m.of(frames)
	}
	return out
}

// A gauge is what is usual in the pictures.
type gauge struct {
	structure float64    // of the median control, both sides of a split summed
	weight    [2]float64 // that few controls exceed at any split: as a whole, and in any smaller piece
}

// plain takes weights as they are.
var plain = gauge{weight: [2]float64{1, 1}}

// rare is the share of the controls whose weight passes the gauge's.
const rare = 0.03

// leastWeight is what weights are counted in where next to nothing differs anywhere.
const leastWeight = 1e-3

// newGauge reads off the controls what is usual; the split halves the frames.
func newGauge(controls []pieces, splits []split, half split) gauge {
	energies := make([]float64, len(controls))
	for i, p := range controls {
		energies[i] = p[0].contrast(half).energy
	}
	g := gauge{structure: median(energies)}
	var weights [2][]float64
	for _, p := range controls {
		var most [2]float64
		for k, m := range p {
			w := &most[min(k, 1)]
			for _, s := range splits {
				*w = max(*w, m.contrast(s).weight(g.structure))
			}
		}
		for i, w := range most {
			weights[i] = append(weights[i], w)
		}
	}
	for i, w := range weights {
		slices.Sort(w)
		g.weight[i] = max(quantile(w, 1-rare), leastWeight)
	}
	return g
}

// A find is the most that any split of a window shows.
type find struct {
	score    float64 // largest weight, in units of what few controls exceed
	split    split   // where it lies
	piece    int     // and in which piece
	replaced float64 // the share replaced there
	most     float64 // the largest share of the whole window replaced at any split
	worst    float64 // the largest share of any piece replaced at any split
	distance float64 // the whole window's largest distance at any split
}

func (p pieces) find(g gauge, splits []split) find {
	f := find{score: -1}
	for k, m := range p {
		for _, s := range splits {
			c := m.contrast(s)
			share := c.share(g.structure)
			f.worst = max(f.worst, share)
			if k == 0 {
				f.most, f.distance = max(f.most, c.replaced()), max(f.distance, c.distance)
			}
			if w := c.weight(g.structure) / g.weight[min(k, 1)]; w > f.score {
				f.score, f.split, f.piece, f.replaced = w, s, k, share
			}
		}
	}
	return f
}
