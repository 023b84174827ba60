package server

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/typed"
)

// openRegion returns a region that is held as its form shows it, to be edited; as
// pixels of the reference, if it is given on the ground and pixels are asked for.
func (s *Server) openRegion(ctx context.Context, slug, name string, pixels bool) (page.RegionForm, error) {
	st, err := s.standingOf(ctx, slug)
	if err != nil {
		return page.RegionForm{}, err
	}
	i := regionIndex(st.c, name)
	if i < 0 {
		return page.RegionForm{}, refuse(imagery.ErrNotFound, "This case has no region of that name.")
	}
	g := st.c.Regions[i]
	f := page.RegionForm{Name: g.Name, Editing: true, Was: g.Name}
	im, _ := st.c.Image(g.Image)
	if g.Image != "" {
		f.Image, f.Text = im.Digest.Short(), typed.WriteCorners(g.Polygon)
		return f, nil
	}
	f.Text = typed.WriteRings(g.Rings)
	reference, corners := onReference(st, name)
	switch {
	case len(corners) == 0:
	case pixels:
		f.Image, f.Text = reference.Digest.Short(), typed.WriteCorners(corners)
	default:
		f.Image, f.Pixels = reference.Digest.Short(), reference.File
	}
	return f, nil
}

// onReference returns a region's corners in pixels of the reference, to a tenth; none
// where they are not known.
func onReference(st standing, name string) (reference imagery.Image, corners []imagery.Point) {
	if st.report == nil {
		return reference, nil
	}
	reference, ok := st.c.Image(st.report.Reference)
	for _, g := range st.report.Regions {
		if ok && g.Name == name {
			for _, p := range g.Polygon {
				corners = append(corners, imagery.Point{X: math.Round(10*p[0]) / 10, Y: math.Round(10*p[1]) / 10})
			}
		}
	}
	return reference, corners
}

func regionIndex(c imagery.Case, name string) int {
	return slices.IndexFunc(c.Regions, func(g imagery.Region) bool { return g.Name == name })
}

// regionRefused is a refusal of what was typed of a region.
func regionRefused(text string) error {
	return &refusal{kind: errUnprocessable, detail: "The region needs mending. Nothing was changed.", fields: map[string]string{"polygon": text}}
}

// setRegion adds a region, or puts it in place of the one that was opened again or has
// its name. What was there before stays in the custody log.
func (s *Server) setRegion(r *http.Request, c imagery.Case, by archive.Change) (page.RegionForm, error) {
	form := page.RegionForm{
		Name: strings.TrimSpace(r.PostFormValue("name")), Text: r.PostFormValue("polygon"), Image: r.PostFormValue("image"),
		Editing: r.PostFormValue("editing") == "true", Was: r.PostFormValue("was"),
	}
	file := ""
	if im, err := imageOf(c, form.Image); err == nil {
		file = im.File
	}
	g, err := typed.Region(form.Name, file, form.Text)
	if err != nil {
		return form, regionRefused("This region can’t be read: " + err.Error() + ".")
	}
	i := regionIndex(c, form.Name)
	if form.Editing {
		if i, err = reopened(c, form, i); err != nil {
			return form, err
		}
	}
	c.Regions = slices.Clone(c.Regions)
	if i >= 0 {
		c.Regions[i] = g
	} else {
		c.Regions = append(c.Regions, g)
	}
	if err := s.regionsFit(r.Context(), c); err != nil {
		return form, err
	}
	return form, s.archive.SetRegions(r.Context(), c.Location.Slug, c.Regions, by)
}

// reopened returns the place of the region that form was opened with, where named is
// that of one which has its new name. A name that claims go by stays.
func reopened(c imagery.Case, form page.RegionForm, named int) (int, error) {
	i := regionIndex(c, form.Was)
	switch {
	case i < 0: // it was taken away meanwhile
		return named, nil
	case i != named && named >= 0:
		return i, regionRefused("There is a region of that name already.")
	case form.Name != form.Was && claimed(c, form.Was):
		return i, regionRefused("A claim names this region.")
	}
	return i, nil
}

func claimed(c imagery.Case, region string) bool {
	return slices.ContainsFunc(c.Claims, func(cl imagery.Claim) bool { return cl.Region == region && region != "" })
}

// forgetRegion takes a region away that no claim names.
func (s *Server) forgetRegion(r *http.Request, c imagery.Case, by archive.Change) error {
	name := strings.TrimSpace(r.PostFormValue("name"))
	i := regionIndex(c, name)
	if i < 0 {
		return imagery.ErrNotFound
	}
	if claimed(c, name) {
		return regionRefused("A claim names this region.")
	}
	c.Regions = slices.Delete(slices.Clone(c.Regions), i, i+1)
	if err := s.regionsFit(r.Context(), c); err != nil {
		return err
	}
	return s.archive.SetRegions(r.Context(), c.Location.Slug, c.Regions, by)
}
