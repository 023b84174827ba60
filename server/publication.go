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
	"github.com/antequem/antequem/server/typed"
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
	if err != nil {
		return page.PublicationView{}, err
	}
	rs, err := s.archive.Releases(r.Context(), c.Location.Slug)
	if err != nil {
		return page.PublicationView{}, err
	}
	given, err := s.archive.Readings(r.Context(), c.Location.Slug)
	return page.PublicationView{
		Releases: releaseViews(c, rs), Readings: len(given), Closed: rs[""].Readings,
		Site: s.site(r), Token: infoOf(r.Context()).token, Slug: c.Location.Slug, Title: titleOf(c), Summary: c.Summary,
		State: p.State, At: p.At, Why: p.Why, History: history,
	}, err
}

// publish answers POST /locations/{slug}/publication: do is publish, withdraw, correct,
// release or close.
func (s *Server) publish(w http.ResponseWriter, r *http.Request) error {
	slug, title, summary := r.PathValue("slug"), r.PostFormValue("title"), r.PostFormValue("summary")
	switch r.PostFormValue("do") {
	case doRelease:
		return s.releaseForm(w, r)
	case doClose:
		return s.closeReadings(w, r)
	}
	o := order{Do: r.PostFormValue("do"), Why: r.PostFormValue("why")}
	if o.Do == doCorrect {
		o.Title, o.Summary = &title, &summary
	}
	err := s.bring(r.Context(), slug, o)
	var mend *refusal
	if errors.As(err, &mend) && mend.fields["why"] != "" {
		return s.showPublication(w, r, http.StatusUnprocessableEntity, map[string]string{o.Do: mend.fields["why"]})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, page.PublicationPath(slug), http.StatusSeeOther)
	return nil
}

// What an editor can have done about a location's publication.
const (
	doPublish  = "publish"
	doWithdraw = "withdraw"
	doCorrect  = "correct" // title and summary
)

// An order is what an editor wants done about a location's publication.
type order struct {
	Do      string  `json:"do" enum:"publish,withdraw,correct"`
	Why     string  `json:"why,omitempty" maxLength:"8000" doc:"why; everybody reads it once the location was published. Only publishing needs no reason"`
	Title   *string `json:"title,omitempty" maxLength:"500" doc:"to correct; left as it is where absent"`
	Summary *string `json:"summary,omitempty" maxLength:"8000" doc:"to correct; left as it is where absent"`
}

// bring carries an order out.
func (s *Server) bring(ctx context.Context, slug string, o order) error {
	if s.config.ReadOnly {
		return refuse(errForbidden, "This service takes no changes.")
	}
	if _, err := s.caseOf(ctx, slug); err != nil {
		return err
	}
	var err error
	by := changeBy(ctx)
	by.Why = strings.TrimSpace(o.Why)
	switch {
	case len(by.Why) > typed.MaxText:
		return needsReason("This text is too long.")
	case by.Why == "" && o.Do != doPublish:
		return needsReason("Say why: readers see it.")
	case o.Do == doPublish:
		err = s.archive.Publish(ctx, slug, by)
	case o.Do == doWithdraw:
		err = s.archive.Withdraw(ctx, slug, by)
	case o.Do == doCorrect:
		err = s.correctHeading(ctx, slug, o, by)
	default:
		err = refuse(imagery.ErrInvalid, "Choose to publish, to withdraw or to correct.")
	}
	if errors.Is(err, archive.ErrExists) {
		err = nil // published a moment ago, by this very order
	}
	if err == nil {
		s.changed()
	}
	return err
}

// needsReason asks for another reason than the one given.
func needsReason(text string) error {
	return &refusal{kind: errUnprocessable, detail: text, fields: map[string]string{"why": text}}
}

// correctHeading changes title and summary.
func (s *Server) correctHeading(ctx context.Context, slug string, o order, by archive.Change) error {
	s.writes.Lock()
	defer s.writes.Unlock()
	c, err := s.caseOf(ctx, slug)
	if err != nil {
		return err
	}
	if o.Title != nil {
		c.Title = strings.TrimSpace(*o.Title)
	}
	if o.Summary != nil {
		c.Summary = strings.TrimSpace(*o.Summary)
	}
	if len(c.Title) > 500 || len(c.Summary) > typed.MaxText {
		return refuse(errUnprocessable, "The title or the summary is too long.")
	}
	if err := fits(c); err != nil {
		return err
	}
	return s.archive.SetHeading(ctx, slug, archive.Heading{
		Title: c.Title, Summary: c.Summary, Reference: c.Reference, LookFor: c.LookFor,
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
