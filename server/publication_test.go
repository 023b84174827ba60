package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server"
)

// everywhere lists the addresses that show something of the block.
func everywhere(t *testing.T, h *house, slug string, before, after imagery.Digest) []string {
	t.Helper()
	base, pair := "/locations/"+slug, "?before="+before.Short()+"&after="+after.Short()
	out := []string{
		base, base + "/compare" + pair, base + "/claims/struck", base + "/images.csv", base + "/claims.csv", base + "/history", base + "/readings",
		base + "/images/" + before.Short() + ".png",
		"/embed" + base + "/compare" + pair, "/embed" + base + "/claims/struck",
		"/oembed?url=" + url.QueryEscape("http://example.org"+base+"/claims/struck"), "/originals/" + before.String(),
	}
	for _, p := range []string{"", "/case", "/report", "/images", "/images/" + before.Short(), "/claims", "/claims/struck", "/publication", "/readings", "/result"} {
		out = append(out, "/api/v1/locations/"+slug+p)
	}
	pictures := map[string]bool{}
	for _, page := range []string{base, base + "/compare" + pair} {
		for _, m := range regexp.MustCompile(`/results/[0-9a-f]{64}/[^"?&, ]+`).FindAllString(body(t, ask(h.Handler(), "GET", page, h.as(t, "editor"))), -1) {
			if strings.HasSuffix(m, "/") {
				m += "0/0_0.jpg"
			}
			pictures[strings.TrimSuffix(m, "&#34;")] = true
		}
	}
	if len(pictures) < 3 {
		t.Fatalf("only %d pictures found", len(pictures))
	}
	for p := range pictures {
		out = append(out, p)
	}
	return out
}

// open lets a house be asked for everything by everybody.
func openHanded(c *server.Config) { c.Originals, c.WriteRate = server.AccessAll, 0 }

func TestReadersSeeNothingOfADraftAndTheTombstoneOfWhatWasWithdrawn(t *testing.T) {
	h, slug, before, after := peopled(t, settle(openHanded))
	all := everywhere(t, h, slug, before, after)
	status := func(path string, mend func(*http.Request)) int { return ask(h.Handler(), "GET", path, mend).StatusCode }
	nobody := h.as(t, "")
	for _, path := range all {
		if got := status(path, nobody); got != 200 {
			t.Errorf("published: %s: %d", path, got)
		}
	}
	withdraw := func(why string) *http.Response {
		return postForm(h.Handler(), "/locations/"+slug+"/publication", url.Values{"do": {"withdraw"}, "why": {why}}, h.as(t, "editor"))
	}
	if r := withdraw(""); r.StatusCode != 422 {
		t.Errorf("without a reason: %d", r.StatusCode)
	}
	if r := withdraw(`A date was wrong. <script>alert(1)</script>`); r.StatusCode != 303 {
		t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
	}
	h.Server = again(t, h) // what a moment's memory holds counts for a second
	for _, path := range all {
		want := 410
		if strings.HasPrefix(path, "/results/") || strings.HasPrefix(path, "/originals/") {
			want = 404
		}
		if got := status(path, nobody); got != want {
			t.Errorf("withdrawn: %s: %d, want %d", path, got, want)
		}
		if got := status(path, h.as(t, "contributor")); got != 200 {
			t.Errorf("withdrawn, for those who work on it: %s: %d", path, got)
		}
	}
	if got := status("/locations/"+slug+"/events?wait=x", nobody); got != 410 {
		t.Errorf("events: %d", got)
	}
	r := ask(h.Handler(), "GET", "/locations/"+slug, nobody)
	if text := body(t, r); !strings.Contains(text, "A date was wrong") || strings.Contains(text, "<script>alert") || strings.Contains(text, "Block") {
		t.Errorf("tombstone:\n%s", text)
	}
	for _, path := range []string{"/", "/api/v1/locations"} {
		if text := body(t, ask(h.Handler(), "GET", path, nobody)); strings.Contains(text, "block") || strings.Contains(text, "Block") {
			t.Errorf("%s lists what was withdrawn:\n%s", path, text)
		}
	}
}

func TestADraftIsNotThereForReaders(t *testing.T) {
	h, _, _, _ := peopled(t, settle(openHanded))
	_, err := h.archive.ImportCase(t.Context(), imagery.Case{
		Title: "A secret place", Location: imagery.Location{Name: "Secret", Slug: "secret"},
		Claims: []imagery.Claim{{ID: "c", Text: "Something.", Kind: imagery.ClaimUntestable, Why: "x"}},
	}, nil, 1, archive.Change{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"/locations/secret", "/locations/secret/claims/c", "/embed/locations/secret/claims/c", "/api/v1/locations/secret", "/locations/secret/history",
		"/oembed?url=" + url.QueryEscape("http://example.org/locations/secret/claims/c")} {
		there := ask(h.Handler(), "GET", p, h.as(t, ""))
		missing := ask(h.Handler(), "GET", strings.ReplaceAll(p, "secret", "nowhere"), h.as(t, ""))
		id := regexp.MustCompile(`request <code[^<]*`)
		a, b := id.ReplaceAllString(body(t, there), ""), id.ReplaceAllString(body(t, missing), "")
		if there.StatusCode != 404 || strings.ReplaceAll(a, "secret", "") != strings.ReplaceAll(b, "nowhere", "") {
			t.Errorf("%s: %d, and can be told from what isn't there:\n%s\n%s", p, there.StatusCode, a, b)
		}
	}
	for _, p := range []string{"/", "/api/v1/locations"} {
		if strings.Contains(body(t, ask(h.Handler(), "GET", p, h.as(t, ""))), "ecret") {
			t.Errorf("%s tells of the draft", p)
		}
		if !strings.Contains(body(t, ask(h.Handler(), "GET", p, h.as(t, "contributor"))), "ecret") {
			t.Errorf("%s keeps the draft from those who work on it", p)
		}
	}
	r := postForm(h.Handler(), "/locations/secret/publication", url.Values{"do": {"publish"}}, h.as(t, "editor"))
	if r.StatusCode != 303 {
		t.Fatalf("%d", r.StatusCode)
	}
	if r := ask(h.Handler(), "GET", "/locations/secret", h.as(t, "")); r.StatusCode != 200 {
		t.Errorf("published: %d", r.StatusCode)
	}
}

func TestWhatIsPublishedIsAnEditorsToChangeInTheSightOfEverybody(t *testing.T) {
	h, slug, _, _ := peopled(t, settle(openHanded))
	s := sending{fields: goodFields, name: "a.png", file: scene(t, 3, true), mend: h.as(t, "contributor")}
	if r := s.to(t, h.Handler(), "/locations/"+slug+"/upload"); r.StatusCode != 403 {
		t.Errorf("a contributor's upload: %d", r.StatusCode)
	}
	s.mend = h.token(t, "contributor")
	if r := s.to(t, h.Handler(), "/api/v1/locations/"+slug+"/images"); r.StatusCode != 403 {
		t.Errorf("by a token: %d", r.StatusCode)
	}
	form := url.Values{"do": {"correct"}, "title": {"Block, corrected"}, "summary": {"S"}, "why": {"The title <b>named</b> somebody."}}
	if r := postForm(h.Handler(), "/locations/"+slug+"/publication", form, h.as(t, "editor")); r.StatusCode != 303 {
		t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
	}
	text := body(t, ask(h.Handler(), "GET", "/locations/"+slug+"/history", h.as(t, "")))
	for _, want := range []string{"Block, corrected", "The title &lt;b&gt;named&lt;/b&gt; somebody.", "<del>", "Published"} {
		if !strings.Contains(text, want) {
			t.Errorf("the history lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, ">editor<") || strings.Contains(text, "editor") {
		t.Error("the history names who changed it")
	}
	if text := body(t, ask(h.Handler(), "GET", "/locations/"+slug, h.as(t, ""))); !strings.Contains(text, "Changed once since it was published") {
		t.Error("the page doesn't say that it was changed")
	}
	log, err := h.archive.Log(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	if _, who, err := log[len(log)-1].Done(); err != nil || who.By != "editor" {
		t.Errorf("custody log: %+v, %v", who, err)
	}
}
