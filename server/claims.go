package server

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/views"
)

// claim answers /locations/{slug}/claims/{id}.
func (s *Server) claim(w http.ResponseWriter, r *http.Request) error { return s.claimPage(w, r, false) }

// embedClaim is the same without surroundings.
func (s *Server) embedClaim(w http.ResponseWriter, r *http.Request) error {
	return s.claimPage(w, r, true)
}

func (s *Server) claimPage(w http.ResponseWriter, r *http.Request, embed bool) error {
	st, err := s.standingOf(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	claims := views.Claims(st.c.Claims, st.report)
	i, err := claimIndex(st.c, r.PathValue("id"))
	if err != nil {
		return err
	}
	g, err := s.gather(r, st)
	if err != nil {
		return err
	}
	v := page.ClaimPage{
		Site: s.site(r), Slug: st.slug, Title: titleOf(st.c), Location: st.c.Location,
		Claim: claims[i], Others: slices.Delete(slices.Clone(claims), i, i+1), Images: g.images,
		Downloads: s.downloads(r.Context(), st), Embed: embed,
	}
	if len(st.c.Images) == 0 {
		v.LookFor = st.c.LookFor
	}
	wait := append(waiting{st.made}, g.views...)
	v.Jobs, v.Events = wait.jobs(), wait.events(st.slug)
	v.Finding = findingOf(s.closeUps(st, views.Findings(st.report, s.diagram(st))), claims[i].Region)
	if before, after, ok := turnsOn(claims[i], st.report); ok {
		v.Lead = s.leadPair(r.Context(), st, g.images, before, after)
		v.Card = s.leadCard(r, st, v.Lead)
	}
	s.offerEmbed(w, r)
	return render(w, page.Claim, v, v.Jobs...)
}

func claimIndex(c imagery.Case, id string) (int, error) {
	i := slices.IndexFunc(c.Claims, func(cl imagery.Claim) bool { return cl.ID == id })
	if i < 0 {
		if !claimPattern.MatchString(id) {
			id = "of that name"
		}
		return 0, refuse(imagery.ErrNotFound, fmt.Sprintf("This location has no claim %s.", id))
	}
	return i, nil
}

// findingOf returns the finding of a claim's region: the first where it names none.
func findingOf(all []page.Finding, region string) *page.Finding {
	for i := range all {
		if region == "" || all[i].Region == region {
			return &all[i]
		}
	}
	return nil
}

// turnsOn names the two images that a verdict turns on: the last that shows the
// old state and the first that shows the new one of those it rests on, else the
// outermost two, else those that the case is led by.
func turnsOn(c page.ClaimView, rep *assess.Report) (before, after string, ok bool) {
	if c.Verdict == nil || rep == nil {
		return "", "", false
	}
	state := map[string]compare.State{}
	for _, g := range rep.Regions {
		if g.Name == c.Region || c.Region == "" && len(state) == 0 {
			for _, f := range g.Frames {
				state[f.File] = f.State
			}
		}
	}
	for _, f := range c.Verdict.RestsOn { // in date order
		switch {
		case state[f] == compare.StateNew && before != "":
			return before, f, true
		case state[f] == compare.StateOld:
			before = f
		}
	}
	if n := len(c.Verdict.RestsOn); n >= 2 {
		return c.Verdict.RestsOn[0], c.Verdict.RestsOn[n-1], true
	}
	return views.Lead(rep)
}
