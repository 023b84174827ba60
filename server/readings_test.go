package server_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/antequem/antequem/server/people"
)

func TestTwoAnalystsReadBlindAndTheirAgreementIsTold(t *testing.T) {
	h, slug, _, after := peopled(t, settle(openHanded))
	if _, err := h.people.Add(t.Context(), "second", people.Analyst, passphrase); err != nil {
		t.Fatal(err)
	}
	before, err := h.archive.Case(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	report := body(t, ask(h.Handler(), "GET", "/api/v1/locations/"+slug+"/report"))
	path := "/locations/" + slug + "/read"
	read := func(name, state, place string) (int, string) {
		r := postForm(h.Handler(), path, url.Values{"state": {state}, "damage": {"destroyed"}, "place": {place}}, h.as(t, name))
		return r.StatusCode, body(t, r)
	}
	shown := body(t, ask(h.Handler(), "GET", path, h.as(t, "analyst")))
	main := regexp.MustCompile(`(?s)<main.*</main>`).FindString(shown)
	for _, secret := range []string{"2015", "2016", "old.png", "new.png", after.Short(), "May", "October"} {
		if strings.Contains(main, secret) {
			t.Errorf("the blind page tells %q:\n%s", secret, main)
		}
	}
	picture := ask(h.Handler(), "GET", path+"/1.jpg?region=", h.as(t, "analyst"))
	if picture.StatusCode != 200 || picture.Header.Get("Content-Type") != "image/jpeg" || picture.Header.Get("Etag") != "" {
		t.Errorf("%d %v", picture.StatusCode, picture.Header)
	}
	for _, turn := range []string{"2.jpg", "-1.jpg", "x", "..%2f..%2fpasswd"} {
		if r := ask(h.Handler(), "GET", path+"/"+turn, h.as(t, "analyst")); r.StatusCode != 404 {
			t.Errorf("turn %s: %d", turn, r.StatusCode)
		}
	}
	if status, text := read("analyst", "", "1"); status != 422 || !strings.Contains(text, "Not recorded") {
		t.Errorf("without an answer: %d", status)
	}
	if status, _ := read("analyst", "old", "7"); status != 400 {
		t.Errorf("an image that isn't shown: %d", status)
	}
	if status, _ := read("analyst", "old", "1"); status != 303 {
		t.Errorf("%d", status)
	}
	if status, _ := read("analyst", "new", "1"); status != 303 {
		t.Errorf("sent again: %d", status)
	}
	kept := body(t, ask(h.Handler(), "GET", "/locations/"+slug+"/readings", h.as(t, "second")))
	if !strings.Contains(kept, "when you have read every image") || strings.Contains(kept, "Reader 1") {
		t.Errorf("the second analyst is told what the first saw:\n%s", kept)
	}
	if status, _ := read("second", "new", "1"); status != 303 {
		t.Errorf("%d", status)
	}
	told := body(t, ask(h.Handler(), "GET", "/locations/"+slug+"/readings", h.as(t, "second")))
	for _, want := range []string{"Reader 1", "Reader 2", "they differ", "destroyed", "kappa", "In 1 of 1 images"} {
		if !strings.Contains(told, want) {
			t.Errorf("the readings lack %q:\n%s", want, told)
		}
	}
	if nobody := body(t, ask(h.Handler(), "GET", "/locations/"+slug+"/readings", h.as(t, ""))); strings.Contains(nobody, "analyst<") || strings.Contains(nobody, "second<") {
		t.Error("readers are told who read")
	}
	rs, err := h.archive.Readings(t.Context(), slug)
	if err != nil || len(rs) != 2 || rs[0].State != "old" || rs[0].Person != "analyst" {
		t.Errorf("%+v, %v", rs, err)
	}
	if got := body(t, ask(h.Handler(), "GET", "/api/v1/locations/"+slug+"/report")); got != report {
		t.Error("a reading changed what was computed")
	}
	now, err := h.archive.Case(t.Context(), slug)
	if err != nil || len(now.Images) != len(before.Images) {
		t.Errorf("%v", err)
	}
	rep, err := h.archive.Verify(t.Context(), nil)
	if err != nil || !rep.OK() {
		t.Errorf("%+v, %v", rep.Faults, err)
	}
	if log, err := h.archive.Log(t.Context(), slug); err != nil || log[len(log)-1].Action != "reading.add" {
		t.Errorf("no entry of the custody log: %v", err)
	}
}

func TestAnEditorReadsBlindAsWellUntilTheRoundIsClosed(t *testing.T) {
	h, slug, _, _ := peopled(t, settle(openHanded))
	path := "/locations/" + slug
	seen := func(who string) string {
		return body(t, ask(h.Handler(), "GET", path+"/readings", h.as(t, who)))
	}
	if r := postForm(h.Handler(), path+"/read", url.Values{"state": {"new"}, "place": {"1"}}, h.as(t, "analyst")); r.StatusCode != 303 {
		t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
	}
	if text := seen("editor"); strings.Contains(text, "Reader 1") || !strings.Contains(text, "when you have read every image") || !strings.Contains(text, "/publication#close") {
		t.Errorf("an editor who has not read is shown what the analyst saw:\n%s", text)
	}
	close := func(who, why string) (int, string) {
		r := postForm(h.Handler(), path+"/publication", url.Values{"do": {"close"}, "why": {why}}, h.as(t, who))
		return r.StatusCode, body(t, r)
	}
	if status, _ := close("analyst", "enough"); status != 403 {
		t.Errorf("an analyst closes the round: %d", status)
	}
	if status, text := close("editor", " "); status != 422 || !strings.Contains(text, `href="#f-close"`) {
		t.Errorf("without a reason: %d\n%s", status, text)
	}
	if status, text := close("editor", "both have read"); status != 303 {
		t.Fatalf("%d\n%s", status, text)
	}
	if text := seen("editor"); !strings.Contains(text, "Reader 1") || strings.Contains(text, "/read?region=") {
		t.Errorf("the round is closed, and the editor isn't shown it:\n%s", text)
	}
	order := `{"names": true, "metadata": false, "why": "asked to be named"}`
	if r := send(h.Handler(), "/api/v1"+path+"/releases", order, h.as(t, "editor")); r.StatusCode != 200 {
		t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
	}
	r := postForm(h.Handler(), path+"/read", url.Values{"state": {"old"}, "place": {"1"}}, h.as(t, "editor"))
	if text := body(t, r); r.StatusCode != 403 || !strings.Contains(text, "The round of readings was closed") {
		t.Errorf("a reading after the round: %d\n%s", r.StatusCode, text)
	}
	if r := ask(h.Handler(), "GET", path+"/read?region=", h.as(t, "editor")); r.StatusCode != 303 {
		t.Errorf("the form of a reading: %d", r.StatusCode)
	}
	if rep, err := h.archive.Verify(t.Context(), nil); err != nil || !rep.OK() {
		t.Errorf("%+v, %v", rep.Faults, err)
	}
}
