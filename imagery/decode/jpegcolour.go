package decode

import "encoding/binary"

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
	i := 0
	for ; i+5 <= len(in) && 2*i+8 <= len(out); i += 4 {
		v := lanes(in[i:])
		before := v<<16 | uint64(in[max(i-1, 0)])
		after := v>>16 | uint64(in[i+4])<<48
		even, odd := (3*v+before+ones)>>2&laneBytes, (3*v+after+2*ones)>>2&laneBytes
		binary.LittleEndian.PutUint64(out[2*i:], even|odd<<8)
	}
	for last := len(in) - 1; i <= last; i++ {
		near := 3 * int(in[i])
		out[2*i] = byte((near + int(in[max(i-1, 0)]) + 1) >> 2)
		out[2*i+1] = byte((near + int(in[min(i+1, last)]) + 2) >> 2)
	}
}

// smooth4 doubles a row from the near and the far one, nine, three, three and one
// sixteenths. The rounding is libjpeg's.
func (u *upsampler) smooth4(near, far []byte) {
	out, far := u.out, far[:len(near)]
	mix := func(i int) uint64 { return 3*uint64(near[i]) + uint64(far[i]) }
	last := len(near) - 1
	i, before := 0, mix(0)
	if len(near) >= 4 {
		v := 3*lanes(near) + lanes(far)
		for ; i+8 <= len(near); i += 4 {
			next := 3*lanes(near[i+4:]) + lanes(far[i+4:])
			even, odd := (3*v+(v<<16|before)+8*ones)>>4&laneBytes, (3*v+(v>>16|next<<48)+7*ones)>>4&laneBytes
			binary.LittleEndian.PutUint64(out[2*i:], even|odd<<8)
			before, v = v>>48, next
		}
	}
	for ; i <= last; i++ {
		v := 3 * mix(i)
		out[2*i] = byte((v + before + 8) >> 4)
		out[2*i+1] = byte((v + mix(min(i+1, last)) + 7) >> 4)
		before = mix(i)
	}
}

// Four samples are smoothed at a time, each in a lane of 16 bits.
const (
	ones      = 0x0001000100010001
	laneBytes = 0x00ff00ff00ff00ff
)

// lanes spreads the first four bytes of b over four lanes.
func lanes(b []byte) uint64 {
	v := uint64(binary.LittleEndian.Uint32(b))
	v = (v | v<<16) & 0x0000ffff0000ffff
	return (v | v<<8) & laneBytes
}

// What Cb and Cr add to red, green and blue by Rec. 601's factors times 2¹⁶, as JFIF
// 1.02 has them: red in bits 0 to 15, blue in 16 to 31, green in 32 to 63 of which 16
// are fraction. Each sum is 256 too large, so that none goes below zero and one look
// tells whether all three lie within a byte.
var fromCb, fromCr = func() (cb, cr [256]uint64) {
	for i := range 256 {
		c := int64(i) - 128
		cb[i] = uint64((116130*c+1<<15)>>16+256)<<16 | uint64(128<<16+1<<15-22554*c)<<32
		cr[i] = uint64((91881*c+1<<15)>>16+256) | uint64(128<<16-46802*c)<<32
	}
	return cb, cr
}()

const (
	lumaLanes = 0x0001000000010001 // brings luma to all three
	beyond    = 0x0300000003000300 // the bits that differ from within where a sum lies outside a byte
	within    = 0x0100000001000100
)

// yccRow converts a row of full-range YCbCr, four pixels at a time.
func yccRow(out, luma, cb, cr []byte) {
	n := len(luma)
	cb, cr, out = cb[:n], cr[:n], out[:3*n]
	x := 0
	for ; x+4 <= n; x += 4 {
		l, b, r, d := luma[x:x+4:x+4], cb[x:x+4:x+4], cr[x:x+4:x+4], out[3*x:3*x+12:3*x+12]
		s0, s1 := yccSum(l[0], b[0], r[0]), yccSum(l[1], b[1], r[1])
		s2, s3 := yccSum(l[2], b[2], r[2]), yccSum(l[3], b[3], r[3])
		if ((s0^within)|(s1^within)|(s2^within)|(s3^within))&beyond != 0 {
			s0, s1, s2, s3 = clampSum(s0), clampSum(s1), clampSum(s2), clampSum(s3)
		}
		c := threeBytes(s2)
		binary.LittleEndian.PutUint64(d, threeBytes(s0)|threeBytes(s1)<<24|c<<48)
		binary.LittleEndian.PutUint32(d[8:], uint32(c>>16|threeBytes(s3)<<8))
	}
	for ; x < n; x++ {
		c := threeBytes(clampSum(yccSum(luma[x], cb[x], cr[x])))
		out[3*x], out[3*x+1], out[3*x+2] = byte(c), byte(c>>8), byte(c>>16)
	}
}

func yccSum(luma, cb, cr byte) uint64 { return fromCb[cb] + fromCr[cr] + uint64(luma)*lumaLanes }

// threeBytes returns red, green and blue of a sum, red lowest.
func threeBytes(s uint64) uint64 { return s&0xff00ff | s>>40&0xff00 }

// clampSum brings the lanes of a sum into a byte.
func clampSum(s uint64) uint64 {
	return uint64(nearestByte(s)) | uint64(nearestByte(s>>16))<<16 | uint64(nearestByte(s>>48))<<48
}

// nearestByte brings a sum of ten bits, 256 too large, into a byte.
func nearestByte(s uint64) byte { return byte(min(max(int(s&0x3ff)-256, 0), 255)) }
