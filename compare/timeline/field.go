package timeline

import (
	"math"
	"slices"

	"github.com/antequem/antequem/imagery/raster"
)

func sortFloats(v []float64) { slices.Sort(v) }

// channels is how many numbers a field holds for each pixel: the two components of
// the gradient at each scale.
const channels = 4

// scales are the Gaussian widths, px, at which structure is seen. The finer is wide
// enough that the usual differences of sharpness (up to 0.9 px) and what is left of
// misalignment (some tenths of a pixel) change little.
var scales = [2]float32{1.0, 2.0}

// planes holds some numbers for each pixel of the grid, side by side.
type planes struct {
	w int
	v []float32 // channels * w * h
}

// A field is one frame on the grid, zero where there is no data.
type field struct {
	w, h  int
	edges planes    // structure: softly normalised gradients
	tones planes    // colour relative to the frame's own
	valid []uint8   // 1 where the pixel and its neighbourhood hold data
	seen  []uint8   // 1 where the pixel holds data
	luma  []float32 // brightness as given
	tint  []float32 // largest less smallest of three bands as a share of the largest; nil for other numbers
	cloud []uint8   // 1 where cloud hides the ground; nil for none
	hard  bool      // what looks like cloud has hard edges
}

// newField takes the structure of a frame's picture inside g.
func newField(p raster.Raster, g grid) *field {
	f := &field{w: g.w, h: g.h, valid: make([]uint8, g.w*g.h)}
	f.edges = planes{g.w, make([]float32, channels*g.w*g.h)}
	f.luma = crop(p, g)
	for y := range g.h {
		for x := range g.w {
			if p.Valid.Valid(g.x0+x, g.y0+y) {
				f.valid[y*g.w+x] = 1
			}
		}
	}
	f.seen = f.valid
	f.tint = colour(p, g)
	holdEdges(f.luma, f.valid, f.w, f.h)
	solid := erode(f.valid, f.w, f.h, 3)
	buf, tmp := make([]float32, g.w*g.h), make([]float32, g.w*g.h)
	for k, s := range scales {
		smooth(buf, f.luma, tmp, f.w, f.h, s)
		f.gradients(buf, solid, 2*k)
	}
	f.valid = solid
	f.paint(p, g, buf, tmp)
	return f
}

// paint writes the tones: each of the first three bands, lightly smoothed, by its rank
// among the frame's own pixels, 0 darkest to 1 brightest, less a half. Ranks stay what
// they are under any light, exposure and contrast that treat all places alike.
func (f *field) paint(p raster.Raster, g grid, buf, tmp []float32) {
	f.tones = planes{g.w, make([]float32, channels*g.w*g.h)}
	band := make([]float32, g.w*g.h)
	known := make([]float32, 0, sampled+g.w)
	for b := range min(3, len(p.Bands)) {
		for y := range g.h {
			copy(band[y*g.w:(y+1)*g.w], p.Bands[b].Row(g.y0 + y)[g.x0:g.x0+g.w])
		}
		holdEdges(band, f.seen, f.w, f.h)
		smooth(buf, band, tmp, g.w, g.h, 1.5)
		known = known[:0]
		for i := 0; i < len(buf); i += g.w*g.h/sampled | 1 {
			if f.valid[i] != 0 {
				known = append(known, buf[i])
			}
		}
		if len(known) == 0 {
			return
		}
		slices.Sort(known)
		r := newRanks(known)
		for i, ok := range f.valid {
			if ok != 0 {
				f.tones.v[channels*i+b] = r.of(buf[i]) - 0.5
			}
		}
	}
}

// ranks turns values into their rank among a sample, through a table of even steps.
type ranks struct {
	low, perStep float32
	table        []float32
}

// rankSteps is fine enough for 12 bits of grey.
const rankSteps = 4096

func newRanks(sorted []float32) ranks {
	low, high := sorted[0], sorted[len(sorted)-1]
	r := ranks{low: low, perStep: rankSteps / max(high-low, 1e-6), table: make([]float32, rankSteps+1)}
	below := 0
	for k := range r.table {
		v := low + float32(k)/r.perStep
		from := below
		for below < len(sorted) && sorted[below] <= v {
			below++
		}
		r.table[k] = float32(from+below) / float32(2*len(sorted)) // ties share the middle
	}
	return r
}

func (r ranks) of(v float32) float32 {
	x := min(max((v-r.low)*r.perStep, 0), rankSteps)
	i := min(int(x), rankSteps-1)
	t := x - float32(i)
	return r.table[i]*(1-t) + r.table[i+1]*t
}

// sampled is about how many pixels a frame's quantiles are taken from.
const sampled = 30000

// crop returns brightness inside g.
func crop(p raster.Raster, g grid) []float32 {
	out := make([]float32, g.w*g.h)
	weights := []float32{0.299, 0.587, 0.114}
	if n := len(p.Bands); n != 3 && n != 4 {
		weights = make([]float32, n)
		for i := range weights {
			weights[i] = 1 / float32(n)
		}
	}
	for b, k := range weights {
		for y := range g.h {
			src := p.Bands[b].Row(g.y0 + y)[g.x0 : g.x0+g.w]
			dst := out[y*g.w : (y+1)*g.w]
			for x, v := range src {
				dst[x] += k * v
			}
		}
	}
	return out
}

// colour returns how far each pixel inside g is from grey: 0 grey, 1 pure.
func colour(p raster.Raster, g grid) []float32 {
	if len(p.Bands) < 3 {
		return nil
	}
	out := make([]float32, g.w*g.h)
	for y := range g.h {
		from := g.x0
		r, gr, b := p.Bands[0].Row(g.y0 + y)[from:], p.Bands[1].Row(g.y0 + y)[from:], p.Bands[2].Row(g.y0 + y)[from:]
		for x := range g.w {
			high := max(r[x], gr[x], b[x])
			if high > 0 {
				out[y*g.w+x] = (high - min(r[x], gr[x], b[x])) / high
			}
		}
	}
	return out
}

// holdEdges writes the mean of the valid pixels where there is no data, so that
// smoothing draws nothing wild from there; the edge itself is eroded away later.
func holdEdges(v []float32, valid []uint8, w, h int) {
	var sum float64
	n := 0
	for i, ok := range valid {
		if ok != 0 {
			sum += float64(v[i])
			n++
		}
	}
	if n == 0 || n == len(v) {
		return
	}
	mean := float32(sum / float64(n))
	for i, ok := range valid {
		if ok == 0 {
			v[i] = mean
		}
	}
}

// erode keeps the pixels whose neighbours up to r pixels away, along rows and
// columns, are all valid. What lies outside the grid counts as valid.
func erode(valid []uint8, w, h, r int) []uint8 {
	rows, out := make([]uint8, w*h), make([]uint8, w*h)
	pass := func(dst, src []uint8, n, lines, step, line int) {
		for l := range lines {
			last := -1 - r // where the last invalid pixel was met
			for i := 0; i < n+r; i++ {
				if i < n && src[l*line+i*step] == 0 {
					last = i
				}
				if j := i - r; j >= 0 && last < j-r {
					dst[l*line+j*step] = 1
				}
			}
		}
	}
	pass(rows, valid, w, h, 1, w)
	pass(out, rows, h, w, w, 1)
	return out
}

// softness is m in units of the frame's strong gradients (the 80th percentile): from
// there on an edge counts by its direction, below by its contrast too.
const softness = 2

// gradients writes channels c and c+1 from the smoothed picture: central
// differences divided by √(|g|² + m²), so that light and contrast count for little,
// the brightest edge for no more than a plain one, and noise for next to nothing.
func (f *field) gradients(s []float32, valid []uint8, c int) {
	w, h := f.w, f.h
	mags := make([]float32, 0, sampled+w)
	every := w*h/sampled | 1
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			i := y*w + x
			if valid[i] == 0 {
				continue
			}
			gx, gy := s[i+1]-s[i-1], s[i+w]-s[i-w]
			f.edges.v[channels*i+c], f.edges.v[channels*i+c+1] = gx, gy
			if i%every == 0 {
				mags = append(mags, gx*gx+gy*gy)
			}
		}
	}
	if len(mags) == 0 {
		return
	}
	slices.Sort(mags)
	m2 := max(softness*softness*mags[len(mags)*4/5], 1e-12)
	for i := range valid {
		gx, gy := f.edges.v[channels*i+c], f.edges.v[channels*i+c+1]
		k := softness / float32(math.Sqrt(float64(gx*gx+gy*gy+m2)))
		f.edges.v[channels*i+c], f.edges.v[channels*i+c+1] = gx*k, gy*k
	}
}

// smooth writes src blurred by a Gaussian of width sigma px to dst; the border is
// held.
func smooth(dst, src, tmp []float32, w, h int, sigma float32) {
	r := int(math.Ceil(3 * float64(sigma)))
	k := make([]float32, r+1)
	sum := float32(0)
	for i := range k {
		k[i] = float32(math.Exp(-0.5 * float64(i*i) / float64(sigma*sigma)))
		sum += k[i]
		if i > 0 {
			sum += k[i]
		}
	}
	for i := range k {
		k[i] /= sum
	}
	row := make([]float32, w+2*r)
	for y := range h {
		copy(row[r:], src[y*w:(y+1)*w])
		for i := range r {
			row[i], row[w+r+i] = src[y*w], src[(y+1)*w-1]
		}
		out := tmp[y*w : (y+1)*w]
		for x := range out {
			out[x] = k[0] * row[x+r]
		}
		for j := 1; j <= r; j++ {
			kj, a, b := k[j], row[r-j:r-j+w], row[r+j:r+j+w]
			for x := range out {
				out[x] += kj * (a[x] + b[x])
			}
		}
	}
	for y := range h {
		out := dst[y*w : (y+1)*w]
		for x, v := range tmp[y*w : (y+1)*w] {
			out[x] = k[0] * v
		}
		for j := 1; j <= r; j++ {
			ya, yb := max(y-j, 0), min(y+j, h-1)
			kj, a, b := k[j], tmp[ya*w:(ya+1)*w], tmp[yb*w:(yb+1)*w]
			for x := range out {
				out[x] += kj * (a[x] + b[x])
			}
		}
	}
}
