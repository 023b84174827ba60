package align

import (
	"math"
	"slices"

	"github.com/antequem/antequem/imagery/raster"
)

// withoutFurniture takes out of the masks of two pictures what is printed on both at
// the same place of the frame: a viewer's bars and panels, its logo, a caption, a north
// arrow. All of that agrees, to the pixel, on a map that says nothing of the ground, so
// that screenshots of different places would pass for one. What a watermark covers all
// over both is bridged by what lies around, and veil marks it: see pattern.
func withoutFurniture(ref, mov raster.Raster, workers int) (_, _ raster.Raster, veil raster.Mask) {
	r, m := ref.Valid, mov.Valid
	for _, shift := range corners(ref.Bands[0], mov.Bands[0]) {
		c := newCommon(ref, mov, shift, workers)
		if marked, ok := c.strokes(ref, mov, workers); ok && veil.Pix == nil {
			veil = framed(marked.Dilate(besides), c.x0, c.y0, ref)
			ref = bridged(ref, framed(marked, c.x0, c.y0, ref), workers)
			mov = bridged(mov, framed(marked, c.x0+shift[0], c.y0+shift[1], mov), workers)
			c = newCommon(ref, mov, shift, workers)
		}
		if printed := c.printed(); printed != nil {
			r = c.hide(r, ref.Bands[0], c.x0, c.y0, printed)
			m = c.hide(m, mov.Bands[0], c.x0+shift[0], c.y0+shift[1], printed)
		}
	}
	ref.Valid, mov.Valid = r, m
	return ref, mov, veil
}

// corners returns by how many px the moving frame is shifted where it has a corner in
// common with the reference's: a larger window keeps its bars at its edges.
func corners(ref, mov raster.Plane) [][2]int {
	dx, dy := mov.W-ref.W, mov.H-ref.H
	all := [][2]int{{0, 0}, {dx, 0}, {0, dy}, {dx, dy}}
	slices.SortFunc(all, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(all)
}

// A common is the part that two frames share under one shift, cut into blocks.
type common struct {
	x0, y0 int     // its top left, px of the reference
	shift  [2]int  // of the moving frame, px
	pw, ph int     // px
	w, h   int     // whole blocks
	span   float32 // see contrast
	least  float32 // texture of more than noise, for a span of 1
	blocks []likeness
}

// A likeness is how far a block is the same in both pictures, pixel on pixel.
type likeness struct {
	texture float32 // mean square of the gradient, of the livelier picture
	plainer float32 // and of the other
	cosine  float32 // of the two fields of gradients, -1 to 1
	apart   float32 // mean difference of brightness
	locked  bool    // the fields agree, and less so where one slides on by a pixel
}

// noise is the texture, for a contrast of 1, up to which a block may hold nothing else.
const noise = 0.0012

// printer is the side of a block, px: letters of a screen stand 8 to 20 px high.
const printer = 16

func newCommon(ref, mov raster.Raster, shift [2]int, workers int) common {
	a, b := ref.Bands[0], mov.Bands[0]
	c := common{x0: max(0, -shift[0]), y0: max(0, -shift[1]), shift: shift, span: contrast(ref), least: noise}
	c.pw, c.ph = min(a.W, b.W-shift[0])-c.x0, min(a.H, b.H-shift[1])-c.y0
	c.w, c.h = c.pw/printer, c.ph/printer
	c.blocks = make([]likeness, max(0, c.w)*max(0, c.h))
	raster.Rows(max(0, c.h), workers, func(lo, hi int) {
		for j := lo; j < hi; j++ {
			for i := range c.w {
				x, y := c.x0+i*printer, c.y0+j*printer
				l := &c.blocks[j*c.w+i]
				if whole(ref.Valid, x, y) && whole(mov.Valid, x+shift[0], y+shift[1]) {
					*l = liken(a, b, x, y, x+shift[0], y+shift[1])
					l.locked = l.cosine > faint && locked(a, b, x, y, x+shift[0], y+shift[1], l.cosine)
				} else {
					l.apart = float32(math.Inf(1))
				}
			}
		}
	})
	return c
}

// faint is the cosine from which on a block may hold print, and bold that from which on
// some of it must.
const faint, bold = 0.3, 0.55

// locked says whether two blocks agree, to the cosine top, less where the second slides
// on by a pixel: ground that lies a little off agrees more on one side.
func locked(a, b raster.Plane, ax, ay, bx, by int, top float32) bool {
	for _, d := range [...][2]int{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
		x, y := bx+d[0], by+d[1]
		if x < 0 || y < 0 || x+printer > b.W || y+printer > b.H {
			continue
		}
		if liken(a, b, ax, ay, x, y).cosine > top-0.05 {
			return false
		}
	}
	return true
}

// whole says whether all of the block at (x0, y0) holds data.
func whole(m raster.Mask, x0, y0 int) bool { return m.Filled(x0, y0, x0+printer, y0+printer) }

// contrast returns the difference of the darkest and brightest tones of r, of one
// pixel in 256, without the outermost fiftieths.
func contrast(r raster.Raster) float32 {
	var tones []float32
	p := r.Bands[0]
	for y := 8; y < p.H; y += 16 {
		for x := 8; x < p.W; x += 16 {
			if r.Valid.Valid(x, y) {
				tones = append(tones, p.Pix[y*p.W+x])
			}
		}
	}
	if len(tones) == 0 {
		return 0
	}
	slices.Sort(tones)
	return tones[len(tones)-1-len(tones)/50] - tones[len(tones)/50]
}

// liken compares the block of a at (ax, ay) with that of b at (bx, by).
func liken(a, b raster.Plane, ax, ay, bx, by int) likeness {
	var cross, first, second, all float32
	for j := 0; j < printer-1; j++ {
		p, below := a.Pix[(ay+j)*a.W+ax:][:printer], a.Pix[(ay+j+1)*a.W+ax:][:printer]
		q, under := b.Pix[(by+j)*b.W+bx:][:printer], b.Pix[(by+j+1)*b.W+bx:][:printer]
		for i := 0; i < printer-1; i++ {
			px, py, qx, qy := p[i+1]-p[i], below[i]-p[i], q[i+1]-q[i], under[i]-q[i]
			cross, first, second = cross+px*qx+py*qy, first+px*px+py*py, second+qx*qx+qy*qy
			d := p[i] - q[i]
			all += max(d, -d)
		}
	}
	const n = (printer - 1) * (printer - 1)
	l := likeness{texture: max(first, second) / n, plainer: min(first, second) / n, apart: all / n}
	if first > 0 && second > 0 {
		l.cosine = cross / sqrt32(first*second)
	}
	return l
}

// printed marks the blocks that hold print, and those around them; it is nil where there is none.
//
// The gradients of print agree by sign, too, in several blocks side by side; between
// frames that don't lie on one another nothing else does. Where the ground agrees as well
// nothing is marked.
func (c *common) printed() []bool {
	const few = 3
	if c.grounded() {
		return nil
	}
	seeds := make([]bool, len(c.blocks))
	for i, l := range c.blocks {
		seeds[i] = c.bold(l)
	}
	var out []bool
	seen := make([]bool, len(c.blocks))
	for i := range c.blocks {
		if !seeds[i] || seen[i] {
			continue
		}
		area, print := c.area(i, seeds, seen)
		if print < few {
			continue
		}
		if out == nil {
			out = make([]bool, len(c.blocks))
		}
		for _, k := range area {
			c.around(k, func(n int) { out[n] = true })
		}
	}
	return out
}

// grounded says whether it is the ground that agrees, and not print alone: three quarters
// of the lively blocks do, as in pictures of one grid (the lowest quarter was -0.17 to 0
// under print, 0.36 to 0.8 in such pictures), or of those that are lively in both, which
// leaves out what cloud hides in one, if they are many; or there is more of it than
// letters ever cover.
func (c *common) grounded() bool {
	const many, most = 0.4, 1. / 3
	var cosines, shown []float32
	bold, all := 0, 0
	for _, l := range c.blocks {
		if !math.IsInf(float64(l.apart), 1) {
			all++
		}
		if c.bold(l) {
			bold++
		}
		if !c.lively(l) {
			continue
		}
		cosines = append(cosines, l.cosine)
		if l.plainer > c.least*c.span*c.span {
			shown = append(shown, l.cosine)
		}
	}
	agree := func(v []float32) bool { return len(v) == 0 || raster.Nth(v, len(v)/4) > ground }
	return float64(bold) > most*float64(all) || agree(cosines) || float64(len(shown)) > many*float64(all) && agree(shown)
}

// ground is the cosine above which three quarters of the blocks agree where the ground does.
const ground = 0.2

// bold says whether a block agrees as print does.
func (c *common) bold(l likeness) bool { return c.lively(l) && l.locked && l.cosine > bold }

// lively says whether a block holds more than noise.
func (c *common) lively(l likeness) bool { return l.texture > c.least*c.span*c.span }

// area returns the blocks that continue block i, with print, fainter print or as one flat
// tone in both pictures, and how many of them hold print.
func (c *common) area(i int, seeds, seen []bool) (area []int, print int) {
	area, seen[i] = []int{i}, true
	for at := 0; at < len(area); at++ {
		if seeds[area[at]] {
			print++
		}
		c.around(area[at], func(n int) {
			l := c.blocks[n]
			if !seen[n] && (seeds[n] || c.lively(l) && l.locked || !c.lively(l) && l.apart < 0.02*c.span) {
				seen[n] = true
				area = append(area, n)
			}
		})
	}
	return area, print
}

// around calls f for the blocks of the 3 × 3 square around k, k among them.
func (c *common) around(k int, f func(n int)) {
	b := blocks{w: c.w, h: c.h}
	b.around(k, f)
}

// hide returns the mask of p, m, without the marked blocks, which begin at (x0, y0).
func (c *common) hide(m raster.Mask, p raster.Plane, x0, y0 int, marked []bool) raster.Mask {
	out := raster.Mask{W: p.W, H: p.H, Pix: slices.Clone(m.Pix)}
	if m.Pix == nil {
		out.Pix = slices.Repeat([]uint8{1}, p.W*p.H)
	}
	for k, is := range marked {
		if !is {
			continue
		}
		i, j := k%c.w, k/c.w
		// the last blocks take what is left over up to the frame
		right, bottom := x0+(i+1)*printer, y0+(j+1)*printer
		if i == c.w-1 {
			right = min(p.W, right+printer)
		}
		if j == c.h-1 {
			bottom = min(p.H, bottom+printer)
		}
		for y := y0 + j*printer; y < bottom; y++ {
			clear(out.Pix[y*p.W+x0+i*printer : y*p.W+right])
		}
	}
	return out
}
