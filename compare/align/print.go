package align

import (
	"math"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster"
)

// searched returns what search finds, and finds again without what is printed on both
// pictures, wherever an alignment turns out to rest on that: bars a little lower in a
// window that has one more, a screenshot that was scaled, a watermark on both.
func searched(p *pair, ref, mov raster.Raster) compare.Alignment {
	const rounds = 3
	out := p.search()
	for range rounds {
		r, m, veil, found := p.unprinted(ref, mov, out)
		if !found {
			return out
		}
		last := out
		p = p.anew(r, m, veil)
		if p.ref.blank() || p.mov.blank() {
			break
		}
		out, ref, mov = p.search(), r, m
		if out.Aligned && p.apart(out.Matrix, last.Matrix) < 3 {
			break
		}
	}
	return failed(compare.ReasonNoAgreement)
}

// anew returns a pair of other pictures under the same options.
func (p *pair) anew(ref, mov raster.Raster, veil raster.Mask) *pair {
	q := &pair{ctx: p.ctx, opts: p.opts, workers: p.workers, ref: newView(ref, p.workers), mov: newView(mov, p.workers)}
	if veil.Pix == nil {
		q.ref.veil = p.ref.veil
	}
	q.ref.veiled(veil, q.workers)
	return q
}

// unprinted returns the pictures without what is printed on both where a lays them over
// each other, if the ground elsewhere doesn't agree there. Print comes scaled and
// shifted with its frame, never turned. veil is that of a pattern, if that is what it is.
func (p *pair) unprinted(ref, mov raster.Raster, a compare.Alignment) (r, m raster.Raster, veil raster.Mask, found bool) {
	g := matrix(a.Matrix)
	inv, ok := g.inverse()
	if !a.Aligned || !upright(g) || !ok {
		return ref, mov, veil, false
	}
	still, moved, least := p.softened(g)
	if onGround(still, moved, g, least) {
		return ref, mov, veil, false
	}
	laid := raster.Warp(moved, p.ref.w, p.ref.h, g, p.workers)
	c := newCommon(still, laid, [2]int{}, p.workers)
	c.least = least
	if p.ref.veil == nil {
		if marked, ok := c.strokes(still, laid, p.workers); ok {
			return bridged(ref, marked, p.workers), bridged(mov, carried(marked, inv, mov).Dilate(1), p.workers), marked.Dilate(besides), true
		}
	}
	printed := c.printed()
	if printed == nil || c.elsewhere(printed) {
		return ref, mov, veil, false
	}
	r, m = ref, mov
	r.Valid = c.hide(ref.Valid, ref.Bands[0], 0, 0, printed)
	hidden := c.hide(raster.Mask{}, ref.Bands[0], 0, 0, printed)
	for i, v := range hidden.Pix {
		hidden.Pix[i] = 1 - v
	}
	m.Valid = carried(hidden, inv, mov)
	for i, v := range m.Valid.Pix {
		m.Valid.Pix[i] = 1 - v
		if mov.Valid.Pix != nil && mov.Valid.Pix[i] == 0 {
			m.Valid.Pix[i] = 0
		}
	}
	return r, m, veil, true
}

// upright says whether m scales and shifts, and hardly does anything else: logos that
// each moved by a few px ask for a little turn and shear.
func upright(m matrix) bool {
	const turn, bend = 0.05, 1e-4
	s := math.Hypot(m[0][0], m[1][1])
	return m[0][0] > 0 && m[1][1] > 0 && math.Abs(m[0][1])+math.Abs(m[1][0]) < turn*s &&
		math.Abs(m[2][0])+math.Abs(m[2][1]) < bend
}

// softened returns the two pictures, both a little blurred where g scales, and what
// texture is more than noise there.
func (p *pair) softened(g matrix) (still, moved raster.Raster, least float32) {
	still, moved = p.ref.levels[0], p.mov.levels[0]
	s := g.scale(float64(p.ref.w-1)/2, float64(p.ref.h-1)/2)
	if math.Abs(s-1) < 0.01 {
		return still, moved, noise
	}
	soft := func(r raster.Raster, sigma float64) raster.Raster {
		return raster.Raster{Bands: []raster.Plane{raster.Blur(r.Bands[0], r.Valid, sigma, p.workers)}, Valid: r.Valid}
	}
	return soft(still, max(1, 0.8/s)), soft(moved, max(s, 0.8)), noise / 8
}

// onGround says at a glance, of blocks spread over ref, that the ground under them agrees
// where g lays mov over it: with so much to spare that all blocks would say the same.
func onGround(ref, mov raster.Raster, g matrix, least float32) bool {
	const glance, enough, spare = 256, 80, ground + 0.1
	w, h := ref.Size()
	step := max(1, int(math.Sqrt(float64(w/printer*(h/printer))/glance)))
	c := common{span: contrast(ref), least: least}
	laid := raster.NewPlane(printer, printer)
	var cosines []float32
	for y := step / 2 * printer; y+printer <= h; y += step * printer {
		for x := step / 2 * printer; x+printer <= w; x += step * printer {
			if !whole(ref.Valid, x, y) || !lay(laid, mov, g, x, y) {
				continue
			}
			if l := liken(ref.Bands[0], laid, x, y, 0, 0); c.lively(l) {
				cosines = append(cosines, l.cosine)
			}
		}
	}
	return len(cosines) >= enough && raster.Nth(cosines, len(cosines)/4) > spare
}

// lay fills a block with mov as g lays it at (x, y), and says whether it holds data all over.
func lay(block raster.Plane, mov raster.Raster, g matrix, x, y int) bool {
	all := true
	for j := range block.H {
		for i := range block.W {
			u, v := g.Map(float64(x+i), float64(y+j))
			tone, ok := cubic(mov.Bands[0], mov.Valid, u, v)
			block.Row(j)[i], all = tone, all && ok
		}
	}
	return all
}

// elsewhere says whether more of the blocks that aren't marked agree than chance gives,
// or fewer, where the contrast is reversed. Each has one vote, so that a few letters that
// weren't marked don't decide.
func (c *common) elsewhere(marked []bool) bool {
	const beyond = 5 // standard deviations
	var n, more float64
	for i, l := range c.blocks {
		if marked[i] || !c.lively(l) {
			continue
		}
		switch {
		case l.cosine > 0:
			n, more = n+1, more+1
		case l.cosine < 0:
			n, more = n+1, more-1
		}
	}
	return math.Abs(more) > beyond*math.Sqrt(n)
}

// carried returns the mask of the pixels of mov that inv puts where marked is.
func carried(marked raster.Mask, inv matrix, mov raster.Raster) raster.Mask {
	w, h := mov.Size()
	out := raster.Mask{W: w, H: h, Pix: make([]uint8, w*h)}
	for y := range h {
		for x := range w {
			u, v := inv.Map(float64(x), float64(y))
			i, j := int(math.Floor(u+0.5)), int(math.Floor(v+0.5))
			if i >= 0 && j >= 0 && i < marked.W && j < marked.H {
				out.Pix[y*w+x] = marked.Pix[j*marked.W+i]
			}
		}
	}
	return out
}
