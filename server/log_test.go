package server_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/server/people"
)

// A person goes all the way, stumbles, and is stumbled over; the log is read afterwards.
func TestTheLogTellsWhatHappenedAndNothingOfWhoWasThere(t *testing.T) {
	t.Parallel()
	h, slug, before, after := peopled(t, settle(openHanded))
	_, invitation, err := h.people.Invite(t.Context(), people.Editor, "for Anna Kovalenko", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	from := func(r *http.Request) {
		afar(r)
		sameOrigin(r)
		r.Header.Set("User-Agent", "telling-browser/1.0")
		r.Header.Set("Accept-Language", "uk-UA")
		r.Header.Set("Referer", "https://telling.example/inbox")
		r.Header.Set("X-Forwarded-For", "203.0.113.77")
	}
	secrets := []string{invitation, "heath and moor 1", "a guess at it", "stilt", "Kovalenko", "telling", "uk-UA", "192.0.2.9", "203.0.113.77", "exifleak", "IMG_2044", "a word of mine", "not-a-date", "invitation=", "region=", "?"}

	ask(h.Handler(), "GET", "/join?invitation="+invitation, from)
	joined := postForm(h.Handler(), "/join", url.Values{"invitation": {invitation}, "name": {"stilt"}, "password": {"heath and moor 1"}}, from)
	if joined.StatusCode != 303 {
		t.Fatalf("joined: %d", joined.StatusCode)
	}
	ask(h.Handler(), "GET", "/join?invitation="+invitation, from)
	ask(h.Handler(), "GET", "/join/"+invitation, from) // pasted in the wrong place
	signIn(t, h.Handler(), "stilt", "a guess at it", from)
	_, k := signIn(t, h.Handler(), "stilt", "heath and moor 1", from)
	if k == nil {
		t.Fatal("not signed in")
	}
	secrets = append(secrets, k.Value, k.Value[13:])
	mine := func(r *http.Request) { from(r); r.AddCookie(k) }
	made := body(t, postForm(h.Handler(), "/account/tokens", url.Values{"label": {"telling"}, "days": {"3"}}, mine))
	token := regexp.MustCompile(`data-secret>([^<]+)<`).FindStringSubmatch(made)[1]
	secrets = append(secrets, token, token[13:])
	bearing := func(r *http.Request) { from(r); r.Header.Set("Authorization", "Bearer "+token) }

	for _, data := range [][]byte{tellingPNG(scene(t, 7, true)), []byte("exifleak, and no picture")} {
		sending{fields: goodFields, name: "IMG_2044 Kovalenko.png", file: data, mend: mine}.to(t, h.Handler(), "/locations/"+slug+"/upload")
		sending{fields: goodFields, name: "IMG_2044 Kovalenko.png", file: data, mend: bearing}.to(t, h.Handler(), "/api/v1/locations/"+slug+"/images")
	}
	sending{fields: with2(goodFields, "acquired", "not-a-date"), name: "IMG_2044.png", mend: bearing}.to(t, h.Handler(), "/api/v1/locations/"+slug+"/images")
	base := "/locations/" + slug
	for _, form := range []url.Values{
		{"do": {"claim"}, "text": {"a word of mine"}, "kind": {"changed"}, "when": {"not-a-date"}},
		{"do": {"region"}, "name": {"a word of mine"}, "polygon": {"a word of mine"}},
		{"do": {"image"}, "image": {"a word of mine"}},
		{"do": {"a word of mine"}},
	} {
		postForm(h.Handler(), base+"/table", form, mine)
	}
	postForm(h.Handler(), "/people/change", url.Values{"name": {"a word of mine"}, "do": {"a word of mine"}}, mine)
	postForm(h.Handler(), base+"/publication", url.Values{"do": {"withdraw"}, "why": {"a word of mine"}}, mine)
	postForm(h.Handler(), base+"/publication", url.Values{"do": {"publish"}, "why": {"a word of mine"}}, mine)
	postForm(h.Handler(), base+"/read", url.Values{"region": {"a word of mine"}, "place": {"1"}}, mine)
	for _, text := range []string{`{"text": "a word of mine", "changed": "not-a-date"}`, `{"a word of mine": `, `{"text": "a word of mine", "colour": "a word of mine"}`} {
		ask(h.Handler(), "POST", "/api/v1"+base+"/claims", bearing, with("Content-Type", "application/json"), func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
		})
	}
	ask(h.Handler(), "GET", "/api/v1/locations", from, with("Authorization", "Bearer "+token+"x"))
	ask(h.Handler(), "GET", base+"/compare?before=a+word+of+mine&after="+after.Short(), mine)
	for _, path := range everywhere(t, h, slug, before, after) {
		ask(h.Handler(), "GET", path, mine)
	}
	ask(h.Handler(), "GET", "/people", from, func(r *http.Request) { r.Host = "telling.example" })
	postForm(h.Handler(), "/sign-out", nil, mine)
	breakOff(t, h.listen(t))

	log := h.log.String()
	for _, s := range secrets {
		if i := strings.Index(log, s); i >= 0 {
			t.Errorf("the log holds %q: …%s…", s, log[max(i-200, 0):min(i+200, len(log))])
		}
	}
	fields := []string{"time", "level", "msg", "id", "method", "path", "status", "bytes", "took", "err", "operation"}
	lines := 0
	for line := range strings.Lines(log) {
		var told map[string]any
		if err := json.Unmarshal([]byte(line), &told); err != nil {
			t.Errorf("%v: %s", err, line)
		}
		for name := range told {
			if (told["msg"] == "request" || told["msg"] == "api") && !slices.Contains(fields, name) {
				t.Errorf("the log tells %q: %s", name, line)
			}
		}
		lines++
	}
	if lines < 50 || !strings.Contains(log, `"path":"/join/(secret)"`) {
		t.Errorf("%d lines", lines)
	}
}

// breakOff begins requests at an address and drops the line.
func breakOff(t *testing.T, origin string) {
	t.Helper()
	for _, text := range []string{"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /?invitation=telling HTTP/9.9\r\n\r\n", "\x16\x03\x01telling", "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na"} {
		c, err := net.Dial("tcp", strings.TrimPrefix(origin, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
		_ = c.(*net.TCPConn).SetLinger(0)
		c.Close()
	}
	time.Sleep(200 * time.Millisecond)
}
