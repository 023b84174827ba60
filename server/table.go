package server

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/typed"
)

// tablePage answers GET /locations/{slug}/table: what is written of images, regions and
// claims, to be corrected and added to.
func (s *Server) tablePage(w http.ResponseWriter, r *http.Request) error {
	var v page.TableView
	if q := r.URL.Query(); q.Has(page.EditKey) {
		form, err := s.openRegion(r.Context(), r.PathValue("slug"), q.Get(page.EditKey), q.Has(page.PixelsKey))
		if err != nil {
			return err
		}
		v.Region = form
	}
	return s.showTable(w, r, http.StatusOK, v)
}

// showTable shows what is held, and what was just typed where it needs mending.
func (s *Server) showTable(w http.ResponseWriter, r *http.Request, status int, v page.TableView) error {
	c, err := s.changeable(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	if s.config.ReadOnly {
		return refuse(errForbidden, "This service takes no changes.")
	}
	st, err := s.standingOf(r.Context(), c.Location.Slug)
	if err != nil {
		return err
	}
	p, err := s.archive.Publication(r.Context(), c.Location.Slug)
	if err != nil {
		return err
	}
	v.Site, v.Token, v.Slug, v.Title = s.site(r), infoOf(r.Context()).token, c.Location.Slug, titleOf(c)
	v.Public, v.Regions, v.Claims = p.State != archive.Draft, c.Regions, c.Claims
	if v.Drawing, err = s.drawingOf(r, st); err != nil {
		return err
	}
	rows, err := s.tableRows(r.Context(), st)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if v.Typed != nil && v.Typed.Image.ID == row.Image.ID {
			row.Form, row.Ties, row.Errors = v.Typed.Form, v.Typed.Ties, v.Typed.Errors
		}
		v.Rows = append(v.Rows, row)
	}
	w.Header().Set("Cache-Control", "no-store")
	out := asHTML(w)
	w.WriteHeader(status)
	return page.Table(out, v)
}

// changeTable answers POST /locations/{slug}/table: do is image, region, forget-region
// or claim.
func (s *Server) changeTable(w http.ResponseWriter, r *http.Request) error {
	again, anchor, err := s.changeRow(r)
	var mend *refusal
	if errors.As(err, &mend) && len(mend.fields) > 0 {
		again.Wrong = slices.Sorted(maps.Values(mend.fields))
		return s.showTable(w, r, http.StatusUnprocessableEntity, again)
	}
	if err != nil {
		return err
	}
	s.changed()
	http.Redirect(w, r, page.TablePath(r.PathValue("slug"))+"#"+anchor, http.StatusSeeOther)
	return nil
}

// changeRow makes the change, or returns what was typed. It answers nothing itself, for
// while it changes records nobody else does, and a reader may be slow.
func (s *Server) changeRow(r *http.Request) (again page.TableView, anchor string, err error) {
	if s.config.ReadOnly {
		return again, "", refuse(errForbidden, "This service takes no changes.")
	}
	s.writes.Lock()
	defer s.writes.Unlock()
	c, err := s.changeable(r.Context(), r.PathValue("slug"))
	if err != nil {
		return again, "", err
	}
	by := changeBy(r.Context())
	if by.Why = strings.TrimSpace(r.PostFormValue("why")); len(by.Why) > typed.MaxText {
		return again, "", refuse(errUnprocessable, "The reason is too long.")
	}
	switch r.PostFormValue("do") {
	case "image":
		return s.changeImage(r, c, by)
	case "region":
		again.Region, err = s.setRegion(r, c, by)
		return again, "regions", err
	case "forget-region":
		return again, "regions", s.forgetRegion(r, c, by)
	case "claim":
		again, err = s.addClaim(r, c, by)
		return again, "claims", err
	}
	return again, "", refuse(imagery.ErrInvalid, "Choose what to change.")
}

// changeImage corrects what is known of an image, and the tie points placed on it.
func (s *Server) changeImage(r *http.Request, c imagery.Case, by archive.Change) (page.TableView, string, error) {
	old, err := imageOf(c, r.PostFormValue("image"))
	if err != nil {
		return page.TableView{}, "", err
	}
	form := typed.Form(r.PostFormValue)
	im, wrong := typed.Image(form)
	if im.TiePoints, err = typed.Ties(r.PostFormValue("ties")); err != nil {
		wrong["ties"] = "These tie points can’t be read: " + err.Error() + "."
	}
	again := page.TableView{Typed: &page.TableRow{Image: page.ImageView{Image: old, ID: old.Digest.Short()}, Form: form, Ties: r.PostFormValue("ties"), Errors: wrong}}
	if len(wrong) > 0 {
		return again, "", &refusal{kind: errUnprocessable, detail: "Some of it needs mending. Nothing was changed.", fields: wrong}
	}
	im.File, im.Digest, im.Synthetic = old.File, old.Digest, old.Synthetic
	im.OffNadir, im.SunAz, im.SunEl = old.OffNadir, old.SunAz, old.SunEl
	i := slices.IndexFunc(c.Images, func(other imagery.Image) bool { return other.File == old.File })
	c.Images = slices.Clone(c.Images)
	c.Images[i] = im
	if err := fits(c); err != nil {
		return again, "", err
	}
	return again, "image-" + old.Digest.Short(), s.archive.UpdateImage(r.Context(), c.Location.Slug, im, by)
}

// addClaim records a claim with its source.
func (s *Server) addClaim(r *http.Request, c imagery.Case, by archive.Change) (page.TableView, error) {
	get := func(field string) string { return strings.TrimSpace(r.PostFormValue(field)) }
	d := claimDoc{Text: get("text"), Claimant: get("claimant"), Source: get("source"), Region: get("region")}
	again := page.TableView{Claim: page.ClaimForm{
		Text: d.Text, Claimant: d.Claimant, Source: d.Source, Region: d.Region, Kind: get("kind"), When: get("when"),
		First: get("first"), Second: get("second"), Why: get("untestable"),
	}}
	switch imagery.ClaimKind(get("kind")) {
	case imagery.ClaimChanged:
		d.Changed = get("when")
	case imagery.ClaimUnchanged:
		d.Unchanged = get("when")
	case imagery.ClaimSame:
		d.Same = filesOf(c, get("first"), get("second"))
	case imagery.ClaimDiffers:
		d.Differs = filesOf(c, get("first"), get("second"))
	case imagery.ClaimUntestable:
		d.Untestable = get("untestable")
	}
	for field, text := range map[string]string{"text": d.Text, "claimant": d.Claimant, "source": d.Source, "untestable": d.Untestable} {
		if len(text) > typed.MaxText {
			return again, &refusal{kind: errUnprocessable, fields: map[string]string{field: "This text is too long."}}
		}
	}
	if d.Text == "" || d.Source != "" && !typed.IsLink(d.Source) {
		return again, &refusal{kind: errUnprocessable, fields: map[string]string{"text": "A claim needs the words it was made in, and its source is the whole address of a page, or left empty."}}
	}
	cl, err := d.claim()
	if err != nil {
		return again, err
	}
	for n := 2; slices.ContainsFunc(c.Claims, func(other imagery.Claim) bool { return other.ID == cl.ID }); n++ {
		cl.ID = archive.Slug(firstWords(cl.Text, 6)) + "-" + strconv.Itoa(n)
	}
	c.Claims = append(slices.Clone(c.Claims), cl)
	if err := fits(c); err != nil {
		return again, err
	}
	return again, s.archive.SetClaims(context.WithoutCancel(r.Context()), c.Location.Slug, c.Claims, by)
}

// filesOf returns the files of the images that two ids name; what no image has is left out.
func filesOf(c imagery.Case, ids ...string) []string {
	var out []string
	for _, id := range ids {
		if im, err := imageOf(c, id); err == nil {
			out = append(out, im.File)
		}
	}
	return out
}
