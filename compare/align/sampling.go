package align

import (
	"math"

	"github.com/antequem/antequem/imagery/raster"
	"github.com/antequem/antequem/imagery/raster/vector"
)

// load fills s with the moving image as m lays it over the reference, around the
// patch whose top left pixel is (x0, y0) of the given level of the reference.
// It samples the level of the moving pyramid that matches in scale, and returns
// the gradient that counts as strong there. ok is false where m is not defined.
func (p *pair) load(s *structurer, m raster.Mapper, level, x0, y0 int) (soft float32, ok bool) {
	full := levelToFull(level)
	step := full[0][0]
	cx, cy := full.Map(float64(x0)+float64(s.n-1)/2, float64(y0)+float64(s.n-1)/2)
	scale := magnification(m, cx, cy)
	if !(scale > 0) || math.IsInf(scale, 0) {
		return 0, false
	}
	low := min(max(int(math.Round(math.Log2(scale*step))), 0), len(p.mov.levels)-1)
	src := p.mov.levels[low]
	shrunk := 1 / float64(int(1)<<low)
	s.whole, s.veil = true, raster.Plane{}
	for ty := 0; ty < s.side; ty += node {
		for tx := 0; tx < s.side; tx += node {
			var c [2][2][2]float64
			for j := range 2 {
				for i := range 2 {
					x, y := full.Map(float64(x0-s.pad+tx+i*node), float64(y0-s.pad+ty+j*node))
					u, v := m.Map(x, y)
					if math.IsNaN(u + v) {
						return 0, false
					}
					c[j][i] = [2]float64{(u+0.5)*shrunk - 0.5, (v+0.5)*shrunk - 0.5}
				}
			}
			s.cell(src, tx, ty, &c)
		}
	}
	return p.mov.soft[low] * float32(scale*step*shrunk), true
}

// node is how far apart, px, the map is asked for; between them it is taken as bilinear.
const node = 8

// magnification returns how many moving px a reference px spans around (x, y).
func magnification(m raster.Mapper, x, y float64) float64 {
	const d = 4
	ax, ay := m.Map(x-d, y)
	bx, by := m.Map(x+d, y)
	cx, cy := m.Map(x, y-d)
	dx, dy := m.Map(x, y+d)
	return math.Sqrt(math.Abs((bx-ax)*(dy-cy)-(by-ay)*(dx-cx))) / (2 * d)
}

// cell samples src for one square of the patch, whose corners map to c.
func (s *structurer) cell(src raster.Raster, tx, ty int, c *[2][2][2]float64) {
	p, mask := src.Bands[0], src.Valid
	nx, ny := min(node, s.side-tx), min(node, s.side-ty)
	if amid(p, c) && solid(mask, c) {
		s.amidst(p, tx, ty, nx, ny, c)
		return
	}
	for j := range ny {
		at := (ty+j)*s.side + tx
		raw, has := s.raw[at:][:nx], s.has[at:][:nx]
		x, y, dx, dy := line(c, j)
		for i := range raw {
			raw[i], has[i] = cubic(p, mask, x+float64(i)*dx, y+float64(i)*dy)
			s.whole = s.whole && has[i]
		}
	}
}

// line returns where row j of a square begins whose corners, node px apart, map to c, and
// how far it goes on with each pixel.
func line(c *[2][2][2]float64, j int) (x, y, dx, dy float64) {
	v := float64(j) / node
	x, y = c[0][0][0]+v*(c[1][0][0]-c[0][0][0]), c[0][0][1]+v*(c[1][0][1]-c[0][0][1])
	u1, v1 := c[0][1][0]+v*(c[1][1][0]-c[0][1][0]), c[0][1][1]+v*(c[1][1][1]-c[0][1][1])
	return x, y, (u1 - x) / node, (v1 - y) / node
}

// amidst is cell where every sample that it wants is there and holds data.
func (s *structurer) amidst(p raster.Plane, tx, ty, nx, ny int, c *[2][2][2]float64) {
	var at [node * node]int
	var fx, fy, out [node * node]float32
	n := 0
	for j := range ny {
		x, y, dx, dy := line(c, j)
		for i := range nx {
			at[n], fx[n], fy[n] = nearby(p, x+float64(i)*dx, y+float64(i)*dy)
			n++
		}
	}
	vector.Cubic(out[:n], p.Pix, p.W, at[:n], fx[:n], fy[:n])
	for j := range ny {
		k := (ty+j)*s.side + tx
		copy(s.raw[k:][:nx], out[j*nx:])
		has := s.has[k:][:nx]
		for i := range has {
			has[i] = true
		}
	}
}

// nearby returns the first of the 4 × 4 samples of p among which (x, y) lies, and how far
// it lies from the second to the third column and row.
func nearby(p raster.Plane, x, y float64) (at int, fx, fy float32) {
	ix, iy := int(x), int(y)
	return (iy-1)*p.W + ix - 1, float32(x - float64(ix)), float32(y - float64(iy))
}

// amid says that the four corners, and so all between them, lie where every sample
// that cubic wants is there.
func amid(p raster.Plane, c *[2][2][2]float64) bool {
	const hair = 1e-6
	w, h := float64(p.W-2)-hair, float64(p.H-2)-hair
	for j := range 2 {
		for i := range 2 {
			if x, y := c[j][i][0], c[j][i][1]; !(x >= 1+hair && y >= 1+hair && x < w && y < h) {
				return false
			}
		}
	}
	return true
}

// cubic interpolates p at (x, y) by Catmull and Rom's weights, the border
// repeated outwards, and says whether the four nearest samples hold data.
func cubic(p raster.Plane, mask raster.Mask, x, y float64) (float32, bool) {
	w, h := p.W, p.H
	if !(x >= 1 && y >= 1 && x < float64(w-2) && y < float64(h-2)) {
		return edge(p, mask, x, y)
	}
	var out [1]float32
	at, fx, fy := nearby(p, x, y)
	vector.Cubic(out[:], p.Pix, w, []int{at}, []float32{fx}, []float32{fy})
	return out[0], mask.Pix == nil || held(mask, int(x), int(y))
}

// solid says that every sample beside a position between the corners holds data; they
// lie amid the picture.
func solid(m raster.Mask, c *[2][2][2]float64) bool {
	left, top := min(c[0][0][0], c[0][1][0], c[1][0][0], c[1][1][0]), min(c[0][0][1], c[0][1][1], c[1][0][1], c[1][1][1])
	right, bottom := max(c[0][0][0], c[0][1][0], c[1][0][0], c[1][1][0]), max(c[0][0][1], c[0][1][1], c[1][0][1], c[1][1][1])
	return m.Filled(int(left), int(top), int(right)+2, int(bottom)+2)
}

func held(m raster.Mask, x, y int) bool {
	i := y*m.W + x
	return m.Pix[i] != 0 && m.Pix[i+1] != 0 && m.Pix[i+m.W] != 0 && m.Pix[i+m.W+1] != 0
}

// edge is cubic beside the border: bilinear, and without data outside.
func edge(p raster.Plane, mask raster.Mask, x, y float64) (float32, bool) {
	const hair = 0.01
	w, h := float64(p.W-1), float64(p.H-1)
	inside := x >= -hair && y >= -hair && x <= w+hair && y <= h+hair
	x, y = min(max(x, 0), w), min(max(y, 0), h)
	ix, iy := min(int(x), p.W-2), min(int(y), p.H-2)
	fx, fy := float32(x-float64(ix)), float32(y-float64(iy))
	i := iy*p.W + ix
	top := p.Pix[i] + fx*(p.Pix[i+1]-p.Pix[i])
	bottom := p.Pix[i+p.W] + fx*(p.Pix[i+p.W+1]-p.Pix[i+p.W])
	return top + fy*(bottom-top), inside && (mask.Pix == nil || held(mask, ix, iy))
}
