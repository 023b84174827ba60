package decode

// decodeJPEG decodes a JPEG of one, three or four bands. Four are ink as stored, but for
// YCCK, whose first three are turned into ink.
func decodeJPEG(data []byte, j *jpegFile) (*samples, error) {
	d, err := scanJPEG(data, func(d *jpegDecoder) bool {
		return j.adobe == 2 || len(d.bands) == 3 && !j.isRGB(d)
	})
	if err != nil {
		return nil, err
	}
	if d.width != j.width || d.height != j.height || len(d.bands) != j.bands {
		return nil, errJPEG
	}
	d.out.upTo(d.height)
	return d.out.s, nil
}

// isRGB says that three bands are red, green and blue: by Adobe's marker, else, without
// JFIF's, by the letters that name them.
func (j *jpegFile) isRGB(d *jpegDecoder) bool {
	if j.adobe >= 0 {
		return j.adobe == 0
	}
	return !j.jfif && d.bands[0].id == 'R' && d.bands[1].id == 'G' && d.bands[2].id == 'B'
}

// A jpegJoin joins bands into pixels, row by row. Chroma at half the resolution is smoothed
// between its samples as libjpeg does it, at other resolutions it is repeated.
type jpegJoin struct {
	s     *samples
	up    []*upsampler
	lines [][]byte
	isYCC bool
	y     int // rows made so far
}

func (d *jpegDecoder) newPixels() *jpegJoin {
	n := len(d.bands)
	s := &samples{width: d.width, height: d.height, bands: n, bits: 8, alpha: -1,
		colour: map[int]colour{1: grey, 3: rgb, 4: cmyk}[n]}
	s.pix = make([]byte, s.stride()*s.height)
	p := &jpegJoin{s: s, lines: make([][]byte, n), isYCC: d.ycc(d)}
	for i := range d.bands {
		b := &d.bands[i]
		p.up = append(p.up, newUpsampler(&b.plane, d.width, d.hmax/b.h, d.vmax/b.v))
	}
	return p
}

// upTo makes all rows above end.
func (p *jpegJoin) upTo(end int) {
	n := p.s.bands
	for ; p.y < min(end, p.s.height); p.y++ {
		for i, u := range p.up {
			p.lines[i] = u.row(p.y)[:p.s.width]
		}
		row := p.s.row(p.y)
		if p.isYCC && n == 3 {
			yccRow(row, p.lines[0], p.lines[1], p.lines[2])
			continue
		}
		for i, line := range p.lines {
			interleave(row[i:], line, n, 1)
		}
		if p.isYCC && n == 4 {
			inkRow(row)
		}
	}
}

// inkRow turns YCCK into cyan, magenta, yellow and black, which stays.
func inkRow(row []byte) {
	for ; len(row) >= 4; row = row[4:] {
		yccRow(row[:3], row[:1], row[1:2], row[2:3])
		row[0], row[1], row[2] = 255-row[0], 255-row[1], 255-row[2]
	}
}

// An upsampler brings rows of chroma to full width.
type upsampler struct {
	p          *jpegPlane
	subX, subY int
	out        []byte
}

func newUpsampler(p *jpegPlane, w, subX, subY int) *upsampler {
	return &upsampler{p: p, subX: subX, subY: subY, out: make([]byte, w+2*subX)}
}

func (u *upsampler) row(y int) []byte {
	switch {
	case u.subX == 1 && u.subY == 1:
		return u.p.row(y)
	case u.subX == 2 && u.subY == 1:
		smooth2(u.out, u.p.row(y))
	case u.subX == 2 && u.subY == 2:
		u.smooth4(u.p.row(y/2), u.p.row(y/2-1+y%2*2))
	default:
		from := u.p.row(y / u.subY)
		for x := range u.out {
			u.out[x] = from[min(x/u.subX, len(from)-1)]
		}
	}
	return u.out
}

// smooth2 doubles a row: each sample is three quarters of the near and one of the far neighbour.
func smooth2(out, in []byte) {
	last := len(in) - 1
	for i, v := range in {
		near := 3 * int(v)
		out[2*i] = byte((near + int(in[max(i-1, 0)]) + 1) >> 2)
		out[2*i+1] = byte((near + int(in[min(i+1, last)]) + 2) >> 2)
	}
}

// smooth4 doubles a row from the near and the far one, nine, three, three and one
// sixteenths. The rounding is libjpeg's.
func (u *upsampler) smooth4(near, far []byte) {
	out, far := u.out, far[:len(near)]
	before := 3*int32(near[0]) + int32(far[0])
	out[0] = byte((4*before + 8) >> 4)
	out = out[1:]
	for i := 1; i < len(near) && len(out) >= 2; i++ {
		v := 3*int32(near[i]) + int32(far[i])
		out[0] = byte((3*before + v + 7) >> 4)
		out[1] = byte((3*v + before + 8) >> 4)
		before, out = v, out[2:]
	}
	out[0] = byte((4*before + 7) >> 4)
}

// yccRow converts a row of full-range YCbCr by Rec. 601's factors times 2¹⁶, as JFIF 1.02
// has them.
func yccRow(out, luma, cb, cr []byte) {
	n := len(luma)
	cb, cr, out = cb[:n], cr[:n], out[:3*n]
	for x := range n {
		y, b, r := int32(luma[x])<<16+1<<15, int32(cb[x])-128, int32(cr[x])-128
		red, green, blue := (y+91881*r)>>16, (y-22554*b-46802*r)>>16, (y+116130*b)>>16
		if uint32(red|green|blue) > 255 {
			red, green, blue = min(max(red, 0), 255), min(max(green, 0), 255), min(max(blue, 0), 255)
		}
		d := out[3*x : 3*x+3 : 3*x+3]
		d[0], d[1], d[2] = byte(red), byte(green), byte(blue)
	}
}
