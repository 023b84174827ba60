package align

import (
	"math"

	"github.com/antequem/antequem/imagery/raster"
	"github.com/antequem/antequem/imagery/raster/vector"
)

// sigma is the standard deviation, px, of the smoothing before the gradient: enough to
// quiet noise and compression, little enough to keep what is sharp. Under right maps of
// destroyed or rebuilt ground windows stand a tenth to a fifth higher over chance than
// with 1.2 px, strongly compressed pictures too.
const sigma = 0.7

func sqrt32(v float32) float32 { return float32(math.Sqrt(float64(v))) }

// A structurer turns brightness patches of side n into structure: complex
// gradient, squared so that an edge and its reverse agree, of magnitude between
// 0 and 1 by how strong it is beside the picture's median. It holds the room
// for one patch and is used by one goroutine at a time.
type structurer struct {
	n, pad  int // patch side, and margin that blur and gradient use up
	side    int // n + 2·pad
	kernel  []float32
	raw     []float32 // side × side brightness
	has     []bool    // side × side: data there
	whole   bool      // has is true everywhere
	mid     []float32
	smooth  []float32 // (n+2) × (n+2)
	gx, gy  []float32 // n × n
	valid   []bool    // n × n: the whole support holds data; unset where whole
	columns []int
	veil    raster.Plane // see view.veil; empty where nothing is veiled
	x0, y0  int          // of the patch in veil
}

func newStructurer(n int) *structurer {
	k := raster.GaussianKernel(sigma)
	pad := len(k) // radius and one for the gradient
	side := n + 2*pad
	return &structurer{
		n: n, pad: pad, side: side, kernel: k,
		raw: make([]float32, side*side), has: make([]bool, side*side),
		mid: make([]float32, side*(n+2)), smooth: make([]float32, (n+2)*(n+2)),
		gx: make([]float32, n*n), gy: make([]float32, n*n), valid: make([]bool, n*n),
		columns: make([]int, side),
	}
}

// cut loads the patch whose top left pixel is (x0, y0) of r.
func (s *structurer) cut(r raster.Raster, x0, y0 int) {
	p, m := r.Bands[0], r.Valid
	s.whole, s.veil = true, raster.Plane{}
	for j := range s.side {
		y := y0 - s.pad + j
		row := p.Row(min(max(y, 0), p.H-1))
		dst, has := s.raw[j*s.side:][:s.side], s.has[j*s.side:][:s.side]
		for i := range dst {
			x := x0 - s.pad + i
			xx := min(max(x, 0), p.W-1)
			dst[i] = row[xx]
			has[i] = x == xx && y >= 0 && y < p.H && m.Valid(xx, y)
			s.whole = s.whole && has[i]
		}
	}
}

// gradient smooths the loaded patch and fills gx, gy and valid.
func (s *structurer) gradient() {
	s.blur()
	w := s.n + 2
	for y := range s.n {
		up, row, down := s.smooth[y*w:][:w], s.smooth[(y+1)*w:][:w], s.smooth[(y+2)*w:][:w]
		gx, gy := s.gx[y*s.n:][:s.n], s.gy[y*s.n:][:s.n]
		for x := range gx {
			gx[x], gy[x] = row[x+2]-row[x], down[x+1]-up[x+1]
		}
	}
	if !s.whole {
		s.support()
	}
}

// blur convolves the patch with the kernel along rows and columns.
func (s *structurer) blur() {
	n2, r := s.n+2, len(s.kernel)-1
	for y := range s.side {
		vector.Filter(s.mid[y*n2:][:n2], s.raw[y*s.side:][:s.side], r, 1, s.kernel)
	}
	for y := range n2 {
		vector.Filter(s.smooth[y*n2:][:n2], s.mid, (y+r)*n2, n2, s.kernel)
	}
}

// support marks the pixels of the patch whose whole square of margin holds data.
func (s *structurer) support() {
	reach := 2*s.pad + 1
	clear(s.columns)
	for y := range s.side {
		for x := range s.side {
			if s.has[y*s.side+x] {
				s.columns[x]++
			} else {
				s.columns[x] = 0
			}
		}
		if y < reach-1 {
			continue
		}
		run, dst := 0, s.valid[(y-reach+1)*s.n:][:s.n]
		for x := range s.side {
			if s.columns[x] >= reach {
				run++
			} else {
				run = 0
			}
			if x >= reach-1 {
				dst[x-reach+1] = run >= reach
			}
		}
	}
}

// structure writes the structure of the loaded patch onto sh, its top left pixel at
// (x0, y0), and says whether all that it wrote rests on data. soft is the gradient
// magnitude that counts as half strong.
func (s *structurer) structure(sh *sheet, x0, y0 int, soft float32) (whole bool) {
	s.gradient()
	w, h := min(s.n, sh.W-x0), min(s.n, sh.H-y0)
	soft *= soft
	for y := range h {
		at := (y0+y)*sh.W + x0
		re, im, gx, gy := sh.Re[at:][:w], sh.Im[at:][:w], s.gx[y*s.n:][:w], s.gy[y*s.n:][:w]
		for x, a := range gx {
			b := gy[x]
			k := 1 / (a*a + b*b + soft)
			re[x], im[x] = k*(a*a-b*b), k*2*a*b
		}
		if s.veil.Pix != nil {
			for x, k := range s.veil.Row(s.y0 + y)[s.x0:][:w] {
				re[x], im[x] = k*re[x], k*im[x]
			}
		}
	}
	return s.whole || s.mark(sh, x0, y0, w, h)
}

// mark takes from sh what doesn't rest on data alone.
func (s *structurer) mark(sh *sheet, x0, y0, w, h int) (whole bool) {
	whole = true
	for y := range h {
		at := (y0+y)*sh.W + x0
		re, im, held := sh.Re[at:][:w], sh.Im[at:][:w], sh.held[at:][:w]
		for x, ok := range s.valid[y*s.n:][:w] {
			held[x] = ok
			if !ok {
				re[x], im[x], whole = 0, 0, false
			}
		}
	}
	return whole
}

// hann returns the taper that lets a square patch of side n fade out.
func hann(n int) []float32 {
	line, out := make([]float64, n), make([]float32, n*n)
	for i := range line {
		line[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/float64(n))
	}
	for y := range n {
		for x := range n {
			out[y*n+x] = float32(line[y] * line[x])
		}
	}
	return out
}
