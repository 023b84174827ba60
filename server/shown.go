package server

import (
	"image"
	"net/http"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/workshop"
)

// shownPicture describes the copies of a picture of w × h px; nil if there are none.
func shownPicture(m made, id string, w, h int) *page.Picture {
	if m.result == nil {
		return nil
	}
	shown, ok := m.result.Shown(id, w, h)
	if !ok {
		return nil
	}
	p := &page.Picture{URL: m.url(shown.Name), Width: shown.Width, Height: shown.Height, SmallWidth: shown.SmallWidth}
	if shown.Small != "" {
		p.Small = m.url(shown.Small)
	}
	return p
}

// tilesOf describes the pyramid of a picture in a result; nil if there is none.
func tilesOf(m made, folder string, w, h int) *page.Tiles {
	t, ok := m.result.Tiles(folder, w, h)
	if !ok {
		return nil
	}
	return &page.Tiles{URL: m.url(folder), Width: t.Width, Height: t.Height, Size: t.Size, Overlap: t.Overlap, Format: "jpg"}
}

// alignedPicture is an image on the reference grid.
func (s *Server) alignedPicture(st standing, im imagery.Image) *page.Picture {
	return shownPicture(st.made, im.Digest.Short(), st.report.Grid[0], st.report.Grid[1])
}

// ownPicture is an image as it came; nil while there is no picture of it.
func (s *Server) ownPicture(m made) (*page.Picture, error) {
	if m.result == nil {
		return nil, nil
	}
	v, ok := s.views.get(m.recipe)
	if !ok {
		var err error
		if v, err = m.result.View(); err != nil {
			return nil, err
		}
		s.views.put(m.recipe, v)
	}
	return shownPicture(m, workshop.ShownImage, v.Width, v.Height), nil
}

// closeUps puts the pictures that are kept of a case into its findings: close-ups, and
// the control windows.
func (s *Server) closeUps(st standing, fs []page.Finding) []page.Finding {
	if st.report == nil {
		return fs
	}
	for k := range fs {
		if name := workshop.PlaceboName(k, fs[k].Region); st.made.result.Holds(name) {
			size := s.sizeOf(st.made, name)
			fs[k].Placebo = &page.Picture{URL: st.made.url(name), Width: size.X, Height: size.Y}
		}
		w, h := workshop.CropSize(st.report.Regions[k].Polygon, st.report.Grid)
		for _, f := range fs[k].Timeline.Frames {
			im, ok := st.c.Image(f.File)
			if !ok || f.Status == compare.StatusUnaligned || !st.made.result.Holds(workshop.CropName(k, im)) {
				continue
			}
			if fs[k].Crops == nil {
				fs[k].Crops = map[string]page.Picture{}
			}
			fs[k].Crops[f.File] = page.Picture{URL: st.made.url(workshop.CropName(k, im)), Width: w, Height: h}
		}
	}
	return fs
}

// sizeOf returns the size of a picture of a result, px, so that a page keeps its place.
func (s *Server) sizeOf(m made, name string) image.Point {
	key := m.url(name)
	size, ok := s.drawn.get(key)
	if !ok {
		if size = m.result.Size(name); size != (image.Point{}) {
			s.drawn.put(key, size)
		}
	}
	return size
}

// cardURL returns the address of a pair's card; "" while there is none.
func (s *Server) cardURL(r *http.Request, m made) string {
	if m.result == nil || !m.result.Holds(workshop.CardPNG) {
		return ""
	}
	return s.origin(r) + m.url(workshop.CardPNG)
}

// leadCard returns the address of the card of a lead pair, if one was made already;
// nothing is made for it.
func (s *Server) leadCard(r *http.Request, st standing, p *page.Pair) string {
	if p == nil {
		return ""
	}
	recipe, err := workshop.PairRecipe(p.Before.Image, p.After.Image, ownRegion(st.c, p.Before.Image), s.options)
	if err != nil {
		return ""
	}
	res, err := s.archive.Result(r.Context(), recipe.Digest())
	if err != nil {
		return ""
	}
	return s.cardURL(r, made{recipe: recipe.Digest(), result: &workshop.Result{Result: res}})
}
