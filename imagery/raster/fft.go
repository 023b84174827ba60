package raster

import (
	"fmt"
	"math"
	"sync"

	"github.com/antequem/antequem/imagery/raster/vector"
)

// A Complex is a plane of complex samples, real and imaginary parts apart.
type Complex struct {
	W, H   int
	Re, Im []float32 // len W*H each
}

// NewComplex returns a complex plane of zeros.
func NewComplex(w, h int) Complex {
	both := make([]float32, 2*w*h)
	return Complex{W: w, H: h, Re: both[: w*h : w*h], Im: both[w*h:]}
}

// lanes is how many rows or columns are transformed side by side: enough that each
// twiddle factor is loaded once for many butterflies, few enough that a block of
// 4096 samples stays in the second-level cache.
const lanes = vector.Lanes

// An FFT transforms complex planes of one size. It holds no state that a
// transform changes, so goroutines may share it.
type FFT struct {
	w, h       int
	rows, cols *line
	scratch    sync.Pool
}

// NewFFT returns a transform for planes of w × h samples. Both must be products
// of 2, 3 and 5: [GoodSize] finds such a number. It panics on any other size,
// which only a programmer can choose.
func NewFFT(w, h int) *FFT {
	f := &FFT{w: w, h: h, rows: newLine(w), cols: newLine(h)}
	f.scratch.New = func() any {
		b := make([]vector.Group, 2*max(w, h))
		return &b
	}
	return f
}

// GoodSize returns the smallest product of 2, 3 and 5 that is at least n.
func GoodSize(n int) int {
	for m := max(n, 1); ; m++ {
		r := m
		for _, p := range [...]int{2, 3, 5} {
			for r%p == 0 {
				r /= p
			}
		}
		if r == 1 {
			return m
		}
	}
}

// Forward replaces c by its discrete Fourier transform, unscaled, on at most
// workers goroutines.
func (f *FFT) Forward(c Complex, workers int) { f.transform(c.Re, c.Im, workers) }

// Inverse replaces c by its inverse transform times W·H: Forward and then
// Inverse multiply by W·H.
func (f *FFT) Inverse(c Complex, workers int) { f.transform(c.Im, c.Re, workers) }

// transform runs columns, then rows. Exchanging the real and the imaginary part
// makes the forward transform the inverse one.
func (f *FFT) transform(re, im []float32, workers int) {
	w, h := f.w, f.h
	Rows((w+lanes-1)/lanes, workers, func(lo, hi int) {
		room := f.scratch.Get().(*[]vector.Group)
		for b := lo; b < hi; b++ {
			f.columns(re, im, b*lanes, min(lanes, w-b*lanes), *room)
		}
		f.scratch.Put(room)
	})
	Rows((h+lanes-1)/lanes, workers, func(lo, hi int) {
		room := f.scratch.Get().(*[]vector.Group)
		for b := lo; b < hi; b++ {
			f.lines(re, im, b*lanes, min(lanes, h-b*lanes), *room)
		}
		f.scratch.Put(room)
	})
}

// columns transforms n columns from x0 on.
func (f *FFT) columns(re, im []float32, x0, n int, room []vector.Group) {
	x, y := room[:f.h], room[f.h:2*f.h]
	for k := range x {
		at := k*f.w + x0
		copy(x[k][:n], re[at:])
		copy(x[k][lanes:lanes+n], im[at:])
	}
	x = f.cols.run(x, y)
	for k := range x {
		at := k*f.w + x0
		copy(re[at:at+n], x[k][:])
		copy(im[at:at+n], x[k][lanes:])
	}
}

// lines transforms n rows from y0 on.
func (f *FFT) lines(re, im []float32, y0, n int, room []vector.Group) {
	w := f.w
	x, y := room[:w], room[w:2*w]
	for j := range n {
		rr, ri := re[(y0+j)*w:][:w], im[(y0+j)*w:][:w]
		for k := range x {
			x[k][j&(lanes-1)], x[k][j&(lanes-1)+lanes] = rr[k], ri[k]
		}
	}
	x = f.rows.run(x, y)[:w]
	for j := range n {
		rr, ri := re[(y0+j)*w:][:w], im[(y0+j)*w:][:w]
		for k := range x {
			rr[k], ri[k] = x[k][j&(lanes-1)], x[k][j&(lanes-1)+lanes]
		}
	}
}

// A line is a one-dimensional transform: Stockham's self-sorting form with
// radices 4, 2, 3 and 5.
type line struct {
	n      int
	stages []stage
}

// A stage splits a transform of length n into r of length n/r. Twiddle factors
// exp(-2πi·p·k/n) stand for each p at tw[p*(r-1)+k-1].
type stage struct {
	n, r int
	tw   []vector.Turn
}

func newLine(n int) *line {
	l := &line{n: n}
	for m := n; m > 1; {
		r := 0
		for _, p := range [...]int{4, 2, 3, 5} {
			if m%p == 0 {
				r = p
				break
			}
		}
		if r == 0 {
			panic(fmt.Sprintf("raster: no transform of length %d: want a product of 2, 3 and 5", n))
		}
		s := stage{n: m, r: r}
		for p := range m / r {
			for k := 1; k < r; k++ {
				sin, cos := math.Sincos(-2 * math.Pi * float64(p*k) / float64(m))
				s.tw = append(s.tw, vector.Turn{float32(cos), float32(sin)})
			}
		}
		l.stages = append(l.stages, s)
		m /= r
	}
	return l
}

// run transforms the sequences held in x, using y as room, and returns whichever of
// the two holds the result. After stages that split by s in all, sample j of
// subsequence q stands at x[j*s+q].
func (l *line) run(x, y []vector.Group) []vector.Group {
	s := 1
	for i := range l.stages {
		st := &l.stages[i]
		switch st.r {
		case 4:
			st.four(s, x, y)
		case 2:
			st.two(s, x, y)
		case 3:
			st.three(s, x, y)
		default:
			st.five(s, x, y)
		}
		x, y = y, x
		s *= st.r
	}
	return x
}

func (st *stage) four(s int, x, y []vector.Group) {
	m := st.n / 4
	vector.Four(y, x, s, s, s*m, nil)
	for p := 1; p < m; p++ {
		vector.Four(y[4*s*p:], x[s*p:], s, s, s*m, (*[3]vector.Turn)(st.tw[3*p:]))
	}
}

func (st *stage) two(s int, x, y []vector.Group) {
	m := st.n / 2
	for p := range m {
		vector.Two(y[2*s*p:], x[s*p:], s, s, s*m, st.tw[p])
	}
}

func (st *stage) three(s int, x, y []vector.Group) {
	const half3 = 0.86602540378443864676 // √3/2
	m := st.n / 3
	for p := range m {
		w1, w2 := st.tw[2*p], st.tw[2*p+1]
		for k := range s {
			a, b, c := &x[s*p+k], &x[s*(p+m)+k], &x[s*(p+2*m)+k]
			o0, o1, o2 := &y[3*s*p+k], &y[3*s*p+s+k], &y[3*s*p+2*s+k]
			for q := range lanes {
				sr, si := b[q]+c[q], b[q+lanes]+c[q+lanes]
				dr, di := half3*(b[q+lanes]-c[q+lanes]), half3*(c[q]-b[q]) // -i·√3/2 (b - c)
				mr, mi := a[q]-sr/2, a[q+lanes]-si/2
				o0[q], o0[q+lanes] = a[q]+sr, a[q+lanes]+si
				er, ei := mr+dr, mi+di
				o1[q], o1[q+lanes] = w1[0]*er-w1[1]*ei, w1[0]*ei+w1[1]*er
				er, ei = mr-dr, mi-di
				o2[q], o2[q+lanes] = w2[0]*er-w2[1]*ei, w2[0]*ei+w2[1]*er
			}
		}
	}
}

// five uses that the factors of five samples come in conjugate pairs.
func (st *stage) five(s int, x, y []vector.Group) {
	const (
		c1, s1 = 0.30901699437494742410, 0.95105651629515357212 // of 2π/5
		c2, s2 = -0.8090169943749474241, 0.58778525229247312917 // of 4π/5
	)
	m := st.n / 5
	for p := range m {
		w := (*[4]vector.Turn)(st.tw[4*p:])
		for k := range s {
			a, b, c, d, e := &x[s*p+k], &x[s*(p+m)+k], &x[s*(p+2*m)+k], &x[s*(p+3*m)+k], &x[s*(p+4*m)+k]
			o0, o1, o2, o3, o4 := &y[5*s*p+k], &y[5*s*p+s+k], &y[5*s*p+2*s+k], &y[5*s*p+3*s+k], &y[5*s*p+4*s+k]
			for q := range lanes {
				pr, pi, qr, qi := b[q]+e[q], b[q+lanes]+e[q+lanes], c[q]+d[q], c[q+lanes]+d[q+lanes]
				ur, ui, vr, vi := b[q]-e[q], b[q+lanes]-e[q+lanes], c[q]-d[q], c[q+lanes]-d[q+lanes]
				o0[q], o0[q+lanes] = a[q]+pr+qr, a[q+lanes]+pi+qi
				fr, fi := a[q]+c1*pr+c2*qr, a[q+lanes]+c1*pi+c2*qi
				gr, gi := s1*ui+s2*vi, -(s1*ur + s2*vr) // -i times
				er, ei := fr+gr, fi+gi
				o1[q], o1[q+lanes] = w[0][0]*er-w[0][1]*ei, w[0][0]*ei+w[0][1]*er
				er, ei = fr-gr, fi-gi
				o4[q], o4[q+lanes] = w[3][0]*er-w[3][1]*ei, w[3][0]*ei+w[3][1]*er
				fr, fi = a[q]+c2*pr+c1*qr, a[q+lanes]+c2*pi+c1*qi
				gr, gi = s2*ui-s1*vi, -(s2*ur - s1*vr)
				er, ei = fr+gr, fi+gi
				o2[q], o2[q+lanes] = w[1][0]*er-w[1][1]*ei, w[1][0]*ei+w[1][1]*er
				er, ei = fr-gr, fi-gi
				o3[q], o3[q+lanes] = w[2][0]*er-w[2][1]*ei, w[2][0]*ei+w[2][1]*er
			}
		}
	}
}
