package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/people"
)

// filled puts names of the block, and of the draft beside it, into a route's pattern.
func filled(h *house, slug string, image imagery.Digest) *strings.Replacer {
	return strings.NewReplacer("/:slug/uploads/", "/"+slug+"/uploads/", ":slug", slug, ":image", image.Short(), ":id", "struck",
		":file", image.Short()+".png", ":recipe", strings.Repeat("0", 64), "*", "a.png", ":digest", image.String(), ":schema", "CaseDoc.json", ":turn", "0.jpg")
}

// changing lists the routes that change something.
func changing(h *house) (out []string) {
	for _, route := range h.Routes() {
		if m, _, _ := strings.Cut(route, " "); m != "GET" && m != "HEAD" && m != "OPTIONS" {
			out = append(out, route)
		}
	}
	return out
}

// entries counts what the custody log holds.
func entries(t *testing.T, h *house) int {
	t.Helper()
	log, err := h.archive.Log(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return len(log)
}

func TestNoPageOfAnotherSiteChangesAnything(t *testing.T) {
	t.Parallel()
	h, slug, before, _ := peopled(t, settle(openHanded))
	was, routes := entries(t, h), changing(h)
	if len(routes) < 20 {
		t.Fatalf("only %d routes change something: %v", len(routes), routes)
	}
	for _, route := range routes {
		method, path, _ := strings.Cut(filled(h, slug, before).Replace(route), " ")
		for name, mend := range map[string]func(*http.Request){
			"another site":     with("Sec-Fetch-Site", "cross-site"),
			"a sister site":    with("Sec-Fetch-Site", "same-site"),
			"another origin":   func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "https://evil.example") },
			"the plain origin": func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "http://example.org:81") },
			"a null origin":    func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "null") },
		} {
			if r := ask(h.Handler(), method, path, h.as(t, "editor"), mend); r.StatusCode != 403 {
				t.Errorf("%s from %s: %d", route, name, r.StatusCode)
			}
		}
	}
	if now := entries(t, h); now != was {
		t.Errorf("%d entries were added to the custody log", now-was)
	}
}

// No answer but oEmbed's, which holds what everybody may know, can be read by a script
// of another site.
func TestNoPageOfAnotherSiteReadsAnything(t *testing.T) {
	t.Parallel()
	h, slug, before, after := peopled(t, settle(openHanded))
	for _, path := range append(everywhere(t, h, slug, before, after), "/account", "/people", "/api/v1/openapi.json", "/api/v1/uploads/none", "/metrics") {
		r := ask(h.Handler(), "GET", path, h.as(t, "editor"), with("Origin", "https://evil.example"))
		if got := r.Header.Get("Access-Control-Allow-Origin"); (got != "") != strings.HasPrefix(path, "/oembed?") {
			t.Errorf("%s may be read by %q", path, got)
		}
		if r.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s may be read in another's name", path)
		}
	}
	if r := ask(h.Handler(), "OPTIONS", "/api/v1/locations", with("Origin", "https://evil.example"), with("Access-Control-Request-Method", "POST")); r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("asked before a call: %v", r.Header)
	}
}

func TestWhatHasExpiredLetsNobodyIn(t *testing.T) {
	t.Parallel()
	h, _, _, _ := judged(t, settle())
	now := time.Now()
	h.admit(t, func(o *people.Options) { o.Now = func() time.Time { return now } })
	session, token := h.as(t, "editor"), h.token(t, "editor") // the token is valid for an hour
	_, invitation, err := h.people.Invite(t.Context(), people.Editor, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	check := func(when string, sessions, tokens, invitations int) {
		t.Helper()
		for what, c := range map[string]struct {
			path string
			mend func(*http.Request)
			want int
		}{
			"session":    {"/account", session, sessions},
			"token":      {"/api/v1/locations", token, tokens},
			"invitation": {"/join?invitation=" + invitation, afar, invitations},
		} {
			if r := ask(h.Handler(), "GET", c.path, c.mend); r.StatusCode != c.want {
				t.Errorf("%s, a %s: %d, want %d", when, what, r.StatusCode, c.want)
			}
		}
	}
	check("at once", 200, 200, 200)
	now = now.Add(time.Hour)
	check("after an hour", 200, 401, 404)
	if r := postForm(h.Handler(), "/join", url.Values{"invitation": {invitation}, "name": {"stilt"}, "password": {passphrase}}, afar); r.StatusCode != 404 {
		t.Errorf("joining by an expired invitation: %d", r.StatusCode)
	}
	now = now.Add(25 * time.Hour)
	check("after a day unused", 303, 401, 404)
	if all, err := h.people.People(t.Context()); err != nil || len(all) != 3 {
		t.Errorf("%d accounts, %v", len(all), err)
	}
}

// A key opens what it is made for, where it is shown as it should be.
func TestAStolenKeyOpensNothingElse(t *testing.T) {
	h, _, _, _ := peopled(t, settle())
	_, token, err := h.people.NewToken(t.Context(), "editor", "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	_, invitation, err := h.people.Invite(t.Context(), people.Editor, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	session := sessionOf(t, h, "editor")
	cookie := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { afar(r); r.AddCookie(&http.Cookie{Name: name, Value: value}) }
	}
	bearing := func(value string) func(*http.Request) {
		return func(r *http.Request) { afar(r); r.Header.Set("Authorization", value) }
	}
	for what, c := range map[string]struct {
		path string
		mend func(*http.Request)
	}{
		"a token on a page":             {"/people", bearing("Bearer " + token)},
		"a token as a session":          {"/people", cookie("antequem", token)},
		"a token in the address":        {"/people?token=" + token + "&access_token=" + token, afar},
		"an invitation as a session":    {"/people", cookie("antequem", invitation)},
		"a session in the address":      {"/people?antequem=" + session, afar},
		"a session under another name":  {"/people", cookie("antequem_csrf", session)},
		"a session in other letters":    {"/people", cookie("antequem", strings.ToLower(session))},
		"a session with more behind it": {"/people", cookie("antequem", session+"A")},
		"a session's id alone":          {"/people", cookie("antequem", session[:12]+"-")},
		"a password in the header":      {"/people", func(r *http.Request) { afar(r); r.SetBasicAuth("editor", passphrase) }},
	} {
		if r := ask(h.Handler(), "GET", c.path, c.mend); r.StatusCode != 303 || !strings.HasPrefix(r.Header.Get("Location"), "/sign-in?") {
			t.Errorf("%s: %d to %q", what, r.StatusCode, r.Header.Get("Location"))
		}
	}
	for what, value := range map[string]string{"an invitation": invitation, "a session": session, "a password": passphrase, "two tokens": token + " " + token} {
		if r := ask(h.Handler(), "GET", "/api/v1/locations", bearing("Bearer "+value)); r.StatusCode != 401 {
			t.Errorf("%s as a token: %d", what, r.StatusCode)
		}
	}
}

func TestInvitationsAndTokensCanTBeGuessed(t *testing.T) {
	h, _, _, _ := peopled(t, settle(func(c *server.Config) { c.WriteRate = 0 }))
	_, invitation, err := h.people.Invite(t.Context(), people.Editor, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	token := h.token(t, "analyst")
	statuses := map[int]int{}
	for range 40 {
		statuses[ask(h.Handler(), "GET", "/join?invitation=AAAAAAAAAAAA-AAAAAAAAAAAAAAAAAAAAAAAAAA", afar).StatusCode]++
	}
	if statuses[404] == 0 || statuses[429] < 10 || len(statuses) != 2 {
		t.Errorf("guessing invitations: %v", statuses)
	}
	for range 40 {
		if r := ask(h.Handler(), "GET", "/api/v1/locations", afar, with("Authorization", "Bearer AAAAAAAAAAAA-AAAAAAAAAAAAAAAAAAAAAAAAAA")); r.StatusCode != 401 {
			t.Fatalf("guessing tokens: %d", r.StatusCode)
		}
	}
	if r, _ := signIn(t, h.Handler(), "editor", passphrase, afar); r.StatusCode != 429 {
		t.Errorf("a password guessed after keys were: %d, want 429", r.StatusCode)
	}
	// What is right is taken all the same, and others don't wait for it.
	if r := ask(h.Handler(), "GET", "/api/v1/locations", token); r.StatusCode != 200 {
		t.Errorf("a right token from there: %d", r.StatusCode)
	}
	if r := ask(h.Handler(), "GET", "/join?invitation="+invitation, afar); r.StatusCode != 200 {
		t.Errorf("a right invitation from there: %d", r.StatusCode)
	}
	elsewhere := func(r *http.Request) { afar(r); r.RemoteAddr = "198.51.100.4:4000" }
	if r, _ := signIn(t, h.Handler(), "editor", passphrase, elsewhere); r.StatusCode != 303 {
		t.Errorf("the editor, from elsewhere: %d", r.StatusCode)
	}
}

// tricks are names that lead elsewhere where somebody takes them for paths.
var tricks = []string{
	"..", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2frecords.db", "..%5c..%5crecords.db", "%2fetc%2fpasswd", "records.db", "people.db",
	"%00", "a%00.png", ".", "%252e%252e%252fetc%252fpasswd", "..;", "C:%5cwindows", "~root", "con", "%ff%fe", "%e2%80%ae", "-rf", "$(id)", "%0d%0aSet-Cookie:%20a=b", "*", "%25s%25n",
	strings.Repeat("a", 3000), strings.Repeat("..%2f", 400) + "etc%2fpasswd",
}

func TestNoNameInAnAddressLeadsOutOfThePlaceItNames(t *testing.T) {
	t.Parallel()
	h, slug, before, _ := peopled(t, settle(openHanded))
	names := regexp.MustCompile(`:[a-z]+|\*`)
	editor := h.as(t, "editor")
	for _, route := range h.Routes() {
		method, pattern, _ := strings.Cut(route, " ")
		if method == "HEAD" || strings.HasSuffix(pattern, "/events") {
			continue
		}
		for i, at := range names.FindAllStringIndex(pattern, -1) {
			for _, trick := range tricks {
				path := filled(h, slug, before).Replace(pattern[:at[0]] + "\x01" + pattern[at[1]:])
				path = strings.ReplaceAll(path, "\x01", trick)
				r := ask(h.Handler(), method, path, editor)
				text := body(t, r)
				odd := r.StatusCode == 200 && !strings.HasPrefix(pattern, "/api/v1/schemas") && trick != "." && trick != ".." && trick != "*"
				if odd || r.StatusCode >= 500 || r.Header.Get("Set-Cookie") == "a=b" {
					t.Errorf("%s, name %d as %.60s: %d", route, i+1, trick, r.StatusCode)
				}
				for _, inside := range []string{"root:", "SQLite format", h.archive.Dir(), "goroutine "} {
					if strings.Contains(text, inside) {
						t.Errorf("%s, name %d as %.60s tells %q", route, i+1, trick, inside)
					}
				}
			}
		}
	}
}

// What a header says of the reader, the address or the method changes nothing, for
// anybody can write it.
func TestHeadersThatAnybodyCanWriteChangeNothing(t *testing.T) {
	t.Parallel()
	h, slug, before, after := peopled(t, settle())
	request := regexp.MustCompile(`request <code[^<]*`)
	for _, path := range append(everywhere(t, h, slug, before, after), "/", "/sign-in", "/people", "/metrics", "/locations/"+slug+"/upload") {
		plain := ask(h.Handler(), "GET", path, afar)
		want := request.ReplaceAllString(body(t, plain), "")
		want = regexp.MustCompile(`name="csrf" value="[^"]*"`).ReplaceAllString(want, "")
		for _, spoof := range [][2]string{
			{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-For", "::1, 127.0.0.1"}, {"X-Real-Ip", "127.0.0.1"}, {"Forwarded", "for=127.0.0.1;host=evil.example;proto=https"},
			{"X-Forwarded-Host", "evil.example"}, {"X-Host", "evil.example"}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-Scheme", "https"}, {"X-Forwarded-Prefix", "/evil"},
			{"X-Original-Url", "/people"}, {"X-Rewrite-Url", "/people"}, {"X-Http-Method-Override", "DELETE"}, {"X-Http-Method", "DELETE"}, {"X-Client-Ip", "127.0.0.1"},
			{"True-Client-Ip", "127.0.0.1"}, {"Cf-Connecting-Ip", "127.0.0.1"}, {"Client-Ip", "127.0.0.1"}, {"X-Remote-User", "editor"}, {"Remote-User", "editor"}, {"X-Forwarded-User", "editor"},
		} {
			r := ask(h.Handler(), "GET", path, afar, with(spoof[0], spoof[1]))
			got := request.ReplaceAllString(body(t, r), "")
			got = regexp.MustCompile(`name="csrf" value="[^"]*"`).ReplaceAllString(got, "")
			if r.StatusCode != plain.StatusCode || got != want || strings.Contains(strings.Join(r.Header["Set-Cookie"], ""), "Secure") || strings.Contains(r.Header.Get("Link"), "evil") {
				t.Errorf("%s with %s %s: %d, want %d; %d bytes, want %d", path, spoof[0], spoof[1], r.StatusCode, plain.StatusCode, len(got), len(want))
			}
		}
	}
}

func TestAServiceWithAnOriginAnswersToNoOtherName(t *testing.T) {
	t.Parallel()
	h, slug, before, after := peopled(t, settle())
	all := everywhere(t, h, slug, before, after)
	h.config = settle(func(c *server.Config) { c.Origin, c.Hosts = "https://example.org", []string{"mirror.example"} })
	s := again(t, h).Handler()
	for host, want := range map[string]bool{
		"example.org": true, "EXAMPLE.org:443": true, "mirror.example": true,
		"evil.example": false, "example.org.evil.example": false, "localhost": false, "127.0.0.1": false, "example.org@evil.example": false, "": false, "[::1]": false,
	} {
		for _, path := range all {
			r := ask(s, "GET", path, func(r *http.Request) { afar(r); r.Host = host })
			if (r.StatusCode != 421) != want {
				t.Errorf("host %q, %s: %d", host, path, r.StatusCode)
			}
			if text := body(t, r); strings.Contains(text, "http://") && strings.Contains(text, "http://"+host+"/") && host != "" {
				t.Errorf("host %q is taken for our own on %s", host, path)
			}
		}
	}
}
