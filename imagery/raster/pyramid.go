package raster

// Pyramid returns r and its successive halves, down to the last one whose longer
// side is at least minSide px. Pixel (x, y) of level l is centred on
// ((x+0.5)·2^l - 0.5, (y+0.5)·2^l - 0.5) of level 0.
func Pyramid(r Raster, minSide, workers int) []Raster {
	levels := []Raster{r}
	for {
		w, h := levels[len(levels)-1].Size()
		if max(w, h)/2 < max(minSide, 2) || min(w, h) < 4 {
			return levels
		}
		levels = append(levels, Half(levels[len(levels)-1], workers))
	}
}

// Half returns r at half its size, filtered by (1 3 3 1)/8 along rows and
// columns. A pixel is valid where the four below it all are; samples without
// data take no part in any average. An odd last row or column is left out.
func Half(r Raster, workers int) Raster {
	w, h := r.Size()
	out := Raster{Valid: halfMask(r.Valid, w, h)}
	for _, b := range r.Bands {
		out.Bands = append(out.Bands, halfPlane(b, r.Valid, workers))
	}
	return out
}

func halfMask(m Mask, w, h int) Mask {
	out := Mask{W: w / 2, H: h / 2}
	if m.Pix == nil {
		return out
	}
	out.Pix = make([]uint8, out.W*out.H)
	for y := range out.H {
		a, b := m.Pix[2*y*w:], m.Pix[(2*y+1)*w:]
		for x := range out.W {
			if a[2*x] != 0 && a[2*x+1] != 0 && b[2*x] != 0 && b[2*x+1] != 0 {
				out.Pix[y*out.W+x] = 1
			}
		}
	}
	return out
}

func halfPlane(p Plane, m Mask, workers int) Plane {
	const run = 16 // px that are asked together whether they are whole
	out := NewPlane(p.W/2, p.H/2)
	Rows(out.H, workers, func(lo, hi int) {
		col := make([]float32, p.W)
		for y := lo; y < hi; y++ {
			top, bottom := max(2*y-1, 0), min(2*y+2, p.H-1)
			a, b, c, d := p.Row(top), p.Row(2*y), p.Row(2*y+1), p.Row(bottom)
			for x := range col {
				col[x] = a[x] + d[x] + 3*(b[x]+c[x])
			}
			dst := out.Row(y)
			for x0 := 0; x0 < out.W; x0 += run {
				x1 := min(x0+run, out.W)
				if m.Filled(max(2*x0-1, 0), top, min(2*x1+1, p.W), bottom+1) {
					for x := x0; x < x1; x++ {
						dst[x] = (col[max(2*x-1, 0)] + col[min(2*x+2, p.W-1)] + 3*(col[2*x]+col[2*x+1])) / 64
					}
					continue
				}
				for x := x0; x < x1; x++ {
					dst[x] = halfMasked(p, m, x, y)
				}
			}
		}
	})
	return out
}

// halfMasked is a sample of the half of p that some of those beneath it don't count for.
func halfMasked(p Plane, m Mask, x, y int) float32 {
	taps := [4]float32{1, 3, 3, 1}
	var sum, weight float32
	for j, ty := range taps {
		yy := min(max(2*y-1+j, 0), p.H-1)
		for i, tx := range taps {
			xx := min(max(2*x-1+i, 0), p.W-1)
			if m.Pix[yy*p.W+xx] != 0 {
				sum += ty * tx * p.Pix[yy*p.W+xx]
				weight += ty * tx
			}
		}
	}
	if weight == 0 {
		return 0
	}
	return sum / weight
}
