package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
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

// endless is a body that never ends, and counts what was read of it.
type endless struct{ read int64 }

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'a'
	}
	e.read += int64(len(b))
	return len(b), nil
}

func TestBodiesBeyondTheLimitAreRefusedWhereverTheyAreSent(t *testing.T) {
	t.Parallel()
	const form, upload = 64 << 10, 512 << 10
	h, slug, before, _ := peopled(t, settle(openHanded, func(c *server.Config) { c.MaxForm, c.MaxUpload = form, upload }))
	was := entries(t, h)
	for _, route := range changing(h) {
		method, path, _ := strings.Cut(filled(h, slug, before).Replace(route), " ")
		for what, typ := range map[string]string{
			"a form": "application/x-www-form-urlencoded", "parts": "multipart/form-data; boundary=a", "JSON": "application/json", "YAML": "application/yaml", "octets": octets,
		} {
			begin := map[string]string{"parts": "--a\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n", "JSON": `{"text": "`, "YAML": "title: "}[what]
			for _, announced := range []bool{true, false} {
				more := &endless{}
				r := httptest.NewRequest(method, "http://localhost"+path, io.MultiReader(strings.NewReader(begin), more))
				h.as(t, "editor")(r)
				r.Header.Set("Content-Type", typ)
				r.Header.Set("Tus-Resumable", "1.0.0")
				r.Header.Set("Upload-Offset", "0")
				if r.ContentLength = -1; announced {
					r.ContentLength = 1 << 40
				}
				a := serveOne(h.Handler(), r)
				if a.StatusCode < 400 && a.StatusCode != 303 || a.StatusCode >= 500 || more.read > 2*(form+upload) || announced && a.StatusCode != 413 {
					t.Errorf("%s, %s without end, announced %v: %d after %d bytes", route, what, announced, a.StatusCode, more.read)
				}
			}
		}
	}
	if now := entries(t, h); now != was {
		t.Errorf("%d entries were added to the custody log", now-was)
	}
}

// Texts that are small and want to become large are refused as quickly as others.
func TestTextsThatUnfoldAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	h, slug, _, _ := peopled(t, settle(openHanded))
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'n'; c++ {
		prev := string(c - 1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+prev+", ", 9), ", ") + "]\n"
	}
	was := entries(t, h)
	for what, c := range map[string]struct{ path, typ, text string }{
		"aliases of aliases":     {"/api/v1/cases", "application/yaml", bomb},
		"a title of aliases":     {"/api/v1/locations", "application/yaml", bomb + "title: *m\n"},
		"nested sequences":       {"/api/v1/locations", "application/yaml", "title: " + strings.Repeat("[", 200_000)},
		"nested mappings":        {"/api/v1/cases", "application/yaml", strings.Repeat("{a: ", 100_000)},
		"nested JSON":            {"/api/v1/locations/" + slug + "/claims", "application/json", strings.Repeat(`{"a":`, 100_000)},
		"nested lists":           {"/api/v1/locations/" + slug + "/regions", "application/json", `{"polygon": ` + strings.Repeat("[", 300_000)},
		"a number of many parts": {"/api/v1/locations/" + slug + "/regions", "application/json", `{"polygon": [[1e999999999, 1]]}`},
	} {
		begin := time.Now()
		r := ask(h.Handler(), "POST", c.path, h.as(t, "editor"), with("Content-Type", c.typ), func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(c.text)), int64(len(c.text))
		})
		if r.StatusCode < 400 || r.StatusCode >= 500 || time.Since(begin) > 10*time.Second {
			t.Errorf("%s: %d after %v", what, r.StatusCode, time.Since(begin))
		}
		if text := body(t, r); len(text) > 100_000 {
			t.Errorf("%s is answered with %d bytes", what, len(text))
		}
	}
	if now := entries(t, h); now != was {
		t.Errorf("%d entries were added to the custody log", now-was)
	}
}

// A refused picture and a polyglot: whatever else the bytes are, what is shown was
// drawn anew, and nothing that isn't a picture is kept.
func TestAFileThatIsTwoThingsIsShownAsAPictureAlone(t *testing.T) {
	t.Parallel()
	h := build(t, t.TempDir(), settle(openHanded))
	h.admit(t)
	if _, err := h.archive.AddLocation(t.Context(), imagery.Location{Name: "Square", Slug: "square"}, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	const page = `<html><script>alert("pwn")</script></html>`
	picture := scene(t, 3, false)
	for what, c := range map[string]struct {
		name string
		file []byte
		want int
	}{
		"a page named as a picture": {"a.png", []byte("<!doctype html>" + page), 422},
		"a drawing with script":     {"a.svg", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), 422},
		"a drawing named as a PNG":  {"a.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><image href="https://evil.example/"/></svg>`), 422},
		"script behind GIF's name":  {"a.gif", []byte("GIF89a=1;alert(1)/*" + page), 422},
		"an archive":                {"a.png", append([]byte("PK\x03\x04"), picture...), 422},
		"a PDF":                     {"a.png", []byte("%PDF-1.7\n" + page), 422},
		"a page behind a picture":   {"page.html", append(slices.Clone(picture), page...), 201},
	} {
		r := sending{fields: goodFields, name: c.name, file: c.file, mend: h.token(t, "contributor")}.to(t, h.Handler(), "/api/v1/locations/square/images")
		if r.StatusCode != c.want {
			t.Errorf("%s: %d, want %d\n%s", what, r.StatusCode, c.want, body(t, r))
		}
	}
	recs, err := h.archive.Images(t.Context(), "square")
	if err != nil || len(recs) != 1 || !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(recs[0].File) {
		t.Fatalf("%+v, %v", recs, err)
	}
	if rep, err := h.archive.Verify(t.Context(), nil); err != nil || !rep.OK() || rep.Originals != 1 {
		t.Errorf("%+v, %v", rep, err)
	}
	h.picturesHold(t, "square", []string{"pwn", "<html", "<script"})
	o := ask(h.Handler(), "GET", "/originals/"+recs[0].Digest.String(), h.as(t, "editor"))
	if csp := o.Header.Get("Content-Security-Policy"); o.StatusCode != 200 || o.Header.Get("Content-Type") != "application/octet-stream" ||
		!strings.HasPrefix(o.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("the original: %d %v", o.StatusCode, o.Header)
	}
}

// picturesHold looks whether a picture that the service shows of a location holds any
// of the words.
func (h *house) picturesHold(t *testing.T, slug string, words []string) {
	t.Helper()
	editor := h.as(t, "editor")
	var page string
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		page = body(t, ask(h.Handler(), "GET", "/locations/"+slug, editor))
		if !strings.Contains(page, "/events?wait=") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("still waiting for pictures")
		}
	}
	recs, err := h.archive.Images(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, r := range recs {
		paths = append(paths, "/locations/"+slug+"/images/"+r.Digest.Short()+".png")
	}
	paths = append(paths, regexp.MustCompile(`/results/[0-9a-f]{64}/[^"?&, ]+\.(?:jpg|png|gif|svg)`).FindAllString(page, -1)...)
	if len(paths) <= len(recs) {
		t.Fatalf("the page shows no pictures:\n%s", page)
	}
	for _, p := range paths {
		r := ask(h.Handler(), "GET", p, editor)
		for len(r.Header.Get("Location")) > 0 {
			r = ask(h.Handler(), "GET", r.Header.Get("Location"), editor)
		}
		text := body(t, r)
		if r.StatusCode != 200 || len(text) == 0 || !strings.HasPrefix(r.Header.Get("Content-Type"), "image/") || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", p, r.StatusCode, r.Header)
		}
		for _, w := range words {
			if strings.Contains(text, w) {
				t.Errorf("%s holds %q", p, w)
			}
		}
	}
}
