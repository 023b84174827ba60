package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/server"
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
