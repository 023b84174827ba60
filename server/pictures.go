package server

import (
	"context"
	"errors"
	"math"
	"net/http"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/views"
	"github.com/antequem/antequem/server/workshop"
)

// A gallery is the images of a location as its pages show them.
type gallery struct {
	images []page.ImageView // in date order
	views  waiting          // that their pictures wait for
	notes  []string         // why a picture can't be made
}

// gather returns the images of a location with what there is of their pictures.
func (s *Server) gather(r *http.Request, st standing) (gallery, error) {
	var g gallery
	sizes, err := s.sizes(r.Context(), st.slug)
	if err != nil {
		return g, err
	}
	released, err := s.released(r.Context(), st.slug)
	if err != nil {
		return g, err
	}
	for _, im := range inOrder(st) {
		v := views.Image(im, st.report)
		v.Brought = released.brought[im.File]
		offered, err := s.offers(r, im.Digest)
		if err != nil {
			return g, err
		}
		if offered {
			v.Original = originalPath(im.Digest)
		}
		v.Footprint = views.Footprint(st.report, im.File, sizes[im.Digest][0], sizes[im.Digest][1])
		switch {
		case st.report != nil && st.made.result.Holds(workshop.AlignedName(im)):
			v.Picture = s.alignedPicture(st, im)
		default:
			m, err := s.view(r.Context(), st.slug, im)
			if err != nil {
				return g, err
			}
			if v.Picture, err = s.ownPicture(m); err != nil {
				return g, err
			}
			g.views = append(g.views, m)
			if m.failure != "" {
				g.notes = append(g.notes, page.Say(infoOf(r.Context()).lang, "case.undrawn", "file", im.File, "why", m.failure))
			}
		}
		g.images = append(g.images, v)
	}
	return g, nil
}

// sizes returns how large the images of a location are, px, by their digests.
func (s *Server) sizes(ctx context.Context, slug string) (map[imagery.Digest][2]int, error) {
	records, err := s.archive.Images(ctx, slug)
	if err != nil {
		return nil, err
	}
	out := make(map[imagery.Digest][2]int, len(records))
	for _, r := range records {
		out[r.Digest] = [2]int{r.Width, r.Height}
	}
	return out, nil
}

// inOrder returns the images in the order of the report, which is by date, and
// where there is none in that of the case.
func inOrder(st standing) []imagery.Image {
	if st.report == nil {
		return st.c.Images
	}
	var out []imagery.Image
	for _, r := range st.report.Images {
		if im, ok := st.c.Image(r.File); ok {
			out = append(out, im)
		}
	}
	return out
}

// pairOf returns two images as their own comparison shows them, or, until that
// is made, as the case does.
func (s *Server) pairOf(ctx context.Context, st standing, before, after page.ImageView) (page.Pair, made, error) {
	p := page.Pair{Before: before, After: after, Grid: page.Grid{North: math.NaN()}, ExpectedPx: math.NaN(), ExpectedM: math.NaN()}
	if pic := before.Picture; pic != nil {
		p.Grid.Width, p.Grid.Height, p.Grid.GSD = pic.Width, pic.Height, before.GSD
	}
	if st.report != nil {
		s.fromCase(ctx, st, &p)
	}
	r, err := workshop.PairRecipe(before.Image, after.Image, ownRegion(st.c, before.Image), s.options)
	if err != nil {
		return p, made{}, err
	}
	m, err := s.ask(ctx, r, page.Say(infoOf(ctx).lang, "jobs.pair"), st.slug)
	if errors.Is(err, errBusy) { // not for this reader just now: what the case knows is shown
		return p, made{}, nil
	}
	if err != nil || m.result == nil {
		return p, m, err
	}
	var rep assess.PairReport
	if err := m.result.JSON(assess.ReportJSON, &rep); err != nil {
		return p, m, err
	}
	if err := s.fromPair(ctx, st, m, rep, &p); err != nil {
		return p, m, err
	}
	p.TiePoints, err = m.result.Ties()
	return p, m, err
}

// fromCase fills in what the case knows of two of its images.
func (s *Server) fromCase(ctx context.Context, st standing, p *page.Pair) {
	if !p.Before.Alignment.Aligned && p.Before.Status != compare.StatusReference || !p.After.Alignment.Aligned {
		p.Uncertain = append(p.Uncertain, page.Say(infoOf(ctx).lang, "compare.grid"))
		return
	}
	p.Grid, p.Outlines = s.gridOf(ctx, st), views.Outlines(st.report)
	p.ExpectedPx = math.Hypot(zeroIfNaN(p.Before.Alignment.ExpectedPx), zeroIfNaN(p.After.Alignment.ExpectedPx))
	if p.Grid.GSD > 0 {
		p.ExpectedM = p.ExpectedPx * p.Grid.GSD
	}
}

// fromPair fills in what a comparison of the two by themselves found. Its grid is
// that of before.
func (s *Server) fromPair(ctx context.Context, st standing, m made, rep assess.PairReport, p *page.Pair) error {
	if rep.Alignment.Status != "aligned" {
		p.Uncertain = append(p.Uncertain, unlaid(infoOf(ctx).lang, compare.Reason(rep.Alignment.Reason)))
		return nil
	}
	w, h := rep.Grid[0], rep.Grid[1]
	whole, err := m.result.Ground(w, h)
	if err != nil {
		return err
	}
	p.Reduced = int(math.Round(whole.Step))
	p.Before.Picture, p.After.Picture = shownPicture(m, workshop.ShownBefore, w, h), shownPicture(m, workshop.ShownAfter, w, h)
	if p.Before.Picture != nil && p.After.Picture != nil {
		p.Before.Picture.Tiles = tilesOf(m, workshop.TilesBefore, max(whole.Width, w), max(whole.Height, h))
		p.After.Picture.Tiles = tilesOf(m, workshop.TilesAfter, max(whole.Width, w), max(whole.Height, h))
	}
	p.Heat = shownPicture(m, workshop.ShownHeat, w, h)
	if m.result.Holds(workshop.DifferencePNG) {
		p.Difference = &page.Picture{URL: m.url(workshop.DifferencePNG), Width: w, Height: h}
	}
	p.Grid = page.Grid{Width: w, Height: h, GSD: p.Before.GSD * whole.Step, North: orNaN(whole.North)}
	p.Outlines = s.outlinesOn(st, p.Before)
	for i := range p.Outlines {
		o := &p.Outlines[i]
		o.Polygon, o.Part = whole.OnGrid(o.Polygon), whole.OnGrid(o.Part)
	}
	p.ExpectedPx, p.ExpectedM = orNaN(rep.Alignment.ExpectedError), math.NaN()
	if p.Grid.GSD > 0 {
		p.ExpectedM = p.ExpectedPx * p.Grid.GSD
	}
	p.Uncertain = nil
	return nil
}

// gridOf returns the grid of a case as its pages show it.
func (s *Server) gridOf(ctx context.Context, st standing) page.Grid {
	g := views.Grid(st.report)
	if st.made.result == nil {
		return g
	}
	known, err := st.made.result.Ground(g.Width, g.Height)
	if err != nil {
		s.log.ErrorContext(ctx, "grid", "location", st.slug, "err", err)
		return g
	}
	g.North = orNaN(known.North)
	return g
}

// unlaid says that two images could not be laid over one another, and why.
func unlaid(lang page.Language, why compare.Reason) string {
	text := assess.Explain(why)
	if lang != page.English && why != compare.ReasonNone {
		text = page.Say(lang, "align."+string(why)) + "."
	}
	return page.Say(lang, "compare.unlaid", "why", text)
}

// outlinesOn returns the regions in the pixels of an image of the case.
func (s *Server) outlinesOn(st standing, v page.ImageView) []page.Outline {
	if st.report == nil {
		return nil
	}
	if v.Status == compare.StatusReference {
		return views.Outlines(st.report)
	}
	a := compare.Alignment{}
	for _, im := range st.report.Images {
		if im.File == v.File {
			a.Aligned, a.Matrix = im.Alignment.Status == "aligned", im.Alignment.Matrix
		}
	}
	if !a.Aligned {
		return nil
	}
	out := views.Outlines(st.report)
	for _, o := range out {
		for _, polygon := range [][]imagery.Point{o.Polygon, o.Part} {
			for i, p := range polygon {
				polygon[i].X, polygon[i].Y = a.Map(p.X, p.Y)
			}
		}
	}
	return out
}

// ownRegion returns the first region that is drawn on im itself.
func ownRegion(c imagery.Case, im imagery.Image) []imagery.Point {
	for _, g := range c.Regions {
		if g.Image == im.File && len(g.Polygon) > 0 {
			return g.Polygon
		}
	}
	return nil
}

func zeroIfNaN(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}
