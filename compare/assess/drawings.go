package assess

import (
	"fmt"
	"image"
	"strings"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/overlay"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/raster"
)

// drawings returns what draws the evidence of region k.
func (r *run) drawings(k int) map[string]func() ([]byte, error) {
	g, t := r.regions[k], r.timelines[k]
	t.State = r.stateOf(k)
	folder, title := "", r.c.Title
	if k > 0 {
		folder = RegionFolder(k, g.name)
	}
	if g.name != "" {
		title += ": " + g.name
	}
	files := map[string]func() ([]byte, error){
		folder + TimelineSVG:  func() ([]byte, error) { return overlay.Timeline(r.series(title, k), overlay.DefaultOptions()), nil },
		folder + FilmstripPNG: picture(r.opts.Workers, func() image.Image { return r.filmstrip(k) }),
	}
	if len(t.Placebos) > 0 {
		files[folder+PlaceboPNG] = picture(r.opts.Workers, func() image.Image { return r.placebos(k) })
	}
	if len(t.Dissimilar) > 1 {
		m := overlay.MatrixData{Title: title, Values: t.Dissimilar}
		for _, a := range r.images {
			m.Names = append(m.Names, a.image.File+" · "+overlay.DateWords(a.image))
		}
		files[folder+MatrixSVG] = func() ([]byte, error) { return overlay.Matrix(m, overlay.DefaultOptions()), nil }
	}
	if len(t.Controls) > 0 {
		c := overlay.ControlsData{Title: title, Controls: t.Controls, Tiles: t.Tiles, Statistic: t.Statistic, PValue: t.PValue}
		files[folder+ControlsSVG] = func() ([]byte, error) { return overlay.Controls(c, overlay.DefaultOptions()), nil }
	}
	if len(t.Power) > 0 {
		p := overlay.PowerData{Title: title, Points: t.Power, DetectablePx: t.DetectablePx, RuledOutPx: t.RuledOutPx, GSD: r.reference.Image.GSD}
		files[folder+PowerSVG] = func() ([]byte, error) { return overlay.Power(p, overlay.DefaultOptions()), nil }
	}
	return files
}

// RegionFolder names the folder of the drawings of region k, counted from 0, in a
// bundle: "regions/2-north-yard/". What can't stand in a file name everywhere, and
// what would lead out of the folder, becomes a hyphen.
func RegionFolder(k int, name string) string {
	safe := strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			return r
		}
		return '-'
	}, name)
	return fmt.Sprintf("%s%d-%s/", RegionsFolder, k+1, safe[:min(len(safe), 60)])
}

// series joins the timeline of region k with the claims about it.
func (r *run) series(title string, k int) overlay.Series {
	var claims []imagery.Claim
	var verdicts []compare.Verdict
	for i, c := range r.c.Claims {
		if c.Region == r.regions[k].name || c.Region == "" && k == 0 {
			claims, verdicts = append(claims, c), append(verdicts, r.verdicts[i])
		}
	}
	return overlay.SeriesOf(title, r.timelines[k], r.imagesRead(), r.stepsOf(k), claims, verdicts)
}

// filmstrip draws region k in date order, with half as much again around it.
func (r *run) filmstrip(k int) image.Image {
	t := r.timelines[k]
	var stills []overlay.Still
	polygon, corner := r.views(k, imagery.Point{}, func(i int, view raster.Raster) {
		stills = append(stills, still(r.images[i].image, view, t.Frames[i]))
	})
	for i, s := range stills {
		if s.State == compare.StateNew {
			stills[i].Part = moved(r.regions[k].onReference(t.Part), -corner.X, -corner.Y)
		}
	}
	return overlay.Filmstrip(stills, polygon, overlay.DefaultFilmstrip())
}

// placebos draws the nearest control windows of region k as the filmstrip draws the
// region, one below the other.
func (r *run) placebos(k int) image.Image {
	var strips []image.Image
	for n, p := range r.timelines[k].Placebos {
		var stills []overlay.Still
		polygon, _ := r.views(k, imagery.Point{X: float64(p.DX), Y: float64(p.DY)}, func(i int, view raster.Raster) {
			f := r.timelines[k].Frames[i]
			f.State = compare.StateUnclear
			s := still(r.images[i].image, view, f)
			s.Note = fmt.Sprintf("control window %d, p = %.2g", n+1, p.PValue)
			stills = append(stills, s)
		})
		strips = append(strips, overlay.Filmstrip(stills, polygon, overlay.DefaultFilmstrip()))
	}
	return overlay.Stack(strips)
}

// views hands over each image's view of region k moved by an offset, and returns the
// region's outline in it, and its corner in reference px.
func (r *run) views(k int, offset imagery.Point, do func(i int, view raster.Raster)) (outline []imagery.Point, corner imagery.Point) {
	g := r.regions[k]
	g.polygon = moved(g.polygon, offset.X, offset.Y)
	box := around(g.polygon, window{w: g.window.x + g.window.w, h: g.window.y + g.window.h}, r.margin(g)).within(g.window)
	for i, a := range r.images {
		var view raster.Raster
		if a.alignment.Aligned {
			view = a.crops[k].Crop(box.x-g.window.x, box.y-g.window.y, box.w, box.h)
		}
		do(i, view)
	}
	corner = imagery.Point{X: float64(box.x), Y: float64(box.y)}
	return moved(g.polygon, -corner.X, -corner.Y), corner
}

// margin returns the pixels shown around a region: half of its longer side, 12 at least.
func (r *run) margin(g regionOnGrid) int {
	b := around(g.polygon, whole(r.reference.Raster), 1)
	return max(12, max(b.w, b.h)/2)
}

// within returns the part of w that lies inside outer.
func (w window) within(outer window) window {
	x, y := max(w.x, outer.x), max(w.y, outer.y)
	return window{x, y, max(min(w.x+w.w, outer.x+outer.w)-x, 0), max(min(w.y+w.h, outer.y+outer.h)-y, 0)}
}
