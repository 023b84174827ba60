package server

import (
	"context"
	"slices"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/workshop"
)

// A resultDoc says how far a result has come, and what is in it.
type resultDoc struct {
	Status string    `json:"status" enum:"no-imagery,computing,done,failed"`
	Why    string    `json:"why" doc:"why it failed"`
	Step   string    `json:"step" doc:"what is being done; empty if that isn't known"`
	Recipe string    `json:"recipe" doc:"digest of all that bears on the result: the same recipe gives the same files"`
	Files  []fileDoc `json:"files" doc:"in the order of their names; empty until it is done"`
}

// A fileDoc is one file of a result.
type fileDoc struct {
	Name string `json:"name" doc:"folders in it are parted by forward slashes"`
	URL  string `json:"url"`
}

// apiResult answers for what judge writes of a location, or, where the query names two
// images, for what compare writes of them.
func (s *Server) apiResult(ctx context.Context, in *struct {
	Slug   string `path:"slug" maxLength:"128"`
	Before string `query:"before" maxLength:"64" doc:"an image, by the first 12 characters of its SHA-256 or more"`
	After  string `query:"after" maxLength:"64"`
}) (*output[resultDoc], error) {
	st, err := s.standingOf(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	m, none := st.made, len(st.c.Images) == 0
	if in.Before != "" || in.After != "" {
		if m, err = s.pairMade(ctx, st, in.Before, in.After); err != nil {
			return nil, err
		}
		none = false
	}
	return &output[resultDoc]{Body: resultOf(originOf(infoOf(ctx)), m, none)}, nil
}

// pairMade is what is kept of a comparison of two images, which is asked for where
// there is nothing.
func (s *Server) pairMade(ctx context.Context, st standing, before, after string) (made, error) {
	b, err := imageOf(st.c, before)
	if err != nil {
		return made{}, err
	}
	a, err := imageOf(st.c, after)
	if err != nil {
		return made{}, err
	}
	if a.Digest == b.Digest {
		return made{}, refuse(imagery.ErrInvalid, "Before and after are the same image: choose two different ones.")
	}
	r, err := workshop.PairRecipe(b, a, ownRegion(st.c, b), s.options)
	if err != nil {
		return made{}, err
	}
	return s.ask(ctx, r, "Comparing these two", st.slug)
}

func resultOf(origin string, m made, none bool) resultDoc {
	d := resultDoc{Status: "computing", Files: []fileDoc{}, Recipe: m.recipe.String()}
	switch {
	case none:
		d.Status, d.Recipe = "no-imagery", ""
	case m.failure != "":
		d.Status, d.Why = "failed", m.failure
	case m.result != nil:
		d.Status = "done"
		for _, name := range slices.Sorted(slices.Values(m.result.Names)) {
			d.Files = append(d.Files, fileDoc{Name: name, URL: origin + apiPrefix + m.url(name)})
		}
	case m.job != nil:
		d.Step = m.job.What
	}
	return d
}
