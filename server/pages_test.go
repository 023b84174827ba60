package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server"
)

func TestALocationShowsWhatIsKnownAndThenWhatWasComputed(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	slug, before, after := block(t, h)
	first := ask(h.Handler(), "GET", "/locations/"+slug)
	if got := body(t, first); !strings.Contains(got, "/locations/block/events?wait=") {
		t.Errorf("a page that waits says where it hears of it:\n%s", got)
	}
	got := eventually(t, h.Handler(), "/locations/"+slug, func(status int, b string) bool {
		return status == 200 && !strings.Contains(b, "/events?wait=")
	})
	for _, want := range []string{before.Short(), after.Short(), "/locations/block/claims/struck", "/locations/block/upload", "/results/"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestNothingThatAUserWroteIsHTML(t *testing.T) {
	h, slug, before, after := judged(t, settle())
	paths := []string{"/", "/locations/" + slug, "/locations/" + slug + "/claims/struck", "/embed/locations/" + slug + "/claims/struck",
		"/locations/" + slug + "/upload", fmt.Sprintf("/locations/%s/compare?before=%s&after=%s", slug, before.Short(), after.Short())}
	for _, p := range paths {
		got := eventually(t, h.Handler(), p, func(status int, b string) bool { return status == 200 && !strings.Contains(b, "/events?wait=") })
		for _, bad := range []string{`<script>alert`, `<img src=x`, `<b>Publisher`, `href="javascript:`} {
			if strings.Contains(got, bad) {
				t.Errorf("%s holds %s", p, bad)
			}
		}
		if regexp.MustCompile(`(?i)\s(on[a-z]+|style)=`).MatchString(strings.ReplaceAll(got, "onerror=alert(1)&gt;", "")) {
			t.Errorf("%s holds an inline handler or style", p)
		}
		if regexp.MustCompile(`<script[^>]*>[^<]`).MatchString(got) || strings.Contains(got, "<style") {
			t.Errorf("%s holds an inline script or style", p)
		}
	}
}

func TestOddQueriesAreToldClearly(t *testing.T) {
	h, slug, before, after := judged(t, settle())
	base := "/locations/" + slug
	pair := "before=" + before.Short() + "&after=" + after.Short()
	for _, c := range []struct {
		name, path string
		status     int
	}{
		{"an unknown mode", base + "/compare?" + pair + "&mode=xyz", 400},
		{"a view that holds markup", base + "/compare?" + pair + "&view=%3Cscript%3E", 400},
		{"only one image", base + "/compare?before=" + before.Short(), 400},
		{"the same image twice", base + "/compare?before=" + before.Short() + "&after=" + before.String(), 400},
		{"an image that isn't there", base + "/compare?before=" + before.Short() + "&after=000000000000", 404},
		{"too few characters of a digest", base + "/compare?before=abc&after=" + after.Short(), 404},
		{"a path instead of a digest", base + "/compare?before=../../etc/passwd&after=" + after.Short(), 404},
		{"an unknown claim", base + "/claims/nobody", 404},
		{"an unknown location", "/locations/nowhere", 404},
		{"a location with a path for a name", "/locations/..%2f..", 404},
		{"a picture that isn't there", base + "/images/000000000000.png", 404},
		{"a picture of another kind", base + "/images/" + before.Short() + ".exe", 404},
		{"a result that isn't there", "/results/" + before.String() + "/view.png", 404},
		{"a file outside a result", "/results/" + before.String() + "/../../records.db", 404},
		{"events of nothing", base + "/events", 400},
		{"events of an unknown location", "/locations/nowhere/events?wait=" + before.String(), 404},
		{"a method that isn't there", "/locations/" + slug + "/delete", 404},
	} {
		r := ask(h.Handler(), "GET", c.path)
		got := body(t, r)
		if r.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.name, r.StatusCode, c.status)
		}
		if strings.Contains(got, "imagery/") || strings.Contains(got, ".go:") || strings.Contains(got, "records.db") || strings.Contains(got, "sql") {
			t.Errorf("%s: the answer tells of the inside:\n%s", c.name, got)
		}
	}
	if r := ask(h.Handler(), "DELETE", base); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: %d, want 405", r.StatusCode)
	}
}

func TestAComparisonIsFoundFromItsBareAddress(t *testing.T) {
	h, slug, before, after := judged(t, settle())
	for _, prefix := range []string{"", "/embed"} {
		r := ask(h.Handler(), "GET", prefix+"/locations/"+slug+"/compare")
		to := r.Header.Get("Location")
		if r.StatusCode != http.StatusFound || !strings.HasPrefix(to, prefix+"/locations/") || !strings.Contains(to, before.Short()) || !strings.Contains(to, after.Short()) {
			t.Errorf("%d to %q", r.StatusCode, to)
		}
	}
}

func TestOEmbedAnswersForWhatCanBeFramed(t *testing.T) {
	h, slug, before, after := judged(t, settle())
	at := func(path string) string {
		return "/oembed?url=" + strings.NewReplacer("&", "%26", "?", "%3F", "=", "%3D").Replace("http://localhost"+path)
	}
	cmp := fmt.Sprintf("/locations/%s/compare?before=%s&after=%s&mode=fade", slug, before.Short(), after.Short())
	r := ask(h.Handler(), "GET", at(cmp)+"&maxwidth=500")
	var d struct {
		Version, Type, Title, HTML string
		Width, Height              int
	}
	if err := json.NewDecoder(r.Body).Decode(&d); err != nil || r.StatusCode != 200 {
		t.Fatal(r.StatusCode, err)
	}
	if d.Version != "1.0" || d.Type != "rich" || d.Width != 500 || !strings.Contains(d.HTML, `src="http://localhost/embed/locations/block/compare?`) ||
		!strings.Contains(d.HTML, "mode=fade") || strings.Contains(d.HTML, "<script") {
		t.Errorf("%+v", d)
	}
	for path, want := range map[string]int{
		at("/locations/" + slug + "/claims/struck"):         200,
		at("/locations/" + slug + "/claims/nobody"):         404,
		at("/locations/" + slug):                            404,
		"/oembed?url=https://elsewhere.example/locations/x": 404,
		"/oembed":                  400,
		at(cmp) + "&format=xml":    501,
		at(cmp) + "&maxwidth=many": 400,
	} {
		if r := ask(h.Handler(), "GET", path); r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
	}
	link := ask(h.Handler(), "GET", cmp).Header.Get("Link")
	if !strings.Contains(link, "application/json+oembed") {
		t.Errorf("no discovery: %q", link)
	}
	if csp := ask(h.Handler(), "GET", "/embed"+cmp).Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors *") {
		t.Errorf("an embed that can't be framed: %s", csp)
	}
}

func TestEventsEndWhenTheResultIsThere(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	slug, _, _ := block(t, h)
	url := h.listen(t)
	r, err := http.Get(url + "/locations/" + slug)
	if err != nil {
		t.Fatal(err)
	}
	page := body(t, r)
	r.Body.Close()
	path := regexp.MustCompile(`/locations/block/events\?wait=[0-9a-f,]+`).FindString(page)
	if path == "" {
		t.Fatalf("the page doesn't wait:\n%s", page)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, "GET", url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Body.Close()
	if s.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("type %s", s.Header.Get("Content-Type"))
	}
	got, err := io.ReadAll(s.Body)
	if err != nil || !strings.Contains(string(got), "event: done\ndata: {}\n\n") {
		t.Errorf("%v:\n%s", err, got)
	}
}

func TestAStoppedServiceEndsItsEvents(t *testing.T) {
	h := build(t, t.TempDir(), settle(func(c *server.Config) { c.Grace = 20 * time.Second }))
	slug, _, _ := block(t, h)
	wait := waitOf(t, h, slug) // for what is being made
	ctx, stop := context.WithCancel(context.Background())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx, ln) }()
	r, err := http.Get("http://" + ln.Addr().String() + wait)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	stop()
	select {
	case err := <-served:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("an open stream holds the service")
	}
}

func TestAPageIsSentOnceToWhoHasItAndAgainWhenRecordsChange(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	path := "/locations/" + slug
	eventually(t, h.Handler(), path, func(status int, b string) bool { return status == 200 && !strings.Contains(b, "/events?wait=") })
	first := ask(h.Handler(), "GET", path)
	tag := first.Header.Get("Etag")
	if r := ask(h.Handler(), "GET", path, with("If-None-Match", tag)); tag == "" || r.StatusCode != http.StatusNotModified {
		t.Errorf("known already: %d for %q", r.StatusCode, tag)
	}
	if got := body(t, ask(h.Handler(), "GET", path, with("X-Forwarded-For", "192.0.2.1"))); strings.Contains(got, "/originals/") {
		t.Error("a reader through a proxy is shown the page of one on this machine")
	}
	if r := post(h.Handler(), "/api/v1/locations/"+slug+"/claims", "application/json", `{"id": "later", "text": "Added later", "changed": "2016"}`); r.StatusCode != 201 {
		t.Fatal(r.StatusCode)
	}
	if got := body(t, ask(h.Handler(), "GET", path, with("If-None-Match", tag))); !strings.Contains(got, "Added later") {
		t.Error("a page shows what was before the change")
	}
}

func TestARestartLosesNothing(t *testing.T) {
	dir := t.TempDir()
	h := build(t, dir, settle())
	slug, _, after := block(t, h)
	done := func(status int, b string) bool { return status == 200 && !strings.Contains(b, "/events?wait=") }
	first := eventually(t, h.Handler(), "/locations/"+slug, done)
	h.close(t)
	again := build(t, dir, settle())
	r := ask(again.Handler(), "GET", "/locations/"+slug)
	second := body(t, r)
	if strings.Contains(second, "/events?wait=") {
		t.Error("what was computed is computed again")
	}
	if kept := regexp.MustCompile(`/results/[0-9a-f]{64}/`); kept.FindString(first) != kept.FindString(second) || !strings.Contains(second, after.Short()) {
		t.Error("the page after the restart is another one")
	}
}

func TestALocationWithoutImageryHasNoVerdict(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	_, err := h.archive.ImportCase(context.Background(), imagery.Case{
		Title: "Nothing held", Location: imagery.Location{Name: "Somewhere", Slug: "nothing", Position: "unverified"},
		Claims:  []imagery.Claim{{ID: "c", Text: "It was struck", Kind: imagery.ClaimChanged, When: date(t, "2016-04-27")}},
		LookFor: []string{"An image of early May 2016"},
	}, nil, 1, archive.Change{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"/locations/nothing", "/locations/nothing/claims/c"} {
		r := ask(h.Handler(), "GET", p)
		got := body(t, r)
		if r.StatusCode != 200 || !strings.Contains(got, "An image of early May 2016") || strings.Contains(got, "/events?wait=") {
			t.Errorf("%s: %d\n%s", p, r.StatusCode, got)
		}
	}
	if r := ask(h.Handler(), "GET", "/locations/nothing/compare"); r.StatusCode != 404 {
		t.Errorf("compare: %d, want 404", r.StatusCode)
	}
	if r := ask(h.Handler(), "GET", "/api/v1/locations/nothing/report"); r.StatusCode != 404 {
		t.Errorf("report: %d, want 404", r.StatusCode)
	}
	if !bytes.Contains([]byte(body(t, ask(h.Handler(), "GET", "/"))), []byte("Nothing held")) {
		t.Error("it is not on the list")
	}
}

// A broken queue has failed at whatever it was asked for.
type broken struct{ server.Jobs }

func (broken) Standing(context.Context, imagery.Digest) (server.Standing, error) {
	return server.Standing{Failure: "old.png: decode: damaged"}, nil
}

func TestACaseThatCouldNotBeComparedSaysSoAboveItsClaims(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	slug, _, _ := block(t, h)
	s, err := server.New(server.Deps{Archive: h.archive, Ingest: h.ingest, Jobs: broken{}, Options: brief(), Version: "test"}, h.config)
	if err != nil {
		t.Fatal(err)
	}
	page := body(t, ask(s.Handler(), "GET", "/locations/"+slug))
	said, claims := strings.Index(page, "The images could not be compared: old.png: decode: damaged"), strings.Index(page, `id="claims"`)
	if said < 0 || claims < said {
		t.Errorf("said at %d, the claims begin at %d:\n%s", said, claims, page)
	}
}
