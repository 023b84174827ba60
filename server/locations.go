package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/views"
	"github.com/antequem/antequem/server/workshop"
)

// locations answers /: the list of locations.
func (s *Server) locations(w http.ResponseWriter, r *http.Request) error {
	list, err := s.shown(r.Context())
	if err != nil {
		return err
	}
	v := page.LocationsView{Site: s.site(r)}
	var under []page.Job
	for _, l := range list {
		sum, err := s.summary(r.Context(), l)
		if errors.Is(err, imagery.ErrNotFound) || errors.Is(err, errGone) {
			continue // withdrawn since the list was read
		}
		if err != nil {
			return err
		}
		if sum.Pending > 0 {
			under = append(under, page.Job{What: sum.Title})
		}
		v.Locations = append(v.Locations, sum)
	}
	return render(w, page.Locations, v, under...)
}

// summary is one line of the list.
func (s *Server) summary(ctx context.Context, l archive.LocationSummary) (page.LocationSummary, error) {
	st, err := s.standingOf(ctx, l.Slug)
	if err != nil {
		return page.LocationSummary{}, err
	}
	sum := page.LocationSummary{
		Slug: l.Slug, Title: titleOf(st.c), Place: l.Name, Summary: st.c.Summary,
		Images: len(st.c.Images), Claims: len(st.c.Claims), Span: span(st.c.Images),
	}
	for _, im := range st.c.Images {
		sum.Synthetic = sum.Synthetic || im.Synthetic
	}
	if st.made.job != nil {
		sum.Pending = 1
	}
	if st.report == nil {
		return sum, nil
	}
	sum.State = st.report.Region.State
	for _, c := range st.report.Claims {
		if c.Verdict != compare.Untestable {
			sum.Answers = append(sum.Answers, c.Verdict)
		}
	}
	sum.Picture = s.cover(st)
	return sum, nil
}

// cover is a small picture of the last image that lies on the reference grid.
func (s *Server) cover(st standing) *page.Picture {
	for i := len(st.report.Images) - 1; i >= 0; i-- {
		im, ok := st.c.Image(st.report.Images[i].File)
		if !ok || st.report.Images[i].Status == compare.StatusObscured || !st.made.result.Holds(workshop.AlignedName(im)) {
			continue
		}
		p := s.alignedPicture(st, im)
		if p != nil && p.Small != "" {
			return &page.Picture{URL: p.Small, Width: p.SmallWidth, Height: max(p.Height*p.SmallWidth/p.Width, 1)}
		}
		return p
	}
	return nil
}

// span reaches over the dates as declared, whatever end of them their basis can't
// vouch for. An end that is declared open opens the span only where no date is
// known on that side: one post of an unknown age says nothing of the others.
func span(images []imagery.Image) edtf.Interval {
	var sp edtf.Interval
	for _, im := range images {
		t := im.Acquired.Interval()
		for _, at := range []time.Time{t.Earliest, t.Latest} {
			if at.IsZero() {
				continue
			}
			if sp.Earliest.IsZero() || at.Before(sp.Earliest) {
				sp.Earliest = at
			}
			if at.After(sp.Latest) {
				sp.Latest = at
			}
		}
	}
	return sp
}

func titleOf(c imagery.Case) string {
	if c.Title != "" {
		return c.Title
	}
	return c.Location.Name
}

// location answers /locations/{slug}.
func (s *Server) location(w http.ResponseWriter, r *http.Request) error {
	st, err := s.standingOf(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	g, err := s.gather(r, st)
	if err != nil {
		return err
	}
	v := page.LocationView{
		Site: s.site(r), Slug: st.slug, Case: st.c, Images: g.images,
		Claims: views.Claims(st.c.Claims, st.report), Findings: s.closeUps(st, views.Findings(st.report, s.diagram(st))),
		Notes: g.notes, Downloads: s.downloads(r.Context(), st),
	}
	if st.made.failure != "" {
		v.Failed = page.Say(infoOf(r.Context()).lang, "case.failed", "why", st.made.failure)
	}
	if st.report != nil {
		v.Cautions, v.Grid, v.Outlines = st.report.Cautions, s.gridOf(r.Context(), st), views.Outlines(st.report)
	}
	v.Case.Title = titleOf(st.c)
	wait := append(waiting{st.made}, g.views...)
	v.Jobs, v.Events = wait.jobs(), wait.events(st.slug)
	if before, after, ok := views.Lead(st.report); ok {
		v.Lead = s.leadPair(r.Context(), st, g.images, before, after)
		v.Card = s.leadCard(r, st, v.Lead)
	}
	if v.Desk, err = s.desk(r.Context(), st.slug); err != nil {
		return err
	}
	v.Desk.Offered = v.Desk.Offered && len(st.c.Images) > 1 // one image is read against another
	return render(w, page.Location, v, v.Jobs...)
}

// leadPair returns two images of a case on the case's own grid.
func (s *Server) leadPair(ctx context.Context, st standing, images []page.ImageView, before, after string) *page.Pair {
	b, okB := views.Of(images, before)
	a, okA := views.Of(images, after)
	if !okA || !okB || a.Picture == nil || b.Picture == nil {
		return nil
	}
	p := page.Pair{Before: b, After: a, ExpectedPx: orNaN(nil), ExpectedM: orNaN(nil)}
	s.fromCase(ctx, st, &p)
	return &p
}

// diagram returns the drawn timeline, nil if there is none.
func (s *Server) diagram(st standing) []byte {
	if st.report == nil || !st.made.result.Holds(assess.TimelineSVG) {
		return nil
	}
	b, err := st.made.result.Read(assess.TimelineSVG)
	if err != nil {
		s.log.Error("diagram", "location", st.slug, "err", err)
		return nil
	}
	return b
}

// downloads lists what can be taken away of a case.
func (s *Server) downloads(ctx context.Context, st standing) []page.Link {
	if st.report == nil {
		return nil
	}
	lang := infoOf(ctx).lang
	links := []page.Link{
		{Label: page.Say(lang, "take.report"), URL: reportPath(st.slug), Note: "JSON"},
		{Label: page.Say(lang, "take.images"), URL: page.LocationPath(st.slug) + "/images.csv", Note: "CSV"},
		{Label: page.Say(lang, "take.claims"), URL: page.LocationPath(st.slug) + "/claims.csv", Note: "CSV"},
	}
	return append(links, filesToTake(st.made, lang, []offer{
		{assess.FilmstripPNG, "take.filmstrip", "PNG"},
		{assess.TimelineSVG, "take.timeline", "SVG"},
		{assess.MatrixSVG, "take.matrix", "SVG"},
		{assess.ControlsSVG, "take.controls", "SVG"},
		{assess.PowerSVG, "take.power", "SVG"},
	})...)
}
