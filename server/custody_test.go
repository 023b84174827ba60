package server_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/people"
)

// apart are the routes that change no record, but who may come in, or what is on its way.
var apart = []string{
	"POST /sign-in", "POST /sign-out", "POST /join", "POST /account/password", "POST /account/tokens", "POST /account/tokens/revoke",
	"POST /people/invite", "POST /people/withdraw", "POST /people/change",
	"POST /api/v1/uploads", "PATCH /api/v1/uploads/:id", "DELETE /api/v1/uploads/:id",
}

// Whatever changes a record, a reading or a publication is an entry of the custody log
// that names who did it, and what is none of these is no entry.
func TestEveryRouteThatChangesARecordIsAnEntryOfTheCustodyLog(t *testing.T) {
	t.Parallel()
	h, slug, before, _ := peopled(t, settle(openHanded))
	s, editor, base := h.Handler(), h.as(t, "editor"), "/locations/"+slug
	form := func(path string, mend func(*http.Request), pairs ...string) func() *http.Response {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return func() *http.Response { return postForm(s, path, v, mend) }
	}
	document := func(path, text string) func() *http.Response {
		return func() *http.Response { return send(s, "/api/v1"+path, text, editor) }
	}
	upload := func(path string, seed uint64) func() *http.Response {
		return func() *http.Response {
			return sending{fields: goodFields, name: "a.png", file: scene(t, seed, true), mend: editor}.to(t, s, path)
		}
	}
	arrived := func() *http.Response {
		data := string(scene(t, 33, true))
		path, _ := begun(t, s, slug, len(data), editor)
		tus(s, "PATCH", path, strings.NewReader(data), editor, "Upload-Offset", "0", "Content-Type", octets)
		return postForm(s, path, url.Values{"acquired": {"2016"}}, editor)
	}
	original := func() *http.Response {
		data := string(scene(t, 34, true))
		return ask(s, "PUT", "/api/v1/originals/"+imagery.DigestOf([]byte(data)).String(), editor, func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(data)), int64(len(data))
		})
	}
	file := []string{"original.keep", "image.add", "receipt.add"}
	covered := slices.Clone(apart)
	for _, c := range []struct {
		route, what string
		do          func() *http.Response
		kinds       []string
		by          string
	}{
		{"POST /locations/:slug/read", "", form(base+"/read", h.as(t, "analyst"), "place", "1", "state", "old"), []string{"reading.add"}, "analyst"},
		{"POST /locations/:slug/read", "again", form(base+"/read", h.as(t, "analyst"), "place", "1", "state", "new"), nil, ""},
		{"POST /api/v1/locations/:slug/readings", "", document(base+"/readings", `{"place": 1, "state": "new"}`), []string{"reading.add"}, "editor"},
		{"POST /locations/:slug/upload", "", upload(base+"/upload", 31), file, "editor"},
		{"POST /locations/:slug/upload", "the same again", upload(base+"/upload", 31), []string{"receipt.add"}, "editor"},
		{"POST /api/v1/locations/:slug/images", "", upload("/api/v1"+base+"/images", 32), file, "editor"},
		{"POST /api/v1/uploads/:id", "", arrived, file, "editor"},
		{"PUT /api/v1/originals/:digest", "", original, []string{"original.keep"}, ""},
		{"POST /locations/:slug/table", "image", form(base+"/table", editor, "do", "image", "image", before.Short(), "acquired", "2015-10", "basis", "claimed", "platform", "satellite", "why", "x"), []string{"image.change"}, "editor"},
		{"POST /locations/:slug/table", "region", form(base+"/table", editor, "do", "region", "name", "", "image", before.Short(), "polygon", "150,92 206,92 206,136"), []string{"regions.set"}, "editor"},
		{"POST /locations/:slug/table", "claim", form(base+"/table", editor, "do", "claim", "text", "So.", "kind", "changed", "when", "2016"), []string{"claims.set"}, "editor"},
		{"POST /api/v1/locations/:slug/claims", "", document(base+"/claims", `{"id": "told", "text": "So.", "changed": "2016"}`), []string{"claims.set"}, "editor"},
		{"POST /locations/:slug/publication", "correct", form(base+"/publication", editor, "do", "correct", "title", "Block", "why", "x"), []string{"location.change"}, "editor"},
		{"POST /locations/:slug/publication", "release", form(base+"/publication", editor, "do", "release", "image", before.Short(), "names", "true", "why", "x"), []string{"release.set"}, "editor"},
		{"POST /api/v1/locations/:slug/releases", "", document(base+"/releases", `{"names": false, "metadata": true, "why": "x"}`), []string{"release.set"}, "editor"},
		{"POST /locations/:slug/publication", "withdraw", form(base+"/publication", editor, "do", "withdraw", "why", "x"), []string{"publication.set"}, "editor"},
		{"POST /locations/:slug/publication", "publish", form(base+"/publication", editor, "do", "publish"), []string{"publication.set"}, "editor"},
		{"POST /locations/:slug/publication", "publish again", form(base+"/publication", editor, "do", "publish"), nil, ""},
		{"POST /api/v1/locations/:slug/publication", "", document(base+"/publication", `{"do": "withdraw", "why": "x"}`), []string{"publication.set"}, "editor"},
		{"POST /api/v1/locations", "", document("/locations", `{"title": "A dam", "location": {"name": "The dam"}}`), []string{"location.add", "regions.set", "claims.set"}, "editor"},
		{"POST /new", "", form("/new", editor, "title", "A new bridge", "name", "A new bridge", "why", "x"), []string{"location.add"}, "editor"},
		{"POST /api/v1/locations/:slug/regions", "", document("/locations/the-dam/regions", `{"name": "", "rings": [[[37, 36], [37.001, 36], [37.001, 36.001]]]}`), []string{"regions.set"}, "editor"},
		{"POST /api/v1/cases", "", document("/cases", `{"title": "A bridge", "location": {"name": "The bridge"}, "claims": [{"id": "a", "text": "b", "untestable": "c"}]}`), []string{"location.add", "regions.set", "claims.set"}, "editor"},
	} {
		covered = append(covered, c.route)
		if c.route == "POST /new" && !slices.Contains(h.Routes(), c.route) {
			continue
		}
		kinds, who := h.logged(t, func() {
			if r := c.do(); r.StatusCode >= 400 {
				t.Errorf("%s %s: %d\n%s", c.route, c.what, r.StatusCode, body(t, r))
			}
		})
		if !slices.Equal(kinds, c.kinds) || c.by != "" && !slices.Contains(who, c.by) {
			t.Errorf("%s %s: entries %v by %q, want %v by %q", c.route, c.what, kinds, who, c.kinds, c.by)
		}
	}
	for _, route := range changing(h) {
		if !slices.Contains(covered, route) {
			t.Errorf("%s: nothing says which entry of the custody log it makes", route)
		}
	}
	kinds, _ := h.logged(t, func() { h.comeAndGo(t, slug) })
	if len(kinds) != 0 {
		t.Errorf("coming and going made entries %v", kinds)
	}
	if rep, err := h.archive.Verify(t.Context(), nil); err != nil || !rep.OK() {
		t.Errorf("%+v, %v", rep.Faults, err)
	}
}

// logged returns the kinds of the entries that something makes, and who made them.
func (h *house) logged(t *testing.T, do func()) (kinds, who []string) {
	t.Helper()
	was := entries(t, h)
	do()
	log, err := h.archive.Log(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range log[was:] {
		_, w, err := e.Done()
		if err != nil {
			t.Error(err)
		}
		kinds, who = append(kinds, e.Action), append(who, w.By)
	}
	return kinds, who
}

// comeAndGo does what changes no record.
func (h *house) comeAndGo(t *testing.T, slug string) {
	t.Helper()
	editor := h.as(t, "editor")
	_, text, err := h.people.Invite(t.Context(), people.Contributor, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	postForm(h.Handler(), "/join", url.Values{"invitation": {text}, "name": {"stilt"}, "password": {passphrase}}, afar)
	signIn(t, h.Handler(), "stilt", passphrase, afar)
	postForm(h.Handler(), "/people/change", url.Values{"name": {"stilt"}, "do": {"analyst"}}, editor)
	postForm(h.Handler(), "/account/tokens", url.Values{"days": {"1"}}, editor)
	path, _ := begun(t, h.Handler(), slug, 5, editor)
	tus(h.Handler(), "PATCH", path, strings.NewReader("12345"), editor, "Upload-Offset", "0", "Content-Type", octets)
	tus(h.Handler(), "DELETE", path, nil, editor)
	postForm(h.Handler(), "/sign-out", nil, editor)
}
