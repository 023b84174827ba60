package decode

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
)

// decodeJPEG decodes a JPEG of one, three or four bands.
func decodeJPEG(data []byte, j *jpegFile) (*samples, error) {
	d, err := scanJPEG(data)
	if err == nil {
		planes := make([]jpegPlane, len(d.bands))
		for i, b := range d.bands {
			planes[i] = b.plane
		}
		return fromPlanes(planes, d.width, d.height, d.hmax, d.vmax, j.isRGB(d)), nil
	}
	if !errors.Is(err, errOtherJPEG) {
		return nil, err
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return fromJPEG(img), nil
}

// isRGB says that three bands are red, green and blue: by Adobe's marker, else, without
// JFIF's, by the letters that name them.
func (j *jpegFile) isRGB(d *jpegDecoder) bool {
	if len(d.bands) != 3 {
		return false
	}
	if j.adobe >= 0 {
		return j.adobe == 0
	}
	return !j.jfif && d.bands[0].id == 'R' && d.bands[1].id == 'G' && d.bands[2].id == 'B'
}

// fromJPEG takes the samples out of what image/jpeg returns.
func fromJPEG(img image.Image) *samples {
	m, ok := img.(*image.YCbCr)
	if !ok {
		return fromImage(img)
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	sub := map[image.YCbCrSubsampleRatio][2]int{
		image.YCbCrSubsampleRatio444: {1, 1}, image.YCbCrSubsampleRatio422: {2, 1}, image.YCbCrSubsampleRatio420: {2, 2}, image.YCbCrSubsampleRatio440: {1, 2},
		image.YCbCrSubsampleRatio411: {4, 1}, image.YCbCrSubsampleRatio410: {4, 2},
	}[m.SubsampleRatio]
	cw, ch := (w+sub[0]-1)/sub[0], (h+sub[1]-1)/sub[1]
	return fromPlanes([]jpegPlane{{m.Y, m.YStride, w, h}, {m.Cb, m.CStride, cw, ch}, {m.Cr, m.CStride, cw, ch}}, w, h, sub[0], sub[1], false)
}

// fromPlanes joins bands into pixels. Chroma at half the resolution is smoothed between
// its samples as libjpeg does it, at other resolutions it is repeated.
func fromPlanes(planes []jpegPlane, w, h, subX, subY int, isRGB bool) *samples {
	s := &samples{width: w, height: h, bands: len(planes), bits: 8, colour: grey, alpha: -1}
	if len(planes) == 1 {
		s.pack(planes[0].pix, planes[0].stride)
		return s
	}
	s.colour = rgb
	s.pix = make([]byte, s.stride()*h)
	cb, cr := newUpsampler(planes[1], w, subX, subY), newUpsampler(planes[2], w, subX, subY)
	for y := range h {
		luma, b, r, out := planes[0].pix[y*planes[0].stride:][:w], cb.row(y), cr.row(y), s.row(y)
		if isRGB {
			for x := range w {
				out[3*x], out[3*x+1], out[3*x+2] = luma[x], b[x], r[x]
			}
			continue
		}
		yccRow(out, luma, b, r)
	}
	return s
}

// An upsampler brings rows of chroma to full width.
type upsampler struct {
	p          jpegPlane
	subX, subY int
	out        []byte
	sum        []int32
}

func newUpsampler(p jpegPlane, w, subX, subY int) *upsampler {
	return &upsampler{p: p, subX: subX, subY: subY, out: make([]byte, w+2*subX), sum: make([]int32, p.w)}
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
	sum, out := u.sum, u.out
	for i, v := range near {
		sum[i] = 3*int32(v) + int32(far[i])
	}
	last := len(sum) - 1
	out[0] = byte((4*sum[0] + 8) >> 4)
	out[2*last+1] = byte((4*sum[last] + 7) >> 4)
	before := sum[0]
	for i, v := range sum[1:] {
		out[2*i+1] = byte((3*before + v + 7) >> 4)
		out[2*i+2] = byte((3*v + before + 8) >> 4)
		before = v
	}
}

// Rec. 601's factors times 2¹⁶, by chroma, as JFIF 1.02 has them.
var yccRed, yccBlue, yccGreenB, yccGreenR = yccFactors()

func yccFactors() (red, blue, greenB, greenR [256]int32) {
	for i := range 256 {
		v := int32(i) - 128
		red[i], blue[i] = (91881*v+32768)>>16, (116130*v+32768)>>16
		greenB[i], greenR[i] = -22554*v+32768, -46802*v
	}
	return red, blue, greenB, greenR
}

// yccRow converts a row of full-range YCbCr.
func yccRow(out, luma, cb, cr []byte) {
	cb, cr = cb[:len(luma)], cr[:len(luma)]
	for x, l := range luma {
		y, b, r := int32(l), cb[x], cr[x]
		d := out[3*x : 3*x+3 : 3*x+3]
		d[0] = clampBlock(y + yccRed[r])
		d[1] = clampBlock(y + (yccGreenB[b]+yccGreenR[r])>>16)
		d[2] = clampBlock(y + yccBlue[b])
	}
}
