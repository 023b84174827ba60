package align

import (
	"math"

	"github.com/antequem/antequem/compare"
)

// A bump is what a tie point asks of the local field: a displacement of the
// reference position (x, y), both in reference px.
type bump struct {
	x, y, dx, dy float64
	weight       float64
	trust        float64
	fold         int
}

// newField returns a field of zeros over a w × h grid, its nodes about step px apart.
func newField(w, h int, step float64) *compare.Field {
	cols, rows := max(4, int(float64(w)/step)+2), max(4, int(float64(h)/step)+2)
	s := max(float64(w-1)/float64(cols-1), float64(h-1)/float64(rows-1))
	return &compare.Field{
		X0: (float64(w-1) - s*float64(cols-1)) / 2, Y0: (float64(h-1) - s*float64(rows-1)) / 2, Step: s,
		Cols: cols, Rows: rows, DX: make([]float64, cols*rows), DY: make([]float64, cols*rows),
	}
}

// nodes returns the indices and weights of the 16 nodes that make up a field at (x, y).
func nodes(f *compare.Field, x, y float64) (index [16]int, weight [16]float64) {
	u := min(max((x-f.X0)/f.Step, 0), float64(f.Cols-1))
	v := min(max((y-f.Y0)/f.Step, 0), float64(f.Rows-1))
	i, j := min(int(u), f.Cols-2), min(int(v), f.Rows-2)
	wu, wv := keys(u-float64(i)), keys(v-float64(j))
	for b := range 4 {
		row := min(max(j+b-1, 0), f.Rows-1) * f.Cols
		for a := range 4 {
			index[4*b+a] = row + min(max(i+a-1, 0), f.Cols-1)
			weight[4*b+a] = wu[a] * wv[b]
		}
	}
	return index, weight
}

// keys returns the weights of Catmull and Rom's spline, as compare.Field has it.
func keys(t float64) [4]float64 {
	t2, t3 := t*t, t*t*t
	return [4]float64{(-t3 + 2*t2 - t) / 2, (3*t3 - 5*t2 + 2) / 2, (-3*t3 + 4*t2 + t) / 2, (t3 - t2) / 2}
}

// bend fills f with the field that comes nearest to the bumps of all folds but
// skip, at a price of stiff for each squared second difference between nodes
// (the thin plate's energy) and of a little for each displacement, so that where
// no tie point speaks there is none.
func bend(f *compare.Field, bumps []bump, stiff float64, skip int) {
	n := f.Cols * f.Rows
	a := newBanded(n, 3*f.Cols+3)
	bx, by := make([]float64, n), make([]float64, n)
	for _, b := range bumps {
		w := b.weight * b.trust
		if b.fold == skip || w < 1e-6 {
			continue
		}
		index, weight := nodes(f, b.x, b.y)
		for i, p := range index {
			bx[p] += w * weight[i] * b.dx
			by[p] += w * weight[i] * b.dy
			for j, q := range index {
				if q <= p {
					a.add(p, q, w*weight[i]*weight[j])
				}
			}
		}
	}
	for j := range f.Rows {
		for i := range f.Cols {
			k := j*f.Cols + i
			a.add(k, k, 1e-3)
			if i > 0 && i < f.Cols-1 {
				a.penalty(stiff, [3]int{k - 1, k, k + 1}, [3]float64{1, -2, 1})
			}
			if j > 0 && j < f.Rows-1 {
				a.penalty(stiff, [3]int{k - f.Cols, k, k + f.Cols}, [3]float64{1, -2, 1})
			}
			if i < f.Cols-1 && j < f.Rows-1 {
				a.twist(2*stiff, k, f.Cols)
			}
		}
	}
	a.factor()
	a.solve(bx)
	a.solve(by)
	copy(f.DX, bx)
	copy(f.DY, by)
}

// A banded is the lower half of a symmetric positive definite matrix.
type banded struct {
	n, band int
	v       []float64 // row i holds columns i-band to i
}

func newBanded(n, band int) *banded {
	return &banded{n: n, band: band, v: make([]float64, n*(band+1))}
}

func (a *banded) add(row, col int, v float64) { a.v[row*(a.band+1)+a.band-(row-col)] += v }

func (a *banded) penalty(k float64, at [3]int, w [3]float64) {
	for i, p := range at {
		for j := range i + 1 {
			a.add(p, at[j], k*w[i]*w[j])
		}
	}
}

// twist adds the price of the mixed second difference at node k.
func (a *banded) twist(price float64, k, cols int) {
	at, w := [4]int{k, k + 1, k + cols, k + cols + 1}, [4]float64{1, -1, -1, 1}
	for i, p := range at {
		for j := range i + 1 {
			a.add(p, at[j], price*w[i]*w[j])
		}
	}
}

// factor replaces a by its Cholesky factor.
func (a *banded) factor() {
	w := a.band + 1
	for i := range a.n {
		ri := a.v[i*w : (i+1)*w]
		for j := max(0, i-a.band); j <= i; j++ {
			rj := a.v[j*w : (j+1)*w]
			sum := ri[a.band-(i-j)]
			from := max(0, i-a.band, j-a.band)
			p, q := ri[a.band-(i-from):a.band-(i-j)], rj[a.band-(j-from):a.band]
			for k, v := range p {
				sum -= v * q[k]
			}
			if i == j {
				ri[a.band] = math.Sqrt(max(sum, 1e-12))
			} else {
				ri[a.band-(i-j)] = sum / rj[a.band]
			}
		}
	}
}

// solve replaces b by the solution of a·x = b, after factor.
func (a *banded) solve(b []float64) {
	w := a.band + 1
	for i := range a.n {
		row := a.v[i*w : (i+1)*w]
		for j := max(0, i-a.band); j < i; j++ {
			b[i] -= row[a.band-(i-j)] * b[j]
		}
		b[i] /= row[a.band]
	}
	for i := a.n - 1; i >= 0; i-- {
		row := a.v[i*w : (i+1)*w]
		b[i] /= row[a.band]
		for j := max(0, i-a.band); j < i; j++ {
			b[j] -= row[a.band-(i-j)] * b[i]
		}
	}
}
