package decode_test

import (
	"encoding/base64"
	"testing"

	"github.com/antequem/antequem/imagery/decode"
)

// Pictures of 7 × 5 px, and the SHA-256 of their RGBA, by libwebp 1.2.4 through Pillow 9.4.0.
const (
	lossyWebP    = "UklGRkoAAABXRUJQVlA4ID4AAABQAgCdASoHAAUAAsBMJbACdLoA1AADq4vEvSAA/sB/PUYQMaf/71BT2KeY+/8Ve5nv/+TeQrey3+B/gAAAAA=="
	losslessWebP = "UklGRjIAAABXRUJQVlA4TCYAAAAvBgABAJmM6H9sIqL/AYVsI0AHdv5kv8GQCAmS/1/JVmMCYCSpCw=="
)

func TestWebPEqualsLibwebpBitForBit(t *testing.T) {
	for name, c := range map[string]struct{ data, sum string }{
		"lossy":    {lossyWebP, "7969decedd36e8d88b6bea0217601918b2712be0ccfa9554d1977b2276a75a19"},
		"lossless": {losslessWebP, "95180e74c4a68c9116bbb10743ca86431ce57b60eddbeca6200fd4cc244e9804"},
	} {
		data, err := base64.StdEncoding.DecodeString(c.data)
		if err != nil {
			t.Fatal(err)
		}
		info := mustDecode(t, data).Info()
		if info.Width != 7 || info.Height != 5 || info.RGBASHA256 != c.sum {
			t.Errorf("%s: got %d × %d px, %s, want %s", name, info.Width, info.Height, info.RGBASHA256, c.sum)
		}
	}
}

func TestVideoRangeReachesBlackAndWhite(t *testing.T) {
	// Rec. 601 in video range: luma 16 is black, 235 white; 126 is the grey half way.
	for _, c := range []struct {
		y, u, v int32
		want    [3]uint8
	}{
		{16, 128, 128, [3]uint8{0, 0, 0}},
		{235, 128, 128, [3]uint8{255, 255, 255}},
		{126, 128, 128, [3]uint8{128, 128, 128}},
	} {
		var got [3]uint8
		decode.VideoToRGB(got[:], c.y, c.u, c.v)
		if got != c.want {
			t.Errorf("YUV %d %d %d: got %v, want %v", c.y, c.u, c.v, got, c.want)
		}
	}
}

func TestEvenChromaStaysEven(t *testing.T) {
	for _, w := range []int{1, 2, 5, 8} {
		row, chroma := make([]uint8, w), []uint8{77, 77, 77, 77}
		decode.SmoothRow(row, chroma, chroma)
		for x, v := range row {
			if v != 77 {
				t.Errorf("width %d: column %d is %d, want 77", w, x, v)
			}
		}
	}
}
