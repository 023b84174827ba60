package server_test

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/people"
)

// send sends a JSON document.
func send(h http.Handler, path, text string, mend ...func(*http.Request)) *http.Response {
	return ask(h, "POST", path, append([]func(*http.Request){with("Content-Type", "application/json"), func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	}}, mend...)...)
}

type publication struct {
	State, Why string
	At         *string
	History    []struct {
		Noun, Verb, Why string
		Fields          []struct{ Field, Before, After string }
	}
}

func TestAProgramPublishesCorrectsAndWithdraws(t *testing.T) {
	h, _, _, _ := peopled(t, settle(openHanded))
	if _, err := h.archive.AddLocation(t.Context(), imagery.Location{Name: "Square", Slug: "square"}, archive.Change{By: "contributor"}); err != nil {
		t.Fatal(err)
	}
	const path = "/api/v1/locations/square/publication"
	editor, nobody := h.token(t, "editor"), h.as(t, "")
	state := func(mend func(*http.Request)) (int, publication) {
		r := ask(h.Handler(), "GET", path, mend)
		if r.StatusCode != 200 {
			return r.StatusCode, publication{}
		}
		return 200, decodeJSON[publication](t, r)
	}
	if status, p := state(h.token(t, "contributor")); status != 200 || p.State != "draft" || p.At != nil || len(p.History) != 0 {
		t.Errorf("a draft, for those who work on it: %d %+v", status, p)
	}
	if status, _ := state(nobody); status != 404 {
		t.Errorf("a draft, for a reader: %d", status)
	}
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"to withdraw a draft", `{"do": "withdraw", "why": "x"}`, 400},
		{"an unknown order", `{"do": "delete", "why": "x"}`, 422},
		{"no order", `{"why": "x"}`, 422},
		{"a title of a book's length", `{"do": "correct", "why": "x", "title": "` + strings.Repeat("a", 501) + `"}`, 422},
		{"to publish", `{"do": "publish", "why": "looked at twice"}`, 200},
		{"to publish what is published", `{"do": "publish"}`, 200},
		{"to correct without a reason", `{"do": "correct", "title": "The square"}`, 422},
		{"to correct", `{"do": "correct", "why": "the title was a name", "title": "The square"}`, 200},
	} {
		if r := send(h.Handler(), path, c.text, editor); r.StatusCode != c.want {
			t.Errorf("%s: %d, want %d\n%s", c.name, r.StatusCode, c.want, body(t, r))
		}
	}
	r := ask(h.Handler(), "GET", path, nobody)
	text := body(t, r)
	if r.StatusCode != 200 || strings.Contains(text, "editor") || strings.Contains(text, "contributor") {
		t.Errorf("%d: the history names who changed it:\n%s", r.StatusCode, text)
	}
	if _, p := state(nobody); p.State != "published" || p.Why != "looked at twice" || len(p.History) != 2 || p.History[1].Why != "the title was a name" ||
		p.History[1].Fields[0].Field != "title" || p.History[1].Fields[0].After != `"The square"` {
		t.Errorf("%+v", p)
	}
	if r := send(h.Handler(), path, `{"do": "withdraw", "why": "a date was wrong"}`, editor); r.StatusCode != 200 {
		t.Errorf("to withdraw: %d", r.StatusCode)
	}
	if r := ask(h.Handler(), "GET", path, nobody); r.StatusCode != 410 || !strings.Contains(body(t, r), "a date was wrong") {
		t.Errorf("withdrawn, for a reader: %d", r.StatusCode)
	}
	list := decodeJSON[struct {
		Locations []struct{ Slug, Publication string }
	}](t, ask(h.Handler(), "GET", "/api/v1/locations", editor))
	states := map[string]string{}
	for _, l := range list.Locations {
		states[l.Slug] = l.Publication
	}
	if states["square"] != "withdrawn" || states["block"] != "published" {
		t.Errorf("%v", states)
	}
	one := decodeJSON[struct{ Publication string }](t, ask(h.Handler(), "GET", "/api/v1/locations/square", editor))
	if one.Publication != "withdrawn" {
		t.Errorf("%+v", one)
	}
	h.config = settle(func(c *server.Config) { c.ReadOnly = true })
	s := again(t, h).Handler()
	if r := send(s, path, `{"do": "publish"}`, editor); r.StatusCode != 403 {
		t.Errorf("where nothing may be changed: %d", r.StatusCode)
	}
	if r := postForm(s, "/locations/square/publication", map[string][]string{"do": {"publish"}}, h.as(t, "editor")); r.StatusCode != 403 {
		t.Errorf("where nothing may be changed, by the form: %d", r.StatusCode)
	}
}

type regionReadings struct {
	Region           string
	May_read, Hidden bool
	Readers          int
	Kappa            *struct {
		Images   int
		Observed float64
	}
	Images []struct {
		Computed string
		Differs  bool
		Readings []struct{ State, Damage string }
	}
}

func TestProgramsReadAsBlindAsPeople(t *testing.T) {
	h, slug, before, after := peopled(t, settle(openHanded))
	if _, err := h.people.Add(t.Context(), "second", people.Analyst, passphrase); err != nil {
		t.Fatal(err)
	}
	base := "/api/v1/locations/" + slug
	first, second, editor := h.token(t, "analyst"), h.token(t, "second"), h.token(t, "editor")
	told := func(mend func(*http.Request)) regionReadings {
		t.Helper()
		d := decodeJSON[struct{ Regions []regionReadings }](t, ask(h.Handler(), "GET", base+"/readings", mend))
		if len(d.Regions) != 1 {
			t.Fatalf("%+v", d)
		}
		return d.Regions[0]
	}
	type blind struct {
		Place, Of       int
		Anchor, Picture string
		States, Classes []string
	}
	r := ask(h.Handler(), "GET", base+"/reading", first)
	text := body(t, r)
	for _, secret := range []string{"2015", "2016", "old.png", "new.png", before.Short(), after.Short(), "recipe", "results"} {
		if strings.Contains(text, secret) {
			t.Errorf("the blind document tells %q: %s", secret, text)
		}
	}
	r.Body = io.NopCloser(strings.NewReader(text))
	b := decodeJSON[blind](t, r)
	if b.Place != 1 || b.Of != 1 || len(b.States) != 3 || len(b.Classes) != 6 {
		t.Fatalf("%+v", b)
	}
	for _, at := range []string{b.Anchor, b.Picture} {
		path := regexp.MustCompile(`^http://example.org`).ReplaceAllString(at, "")
		p := ask(h.Handler(), "GET", path, first)
		if p.StatusCode != 200 || p.Header.Get("Content-Type") != "image/jpeg" || p.Header.Get("Etag") != "" || p.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", at, p.StatusCode, p.Header)
		}
		if got := ask(h.Handler(), "GET", path, h.token(t, "contributor")).StatusCode; got != 403 {
			t.Errorf("%s as a contributor: %d", at, got)
		}
	}
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"no state":                 {`{"place": 1}`, 422},
		"another word":             {`{"place": 1, "state": "gone"}`, 422},
		"a class that isn't there": {`{"place": 1, "state": "new", "damage": "bad"}`, 422},
		"an image beyond the last": {`{"place": 2, "state": "new"}`, 400},
		"no image":                 {`{"place": 0, "state": "new"}`, 422},
		"another region":           {`{"region": "yard", "place": 1, "state": "new"}`, 404},
		"another's name":           {`{"place": 1, "state": "new", "person": "second"}`, 422},
	} {
		if r := send(h.Handler(), base+"/readings", c.text, first); r.StatusCode != c.want {
			t.Errorf("%s: %d, want %d\n%s", name, r.StatusCode, c.want, body(t, r))
		}
	}
	read := func(mend func(*http.Request), state string) (int, blind) {
		r := send(h.Handler(), base+"/readings", `{"place": 1, "state": "`+state+`", "damage": "destroyed"}`, mend)
		return r.StatusCode, decodeJSON[blind](t, r)
	}
	if status, next := read(first, "old"); status != 201 || next.Place != 0 || next.Picture != "" {
		t.Errorf("%d %+v", status, next)
	}
	if status, _ := read(first, "new"); status != 200 {
		t.Errorf("sent again: %d", status)
	}
	if d := told(second); !d.Hidden || !d.May_read || d.Readers != 0 || len(d.Images) != 0 || d.Kappa != nil {
		t.Errorf("the second analyst is told what the first saw: %+v", d)
	}
	if d := told(first); d.Hidden || d.May_read || d.Readers != 1 {
		t.Errorf("the first, who has read all: %+v", d)
	}
	if status, _ := read(second, "new"); status != 201 {
		t.Errorf("%d", status)
	}
	for name, mend := range map[string]func(*http.Request){"the second": second, "a reader": h.as(t, "")} {
		d := told(mend)
		if d.Hidden || d.Readers != 2 || d.Kappa == nil || d.Kappa.Images != 1 || d.Kappa.Observed != 0 || len(d.Images) != 1 ||
			!d.Images[0].Differs || d.Images[0].Readings[0].State != "old" || d.Images[0].Readings[1].State != "new" || d.Images[0].Readings[1].Damage != "destroyed" {
			t.Errorf("%s: %+v", name, d)
		}
	}
	if d := told(editor); !d.Hidden || !d.May_read || d.Readers != 0 || len(d.Images) != 0 {
		t.Errorf("an editor who has read nothing: %+v", d)
	}
	if text := body(t, ask(h.Handler(), "GET", base+"/readings")); strings.Contains(text, "analyst") || strings.Contains(text, "second") {
		t.Errorf("readers are told who read:\n%s", text)
	}
	log, err := h.archive.Log(t.Context(), slug)
	if err != nil || log[len(log)-1].Action != "reading.add" || log[len(log)-2].Action != "reading.add" {
		t.Errorf("custody log: %v", err)
	}
}
