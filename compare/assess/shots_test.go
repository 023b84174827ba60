package assess_test

// Dated pictures of a place, drawn from one or two real pictures of it: every shot has
// its own position, turn, scale, relief, light, sharpness, noise and compression.

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/raster"
)

// A place is two pictures of it on one grid, and where people saw a change.
type place struct {
	name          string
	before, after raster.Raster
	changed       []bool // nil where nobody labelled it
}

// A rect is a region or a patch of one, px.
type rect struct{ x, y, w, h int }

// places reads DIR/NAME/{a.png,b.png,change.png}; without a folder two are drawn.
func places(t *testing.T, dir string) []place {
	t.Helper()
	if dir == "" {
		return []place{drawnPlace(1), drawnPlace(2)}
	}
	folders, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []place
	for _, f := range folders {
		p := place{name: f.Name(), before: readPicture(t, filepath.Join(dir, f.Name(), "a.png")), after: readPicture(t, filepath.Join(dir, f.Name(), "b.png"))}
		if p.before.Bands == nil || p.after.Bands == nil {
			continue
		}
		aw, ah := p.before.Size()
		bw, bh := p.after.Size()
		w, h := min(aw, bw), min(ah, bh)
		p.before, p.after = p.before.Crop(0, 0, w, h), p.after.Crop(0, 0, w, h)
		if label := readPicture(t, filepath.Join(dir, f.Name(), "change.png")); label.Bands != nil {
			for _, v := range label.Crop(0, 0, w, h).Bands[0].Pix {
				p.changed = append(p.changed, v > 127)
			}
		}
		out = append(out, p)
	}
	if len(out) < 2 {
		t.Fatalf("%s holds fewer than two pairs", dir)
	}
	return out
}

func readPicture(t *testing.T, name string) raster.Raster {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		return raster.Raster{}
	}
	defer f.Close()
	im, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return bandsOf(im)
}

// bandsOf returns red, green and blue, 0 to 255.
func bandsOf(im image.Image) raster.Raster {
	flat := image.NewNRGBA(image.Rect(0, 0, im.Bounds().Dx(), im.Bounds().Dy()))
	draw.Draw(flat, flat.Rect, im, im.Bounds().Min, draw.Src)
	var r raster.Raster
	for band := range 3 {
		p := raster.NewPlane(flat.Rect.Dx(), flat.Rect.Dy())
		for i := range p.Pix {
			p.Pix[i] = float32(flat.Pix[4*i+band])
		}
		r.Bands = append(r.Bands, p)
	}
	return r
}

// drawnPlace is two towns of roofs, which nobody labelled.
func drawnPlace(seed uint64) place {
	const side = 176
	p := place{name: fmt.Sprintf("drawn %d", seed)}
	for band := range uint64(3) {
		p.before.Bands, p.after.Bands = append(p.before.Bands, roofs(10*seed+band, side)), append(p.after.Bands, roofs(100+10*seed+band, side))
	}
	return p
}

// bent is a similarity with some tenths of a pixel of relief.
type bent struct {
	matrix [3][3]float64
	relief compare.Field
}

func (b bent) Map(x, y float64) (mx, my float64) {
	dx, dy := b.relief.At(x, y)
	m := b.matrix
	return m[0][0]*x + m[0][1]*y + m[0][2] + dx, m[1][0]*x + m[1][1]*y + m[1][2] + dy
}

// stand draws where a shot is taken from: within 8 px, 2 degrees and 3 % of scale.
func stand(rng *rand.Rand, w, h int) bent {
	sin, cos := math.Sincos(uniform(rng, -2, 2) * math.Pi / 180)
	k := uniform(rng, 0.97, 1.03)
	cx, cy := float64(w)/2, float64(h)/2
	a, b := k*cos, k*sin
	m := bent{matrix: [3][3]float64{
		{a, b, cx - a*cx - b*cy + uniform(rng, -8, 8)},
		{-b, a, cy + b*cx - a*cy + uniform(rng, -8, 8)}, {0, 0, 1}}}
	const nodes = 5
	m.relief = compare.Field{Step: float64(max(w, h)) / (nodes - 1), Cols: nodes, Rows: nodes}
	for range nodes * nodes {
		m.relief.DX, m.relief.DY = append(m.relief.DX, uniform(rng, -0.6, 0.6)), append(m.relief.DY, uniform(rng, -0.6, 0.6))
	}
	return m
}

// shoot is one acquisition of the ground; a still one lends the grid.
func shoot(ground raster.Raster, rng *rand.Rand, still bool) raster.Raster {
	w, h := ground.Size()
	if !still {
		ground = raster.Warp(ground, w, h, stand(rng, w, h), 0)
	}
	gamma, gain, offset := uniform(rng, 0.75, 1.3), uniform(rng, 0.7, 1.05), uniform(rng, 0, 0.1)
	blur, noise := uniform(rng, 0, 0.9), uniform(rng, 0.004, 0.015)
	im := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		im.Pix[4*i+3] = 255
	}
	for b, band := range ground.Bands {
		tint := uniform(rng, 0.92, 1.08)
		p := raster.NewPlane(w, h)
		for i, v := range band.Pix {
			if ground.Valid.Pix != nil && ground.Valid.Pix[i] == 0 {
				v = 0
			}
			p.Pix[i] = float32((math.Pow(min(max(float64(v)/255, 0), 1), gamma)*gain + offset) * tint)
		}
		if blur > 0.35 {
			p = raster.Blur(p, raster.Mask{}, blur, 0)
		}
		for i, v := range p.Pix {
			im.Pix[4*i+b] = uint8(255*min(max(float64(v)+noise*rng.NormFloat64(), 0), 1) + 0.5)
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, im, &jpeg.Options{Quality: 70 + rng.IntN(26)}); err != nil {
		panic(err) // a buffer takes every byte
	}
	back, err := jpeg.Decode(&file)
	if err != nil {
		panic(err) // it was written here
	}
	return bandsOf(back)
}

func uniform(rng *rand.Rand, low, high float64) float64 { return low + (high-low)*rng.Float64() }

// clouded lays a bank of white over a region.
func clouded(r raster.Raster, at rect, rng *rand.Rand) raster.Raster {
	w, h := r.Size()
	veil := raster.NewPlane(w, h)
	for range 25 {
		cx, cy := float64(at.x)+float64(at.w)*(0.5+rng.NormFloat64()), float64(at.y)+float64(at.h)*(0.5+rng.NormFloat64())
		radius := uniform(rng, 15, 45)
		for i := range veil.Pix {
			if math.Hypot(float64(i%w)-cx, float64(i/w)-cy) < radius {
				veil.Pix[i] = 1
			}
		}
	}
	veil = raster.Blur(veil, raster.Mask{}, 6, 0)
	thick := float32(uniform(rng, 0.92, 1))
	out := r.Crop(0, 0, w, h)
	for _, b := range out.Bands {
		for i, v := range veil.Pix {
			b.Pix[i] += v * thick * (245 - b.Pix[i])
		}
	}
	return out
}

// patched sets a piece of another place into the ground, its tones matched to the spot.
func patched(ground raster.Raster, at rect, rng *rand.Rand, donor raster.Raster) raster.Raster {
	w, h := ground.Size()
	dw, dh := donor.Size()
	var from rect
	for range 200 {
		from = rect{rng.IntN(dw - at.w + 1), rng.IntN(dh - at.h + 1), at.w, at.h}
		if _, dev := tones(donor.Bands[1], from); dev > 12 {
			break
		}
	}
	soft := raster.NewPlane(w, h)
	for y := at.y + 1; y < at.y+at.h-1; y++ {
		for x := at.x + 1; x < at.x+at.w-1; x++ {
			soft.Row(y)[x] = 1
		}
	}
	soft = raster.Blur(soft, raster.Mask{}, 1, 0)
	out := ground.Crop(0, 0, w, h)
	for b, p := range out.Bands {
		mean, dev := tones(p, at)
		theirs, spread := tones(donor.Bands[b], from)
		k := 0.5 + 0.5*dev/max(spread, 1)
		for y := range at.h {
			for x := range at.w {
				v := &p.Row(at.y + y)[at.x+x]
				d := (float64(donor.Bands[b].Row(from.y + y)[from.x+x])-theirs)*k + mean
				*v += soft.Row(at.y + y)[at.x+x] * (float32(min(max(d, 0), 255)) - *v)
			}
		}
	}
	return out
}

// tones returns the mean and the standard deviation of a part of a plane.
func tones(p raster.Plane, at rect) (mean, dev float64) {
	var sum, squares float64
	for y := at.y; y < at.y+at.h; y++ {
		for _, v := range p.Row(y)[at.x : at.x+at.w] {
			sum, squares = sum+float64(v), squares+float64(v)*float64(v)
		}
	}
	n := float64(at.w * at.h)
	return sum / n, math.Sqrt(max(squares/n-sum/n*sum/n, 0))
}
