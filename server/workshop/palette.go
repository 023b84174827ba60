package workshop

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// paletteOf picks 256 colours for pictures that share a palette, by median cut
// (Heckbert 1982): the box of colours that spreads most over the most pixels is cut
// at its median, until there are as many boxes as colours.
func paletteOf(frames []*image.RGBA) color.Palette {
	counts := map[[3]uint8]int{}
	for _, f := range frames {
		for i := 0; i+3 < len(f.Pix); i += 4 {
			counts[[3]uint8{f.Pix[i] &^ 3, f.Pix[i+1] &^ 3, f.Pix[i+2] &^ 3}]++ // 6 bits tell enough
		}
	}
	all := make([]tint, 0, len(counts))
	for c, n := range counts {
		all = append(all, tint{c, n})
	}
	slices.SortFunc(all, func(a, b tint) int { return slices.Compare(a.c[:], b.c[:]) })
	boxes := [][]tint{all}
	for len(boxes) < 256 {
		k := widest(boxes)
		if k < 0 {
			break
		}
		low, high := cut(boxes[k])
		boxes[k] = low
		boxes = append(boxes, high)
	}
	out := make(color.Palette, 0, len(boxes))
	for _, b := range boxes {
		out = append(out, mean(b))
	}
	return out
}

// A tint is a colour and how many pixels have it.
type tint struct {
	c [3]uint8
	n int
}

// longest returns the channel in which a box is longest, and how long.
func longest(b []tint) (channel, length int) {
	for k := range 3 {
		lo, hi := uint8(255), uint8(0)
		for _, t := range b {
			lo, hi = min(lo, t.c[k]), max(hi, t.c[k])
		}
		if l := int(hi) - int(lo); l > length {
			channel, length = k, l
		}
	}
	return channel, length
}

// widest returns the box to cut next; -1 where none can be.
func widest(boxes [][]tint) int {
	best, most := -1, 0
	for i, b := range boxes {
		if len(b) < 2 {
			continue
		}
		_, l := longest(b)
		n := 0
		for _, t := range b {
			n += t.n
		}
		if w := l * n; w > most {
			best, most = i, w
		}
	}
	return best
}

// cut parts a box at the median of its pixels, neither part empty.
func cut(b []tint) (low, high []tint) {
	k, _ := longest(b)
	slices.SortStableFunc(b, func(x, y tint) int { return cmp.Compare(x.c[k], y.c[k]) })
	total := 0
	for _, t := range b {
		total += t.n
	}
	at, seen := 1, b[0].n
	for at < len(b)-1 && 2*seen < total {
		seen += b[at].n
		at++
	}
	return b[:at], b[at:]
}

func mean(b []tint) color.RGBA {
	var sum [3]int
	n := 0
	for _, t := range b {
		for k := range 3 {
			sum[k] += (int(t.c[k]) + 2) * t.n
		}
		n += t.n
	}
	n = max(n, 1)
	return color.RGBA{uint8(min(sum[0]/n, 255)), uint8(min(sum[1]/n, 255)), uint8(min(sum[2]/n, 255)), 255}
}
