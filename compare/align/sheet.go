package align

import (
	"sync"

	"github.com/antequem/antequem/imagery/raster"
)

// A sheet is structure on a grid: of a level of the reference, of the moving image as
// a map lays it there, or of a window of either. Windows that overlap are cut from one
// sheet, so that what they share is filtered once.
type sheet struct {
	raster.Complex
	held  []bool // the structure of the pixel rests on data alone
	whole bool   // that of every pixel does, whatever held says
}

func newSheet(w, h int) *sheet {
	return &sheet{Complex: raster.NewComplex(w, h), held: make([]bool, w*h)}
}

// window fills out with the part of sh whose top left pixel is (x0, y0), times taper,
// and returns its energy and the share of the taper's weight that rests on data.
func (sh *sheet) window(out raster.Complex, x0, y0 int, taper []float32) (energy, share float64) {
	n := out.W
	for y := range n {
		at := (y0+y)*sh.W + x0
		sr, si, t := sh.Re[at:][:n], sh.Im[at:][:n], taper[y*n:][:n]
		re, im := out.Re[y*n:][:n], out.Im[y*n:][:n]
		var even, odd float32
		for x, k := range t {
			p, q := k*sr[x], k*si[x]
			re[x], im[x] = p, q
			even, odd = odd+(p*p+q*q), even // take turns, so that neither sum waits for the other
		}
		energy += float64(even + odd)
	}
	if sh.whole {
		return energy, 1
	}
	var held, all float32
	for y := range n {
		ok, t := sh.held[(y0+y)*sh.W+x0:][:n], taper[y*n:][:n]
		for x, k := range t {
			all += k
			if ok[x] {
				held += k
			}
		}
	}
	return energy, float64(held) / float64(max(all, 1e-9))
}

// tile is the side, px, of the squares by which a sheet is filled.
const tile = 128

// fill fills sh tile by tile. load brings what is at and around the tile at (x0, y0)
// into s and returns the gradient that counts as strong there; where it can't, there
// is no structure.
func (sh *sheet) fill(room *sync.Pool, workers int, load func(s *structurer, x0, y0 int) (soft float32, ok bool)) {
	across := (sh.W + tile - 1) / tile
	whole := make([]bool, across*((sh.H+tile-1)/tile))
	raster.Rows(len(whole), workers, func(lo, hi int) {
		s, ok := room.Get().(*structurer)
		if !ok {
			s = newStructurer(tile)
		}
		for i := lo; i < hi; i++ {
			x0, y0 := i%across*tile, i/across*tile
			if soft, ok := load(s, x0, y0); ok {
				whole[i] = s.structure(sh, x0, y0, soft)
			} else {
				sh.blank(x0, y0)
			}
		}
		room.Put(s)
	})
	sh.whole = true
	for _, ok := range whole {
		sh.whole = sh.whole && ok
	}
	if sh.whole {
		return
	}
	for i, ok := range whole {
		if ok {
			sh.hold(i%across*tile, i/across*tile)
		}
	}
}

// blank takes all structure from the tile at (x0, y0).
func (sh *sheet) blank(x0, y0 int) {
	w := min(tile, sh.W-x0)
	for y := y0; y < min(y0+tile, sh.H); y++ {
		at := y*sh.W + x0
		clear(sh.Re[at:][:w])
		clear(sh.Im[at:][:w])
		clear(sh.held[at:][:w])
	}
}

// hold says that the whole tile at (x0, y0) rests on data.
func (sh *sheet) hold(x0, y0 int) {
	w := min(tile, sh.W-x0)
	for y := y0; y < min(y0+tile, sh.H); y++ {
		held := sh.held[y*sh.W+x0:][:w]
		for x := range held {
			held[x] = true
		}
	}
}

// sheet returns the structure of a level of the picture, made once.
func (v *view) sheet(level int, room *sync.Pool, workers int) *sheet {
	if sh := v.sheets[level]; sh != nil {
		return sh
	}
	sh := newSheet(v.plane(level).W, v.plane(level).H)
	sh.fill(room, workers, func(s *structurer, x0, y0 int) (float32, bool) {
		v.cut(s, level, x0, y0)
		return v.soft[level], true
	})
	v.sheets[level] = sh
	return sh
}

// laid returns the structure of the moving image as m, which must be comparable, lays it
// over a level of the reference. It is good until the next call.
func (p *pair) laid(m raster.Mapper, level int) *sheet {
	if p.sheet != nil && p.sheetOf == m && p.sheetLevel == level {
		return p.sheet
	}
	if w, h := p.ref.plane(level).W, p.ref.plane(level).H; p.sheet == nil || p.sheetLevel != level {
		p.sheet = newSheet(w, h)
	}
	p.sheetOf, p.sheetLevel = m, level
	p.sheet.fill(&p.tiles, p.workers, func(s *structurer, x0, y0 int) (float32, bool) {
		if p.ctx.Err() != nil {
			return 0, false
		}
		return p.load(s, m, level, x0, y0)
	})
	return p.sheet
}
