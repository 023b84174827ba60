package server

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/views"
	"github.com/antequem/antequem/server/workshop"
)

// compare answers /locations/{slug}/compare: two images.
func (s *Server) compare(w http.ResponseWriter, r *http.Request) error {
	return s.comparison(w, r, false)
}

// embedCompare is the same without surroundings.
func (s *Server) embedCompare(w http.ResponseWriter, r *http.Request) error {
	return s.comparison(w, r, true)
}

func (s *Server) comparison(w http.ResponseWriter, r *http.Request, embed bool) error {
	q := r.URL.Query()
	mode, view, err := lookOf(q.Get("mode"), q.Get("view"))
	if err != nil {
		return err
	}
	st, err := s.standingOf(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	before, after := q.Get("before"), q.Get("after")
	if before == "" && after == "" {
		return s.toLead(w, r, st, mode, embed)
	}
	g, err := s.gather(r, st)
	if err != nil {
		return err
	}
	b, err := pick(st.c, g.images, before, "before")
	if err != nil {
		return err
	}
	a, err := pick(st.c, g.images, after, "after")
	if err != nil {
		return err
	}
	if a.Digest == b.Digest {
		return refuse(imagery.ErrInvalid, "Before and after are the same image: choose two different ones.")
	}
	lang := infoOf(r.Context()).lang
	pair, m, err := s.pairOf(r.Context(), st, b, a)
	if err != nil {
		return err
	}
	if m.failure != "" {
		pair.Uncertain = append(pair.Uncertain, page.Say(lang, "compare.failed", "why", m.failure))
	}
	v := page.CompareView{
		Site: s.site(r), Slug: st.slug, Title: titleOf(st.c), Pair: pair, Mode: mode, View: view, Images: g.images,
		Claims: resting(views.Claims(st.c.Claims, st.report), a.File, b.File), Embed: embed,
		Downloads: pairDownloads(m, lang, st.slug, b.ID, a.ID), Card: s.cardURL(r, m),
	}
	wait := append(waiting{m, st.made}, g.views...)
	v.Jobs, v.Events = wait.jobs(), wait.events(st.slug)
	s.offerEmbed(w, r)
	return render(w, page.Compare, v, v.Jobs...)
}

// lookOf reads how two pictures are to be looked at.
func lookOf(mode, view string) (page.Mode, string, error) {
	m := page.Mode(mode)
	if mode == "" {
		m = page.Swipe
	}
	if !slices.Contains(page.Modes, m) {
		names := make([]string, len(page.Modes))
		for i, k := range page.Modes {
			names[i] = string(k)
		}
		return "", "", refuse(imagery.ErrInvalid, "There is no such mode. Modes are "+strings.Join(names, ", ")+".")
	}
	if !viewPattern.MatchString(view) {
		return "", "", refuse(imagery.ErrInvalid, "The part of the picture that the address names can't be read. Leave view out to see all of it.")
	}
	return m, view, nil
}

// toLead leads an address without images to the two that are looked at first.
func (s *Server) toLead(w http.ResponseWriter, r *http.Request, st standing, mode page.Mode, embed bool) error {
	before, after, ok := views.Lead(st.report)
	b, okB := st.c.Image(before)
	a, okA := st.c.Image(after)
	if !ok || !okA || !okB {
		if len(st.c.Images) < 2 {
			return refuse(imagery.ErrNotFound, "This location has fewer than two images, so there is nothing to compare yet.")
		}
		b, a = st.c.Images[0], st.c.Images[len(st.c.Images)-1]
	}
	to := page.ComparePath(st.slug, b.Digest.Short(), a.Digest.Short(), mode)
	if embed {
		to = page.EmbedPath(to)
	}
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}

// pick finds the image that a query names.
func pick(c imagery.Case, images []page.ImageView, id, which string) (page.ImageView, error) {
	if id == "" {
		return page.ImageView{}, refuse(imagery.ErrInvalid, fmt.Sprintf("The address names no %s image. It needs both: before=… and after=….", which))
	}
	im, err := imageOf(c, id)
	if err != nil {
		return page.ImageView{}, err
	}
	v, ok := views.Of(images, im.File)
	if !ok {
		return v, imagery.ErrNotFound
	}
	return v, nil
}

// resting returns the claims whose verdict rests on either image.
func resting(claims []page.ClaimView, files ...string) []page.ClaimView {
	return slices.DeleteFunc(claims, func(c page.ClaimView) bool {
		return c.Verdict == nil || !slices.ContainsFunc(files, func(f string) bool { return slices.Contains(c.Verdict.RestsOn, f) })
	})
}

// pairDownloads lists what can be taken away of a comparison.
func pairDownloads(m made, lang page.Language, slug, before, after string) []page.Link {
	if m.result == nil {
		return nil
	}
	links := filesToTake(m, lang, []offer{
		{workshop.CardPNG, "take.card", "PNG, 1200 × 630"},
		{workshop.TurnsGIF, "take.gif", page.Say(lang, "take.gif.note")},
		{assess.OverviewPNG, "take.overview", "PNG"},
		{assess.ChangePNG, "take.change", page.Say(lang, "take.change.note")},
		{assess.ValidPNG, "take.valid", "PNG"},
		{assess.ReportJSON, "take.numbers", "JSON"},
	})
	csv := page.LocationPath(slug) + "/compare.csv?before=" + before + "&after=" + after
	return append(links, page.Link{Label: page.Say(lang, "take.pair.csv"), URL: csv, Note: "CSV"})
}

// An offer is a file of a result that may be taken away.
type offer struct{ name, label, note string } // label is the key of a message

// filesToTake lists the files that a result holds of those offered.
func filesToTake(m made, lang page.Language, offers []offer) (links []page.Link) {
	for _, f := range offers {
		if m.result.Holds(f.name) {
			links = append(links, page.Link{Label: page.Say(lang, f.label), URL: m.url(f.name), Note: f.note})
		}
	}
	return links
}
