package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/workshop"
)

// A stream that waits for what nobody makes ends at once, so that nobody holds any open
// for nothing.
func TestNobodyWatchesForWhatNobodyMakes(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	origin := h.listen(t)
	begin := time.Now()
	r, err := http.Get(origin + "/locations/" + slug + "/events?wait=" + strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if text := body(t, r); r.StatusCode != 200 || !strings.Contains(text, "event: done") || time.Since(begin) > 5*time.Second {
		t.Errorf("%d after %v: %q", r.StatusCode, time.Since(begin), text)
	}
}

// One who opens as many streams as are allowed leaves room for others.
func TestOneSenderCanTTakeEveryStream(t *testing.T) {
	c := server.NewCrowd(5, 3)
	for i, step := range []struct {
		sender string
		leaves bool
		want   bool
	}{
		{"a", false, true}, {"a", false, true}, {"a", false, true},
		{"a", false, false}, // as many as one may have
		{"b", false, true}, {"b", false, true},
		{"c", false, false}, // as many as all may have
		{"a", true, true}, {"c", false, true},
		{"b", true, true}, {"b", true, true}, {"b", false, true}, {"b", false, true}, {"b", false, false},
	} {
		if step.leaves {
			c.Leave(step.sender)
			continue
		}
		if got := c.Take(step.sender); got != step.want {
			t.Errorf("step %d, %s: %v, want %v", i, step.sender, got, step.want)
		}
	}
}

// waitOf returns the address of the events that the page of a location waits for.
func waitOf(t *testing.T, h *house, slug string) string {
	t.Helper()
	text := body(t, ask(h.Handler(), "GET", "/locations/"+slug))
	i := strings.Index(text, "/locations/"+slug+"/events?wait=")
	if i < 0 {
		t.Fatal("the page waits for nothing")
	}
	return text[i : i+strings.IndexByte(text[i:], '"')]
}

func TestAHouseholdIsOneSender(t *testing.T) {
	h, slug, _, _ := peopled(t, settle(func(c *server.Config) { c.WriteRate, c.WriteBurst = 0.001, 3 }))
	try := func(remote string) int {
		return postForm(h.Handler(), "/locations/"+slug+"/publication", url.Values{"do": {"none"}}, func(r *http.Request) { r.RemoteAddr, r.Host = remote, "example.org" }).StatusCode
	}
	var last int
	for i := range 5 {
		last = try(fmt.Sprintf("[2001:db8::%x]:4000", i+1))
	}
	if last != 429 {
		t.Errorf("the fifth of one household: %d, want 429", last)
	}
	if got := try("[2001:db8:0:1::1]:4000"); got == 429 {
		t.Error("a neighbour is slowed")
	}
	if got := try("192.0.2.77:4000"); got == 429 {
		t.Error("another is slowed")
	}
}

// idle are jobs that nobody ever does, counted by kind.
type idle struct{ asked map[string]int }

func (j idle) Ask(_ context.Context, r archive.Recipe, _ string) error { j.asked[r.Kind]++; return nil }

func (idle) Standing(context.Context, imagery.Digest) (server.Standing, error) {
	return server.Standing{}, nil
}

func (idle) Watch(context.Context, string, func(imagery.Digest, string, int, int)) error { return nil }

// A reader who asks for every comparison that there could be keeps others from theirs
// no longer than it takes to make forty.
func TestOneReaderCanTHaveEverythingComparedAtOnce(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	h.admit(t)
	if _, err := h.archive.AddLocation(t.Context(), imagery.Location{Name: "Square", Slug: "square"}, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	jobs := idle{map[string]int{}}
	s, err := server.New(server.Deps{Archive: h.archive, Ingest: h.ingest, Jobs: jobs, People: h.people, Options: brief()}, h.config)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range 8 {
		data := scene(t, uint64(i+1), false)
		ids = append(ids, imagery.DigestOf(data).Short())
		if r := (sending{fields: goodFields, name: "a.png", file: data, mend: h.token(t, "editor")}).to(t, s.Handler(), "/api/v1/locations/square/images"); r.StatusCode != 201 {
			t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
		}
	}
	if err := h.archive.Publish(t.Context(), "square", archive.Change{}); err != nil {
		t.Fatal(err)
	}
	from := func(remote string) func(*http.Request) {
		return func(r *http.Request) { r.RemoteAddr, r.Host = remote, "example.org" }
	}
	all := func(mend func(*http.Request)) (refused int) {
		for _, a := range ids {
			for _, b := range ids {
				if a == b {
					continue
				}
				switch r := ask(s.Handler(), "GET", "/api/v1/locations/square/result?before="+a+"&after="+b, mend); r.StatusCode {
				case 503:
					refused++
				case 200:
				default:
					t.Errorf("%d\n%s", r.StatusCode, body(t, r))
				}
			}
		}
		return refused
	}
	if refused := all(from("192.0.2.1:1")); refused != 56-40 || jobs.asked[workshop.KindPair] != 40 {
		t.Errorf("%d refused, %d asked for", refused, jobs.asked[workshop.KindPair])
	}
	if r := ask(s.Handler(), "GET", "/locations/square/compare?before="+ids[0]+"&after="+ids[1], from("192.0.2.1:1")); r.StatusCode != 200 {
		t.Errorf("its page, of what the case knows: %d", r.StatusCode)
	}
	if refused := all(h.as(t, "contributor")); refused != 0 {
		t.Errorf("%d refused to one who works on it", refused)
	}
	if r := ask(s.Handler(), "GET", "/locations/square", from("192.0.2.1:1")); r.StatusCode != 200 {
		t.Errorf("what is no comparison: %d", r.StatusCode)
	}
}
