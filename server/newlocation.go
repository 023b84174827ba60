package server

import (
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
)

// newLocationForm answers GET /new.
func (s *Server) newLocationForm(w http.ResponseWriter, r *http.Request) error {
	return s.showNewLocation(w, r, http.StatusOK, page.LocationForm{}, nil)
}

func (s *Server) showNewLocation(w http.ResponseWriter, r *http.Request, status int, f page.LocationForm, wrong map[string]string) error {
	if s.config.ReadOnly {
		return refuse(errForbidden, "This service takes no changes.")
	}
	w.Header().Set("Cache-Control", "no-store")
	out := asHTML(w)
	w.WriteHeader(status)
	return page.NewLocation(out, page.NewLocationView{Site: s.site(r), Token: infoOf(r.Context()).token, Form: f, Errors: wrong})
}

// newLocation answers POST /new: the location begins as a draft, and its table follows.
func (s *Server) newLocation(w http.ResponseWriter, r *http.Request) error {
	if s.config.ReadOnly {
		return refuse(errForbidden, "This service takes no changes.")
	}
	get := func(field string) string { return strings.TrimSpace(r.PostFormValue(field)) }
	f := page.LocationForm{
		Name: get(page.FieldName), Slug: get(page.FieldSlug), Lat: get(page.FieldLat), Lon: get(page.FieldLon), Position: get(page.FieldPosition),
	}
	l, wrong := locationTyped(f)
	if len(wrong) == 0 {
		slug, err := s.archive.AddLocation(r.Context(), l, changeBy(r.Context()))
		if err == nil {
			s.changed()
			http.Redirect(w, r, page.TablePath(slug), http.StatusSeeOther)
			return nil
		}
		if !errors.Is(err, archive.ErrExists) {
			return err
		}
		wrong = map[string]string{page.FieldName: "A location of that name is held already. Give another name, or another name in the address."}
	}
	return s.showNewLocation(w, r, http.StatusUnprocessableEntity, f, wrong)
}

// locationTyped turns a form into a location. Wrong fields are told by name, with the
// mend. Degrees keep the decimals that they were given with, which may be few on purpose.
func locationTyped(f page.LocationForm) (imagery.Location, map[string]string) {
	wrong := map[string]string{}
	l := imagery.Location{Name: f.Name, Slug: f.Slug, Position: f.Position, Lat: math.NaN(), Lon: math.NaN()}
	if n := utf8.RuneCountInString(f.Name); n < 1 || n > 200 || !utf8.ValidString(f.Name) {
		wrong[page.FieldName] = "Give the place a name, of 1 to 200 letters."
	}
	if f.Slug != "" && (len(f.Slug) > 80 || archive.Slug(f.Slug) != f.Slug) {
		wrong[page.FieldSlug] = "The name in the address has 1 to 80 lower-case letters a to z, digits and hyphens."
	}
	if f.Position != "" && !slices.Contains(page.Positions, f.Position) {
		wrong[page.FieldPosition] = "Choose how sure the position is."
	}
	if (f.Lat == "") != (f.Lon == "") {
		wrong[page.FieldLat] = "Give latitude and longitude, or neither."
		return l, wrong
	}
	for field, c := range map[string]struct {
		text string
		most float64
		into *float64
		mend string
	}{
		page.FieldLat: {f.Lat, 90, &l.Lat, "Latitude runs from -90 to 90 degrees: 36.2013."},
		page.FieldLon: {f.Lon, 180, &l.Lon, "Longitude runs from -180 to 180 degrees: 37.1583."},
	} {
		if c.text == "" {
			continue
		}
		v, err := strconv.ParseFloat(strings.Replace(c.text, ",", ".", 1), 64)
		if err != nil || !(math.Abs(v) <= c.most) {
			wrong[field] = c.mend
			continue
		}
		*c.into = v
	}
	return l, wrong
}
