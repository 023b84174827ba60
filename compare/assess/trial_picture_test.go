package assess_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/compare/overlay"
	"github.com/antequem/antequem/imagery/raster"
)

// drawCase writes what a person needs to judge a case by eye: the filmstrip, the images
// as they came, the dissimilarities and the controls.
func drawCase(t *testing.T, name, cause string, tr *trial, res *assess.CaseResult) {
	t.Helper()
	if *drawTo == "" {
		return
	}
	r := res.Report.Region
	words := fmt.Sprintf("%s: %s, %s. New state from image %d on. p = %s. %v %v", name, r.State, cause, tr.first, number(r.PValue), tr.spoilt, r.Cautions)
	page := overlay.Stack([]image.Image{written(words), res.Filmstrip(), tr.asTheyCame(), drawnMatrix(r.Dissimilar), drawnControls(r.Controls, r.Statistic)})
	if err := os.MkdirAll(*drawTo, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(*drawTo, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, page); err != nil {
		t.Fatal(err)
	}
}

// asTheyCame lays the images side by side, half as large where they are large.
func (tr *trial) asTheyCame() image.Image {
	const gap = 6
	var small []image.Image
	for _, r := range tr.images {
		if w, _ := r.Size(); w > 300 {
			r = raster.Half(r, 0)
		}
		small = append(small, overlay.View(r))
	}
	box := small[0].Bounds()
	out := ground(min(len(small), 5)*(box.Dx()+gap)+gap, (len(small)+4)/5*(box.Dy()+gap)+gap)
	for i, im := range small {
		at := image.Pt(gap+i%5*(box.Dx()+gap), gap+i/5*(box.Dy()+gap))
		draw.Draw(out, im.Bounds().Sub(im.Bounds().Min).Add(at), im, im.Bounds().Min, draw.Src)
	}
	return out
}

// ground is a dark page.
func ground(w, h int) *image.NRGBA {
	im := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(im, im.Rect, image.NewUniform(color.NRGBA{17, 20, 24, 255}), image.Point{}, draw.Src)
	return im
}

// written sets words in lines of 150 letters.
func written(words string) image.Image {
	const letters, line = 150, 16
	im := ground(7*letters+20, line*(len(words)/letters+1)+10)
	d := font.Drawer{Dst: im, Src: image.White, Face: basicfont.Face7x13}
	for y := line; len(words) > 0; y += line {
		n := min(letters, len(words))
		d.Dot = fixed.P(10, y)
		d.DrawString(words[:n])
		words = words[n:]
	}
	return im
}

// drawnMatrix is darker the more alike two images are; hatched red where they were not compared.
func drawnMatrix(rows [][]*float64) image.Image {
	const side = 34
	im := ground(side*max(len(rows), 1)+20, side*len(rows)+20)
	most := 1e-9
	for _, row := range rows {
		for _, v := range row {
			if v != nil {
				most = max(most, *v)
			}
		}
	}
	for y, row := range rows {
		for x, v := range row {
			c := color.NRGBA{110, 30, 30, 255}
			if v != nil {
				g := uint8(30 + 225**v/most)
				c = color.NRGBA{g, g, g, 255}
			}
			draw.Draw(im, image.Rect(10+x*side, 10+y*side, 8+(x+1)*side, 8+(y+1)*side), image.NewUniform(c), image.Point{}, draw.Src)
		}
	}
	return im
}

// drawnControls is the histogram of the controls' statistic and a line at the region's.
func drawnControls(values []float64, region *float64) image.Image {
	const bins, wide, high = 60, 10, 120
	im := ground(bins*wide+20, high+20)
	if len(values) == 0 || region == nil {
		return im
	}
	most := max(slices.Max(values), *region, 1e-9)
	var counts [bins]int
	for _, v := range values {
		counts[min(int(max(v, 0)/most*bins), bins-1)]++
	}
	for b, n := range counts {
		h := int(math.Round(float64(n) / float64(slices.Max(counts[:])) * high))
		draw.Draw(im, image.Rect(10+b*wide, 10+high-h, 9+(b+1)*wide, 10+high), image.NewUniform(color.NRGBA{170, 180, 190, 255}), image.Point{}, draw.Src)
	}
	x := 10 + int(max(*region, 0)/most*bins*wide)
	draw.Draw(im, image.Rect(x, 10, x+3, 10+high), image.NewUniform(color.NRGBA{255, 120, 60, 255}), image.Point{}, draw.Src)
	return im
}
