package server_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery/archive"
)

func TestAContributorBeginsALocationAsADraft(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	h.admit(t)
	begin := func(form url.Values) (status int, to, text string) {
		r := postForm(h.Handler(), "/new", form, h.as(t, "contributor"))
		return r.StatusCode, r.Header.Get("Location"), body(t, r)
	}
	for what, c := range map[string]struct {
		form url.Values
		want string
	}{
		"no name":                     {url.Values{"name": {"  "}}, "Give the place a name"},
		"a long name":                 {url.Values{"name": {strings.Repeat("я", 201)}}, "Give the place a name"},
		"an address of another sort":  {url.Values{"name": {"Square"}, "slug": {"../square"}}, "The name in the address"},
		"half a position":             {url.Values{"name": {"Square"}, "lat": {"36.2"}}, "or neither"},
		"a latitude beyond the poles": {url.Values{"name": {"Square"}, "lat": {"137.1"}, "lon": {"36.2"}}, "Latitude runs"},
		"a longitude that is none":    {url.Values{"name": {"Square"}, "lat": {"36.2"}, "lon": {"NaN"}}, "Longitude runs"},
		"a sureness of another sort":  {url.Values{"name": {"Square"}, "position": {"secret"}}, "how sure"},
	} {
		if status, _, text := begin(c.form); status != 422 || !strings.Contains(text, c.want) {
			t.Errorf("%s: %d, or no word of %q", what, status, c.want)
		}
	}
	if ls, err := h.archive.Locations(t.Context()); err != nil || len(ls) != 0 {
		t.Fatalf("%v, %v", ls, err)
	}

	good := url.Values{"name": {"Площа <b>"}, "slug": {"square"}, "lat": {"36,2"}, "lon": {"37.1"}, "position": {"approximate"}}
	if status, to, text := begin(good); status != 303 || to != "/locations/square/table" {
		t.Fatalf("%d to %q\n%s", status, to, text)
	}
	l, err := h.archive.Location(t.Context(), "square")
	if err != nil || l.Name != "Площа <b>" || l.Lat != 36.2 || l.Lon != 37.1 || l.Position != "approximate" {
		t.Errorf("%+v, %v", l, err)
	}
	if status, _, text := begin(good); status != 422 || !strings.Contains(text, "held already") || !strings.Contains(text, `value="36,2"`) {
		t.Errorf("the same again: %d, or what was typed is lost", status)
	}
	if p, err := h.archive.Publication(t.Context(), "square"); err != nil || p.State != archive.Draft {
		t.Errorf("%+v, %v", p, err)
	}
	if r := ask(h.Handler(), "GET", "/locations/square", h.as(t, "")); r.StatusCode != 404 {
		t.Errorf("readers see the draft: %d", r.StatusCode)
	}
	seen := body(t, ask(h.Handler(), "GET", "/locations/square", h.as(t, "contributor")))
	if !strings.Contains(seen, "36.2, 37.1<") || strings.Contains(seen, "36.20000") || strings.Contains(seen, "Площа <b>") {
		t.Error("the place is shown more exactly than it was given, or its name as markup")
	}
	if r := ask(h.Handler(), "GET", "/", h.as(t, "")); strings.Contains(body(t, r), `href="/new"`) {
		t.Error("readers are led to a form that is not for them")
	}
	if r := ask(h.Handler(), "GET", "/", h.as(t, "contributor")); !strings.Contains(body(t, r), `href="/new"`) {
		t.Error("contributors are not led to the form")
	}
	log, err := h.archive.Log(t.Context(), "square")
	if err != nil || len(log) != 1 {
		t.Fatalf("%v, %v", log, err)
	}
	if _, who, err := log[0].Done(); err != nil || who.By != "contributor" {
		t.Errorf("%+v, %v", who, err)
	}
}
