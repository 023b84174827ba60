package raster

import (
	"math"

	"github.com/antequem/antequem/imagery/raster/vector"
)

// A Mapper says where a position of the reference grid lies in the moving
// raster, px of each; NaN where it lies nowhere.
type Mapper interface {
	Map(x, y float64) (mx, my float64)
}

// Warp resamples moving onto a reference grid of w × h pixels through m, which
// maps reference to moving positions, by Catmull–Rom interpolation. Where the
// map shrinks the picture it is smoothed and halved first, so that no detail
// finer than the new grid folds into it.
//
// A pixel is valid only where every sample that contributes to it is; others
// hold 0. Beside nodata the interpolation falls back from 4 × 4 to 2 × 2 samples
// before it gives up. Identity returns the samples unchanged.
func Warp(moving Raster, w, h int, m Mapper, workers int) Raster {
	out := Raster{Valid: Mask{W: w, H: h, Pix: make([]uint8, w*h)}}
	for range moving.Bands {
		out.Bands = append(out.Bands, NewPlane(w, h))
	}
	mw, mh := moving.Size()
	if mw == 0 || mh == 0 || w == 0 || h == 0 {
		return out
	}
	src, level := prefilter(moving, shrink(m, w, h), workers)
	tiles := (w + tile - 1) / tile
	Rows((h+tile-1)/tile, workers, func(lo, hi int) {
		var pos [tile * tile][2]float64
		for ty := lo; ty < hi; ty++ {
			for tx := range tiles {
				x0, y0 := tx*tile, ty*tile
				nx, ny := min(tile, w-x0), min(tile, h-y0)
				positions(&pos, m, x0, y0, nx, ny)
				if level == 0 && sampleTile(out, src, &pos, x0, y0, nx, ny) {
					continue
				}
				for j := range ny {
					sampleRow(out, src, pos[j*tile:j*tile+nx], x0, y0+j, level, mw, mh)
				}
			}
		}
	})
	return out
}

// tile is the side of the squares within which a smooth map is interpolated.
const tile = 16

// positions fills pos with where m sends the pixels of a tile. Between its
// corners the map is taken as bilinear where that is true to 1/500 px at the
// middle of the tile and of its sides, and asked for every pixel elsewhere.
func positions(pos *[tile * tile][2]float64, m Mapper, x0, y0, nx, ny int) {
	var corner [3][3][2]float64
	for j := range 3 {
		for i := range 3 {
			x, y := m.Map(float64(x0+i*tile/2), float64(y0+j*tile/2))
			corner[j][i] = [2]float64{x, y}
		}
	}
	if !bilinear(&corner) {
		for j := range ny {
			for i := range nx {
				x, y := m.Map(float64(x0+i), float64(y0+j))
				pos[j*tile+i] = [2]float64{x, y}
			}
		}
		return
	}
	a, b, c, d := corner[0][0], corner[0][2], corner[2][0], corner[2][2]
	for j := range ny {
		v := float64(j) / tile
		lx, ly := a[0]+v*(c[0]-a[0]), a[1]+v*(c[1]-a[1])
		rx, ry := b[0]+v*(d[0]-b[0]), b[1]+v*(d[1]-b[1])
		for i := range nx {
			u := float64(i) / tile
			pos[j*tile+i] = [2]float64{lx + u*(rx-lx), ly + u*(ry-ly)}
		}
	}
}

func bilinear(c *[3][3][2]float64) bool {
	const tolerance = 0.002
	for k := range 2 {
		top, bottom := (c[0][0][k]+c[0][2][k])/2, (c[2][0][k]+c[2][2][k])/2
		left, right := (c[0][0][k]+c[2][0][k])/2, (c[0][2][k]+c[2][2][k])/2
		for _, d := range [...]float64{c[0][1][k] - top, c[2][1][k] - bottom, c[1][0][k] - left, c[1][2][k] - right, c[1][1][k] - (top+bottom)/2} {
			if !(math.Abs(d) < tolerance) { // NaN too
				return false
			}
		}
	}
	return true
}

// shrink returns how many moving pixels a step of one reference pixel crosses
// at the middle of the grid: the longer axis of the local ellipse.
func shrink(m Mapper, w, h int) float64 {
	x, y := float64(w-1)/2, float64(h-1)/2
	ax, ay := m.Map(x-0.5, y)
	bx, by := m.Map(x+0.5, y)
	cx, cy := m.Map(x, y-0.5)
	dx, dy := m.Map(x, y+0.5)
	p, q, r, s := bx-ax, by-ay, dx-cx, dy-cy
	t, det := p*p+q*q+r*r+s*s, p*s-q*r
	scale := math.Sqrt((t + math.Sqrt(max(t*t-4*det*det, 0))) / 2)
	if math.IsNaN(scale) {
		return 1
	}
	return scale
}

// prefilter returns moving at the level of its pyramid from which a grid that
// is scale times coarser may be sampled, smoothed to it.
func prefilter(moving Raster, scale float64, workers int) (src Raster, level int) {
	src = moving
	for scale >= 2 {
		if w, h := src.Size(); min(w, h) < 4 {
			break
		}
		src, level, scale = Half(src, workers), level+1, scale/2
	}
	if scale <= 1.05 {
		return src, level
	}
	sigma := 0.5 * math.Sqrt(scale*scale-1)
	smooth := Raster{Valid: src.Valid}
	for _, b := range src.Bands {
		smooth.Bands = append(smooth.Bands, Blur(b, src.Valid, sigma, workers))
	}
	return smooth, level
}

// sampleTile is sampleRow for all rows of a tile whose every pixel lies amid samples that
// hold data; where one doesn't it does nothing and returns false.
func sampleTile(out, src Raster, pos *[tile * tile][2]float64, x0, y0, nx, ny int) bool {
	w, h := src.Size()
	var at [tile * tile]int
	var fx, fy, tones [tile * tile]float32
	left, top, right, bottom, n := w, h, 0, 0, 0
	for j := range ny {
		for _, p := range pos[j*tile:][:nx] {
			x, y := p[0], p[1]
			if !(x >= 1 && y >= 1 && x < float64(w-2) && y < float64(h-2)) {
				return false
			}
			ix, iy := int(x), int(y)
			left, top, right, bottom = min(left, ix), min(top, iy), max(right, ix), max(bottom, iy)
			at[n], fx[n], fy[n] = (iy-1)*w+ix-1, float32(x-float64(ix)), float32(y-float64(iy))
			n++
		}
	}
	if !src.Valid.Filled(left-1, top-1, right+3, bottom+3) {
		return false
	}
	for b, band := range src.Bands {
		vector.Cubic(tones[:n], band.Pix, w, at[:n], fx[:n], fy[:n])
		for j := range ny {
			copy(out.Bands[b].Row(y0 + j)[x0:], tones[j*nx:][:nx])
		}
	}
	for j := range ny {
		ok := out.Valid.Pix[(y0+j)*out.Valid.W+x0:][:nx]
		for i := range ok {
			ok[i] = 1
		}
	}
	return true
}

// sampleRow fills out from (x0, y) rightwards with src at the positions pos,
// which count pixels of level 0, mw × mh of them.
func sampleRow(out, src Raster, pos [][2]float64, x0, y, level, mw, mh int) {
	w, h := src.Size()
	at := y*out.Valid.W + x0
	scale := 1 / float64(int(1)<<level)
	for i, p := range pos {
		// a hair's breadth of tolerance keeps the border where a map is the identity but for rounding
		if !(p[0] >= -0.01 && p[1] >= -0.01 && p[0] <= float64(mw)-0.99 && p[1] <= float64(mh)-0.99) {
			continue
		}
		x, y := p[0], p[1]
		if level > 0 {
			x, y = (x+0.5)*scale-0.5, (y+0.5)*scale-0.5
		}
		x, y = min(max(x, 0), float64(w-1)), min(max(y, 0), float64(h-1))
		ix, iy := min(int(x), max(w-2, 0)), min(int(y), max(h-2, 0))
		if sample(out, src, at+i, ix, iy, float32(x-float64(ix)), float32(y-float64(iy)), w, h) {
			out.Valid.Pix[at+i] = 1
		}
	}
}

func sample(out, src Raster, at, ix, iy int, fx, fy float32, w, h int) bool {
	wx, wy := vector.Weights(fx), vector.Weights(fy)
	if src.Valid.Pix != nil && !supported(src.Valid, ix, iy, &wx, &wy) {
		wx, wy = [4]float32{0, 1 - fx, fx, 0}, [4]float32{0, 1 - fy, fy, 0}
		if !supported(src.Valid, ix, iy, &wx, &wy) {
			return false
		}
	}
	if ix >= 1 && iy >= 1 && ix+2 < w && iy+2 < h {
		base := (iy-1)*w + ix - 1
		for b := range src.Bands {
			pix := src.Bands[b].Pix
			r0, r1, r2, r3 := pix[base:][:4], pix[base+w:][:4], pix[base+2*w:][:4], pix[base+3*w:][:4]
			out.Bands[b].Pix[at] = wy[0]*(wx[0]*r0[0]+wx[1]*r0[1]+wx[2]*r0[2]+wx[3]*r0[3]) +
				wy[1]*(wx[0]*r1[0]+wx[1]*r1[1]+wx[2]*r1[2]+wx[3]*r1[3]) +
				wy[2]*(wx[0]*r2[0]+wx[1]*r2[1]+wx[2]*r2[2]+wx[3]*r2[3]) +
				wy[3]*(wx[0]*r3[0]+wx[1]*r3[1]+wx[2]*r3[2]+wx[3]*r3[3])
		}
		return true
	}
	for b := range src.Bands {
		pix := src.Bands[b].Pix
		var sum float32
		for j := range 4 {
			row := min(max(iy+j-1, 0), h-1) * w
			for i := range 4 {
				sum += wy[j] * wx[i] * pix[row+min(max(ix+i-1, 0), w-1)]
			}
		}
		out.Bands[b].Pix[at] = sum
	}
	return true
}

// supported says whether every sample with a weight holds data.
func supported(m Mask, ix, iy int, wx, wy *[4]float32) bool {
	for j := range 4 {
		if wy[j] == 0 {
			continue
		}
		row := min(max(iy+j-1, 0), m.H-1) * m.W
		for i := range 4 {
			if wx[i] != 0 && m.Pix[row+min(max(ix+i-1, 0), m.W-1)] == 0 {
				return false
			}
		}
	}
	return true
}
