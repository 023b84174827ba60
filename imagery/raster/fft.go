package raster

import (
	"fmt"
	"math"
	"sync"
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

// batch is how many rows or columns are transformed side by side: enough that
// each twiddle factor is loaded once for many butterflies, few enough that a
// block of 4096 samples stays in the second-level cache.
const batch = 16

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
		b := make([]float32, 4*batch*max(w, h))
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
	Rows((w+batch-1)/batch, workers, func(lo, hi int) {
		buf := f.scratch.Get().(*[]float32)
		for b := lo; b < hi; b++ {
			f.columns(re, im, b*batch, min(batch, w-b*batch), *buf)
		}
		f.scratch.Put(buf)
	})
	Rows((h+batch-1)/batch, workers, func(lo, hi int) {
		buf := f.scratch.Get().(*[]float32)
		for b := lo; b < hi; b++ {
			f.lines(re, im, b*batch, min(batch, h-b*batch), *buf)
		}
		f.scratch.Put(buf)
	})
}

func (f *FFT) columns(re, im []float32, x0, n int, buf []float32) {
	k := n * f.h
	xr, xi, yr, yi := buf[:k], buf[k:2*k], buf[2*k:3*k], buf[3*k:4*k]
	for y := range f.h {
		copy(xr[y*n:y*n+n], re[y*f.w+x0:])
		copy(xi[y*n:y*n+n], im[y*f.w+x0:])
	}
	xr, xi = f.cols.run(n, xr, xi, yr, yi)
	for y := range f.h {
		copy(re[y*f.w+x0:y*f.w+x0+n], xr[y*n:])
		copy(im[y*f.w+x0:y*f.w+x0+n], xi[y*n:])
	}
}

func (f *FFT) lines(re, im []float32, y0, n int, buf []float32) {
	w := f.w
	k := n * w
	xr, xi, yr, yi := buf[:k], buf[k:2*k], buf[2*k:3*k], buf[3*k:4*k]
	for j := range n {
		rr, ri := re[(y0+j)*w:(y0+j+1)*w], im[(y0+j)*w:(y0+j+1)*w]
		at := j
		for x, v := range rr {
			xr[at], xi[at] = v, ri[x]
			at += n
		}
	}
	xr, xi = f.rows.run(n, xr, xi, yr, yi)
	for j := range n {
		rr, ri := re[(y0+j)*w:(y0+j+1)*w], im[(y0+j)*w:(y0+j+1)*w]
		at := j
		for x := range rr {
			rr[x], ri[x] = xr[at], xi[at]
			at += n
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
	n, r   int
	tr, ti []float32
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
				s.tr, s.ti = append(s.tr, float32(cos)), append(s.ti, float32(sin))
			}
		}
		l.stages = append(l.stages, s)
		m /= r
	}
	return l
}

// run transforms s interleaved sequences held in x, sample j of sequence q at
// x[j*s+q], using y as room. It returns whichever of the two holds the result.
func (l *line) run(s int, xr, xi, yr, yi []float32) (re, im []float32) {
	for i := range l.stages {
		st := &l.stages[i]
		switch st.r {
		case 4:
			st.four(s, xr, xi, yr, yi)
		case 2:
			st.two(s, xr, xi, yr, yi)
		case 3:
			st.three(s, xr, xi, yr, yi)
		default:
			st.odd(s, xr, xi, yr, yi)
		}
		xr, xi, yr, yi = yr, yi, xr, xi
		s *= st.r
	}
	return xr, xi
}

// plain is stage four where no factor turns anything: the first of its butterflies.
func (st *stage) plain(s int, xr, xi, yr, yi []float32) {
	m := st.n / 4
	ar, ai, br, bi := xr[:s], xi[:s], xr[s*m:][:s], xi[s*m:][:s]
	cr, ci, dr, di := xr[2*s*m:][:s], xi[2*s*m:][:s], xr[3*s*m:][:s], xi[3*s*m:][:s]
	o0r, o1r, o2r, o3r := yr[:s], yr[s:][:s], yr[2*s:][:s], yr[3*s:][:s]
	o0i, o1i, o2i, o3i := yi[:s], yi[s:][:s], yi[2*s:][:s], yi[3*s:][:s]
	for q := range ar {
		sr, si := ar[q]+cr[q], ai[q]+ci[q]
		tr, ti := ar[q]-cr[q], ai[q]-ci[q]
		ur, ui := br[q]+dr[q], bi[q]+di[q]
		vr, vi := bi[q]-di[q], dr[q]-br[q] // -i (b - d)
		o0r[q], o0i[q] = sr+ur, si+ui
		o1r[q], o1i[q] = tr+vr, ti+vi
		o2r[q], o2i[q] = sr-ur, si-ui
		o3r[q], o3i[q] = tr-vr, ti-vi
	}
}

func (st *stage) four(s int, xr, xi, yr, yi []float32) {
	st.plain(s, xr, xi, yr, yi)
	m := st.n / 4
	for p := 1; p < m; p++ {
		w1r, w2r, w3r := st.tr[3*p], st.tr[3*p+1], st.tr[3*p+2]
		w1i, w2i, w3i := st.ti[3*p], st.ti[3*p+1], st.ti[3*p+2]
		ar, ai := xr[s*p:][:s], xi[s*p:][:s]
		br, bi := xr[s*(p+m):][:s], xi[s*(p+m):][:s]
		cr, ci := xr[s*(p+2*m):][:s], xi[s*(p+2*m):][:s]
		dr, di := xr[s*(p+3*m):][:s], xi[s*(p+3*m):][:s]
		or, oi := yr[4*s*p:][:4*s], yi[4*s*p:][:4*s]
		o0r, o1r, o2r, o3r := or[:s], or[s : 2*s][:s], or[2*s : 3*s][:s], or[3*s:][:s]
		o0i, o1i, o2i, o3i := oi[:s], oi[s : 2*s][:s], oi[2*s : 3*s][:s], oi[3*s:][:s]
		for q := range ar {
			sr, si := ar[q]+cr[q], ai[q]+ci[q]
			tr, ti := ar[q]-cr[q], ai[q]-ci[q]
			ur, ui := br[q]+dr[q], bi[q]+di[q]
			vr, vi := bi[q]-di[q], dr[q]-br[q] // -i (b - d)
			o0r[q], o0i[q] = sr+ur, si+ui
			er, ei := tr+vr, ti+vi
			o1r[q], o1i[q] = w1r*er-w1i*ei, w1r*ei+w1i*er
			er, ei = sr-ur, si-ui
			o2r[q], o2i[q] = w2r*er-w2i*ei, w2r*ei+w2i*er
			er, ei = tr-vr, ti-vi
			o3r[q], o3i[q] = w3r*er-w3i*ei, w3r*ei+w3i*er
		}
	}
}

func (st *stage) two(s int, xr, xi, yr, yi []float32) {
	m := st.n / 2
	for p := range m {
		wr, wi := st.tr[p], st.ti[p]
		ar, ai := xr[s*p:][:s], xi[s*p:][:s]
		br, bi := xr[s*(p+m):][:s], xi[s*(p+m):][:s]
		o0r, o0i := yr[2*s*p:][:s], yi[2*s*p:][:s]
		o1r, o1i := yr[2*s*p+s:][:s], yi[2*s*p+s:][:s]
		for q := range ar {
			o0r[q], o0i[q] = ar[q]+br[q], ai[q]+bi[q]
			er, ei := ar[q]-br[q], ai[q]-bi[q]
			o1r[q], o1i[q] = wr*er-wi*ei, wr*ei+wi*er
		}
	}
}

func (st *stage) three(s int, xr, xi, yr, yi []float32) {
	const half3 = 0.86602540378443864676 // √3/2
	m := st.n / 3
	for p := range m {
		w1r, w2r, w1i, w2i := st.tr[2*p], st.tr[2*p+1], st.ti[2*p], st.ti[2*p+1]
		ar, ai := xr[s*p:][:s], xi[s*p:][:s]
		br, bi := xr[s*(p+m):][:s], xi[s*(p+m):][:s]
		cr, ci := xr[s*(p+2*m):][:s], xi[s*(p+2*m):][:s]
		o0r, o0i := yr[3*s*p:][:s], yi[3*s*p:][:s]
		o1r, o1i := yr[3*s*p+s:][:s], yi[3*s*p+s:][:s]
		o2r, o2i := yr[3*s*p+2*s:][:s], yi[3*s*p+2*s:][:s]
		for q := range ar {
			sr, si := br[q]+cr[q], bi[q]+ci[q]
			dr, di := half3*(bi[q]-ci[q]), half3*(cr[q]-br[q]) // -i·√3/2 (b - c)
			mr, mi := ar[q]-sr/2, ai[q]-si/2
			o0r[q], o0i[q] = ar[q]+sr, ai[q]+si
			er, ei := mr+dr, mi+di
			o1r[q], o1i[q] = w1r*er-w1i*ei, w1r*ei+w1i*er
			er, ei = mr-dr, mi-di
			o2r[q], o2i[q] = w2r*er-w2i*ei, w2r*ei+w2i*er
		}
	}
}

func (st *stage) odd(s int, xr, xi, yr, yi []float32) {
	r, m := st.r, st.n/st.r
	var cos, sin [5]float32
	for k := range r {
		ds, dc := math.Sincos(-2 * math.Pi * float64(k) / float64(r))
		cos[k], sin[k] = float32(dc), float32(ds)
	}
	for p := range m {
		for k := range r {
			wr, wi := float32(1), float32(0)
			if k > 0 {
				wr, wi = st.tr[p*(r-1)+k-1], st.ti[p*(r-1)+k-1]
			}
			or, oi := yr[s*(r*p+k):][:s], yi[s*(r*p+k):][:s]
			for q := range or {
				var er, ei float32
				for j := range r {
					vr, vi := xr[s*(p+j*m)+q], xi[s*(p+j*m)+q]
					c, d := cos[j*k%r], sin[j*k%r]
					er += c*vr - d*vi
					ei += c*vi + d*vr
				}
				or[q], oi[q] = wr*er-wi*ei, wr*ei+wi*er
			}
		}
	}
}
