package server

import (
	"net/http"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/workshop"
)

// drawingOf returns what a region and tie points are drawn on: every image as it
// came, for that is whose pixels are counted. Pictures that are not there are asked for.
func (s *Server) drawingOf(r *http.Request, st standing) (page.Drawing, error) {
	var d page.Drawing
	sizes, err := s.sizes(r.Context(), st.slug)
	if err != nil {
		return d, err
	}
	reference := st.c.Reference
	if st.report != nil {
		reference = st.report.Reference
	}
	for _, im := range st.c.Images {
		if im.File == reference {
			d.Reference = im.Digest.Short()
		}
		size := sizes[im.Digest]
		if size[0] <= 0 || size[1] <= 0 {
			continue
		}
		m, err := s.view(r.Context(), st.slug, im)
		if err != nil {
			return d, err
		}
		d.Images = append(d.Images, page.Canvas{
			ID: im.Digest.Short(), File: im.File, Width: size[0], Height: size[1],
			Picture: m.url(workshop.ShownName(workshop.ShownImage)), Small: m.url(workshop.SmallName(workshop.ShownImage)), Whole: m.url(workshop.ViewPNG),
			Events: waiting{m}.events(st.slug), Why: m.failure, Map: mapTo(st.report, im),
		})
	}
	return d, nil
}

// mapTo returns the global part of an image's alignment, from the reference's pixels
// to its own; nil where it is not laid over the reference.
func mapTo(rep *assess.Report, im imagery.Image) *[3][3]float64 {
	if rep == nil {
		return nil
	}
	for _, r := range rep.Images {
		switch {
		case r.File != im.File:
		case r.Status == compare.StatusReference:
			self := compare.Self().Matrix
			return &self
		case r.Alignment.Status == "aligned":
			m := r.Alignment.Matrix
			return &m
		}
	}
	return nil
}
