package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/people"
)

// visible says what keeps the caller of ctx from a location: a draft isn't there for
// readers, and of one that was withdrawn only that it was, when and why.
func (s *Server) visible(ctx context.Context, slug string) error {
	if infoOf(ctx).who.Role >= people.Contributor {
		return nil
	}
	p, err := s.archive.Publication(ctx, slug)
	switch {
	case err != nil:
		return err
	case p.State == archive.Published:
		return nil
	case p.State == archive.Withdrawn:
		return &refusal{
			kind: errGone, detail: fmt.Sprintf("This case was published here and was withdrawn on %s: %s", p.At.Format("2 January 2006"), p.Why),
			tomb: &page.Tombstone{At: p.At, Why: p.Why},
		}
	}
	return refuse(imagery.ErrNotFound, noLocation)
}

const noLocation = "There is no location of that name."

// shown returns the locations that the caller of ctx may see.
func (s *Server) shown(ctx context.Context) ([]archive.LocationSummary, error) {
	list, err := s.archive.Locations(ctx)
	if err != nil || infoOf(ctx).who.Role >= people.Contributor {
		return list, err
	}
	states, err := s.archive.Publications(ctx)
	return slices.DeleteFunc(list, func(l archive.LocationSummary) bool { return states[l.Slug].State != archive.Published }), err
}

// mayHave says what keeps the caller of ctx from files that were made of originals:
// readers have those of a published location alone. public says that everybody has.
func (s *Server) mayHave(ctx context.Context, made imagery.Digest, of []imagery.Digest) (public bool, err error) {
	if p, ok := s.public.get(made); ok && time.Since(p.at) < keepFor {
		public = p.public
	} else {
		if public, err = s.archive.InPublic(ctx, of); err != nil {
			return false, err
		}
		s.public.put(made, openness{public, time.Now()})
	}
	if !public && infoOf(ctx).who.Role < people.Contributor {
		return false, imagery.ErrNotFound
	}
	return public, nil
}

// An openness is whether everybody may have something, as it was a moment ago.
type openness struct {
	public bool
	at     time.Time
}

// changeable returns the case of a location that the caller of ctx may change: what
// was published once is an editor's to change, in the sight of everybody.
func (s *Server) changeable(ctx context.Context, slug string) (imagery.Case, error) {
	c, err := s.caseOf(ctx, slug)
	if err != nil || infoOf(ctx).who.Role == people.Editor {
		return c, err
	}
	p, err := s.archive.Publication(ctx, slug)
	if err == nil && p.State != archive.Draft {
		err = refuse(errForbidden, "This case was published, so an editor alone changes it, and says why.")
	}
	return c, err
}

// publicationPage answers GET /locations/{slug}/publication: how a location stands,
// and what an editor can do about it.
func (s *Server) publicationPage(w http.ResponseWriter, r *http.Request) error {
	return s.showPublication(w, r, http.StatusOK, nil)
}

func (s *Server) showPublication(w http.ResponseWriter, r *http.Request, status int, wrong map[string]string) error {
	c, err := s.caseOf(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	v, err := s.publicationView(r, c)
	if err != nil {
		return err
	}
	v.Errors = wrong
	w.Header().Set("Cache-Control", "no-store")
	out := asHTML(w)
	w.WriteHeader(status)
	return page.Publication(out, v)
}

func (s *Server) publicationView(r *http.Request, c imagery.Case) (page.PublicationView, error) {
	p, err := s.archive.Publication(r.Context(), c.Location.Slug)
	if err != nil {
		return page.PublicationView{}, err
	}
	history, err := s.archive.History(r.Context(), c.Location.Slug)
	return page.PublicationView{
		Site: s.site(r), Token: infoOf(r.Context()).token, Slug: c.Location.Slug, Title: titleOf(c), Summary: c.Summary,
		State: p.State, At: p.At, Why: p.Why, History: history,
	}, err
}

// publish answers POST /locations/{slug}/publication: do is publish, withdraw or correct.
func (s *Server) publish(w http.ResponseWriter, r *http.Request) error {
	slug, why := r.PathValue("slug"), strings.TrimSpace(r.PostFormValue("why"))
	c, err := s.caseOf(r.Context(), slug)
	if err != nil {
		return err
	}
	by := changeBy(r.Context())
	by.Why = why
	do := r.PostFormValue("do")
	switch {
	case len(why) > maxText:
		return s.showPublication(w, r, http.StatusUnprocessableEntity, map[string]string{do: "This text is too long."})
	case why == "" && do != "publish":
		return s.showPublication(w, r, http.StatusUnprocessableEntity, map[string]string{do: "Say why: readers see it."})
	case do == "publish":
		err = s.archive.Publish(r.Context(), slug, by)
	case do == "withdraw":
		err = s.archive.Withdraw(r.Context(), slug, by)
	case do == "correct":
		err = s.correctHeading(r, c, by)
	default:
		err = refuse(imagery.ErrInvalid, "Choose to publish, to withdraw or to correct.")
	}
	if errors.Is(err, archive.ErrExists) {
		err = nil // published a moment ago, by this very form
	}
	if err != nil {
		return err
	}
	s.changed()
	http.Redirect(w, r, page.PublicationPath(slug), http.StatusSeeOther)
	return nil
}

// correctHeading changes title and summary.
func (s *Server) correctHeading(r *http.Request, c imagery.Case, by archive.Change) error {
	title, summary := strings.TrimSpace(r.PostFormValue("title")), strings.TrimSpace(r.PostFormValue("summary"))
	if len(title) > 500 || len(summary) > maxText {
		return refuse(errUnprocessable, "The title or the summary is too long.")
	}
	s.writes.Lock()
	defer s.writes.Unlock()
	c.Title, c.Summary = title, summary
	if err := fits(c); err != nil {
		return err
	}
	return s.archive.SetHeading(r.Context(), c.Location.Slug, archive.Heading{
		Title: title, Summary: summary, Reference: c.Reference, LookFor: c.LookFor,
	}, by)
}

// desk says how a location stands, for those who read it and those who work on it.
func (s *Server) desk(ctx context.Context, slug string) (page.Desk, error) {
	p, err := s.archive.Publication(ctx, slug)
	if err != nil {
		return page.Desk{}, err
	}
	history, err := s.archive.History(ctx, slug)
	d := page.Desk{State: p.State}
	if n := len(history); n > 1 {
		d.Corrections, d.Corrected = n-1, history[n-1].At
	}
	if err == nil {
		d.Readings, d.Offered, err = s.readingOffer(ctx, slug)
	}
	return d, err
}

// history answers GET /locations/{slug}/history: what was changed since everybody sees
// it, when and why.
func (s *Server) history(w http.ResponseWriter, r *http.Request) error {
	c, err := s.caseOf(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	v, err := s.publicationView(r, c)
	if err != nil {
		return err
	}
	return render(w, page.History, v)
}
