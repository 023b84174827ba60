package overlay

import (
	"image"

	"github.com/antequem/antequem/imagery/raster"
)

// OverviewOptions of an overview.
type OverviewOptions struct {
	Panel int // width of each of the three panels at most, px; see narrowest
}

// DefaultOverview returns panels that fit a screen three abreast.
func DefaultOverview() OverviewOptions { return OverviewOptions{Panel: 640} }

// narrowest is the panel, px, that holds its words; a picture wider than that is not
// enlarged.
const narrowest = 320

// Overview lays before, after and the change score side by side, dated. After lies
// on before's grid; it may have no bands where the two could not be aligned, and
// then there is no score either.
func Overview(before, after Still, score raster.Plane, valid raster.Mask, o OverviewOptions) *image.NRGBA {
	w, h := before.Picture.Size()
	panel := max(min(o.Panel, max(w, narrowest), 2000), 200)
	if w == 0 || h == 0 {
		w, h = 1, 1
	}
	height := min(max(panel*h/w, 40), 3*panel)
	const gap = 8
	size := max(float64(panel)/32, 12)
	strip := int(size*1.3*2+size*0.45) + 1
	out := blank(3*(panel+gap)+gap, height+strip+2*gap, dusk)
	box := func(i int) image.Rectangle {
		x := gap + i*(panel+gap)
		return image.Rect(x, gap, x+panel, gap+height)
	}
	under := func(i int) image.Rectangle {
		b := box(i)
		return image.Rect(b.Min.X, b.Min.Y, b.Max.X, b.Max.Y+strip)
	}
	drawView(out, box(0), before, nil, size)
	banner(out, under(0), size, "Before: "+before.Words, before.Name)
	drawView(out, box(1), after, nil, size)
	name := after.Name
	if aw, _ := after.Picture.Size(); aw == 0 {
		name += ": could not be aligned"
	}
	banner(out, under(1), size, "After: "+after.Words, name)
	if score.W == 0 || score.H == 0 {
		empty(out, box(2))
		banner(out, under(2), size, "Change score: none", "")
		return out
	}
	heat, _ := fitView(Heat(before.Picture, score, valid), panel, height)
	b := box(2)
	at := image.Pt(b.Min.X+(panel-heat.Rect.Dx())/2, b.Min.Y+(height-heat.Rect.Dy())/2)
	paste(out, heat, at)
	if before.Synthetic || after.Synthetic {
		markSynthetic(out, heat.Rect.Add(at), size)
	}
	banner(out, under(2), size, "Change score: structure, not damage", "")
	u := under(2)
	heatScale(out, image.Rect(u.Min.X+int(size*0.45), u.Max.Y-int(size*1.5), u.Max.X-int(size*0.45), u.Max.Y), size*0.8)
	return out
}
