package decode

import "image"

// fromVP8 converts WebP's lossy colour to red, green and blue as RFC 6386 and libwebp
// have it: Rec. 601 in video range, chroma smoothed between its samples. The numbers
// equal libwebp's, bit for bit.
func (s *samples) fromVP8(m *image.YCbCr) {
	s.pix = make([]byte, s.stride()*s.height)
	half := (s.width + 1) / 2
	rows := (s.height + 1) / 2
	u, v := make([]uint8, s.width), make([]uint8, s.width)
	for y := range s.height {
		near, far := y/2, y/2-1+y%2*2
		far = min(max(far, 0), rows-1)
		n, f := near*m.CStride, far*m.CStride
		smoothChroma(u, m.Cb[n:n+half], m.Cb[f:f+half])
		smoothChroma(v, m.Cr[n:n+half], m.Cr[f:f+half])
		luma, row := m.Y[y*m.YStride:y*m.YStride+s.width], s.row(y)
		for x, l := range luma {
			vp8RGB(row[x*s.bands:], int32(l), int32(u[x]), int32(v[x]))
		}
	}
}

// smoothChroma doubles a row of chroma: each sample has 9/16 of the nearest, 3/16 of
// its two neighbours and 1/16 of the one across.
func smoothChroma(dst, near, far []uint8) {
	w := len(dst)
	dst[0] = uint8((3*int(near[0]) + int(far[0]) + 2) >> 2)
	for x := 1; x <= (w-1)/2; x++ {
		a, b, c, d := int(near[x-1]), int(near[x]), int(far[x-1]), int(far[x])
		sum := a + b + c + d + 8
		dst[2*x-1] = uint8(((sum+2*(b+c))>>3 + a) >> 1)
		dst[2*x] = uint8(((sum+2*(a+d))>>3 + b) >> 1)
	}
	if w%2 == 0 {
		last := w/2 - 1
		dst[w-1] = uint8((3*int(near[last]) + int(far[last]) + 2) >> 2)
	}
}

// vp8RGB holds Rec. 601's factors times 2¹⁴, and their offsets for a range of 16 to 235.
func vp8RGB(dst []uint8, y, u, v int32) {
	l := y * 19077 >> 8
	dst[0] = clip6(l + v*26149>>8 - 14234)
	dst[1] = clip6(l - u*6419>>8 - v*13320>>8 + 8708)
	dst[2] = clip6(l + u*33050>>8 - 17685)
}

func clip6(v int32) uint8 {
	if v < 0 {
		return 0
	}
	return uint8(min(255, v>>6))
}
