package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/people"
)

// A square is a published location with two images that stilt brought; the first says
// much of itself.
func square(t *testing.T, c server.Config) (h *house, telling, plain imagery.Digest) {
	t.Helper()
	h = build(t, t.TempDir(), c)
	h.admit(t)
	if _, err := h.people.Add(t.Context(), "stilt", people.Contributor, passphrase); err != nil {
		t.Fatal(err)
	}
	if _, err := h.archive.AddLocation(t.Context(), imagery.Location{Name: "Square", Slug: "square"}, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	files := [][]byte{tellingPNG(scene(t, 1, false)), scene(t, 2, true)}
	for i, data := range files {
		fields := with2(goodFields, "acquired", []string{"2015-10", "2016-05"}[i])
		r := sending{fields: fields, name: "IMG_2044 Kovalenko.png", file: data, mend: h.as(t, "stilt")}.to(t, h.Handler(), "/locations/square/upload")
		if r.StatusCode != 303 {
			t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
		}
	}
	for _, c := range [][2]string{
		{"/regions", `{"image": "` + imagery.DigestOf(files[0]).Short() + `.png", "polygon": [[150,92],[206,92],[206,136],[150,136]]}`},
		{"/claims", `{"id": "struck", "text": "It was struck.", "changed": "2016"}`},
		{"/publication", `{"do": "publish"}`},
	} {
		if r := send(h.Handler(), "/api/v1/locations/square"+c[0], c[1], h.token(t, "editor")); r.StatusCode >= 300 {
			t.Fatalf("%s: %d\n%s", c[0], r.StatusCode, body(t, r))
		}
	}
	eventually(t, h.Handler(), "/locations/square", func(status int, text string) bool { return status == 200 && !strings.Contains(text, "/events?wait=") })
	return h, imagery.DigestOf(files[0]), imagery.DigestOf(files[1])
}

func TestNamesAndMetadataAreReleasedByAnEditorAndTakenBack(t *testing.T) {
	t.Parallel()
	h, telling, plain := square(t, settle())
	nobody := func(r *http.Request) { r.RemoteAddr, r.Host = "192.0.2.9:4000", "example.org" }
	pair := "?before=" + telling.Short() + "&after=" + plain.Short()
	eventually(t, h.Handler(), "/locations/square/compare"+pair, func(status int, text string) bool { return status == 200 && !strings.Contains(text, "/events?wait=") })
	named := []string{"/locations/square", "/locations/square/images.csv", "/api/v1/locations/square", "/api/v1/locations/square/images", "/api/v1/locations/square/images/" + telling.Short()}
	never := []string{"/", "/locations/square/compare" + pair, "/locations/square/claims/struck", "/embed/locations/square/compare" + pair, "/embed/locations/square/claims/struck",
		"/oembed?url=" + url.QueryEscape("http://example.org/locations/square/claims/struck"), "/locations/square/claims.csv", "/locations/square/compare.csv" + pair, "/locations/square/history", "/locations/square/readings",
		"/api/v1/locations", "/api/v1/locations/square/case", "/api/v1/locations/square/report", "/api/v1/locations/square/claims", "/api/v1/locations/square/publication", "/api/v1/locations/square/images/" + plain.Short()}
	var results []string
	for _, which := range []string{"", pair} { // the card and the report among them
		result := body(t, ask(h.Handler(), "GET", "/api/v1/locations/square/result"+which, nobody))
		results = append(results, regexp.MustCompile(`/api/v1/results/[^"]+`).FindAllString(result, -1)...)
	}
	if !slices.ContainsFunc(results, func(p string) bool { return strings.HasSuffix(p, "card.png") }) || len(results) < 10 {
		t.Fatalf("little to look at: %v", results)
	}
	check := func(when string, names, metadata bool) {
		t.Helper()
		for i, path := range slices.Concat(named, never) {
			r := ask(h.Handler(), "GET", path, nobody)
			text := body(t, r)
			want := names && i < len(named)
			if r.StatusCode != 200 || strings.Contains(text, "stilt") != want || strings.Contains(text, "IMG_2044 Kovalenko.png") != want || strings.Contains(text, "exifleak") {
				t.Errorf("%s: %s: %d, want names %v", when, path, r.StatusCode, want)
			}
			if offered := strings.Contains(text, "/originals/"+telling.String()); i < len(named) && !strings.HasSuffix(path, ".csv") && offered != metadata {
				t.Errorf("%s: %s offers the original: %v", when, path, offered)
			}
		}
		want := 403
		if metadata {
			want = 200
		}
		r := ask(h.Handler(), "GET", "/originals/"+telling.String(), nobody)
		if text := body(t, r); r.StatusCode != want || strings.Contains(text, "exifleak") != metadata {
			t.Errorf("%s: the original: %d, want %d", when, r.StatusCode, want)
		}
		if r := ask(h.Handler(), "GET", "/originals/"+plain.String(), nobody); r.StatusCode != 403 {
			t.Errorf("%s: another original: %d", when, r.StatusCode)
		}
	}
	release := func(text string, want int) {
		t.Helper()
		r := send(h.Handler(), "/api/v1/locations/square/releases", text, h.token(t, "editor"))
		if r.StatusCode != want {
			t.Errorf("%s: %d, want %d\n%s", text, r.StatusCode, want, body(t, r))
		}
	}
	id := telling.Short()
	check("at first", false, false)
	release(`{"image": "`+id+`", "names": true, "metadata": false}`, 422)
	release(`{"image": "`+id+`", "names": true, "metadata": false, "why": " "}`, 422)
	release(`{"image": "000000000000", "names": true, "metadata": false, "why": "x"}`, 404)
	check("after what was refused", false, false)
	release(`{"image": "`+id+`", "names": true, "metadata": false, "why": "stilt asked for it"}`, 200)
	check("names", true, false)
	release(`{"image": "`+id+`", "names": false, "metadata": true, "why": "nothing in it tells of anybody"}`, 200)
	check("metadata", false, true)
	release(`{"image": "`+id+`", "names": false, "metadata": false, "why": "taken back"}`, 200)
	check("taken back", false, false)
	form := url.Values{"do": {"release"}, "image": {id}, "names": {"true"}, "metadata": {"true"}}
	if r := postForm(h.Handler(), "/locations/square/publication", form, h.as(t, "editor")); r.StatusCode != 422 {
		t.Errorf("by the form, without a reason: %d", r.StatusCode)
	}
	form.Set("why", "both agreed")
	if r := postForm(h.Handler(), "/locations/square/publication", form, h.as(t, "editor")); r.StatusCode != 303 {
		t.Errorf("by the form: %d\n%s", r.StatusCode, body(t, r))
	}
	never = append(never, results...)
	check("both, by the form", true, true)
	if page := body(t, ask(h.Handler(), "GET", "/locations/square/publication", h.as(t, "editor"))); strings.Count(page, "the original with its metadata") != 2 {
		t.Errorf("the page doesn't tell of the release:\n%s", page)
	}
	list := decodeJSON[struct {
		Releases []struct {
			Image           string
			Names, Metadata bool
		}
	}](t, ask(h.Handler(), "GET", "/api/v1/locations/square/releases", h.token(t, "editor")))
	if len(list.Releases) != 1 || list.Releases[0].Image != id || !list.Releases[0].Names || !list.Releases[0].Metadata {
		t.Errorf("%+v", list)
	}
	h.config.Originals = server.AccessNone
	h.Server = again(t, h)
	if r := ask(h.Handler(), "GET", "/originals/"+telling.String(), nobody); r.StatusCode != 403 {
		t.Errorf("where nobody may have originals: %d", r.StatusCode)
	}
	if text := body(t, ask(h.Handler(), "GET", "/api/v1/locations/square", nobody)); strings.Contains(text, "/originals/") {
		t.Error("an original is offered where nobody may have one")
	}
	log, err := h.archive.Log(t.Context(), "square")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range log {
		what, who, err := e.Done()
		if e.Action == "release.set" {
			if n++; err != nil || who.By != "editor" || what.Why == "" {
				t.Errorf("%+v %+v, %v", what, who, err)
			}
		}
	}
	if rep, err := h.archive.Verify(t.Context(), nil); err != nil || !rep.OK() || n != 4 {
		t.Errorf("%d entries, %+v, %v", n, rep.Faults, err)
	}
}

// Where readers may have originals, it is those that tell of nobody.
func TestAnOriginalThatTellsOfPeopleIsNotForEverybody(t *testing.T) {
	t.Parallel()
	h, telling, plain := square(t, settle(func(c *server.Config) { c.Originals = server.AccessAll }))
	for who, want := range map[string][2]int{"": {403, 200}, "stilt": {200, 200}, "editor": {200, 200}} {
		for i, d := range []imagery.Digest{telling, plain} {
			if r := ask(h.Handler(), "GET", "/originals/"+d.String(), h.as(t, who)); r.StatusCode != want[i] {
				t.Errorf("%q: original %d: %d, want %d", who, i, r.StatusCode, want[i])
			}
		}
	}
	if err := h.archive.SetRelease(t.Context(), "square", "", archive.Release{Metadata: true}, archive.Change{Why: "looked through"}); err != nil {
		t.Fatal(err)
	}
	if r := ask(h.Handler(), "GET", "/originals/"+telling.String(), h.as(t, "")); r.StatusCode != 200 {
		t.Errorf("released: %d", r.StatusCode)
	}
	if err := h.archive.Withdraw(t.Context(), "square", archive.Change{Why: "a mistake"}); err != nil {
		t.Fatal(err)
	}
	h.Server = again(t, h)
	if r := ask(h.Handler(), "GET", "/originals/"+telling.String(), h.as(t, "")); r.StatusCode != 404 {
		t.Errorf("withdrawn: %d", r.StatusCode)
	}
}
