package decode

import "bytes"

func pngPixels(data []byte, lim Limits) (*samples, error) {
	p, err := parsePNG(data)
	if err != nil {
		return nil, err
	}
	if err := p.check(lim); err != nil {
		return nil, err
	}
	raw, err := p.inflate()
	if err != nil {
		return nil, err
	}
	s := p.layout()
	if p.interlaced {
		s.pix, err = p.deinterlace(raw)
	} else {
		s.pix, err = p.progressive(raw)
	}
	if err != nil {
		return nil, err
	}
	if p.depth == 16 {
		swap(s.pix, 2)
	}
	return s, nil
}

// A pngPass is one of Adam7's reduced pictures, or the whole one.
type pngPass struct{ x0, y0, dx, dy, w, h int }

// passes lists the pictures in the order in which the data hold them.
func (p *pngFile) passes() []pngPass {
	if !p.interlaced {
		return []pngPass{{0, 0, 1, 1, p.width, p.height}}
	}
	var out []pngPass
	for _, a := range [7][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
		w, h := (p.width-a[0]+a[2]-1)/a[2], (p.height-a[1]+a[3]-1)/a[3]
		if w > 0 && h > 0 {
			out = append(out, pngPass{a[0], a[1], a[2], a[3], w, h})
		}
	}
	return out
}

// inflate returns the filtered rows of all passes. It takes memory only for what the
// compressed bytes can possibly make.
func (p *pngFile) inflate() ([]byte, error) {
	need := 0
	for _, q := range p.passes() {
		need += q.h * (1 + p.lineBytes(q.w))
	}
	have := 0
	for _, b := range p.data {
		have += len(b)
	}
	if need/maxDeflateRatio > have {
		return nil, corruptf("png: %d compressed bytes can't hold %d × %d px (cut off? fetch the file again)", have, p.width, p.height)
	}
	src := p.data[0]
	if len(p.data) > 1 {
		src = bytes.Join(p.data, nil)
	}
	raw := make([]byte, need)
	if n, err := inflate(raw, src); err != nil {
		return nil, corruptf("png: pixel data, %d of %d bytes: %v (cut off? fetch the file again)", n, need, err)
	}
	return raw, nil
}

// progressive takes the filters off the rows and packs them, in raw's own memory where
// samples are whole bytes.
func (p *pngFile) progressive(raw []byte) ([]byte, error) {
	line := p.lineBytes(p.width)
	if err := p.unfilter(raw, line, p.height); err != nil {
		return nil, err
	}
	if p.depth >= 8 {
		for y := range p.height {
			copy(raw[y*line:(y+1)*line], raw[y*(line+1)+1:])
		}
		return raw[:p.height*line], nil
	}
	pix := make([]byte, p.width*p.height)
	for y := range p.height {
		unpackBits(pix[y*p.width:(y+1)*p.width], raw[y*(line+1)+1:], p.depth)
	}
	return pix, nil
}

// deinterlace puts Adam7's passes together.
func (p *pngFile) deinterlace(raw []byte) ([]byte, error) {
	size := max(1, p.bands()*p.depth/8)
	pix := make([]byte, p.width*p.height*size)
	small := make([]byte, p.width)
	for _, q := range p.passes() {
		line := p.lineBytes(q.w)
		if err := p.unfilter(raw, line, q.h); err != nil {
			return nil, err
		}
		for y := range q.h {
			row := raw[y*(line+1)+1 : (y+1)*(line+1)]
			if p.depth < 8 {
				unpackBits(small[:q.w], row, p.depth)
				row = small
			}
			at := ((q.y0+y*q.dy)*p.width + q.x0) * size
			for x := range q.w {
				copy(pix[at:at+size], row[x*size:])
				at += q.dx * size
			}
		}
		raw = raw[q.h*(line+1):]
	}
	return pix, nil
}

// unpackBits spreads samples of 1, 2 or 4 bits, the first in the highest bits.
func unpackBits(dst, src []byte, depth int) {
	mask := byte(1)<<depth - 1
	for x := range dst {
		bit := x * depth
		dst[x] = src[bit/8] >> (8 - depth - bit%8) & mask
	}
}

// swap turns big-endian samples into little-endian ones.
func swap(b []byte, size int) {
	switch size {
	case 2:
		for i := 0; i+1 < len(b); i += 2 {
			b[i], b[i+1] = b[i+1], b[i]
		}
	case 3:
		for i := 0; i+2 < len(b); i += 3 {
			b[i], b[i+2] = b[i+2], b[i]
		}
	case 4:
		for i := 0; i+3 < len(b); i += 4 {
			b[i], b[i+1], b[i+2], b[i+3] = b[i+3], b[i+2], b[i+1], b[i]
		}
	case 8:
		for i := 0; i+7 < len(b); i += 8 {
			b[i], b[i+1], b[i+2], b[i+3], b[i+4], b[i+5], b[i+6], b[i+7] = b[i+7], b[i+6], b[i+5], b[i+4], b[i+3], b[i+2], b[i+1], b[i]
		}
	}
}
