package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/server/typed"
)

type claimList struct {
	Claims []claimDoc `json:"claims"`
}

func (s *Server) apiClaims(ctx context.Context, in *located) (*output[claimList], error) {
	st, err := s.standingOf(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	return &output[claimList]{Body: claimList{claimDocs(originOf(infoOf(ctx)), st)}}, nil
}

func claimDocs(origin string, st standing) []claimDoc {
	docs := []claimDoc{}
	for _, c := range st.c.Claims {
		docs = append(docs, claimDocOf(origin, st.slug, c, st.report))
	}
	return docs
}

func (s *Server) apiClaim(ctx context.Context, in *struct {
	Slug string `path:"slug" maxLength:"128"`
	ID   string `path:"id" maxLength:"128"`
}) (*output[claimDoc], error) {
	st, err := s.standingOf(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	i, err := claimIndex(st.c, in.ID)
	if err != nil {
		return nil, err
	}
	return &output[claimDoc]{Body: claimDocOf(originOf(infoOf(ctx)), in.Slug, st.c.Claims[i], st.report)}, nil
}

// apiAddClaim records a claim. Claims of one location are written one at a time,
// for the records know only all of them together.
func (s *Server) apiAddClaim(ctx context.Context, in *struct {
	Slug string `path:"slug" maxLength:"128"`
	Body claimDoc
}) (*output[claimDoc], error) {
	cl, err := in.Body.claim()
	if err != nil {
		return nil, err
	}
	s.writes.Lock()
	defer s.writes.Unlock()
	c, err := s.changeable(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	if _, err := claimIndex(c, cl.ID); err == nil {
		return nil, refuse(errConflict, fmt.Sprintf("There is a claim %s already: give this one another id.", cl.ID))
	}
	c.Claims = append(slices.Clone(c.Claims), cl)
	if err := fits(c); err != nil {
		return nil, err
	}
	if err := s.archive.SetClaims(ctx, in.Slug, c.Claims, changeBy(ctx)); err != nil {
		return nil, err
	}
	s.changed()
	return &output[claimDoc]{Body: claimDocOf(originOf(infoOf(ctx)), in.Slug, cl, nil)}, nil
}

// apiAddRegion adds a region to a location.
func (s *Server) apiAddRegion(ctx context.Context, in *struct {
	Slug string `path:"slug" maxLength:"128"`
	Body regionDoc
}) (*output[regionDoc], error) {
	s.writes.Lock()
	defer s.writes.Unlock()
	c, err := s.changeable(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	g := in.Body.region()
	if slices.ContainsFunc(c.Regions, func(h imagery.Region) bool { return h.Name == g.Name }) {
		return nil, refuse(errConflict, "There is a region of that name already: give this one another name.")
	}
	c.Regions = append(slices.Clone(c.Regions), g)
	if err := s.regionsFit(ctx, c); err != nil {
		return nil, err
	}
	if err := s.archive.SetRegions(ctx, in.Slug, c.Regions, changeBy(ctx)); err != nil {
		return nil, err
	}
	s.changed()
	return &output[regionDoc]{Body: regionDocOf(g)}, nil
}

// regionsFit says what is wrong with the regions of c.
func (s *Server) regionsFit(ctx context.Context, c imagery.Case) error {
	if err := fits(c); err != nil {
		return err
	}
	recs, err := s.archive.Images(ctx, c.Location.Slug)
	if err != nil {
		return err
	}
	err = casefile.CheckRegions(c, func(file string) (w, h int, ok bool) {
		for _, r := range recs {
			if r.File == file {
				return r.Width, r.Height, r.Width > 0
			}
		}
		return 0, 0, false
	})
	if err != nil {
		return &refusal{kind: errUnprocessable, detail: "The region doesn't fit its image. Nothing was stored.",
			fields: map[string]string{"polygon": err.Error()}, cause: err}
	}
	return nil
}

// fits says what keeps c from being a case file, in the words that its reader uses.
func fits(c imagery.Case) error {
	_, err := casefile.Format(c)
	var ms casefile.Mistakes
	if !errors.As(err, &ms) {
		return err
	}
	r := &refusal{kind: errUnprocessable, detail: "Some of what was sent needs mending. Nothing was stored.", fields: map[string]string{}, cause: err}
	for i, m := range ms {
		r.fields[fmt.Sprintf("mistake %d", i+1)] = m.Text
	}
	return r
}

// claim reads a claim as it was sent.
func (d claimDoc) claim() (imagery.Claim, error) {
	c := imagery.Claim{ID: d.ID, Text: strings.TrimSpace(d.Text), Claimant: d.Claimant, Source: d.Source, Region: d.Region}
	if c.ID == "" {
		c.ID = archive.Slug(firstWords(c.Text, 6))
	}
	asserted := 0
	wrong := map[string]string{}
	date := func(kind imagery.ClaimKind, text string) {
		if text == "" {
			return
		}
		asserted++
		when, err := edtf.Parse(text)
		if err != nil {
			wrong[string(kind)] = typed.LastCause(err)
		}
		c.Kind, c.When = kind, when
	}
	pair := func(kind imagery.ClaimKind, files []string) {
		if len(files) == 0 {
			return
		}
		asserted++
		if len(files) != 2 {
			wrong[string(kind)] = "name two files"
			return
		}
		c.Kind, c.Images = kind, [2]string(files)
	}
	date(imagery.ClaimChanged, d.Changed)
	date(imagery.ClaimUnchanged, d.Unchanged)
	pair(imagery.ClaimSame, d.Same)
	pair(imagery.ClaimDiffers, d.Differs)
	if d.Untestable != "" {
		asserted++
		c.Kind, c.Why = imagery.ClaimUntestable, d.Untestable
	}
	if text := casefile.CheckSource(d.Source); text != "" {
		wrong["source"] = text
	}
	if asserted != 1 {
		wrong["changed"] = "a claim says exactly one of changed, unchanged, same, differs and untestable"
	}
	if len(wrong) > 0 {
		return c, &refusal{kind: errUnprocessable, detail: "The claim needs mending. Nothing was stored.", fields: wrong}
	}
	return c, nil
}

// firstWords returns the first n words of s.
func firstWords(s string, n int) string {
	w := strings.Fields(s)
	return strings.Join(w[:min(n, len(w))], " ")
}
