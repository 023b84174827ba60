package align_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/align"
	"github.com/antequem/antequem/imagery/raster"
)

// scene draws a town of w × h pixels: fields of several tones, roofs at all
// angles, and grain. A place is the same wherever and however large it is drawn.
func scene(w, h int, seed uint64) raster.Raster {
	rng := rand.New(rand.NewPCG(seed, 7))
	p := raster.NewPlane(w, h)
	for i := range p.Pix {
		p.Pix[i] = 110
	}
	for range w * h / 220 {
		cx, cy := rng.Float64()*float64(w), rng.Float64()*float64(h)
		a, b := 3+rng.ExpFloat64()*7, 3+rng.ExpFloat64()*7
		sin, cos := math.Sincos(rng.Float64() * math.Pi)
		tone := float32(40 + 170*rng.Float64())
		reach := int(a + b + 1)
		for y := max(0, int(cy)-reach); y < min(h, int(cy)+reach+1); y++ {
			for x := max(0, int(cx)-reach); x < min(w, int(cx)+reach+1); x++ {
				dx, dy := float64(x)-cx, float64(y)-cy
				if math.Abs(cos*dx+sin*dy) < a && math.Abs(cos*dy-sin*dx) < b {
					p.Pix[y*w+x] = tone
				}
			}
		}
	}
	p = raster.Blur(p, raster.Mask{}, 0.9, 1)
	return raster.Raster{Bands: []raster.Plane{p}}
}

// noisy returns r with its own grain, and its tones passed through f.
func noisy(r raster.Raster, seed uint64, deviation float64, f func(v float64) float64) raster.Raster {
	rng := rand.New(rand.NewPCG(seed, 11))
	out := raster.Raster{Valid: r.Valid}
	for _, b := range r.Bands {
		p := raster.NewPlane(b.W, b.H)
		for i, v := range b.Pix {
			p.Pix[i] = float32(f(float64(v)) + deviation*rng.NormFloat64())
		}
		out.Bands = append(out.Bands, p)
	}
	return out
}

func same(v float64) float64 { return v }

// A linear map for tests: reference to moving, about (cx, cy).
type linear struct{ a, b, c, d, cx, cy, tx, ty float64 }

func (l linear) Map(x, y float64) (float64, float64) {
	x, y = x-l.cx, y-l.cy
	return l.a*x + l.b*y + l.cx + l.tx, l.c*x + l.d*y + l.cy + l.ty
}

// back is the map from moving to reference.
func (l linear) back() linear {
	det := l.a*l.d - l.b*l.c
	i := linear{a: l.d / det, b: -l.b / det, c: -l.c / det, d: l.a / det, cx: l.cx, cy: l.cy}
	i.tx, i.ty = -(i.a*l.tx + i.b*l.ty), -(i.c*l.tx + i.d*l.ty)
	return i
}

func turned(degrees, scale, tx, ty, cx, cy float64) linear {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return linear{scale * cos, -scale * sin, scale * sin, scale * cos, cx, cy, tx, ty}
}

// moved draws the scene as m moves it, on a grid of w × h.
func moved(r raster.Raster, w, h int, m linear) raster.Raster {
	return raster.Warp(r, w, h, m.back(), 1)
}

func estimate(t *testing.T, ref, mov raster.Raster, opts align.Options) compare.Alignment {
	t.Helper()
	a, err := align.Estimate(context.Background(), ref, mov, opts)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// miss returns the mean distance between where a and want put a grid of points
// that fall inside the moving image.
func miss(a compare.Alignment, want raster.Mapper, w, h, mw, mh int) float64 {
	var sum, n float64
	for y := range 9 {
		for x := range 9 {
			px, py := float64(x)/8*float64(w-1), float64(y)/8*float64(h-1)
			u, v := want.Map(px, py)
			if u < 4 || v < 4 || u > float64(mw-5) || v > float64(mh-5) {
				continue
			}
			s, t := a.Map(px, py)
			sum, n = sum+math.Hypot(s-u, t-v), n+1
		}
	}
	return sum / n
}
