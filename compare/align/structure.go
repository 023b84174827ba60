package align

import (
	"math"

	"github.com/antequem/antequem/imagery/raster"
)

// sigma is the standard deviation, px, of the smoothing before the gradient:
// enough to quiet noise and compression, little enough to keep what is sharp.
const sigma = 1.2

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
	valid   []bool    // n × n: the whole support holds data
	columns []int
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
	s.whole = true
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
	s.support()
}

// blur convolves the patch with the kernel, nine taps along rows and columns.
func (s *structurer) blur() {
	n2, r := s.n+2, len(s.kernel)-1
	k := (*[5]float32)(s.kernel)
	for y := range s.side {
		src, dst := s.raw[y*s.side:][:s.side], s.mid[y*n2:][:n2]
		for x := range dst {
			w := (*[9]float32)(src[x:])
			dst[x] = k[0]*w[4] + k[1]*(w[3]+w[5]) + k[2]*(w[2]+w[6]) + k[3]*(w[1]+w[7]) + k[4]*(w[0]+w[8])
		}
	}
	for y := range n2 {
		row := func(d int) []float32 { return s.mid[(y+r+d)*n2:][:n2] }
		a4, a3, a2, a1, b1, b2, b3, b4 := row(-4), row(-3), row(-2), row(-1), row(1), row(2), row(3), row(4)
		dst, mid := s.smooth[y*n2:][:n2], row(0)
		for x := range dst {
			dst[x] = k[0]*mid[x] + k[1]*(a1[x]+b1[x]) + k[2]*(a2[x]+b2[x]) + k[3]*(a3[x]+b3[x]) + k[4]*(a4[x]+b4[x])
		}
	}
}

// support marks the pixels of the patch whose whole square of margin holds data.
func (s *structurer) support() {
	if s.whole {
		for i := range s.valid {
			s.valid[i] = true
		}
		return
	}
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

// structure writes the structure of the loaded patch, times taper, into out at
// its top left corner, and returns its energy and the share of its weight that
// holds data. soft is the gradient magnitude that counts as half strong.
func (s *structurer) structure(out raster.Complex, soft float32, taper []float32) (energy, share float64) {
	s.gradient()
	var held, all float32
	for y := range s.n {
		re, im := out.Re[y*out.W:][:s.n], out.Im[y*out.W:][:s.n]
		gx, gy, ok, t := s.gx[y*s.n:][:s.n], s.gy[y*s.n:][:s.n], s.valid[y*s.n:][:s.n], taper[y*s.n:][:s.n]
		var sum float32
		for x := range re {
			all += t[x]
			if !ok[x] {
				re[x], im[x] = 0, 0
				continue
			}
			held += t[x]
			a, b := gx[x], gy[x]
			k := t[x] / (a*a + b*b + soft*soft)
			p, q := k*(a*a-b*b), k*2*a*b
			re[x], im[x] = p, q
			sum += p*p + q*q
		}
		energy += float64(sum)
	}
	return energy, float64(held) / float64(max(all, 1e-9))
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
