package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

// draft takes the block back, where contributors work.
func draft(t *testing.T) (h *house, slug string, before imagery.Digest) {
	t.Helper()
	h, slug, before, _ = peopled(t, settle())
	if err := h.archive.Withdraw(t.Context(), slug, archive.Change{Why: "for a test"}); err != nil {
		t.Fatal(err)
	}
	return h, slug, before
}

func TestWhatWasWrittenIsCorrectedInTheTable(t *testing.T) {
	h, slug, before := draft(t)
	path := "/locations/" + slug + "/table"
	change := func(form url.Values) (int, string) {
		r := postForm(h.Handler(), path, form, h.as(t, "editor"))
		return r.StatusCode, body(t, r)
	}
	image := url.Values{
		"do": {"image"}, "image": {before.Short()}, "acquired": {"2015-10"}, "basis": {"inferred"}, "platform": {"aerial"},
		"notes": {"by its shadows"}, "source": {"https://example.org/new"}, "ties": {"1, 2, 3, 4\n5,6,7,8"}, "why": {"the page said so"},
	}
	if status, text := change(image); status != 303 {
		t.Fatalf("%d\n%s", status, text)
	}
	c, err := h.archive.Case(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	im, _ := c.Image("old.png")
	if im.Acquired.String() != "2015-10" || im.Basis != "inferred" || im.Platform != "aerial" || im.Source != "https://example.org/new" ||
		im.Digest != before || !im.Synthetic || len(im.TiePoints) != 2 || im.TiePoints[1].Moving != (imagery.Point{X: 7, Y: 8}) {
		t.Errorf("%+v", im)
	}
	image.Set("acquired", "2015-13")
	image.Set("ties", "1,2,3")
	if status, text := change(image); status != 422 || !strings.Contains(text, `value="2015-13"`) || !strings.Contains(text, "tie points can’t be read") {
		t.Errorf("%d: what was typed, or the mend, is lost", status)
	}
	if status, text := change(url.Values{"do": {"region"}, "image": {before.Short()}, "polygon": {"10,10 60,10 60,60"}}); status != 303 {
		t.Errorf("%d\n%s", status, text)
	}
	if status, _ := change(url.Values{"do": {"forget-region"}, "name": {"yard"}}); status != 404 {
		t.Errorf("a region that isn't there: %d", status)
	}
	if status, _ := change(url.Values{"do": {"region"}, "name": {"yard"}, "image": {before.Short()}, "polygon": {"10,10 9999,10 60,60"}}); status != 422 {
		t.Errorf("a region outside its image: %d", status)
	}
	for range 2 {
		claim := url.Values{"do": {"claim"}, "text": {"The roof is gone."}, "claimant": {"A"}, "source": {"https://example.org/"}, "kind": {"changed"}, "when": {"2016"}}
		if status, text := change(claim); status != 303 {
			t.Errorf("%d\n%s", status, text)
		}
	}
	for name, claim := range map[string]url.Values{
		"no words":  {"do": {"claim"}, "kind": {"changed"}, "when": {"2016"}},
		"no time":   {"do": {"claim"}, "text": {"x"}, "kind": {"changed"}},
		"one image": {"do": {"claim"}, "text": {"x"}, "kind": {"same"}, "first": {before.Short()}},
		"a script":  {"do": {"claim"}, "text": {"x"}, "kind": {"changed"}, "when": {"2016"}, "source": {"javascript:alert(1)"}},
		"no kind":   {"do": {"claim"}, "text": {"x"}, "kind": {"x"}},
	} {
		if status, _ := change(claim); status != 422 {
			t.Errorf("%s: %d", name, status)
		}
	}
	c, err = h.archive.Case(t.Context(), slug)
	if err != nil || len(c.Claims) != 6 || c.Claims[4].ID != "the-roof-is-gone" || c.Claims[5].ID != "the-roof-is-gone-2" || len(c.Regions) != 1 || len(c.Regions[0].Polygon) != 3 {
		t.Errorf("%+v, %v", c.Claims, err)
	}
	log, err := h.archive.Log(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, e := range log {
		if _, who, err := e.Done(); err == nil && who.By == "editor" {
			named++
		}
	}
	if named != 4 {
		t.Errorf("%d entries of the custody log by the one who changed it, want 4", named)
	}
}

func TestScriptInAnyFieldIsShownAsItWasWritten(t *testing.T) {
	h, slug, before := draft(t)
	attack := `"><script>alert(%d)</script><img src=x onerror=alert(1)>{{.}}`
	n := 0
	evil := func() string { n++; return fmt.Sprintf(attack, n) }
	path := "/locations/" + slug + "/table"
	for _, form := range []url.Values{
		{"do": {"image"}, "image": {before.Short()}, "acquired": {"2015-10-15"}, "basis": {"inferred"}, "publisher": {evil()}, "licence": {evil()}, "sensor": {evil()}, "notes": {evil()}, "why": {evil()}},
		{"do": {"image"}, "image": {before.Short()}, "acquired": {evil()}, "gsd": {evil()}, "source": {evil()}, "ties": {evil()}},
		{"do": {"claim"}, "text": {evil()}, "claimant": {evil()}, "kind": {"untestable"}, "untestable": {evil()}, "why": {evil()}},
		{"do": {"claim"}, "text": {evil()}, "claimant": {evil()}, "kind": {evil()}, "when": {evil()}, "first": {evil()}},
		{"do": {"region"}, "name": {evil()}, "image": {before.Short()}, "polygon": {"10,10 60,10 60,60"}},
		{"do": {"region"}, "name": {evil()}, "image": {evil()}, "polygon": {evil()}},
	} {
		r := postForm(h.Handler(), path, form, h.as(t, "editor"))
		if text := body(t, r); strings.Contains(text, "<script>alert") || strings.Contains(text, "<img src=x") {
			t.Errorf("%v comes back as markup", form)
		}
	}
	correct := url.Values{"do": {"correct"}, "title": {evil()}, "summary": {evil()}, "why": {evil()}}
	if r := postForm(h.Handler(), "/locations/"+slug+"/publication", correct, h.as(t, "editor")); r.StatusCode != 303 {
		t.Errorf("%d\n%s", r.StatusCode, body(t, r))
	}
	if r := postForm(h.Handler(), "/locations/"+slug+"/publication", url.Values{"do": {"publish"}, "why": {evil()}}, h.as(t, "editor")); r.StatusCode != 303 {
		t.Errorf("%d", r.StatusCode)
	}
	for _, p := range []string{"", "/table", "/publication", "/history", "/claims.csv"} {
		r := ask(h.Handler(), "GET", "/locations/"+slug+p, h.as(t, "editor"))
		if text := body(t, r); !strings.HasSuffix(p, ".csv") && (strings.Contains(text, "<script>alert") || strings.Contains(text, "<img src=x")) {
			t.Errorf("%s holds markup that somebody wrote", p)
		}
	}
}
