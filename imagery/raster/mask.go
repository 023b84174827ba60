package raster

import "bytes"

// Full returns a mask of ones: what a nil Pix means, written out.
func Full(w, h int) Mask {
	m := Mask{W: w, H: h, Pix: make([]uint8, w*h)}
	for i := range m.Pix {
		m.Pix[i] = 1
	}
	return m
}

// Share returns how much of the mask is valid, 0 to 1.
func (m Mask) Share() float64 {
	if m.Pix == nil {
		return 1
	}
	if len(m.Pix) == 0 {
		return 0
	}
	n := 0
	for _, v := range m.Pix {
		if v != 0 {
			n++
		}
	}
	return float64(n) / float64(len(m.Pix))
}

// Filled says whether all pixels from (x0, y0) to before (x1, y1), within the mask, are valid.
func (m Mask) Filled(x0, y0, x1, y1 int) bool {
	if m.Pix == nil {
		return true
	}
	for y := y0; y < y1; y++ {
		if bytes.IndexByte(m.Pix[y*m.W+x0:y*m.W+x1], 0) >= 0 {
			return false
		}
	}
	return true
}

// And returns the mask that is valid where both are, which must be of one size.
func (m Mask) And(o Mask) Mask {
	switch {
	case m.Pix == nil:
		return o
	case o.Pix == nil:
		return m
	}
	out := Mask{W: m.W, H: m.H, Pix: make([]uint8, len(m.Pix))}
	for i, v := range m.Pix {
		if v != 0 && o.Pix[i] != 0 {
			out.Pix[i] = 1
		}
	}
	return out
}

// Erode returns the mask that is valid where the whole square of side 2r+1
// around a pixel is; the world outside the picture counts as valid.
func (m Mask) Erode(r int) Mask {
	if m.Pix == nil || r <= 0 {
		return m
	}
	return m.spread(r, 0)
}

// Dilate returns the mask that is valid where any pixel of the square of side
// 2r+1 around it is.
func (m Mask) Dilate(r int) Mask {
	if m.Pix == nil || r <= 0 {
		return m
	}
	return m.spread(r, 1)
}

// spread grows the pixels that are valid (v = 1) or not (v = 0) by r px in each direction.
func (m Mask) spread(r int, v uint8) Mask {
	mid, out := make([]uint8, len(m.Pix)), make([]uint8, len(m.Pix))
	grow(mid, m.Pix, m.H, m.W, m.W, 1, r, v)
	grow(out, mid, m.W, m.H, 1, m.W, r, v)
	return Mask{W: m.W, H: m.H, Pix: out}
}

// grow runs along n lines of length l, whose starts lie step apart and whose
// samples lie stride apart, and marks what lies within r of a sample of kind v.
func grow(dst, src []uint8, n, l, step, stride, r int, v uint8) {
	for i := range n {
		last := -r - 1
		for j := range l + r {
			if j < l && (src[i*step+j*stride] != 0) == (v != 0) {
				last = j
			}
			if k := j - r; k >= 0 {
				at := i*step + k*stride
				dst[at] = 1 - v
				if last >= k-r {
					dst[at] = v
				}
			}
		}
	}
}
