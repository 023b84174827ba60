package decode

// decodeJPEG decodes a JPEG of one, three or four bands. Four are ink as stored, but for
// YCCK, whose first three are turned into ink.
func decodeJPEG(data []byte, j *jpegFile) (*samples, error) {
	d, err := scanJPEG(data)
	if err != nil {
		return nil, err
	}
	if d.width != j.width || d.height != j.height || len(d.bands) != j.bands {
		return nil, errJPEG
	}
	return d.pixels(j.adobe == 2 || len(d.bands) == 3 && !j.isRGB(d)), nil
}

// isRGB says that three bands are red, green and blue: by Adobe's marker, else, without
// JFIF's, by the letters that name them.
func (j *jpegFile) isRGB(d *jpegDecoder) bool {
	if j.adobe >= 0 {
		return j.adobe == 0
	}
	return !j.jfif && d.bands[0].id == 'R' && d.bands[1].id == 'G' && d.bands[2].id == 'B'
}

// pixels joins the bands. Chroma at half the resolution is smoothed between its samples
// as libjpeg does it, at other resolutions it is repeated.
func (d *jpegDecoder) pixels(isYCC bool) *samples {
	n := len(d.bands)
	s := &samples{width: d.width, height: d.height, bands: n, bits: 8, colour: grey, alpha: -1}
	if n == 1 {
		s.pack(d.bands[0].plane.pix, d.bands[0].plane.stride)
		return s
	}
	s.colour = rgb
	if n == 4 {
		s.colour = cmyk
	}
	s.pix = make([]byte, s.stride()*s.height)
	up := make([]*upsampler, n)
	lines := make([][]byte, n)
	for i, b := range d.bands {
		up[i] = newUpsampler(b.plane, d.width, d.hmax/b.h, d.vmax/b.v)
	}
	for y := range d.height {
		for i := range up {
			lines[i] = up[i].row(y)[:d.width]
		}
		row := s.row(y)
		if isYCC && n == 3 {
			yccRow(row, lines[0], lines[1], lines[2])
			continue
		}
		for i, line := range lines {
			interleave(row[i:], line, n, 1)
		}
		if isYCC {
			inkRow(row)
		}
	}
	return s
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
	p          jpegPlane
	subX, subY int
	out        []byte
}

func newUpsampler(p jpegPlane, w, subX, subY int) *upsampler {
	return &upsampler{p: p, subX: subX, subY: subY, out: make([]byte, w+2*subX)}
}

func (u *upsampler) row(y int) []byte {
	line := func(y int) []byte { y = min(max(y, 0), u.p.h-1); return u.p.pix[y*u.p.stride:][:u.p.w] }
	switch {
	case u.subX == 1 && u.subY == 1:
		return line(y)
	case u.subX == 2 && u.subY == 1:
		smooth2(u.out, line(y))
	case u.subX == 2 && u.subY == 2:
		u.smooth4(line(y/2), line(y/2-1+y%2*2))
	default:
		from := line(y / u.subY)
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
