package synth

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// mark burns into the lower left corner that the picture is no photograph.
func mark(img *image.NRGBA) {
	lines := []string{"SYNTHETIC", "drawn by a program, no real place"}
	size := 2
	if img.Rect.Dx() < 360 {
		lines, size = lines[:1], 1
	}
	y := img.Rect.Dy() - 8
	for i := len(lines) - 1; i >= 0; i-- {
		k := 1
		if i == 0 {
			k = size
		}
		y -= 13 * k
		write(img, 8, y, lines[i], k)
	}
}

// write puts white text on a dark strip, its top left corner at (x, y), each
// dot of the 7 × 13 letters k pixels wide.
func write(img *image.NRGBA, x, y int, text string, k int) {
	face := basicfont.Face7x13
	w, h := face.Advance*len(text), face.Height
	dots := image.NewAlpha(image.Rect(0, 0, w, h))
	d := font.Drawer{Dst: dots, Src: image.Opaque, Face: face, Dot: fixed.P(0, face.Ascent)}
	d.DrawString(text)
	strip := image.Rect(x-4, y, x+w*k+4, y+h*k)
	draw.Draw(img, strip, image.NewUniform(color.NRGBA{A: 150}), image.Point{}, draw.Over)
	for j := range h * k {
		for i := range w * k {
			if dots.AlphaAt(i/k, j/k).A > 127 && (image.Point{X: x + i, Y: y + j}).In(img.Rect) {
				img.SetNRGBA(x+i, y+j, color.NRGBA{255, 255, 255, 255})
			}
		}
	}
}
