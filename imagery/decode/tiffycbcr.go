package decode

import "math"

// A yccTable converts one picture's YCbCr, whose range TIFF lets a file choose.
type yccTable struct {
	plain            bool // full range and Rec. 601: JPEG's
	luma             [3]float64
	y0, yk, cb0, ck  float64
	cr0, ckr         float64
	redCr, blueCb    float64
	greenCr, greenCb float64
}

// yccTable reads TIFF 6.0, section 21: coefficients and reference black and white.
func (l *tiffLayout) yccTable() yccTable {
	t := yccTable{plain: true, luma: [3]float64{0.299, 0.587, 0.114}, yk: 1, cb0: 128, ck: 1, cr0: 128, ckr: 1}
	if c := l.dir.floats(tagYCbCrCoeffs); len(c) == 3 && c[1] > 0.01 && c[0] < 1 && c[2] < 1 {
		t.plain = math.Abs(c[0]-0.299)+math.Abs(c[1]-0.587)+math.Abs(c[2]-0.114) < 0.002
		copy(t.luma[:], c)
	}
	if r := l.dir.floats(tagReferenceBW); len(r) == 6 && r[1] > r[0] && r[3] > r[2] && r[5] > r[4] {
		t.plain = t.plain && r[0] == 0 && r[1] == 255 && r[2] == 128 && r[3] == 255 && r[4] == 128 && r[5] == 255
		t.y0, t.yk = r[0], 255/(r[1]-r[0])
		t.cb0, t.ck = r[2], 127/(r[3]-r[2])
		t.cr0, t.ckr = r[4], 127/(r[5]-r[4])
	}
	t.redCr, t.blueCb = 2-2*t.luma[0], 2-2*t.luma[2]
	t.greenCr = t.luma[0] * t.redCr / t.luma[1]
	t.greenCb = t.luma[2] * t.blueCb / t.luma[1]
	return t
}

func (t *yccTable) rgb(dst []uint8, y, cb, cr uint8) {
	if t.plain {
		ycc(dst, y, cb, cr)
		return
	}
	l := (float64(y) - t.y0) * t.yk
	b, r := (float64(cb)-t.cb0)*t.ck, (float64(cr)-t.cr0)*t.ckr
	dst[0] = clamp8(l + t.redCr*r)
	dst[1] = clamp8(l - t.greenCr*r - t.greenCb*b)
	dst[2] = clamp8(l + t.blueCb*b)
}

func clamp8(v float64) uint8 { return uint8(min(255, max(0, v+0.5))) }

// fromBlocks turns stored blocks of luma with one pair of chroma into red, green, blue.
func (l *tiffLayout) fromBlocks(raw []byte, w, h int) []byte {
	out := make([]byte, 3*w*h)
	t := l.yccTable()
	sx, sy := l.subX, l.subY
	unit := sx*sy + 2
	across := (w + sx - 1) / sx
	for y := range h {
		for x := range w {
			p := raw[(y/sy*across+x/sx)*unit:]
			t.rgb(out[3*(y*w+x):], p[y%sy*sx+x%sx], p[unit-2], p[unit-1])
		}
	}
	return out
}
