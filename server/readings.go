package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/agreement"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/people"
	"github.com/antequem/antequem/server/typed"
	"github.com/antequem/antequem/server/views"
)

// readings answers GET /locations/{slug}/readings: what people saw, beside what was
// computed. Whoever may still read without knowing is told nothing yet.
func (s *Server) readings(w http.ResponseWriter, r *http.Request) error {
	st, err := s.standingOf(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	wait := waiting{st.made}
	v := page.ReadingsView{
		Site: s.site(r), Slug: st.slug, Title: titleOf(st.c), Jobs: wait.jobs(), Events: wait.events(st.slug),
		MayClose: infoOf(r.Context()).who.Role == people.Editor && !s.config.ReadOnly,
	}
	if st.report != nil {
		if v.Regions, err = s.regionReadings(r.Context(), st); err != nil {
			return err
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.Readings(asHTML(w), v)
}

// regionReadings returns the readings of each region of a judged location, as far as
// the caller of ctx may know them.
func (s *Server) regionReadings(ctx context.Context, st standing) (out []page.RegionReadings, err error) {
	for _, g := range st.report.Regions {
		b, err := s.blindOf(ctx, st.slug, g.Name)
		if errors.Is(err, errUnprocessable) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, b.view(infoOf(ctx).who.Role))
	}
	return out, nil
}

// view puts the readings of a region beside its computed states.
func (b blind) view(role people.Role) page.RegionReadings {
	mayRead := role >= people.Analyst && b.next() > 0
	v := page.RegionReadings{Name: b.region, MayRead: mayRead, Hidden: mayRead}
	if v.Hidden {
		return v
	}
	var names []string
	by := map[string]map[string]archive.Reading{}
	for _, r := range b.given {
		if by[r.Person] == nil {
			names = append(names, r.Person)
			by[r.Person] = map[string]archive.Reading{}
		}
		by[r.Person][r.File] = r
	}
	v.Readers = len(names)
	var pairs [][2]string
	for _, f := range b.st.report.Regions[b.k].Frames {
		im, ok := b.st.c.Image(f.File)
		if !ok || !slices.ContainsFunc(b.order, func(o imagery.Image) bool { return o.File == f.File }) {
			continue
		}
		row := page.ReadingRow{Image: views.Image(im, b.st.report), Computed: f.State}
		var both []string
		for i, n := range names {
			rd := by[n][f.File]
			row.Readings = append(row.Readings, page.ReadingCell{State: compare.State(rd.State), Damage: rd.Damage})
			if rd.State != "" && i < 2 {
				both = append(both, rd.State)
			}
			if rd.State != "" && rd.State != string(f.State) {
				row.Differs = true
			}
		}
		if len(both) == 2 {
			pairs = append(pairs, [2]string{both[0], both[1]})
		}
		v.Rows = append(v.Rows, row)
	}
	if k := agreement.Cohen(pairs); k.N > 0 {
		v.Kappa = &k
	}
	return v
}

// doClose is what the form asks for that ends a round of blind readings.
const doClose = "close"

// closeReadings answers POST /locations/{slug}/publication where do is close: from then on
// nobody reads blind, and nobody is kept from what others saw.
func (s *Server) closeReadings(w http.ResponseWriter, r *http.Request) error {
	slug := r.PathValue("slug")
	err := s.endRound(r.Context(), slug, r.PostFormValue("why"))
	var mend *refusal
	if errors.As(err, &mend) && mend.fields["why"] != "" {
		return s.showPublication(w, r, http.StatusUnprocessableEntity, map[string]string{doClose: mend.fields["why"]})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, page.ReadingsPath(slug), http.StatusSeeOther)
	return nil
}

func (s *Server) endRound(ctx context.Context, slug, why string) error {
	if s.config.ReadOnly {
		return refuse(errForbidden, "This service takes no changes.")
	}
	if _, err := s.caseOf(ctx, slug); err != nil {
		return err
	}
	by := changeBy(ctx)
	by.Why = strings.TrimSpace(why)
	switch {
	case by.Why == "":
		return needsReason("Say why: readers see it.")
	case len(by.Why) > typed.MaxText:
		return needsReason("This text is too long.")
	}
	s.writes.Lock()
	defer s.writes.Unlock()
	rs, err := s.archive.Releases(ctx, slug)
	if err != nil {
		return err
	}
	all := rs[""]
	all.Readings = true
	if err := s.archive.SetRelease(ctx, slug, "", all, by); err != nil {
		return err
	}
	s.changed()
	return nil
}

// readingOffer says how many readings a location has, and whether the caller may add
// one, for its page.
func (s *Server) readingOffer(ctx context.Context, slug string) (given int, offered bool, err error) {
	rs, err := s.archive.Readings(ctx, slug)
	return len(rs), err == nil && infoOf(ctx).who.Role >= people.Analyst, err
}
