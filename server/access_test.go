package server_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
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

const passphrase = "a long enough one"

// peopled is the judged block in a service with an account for each role, named as
// the role is.
func peopled(t testing.TB, c server.Config) (h *house, slug string, before, after imagery.Digest) {
	t.Helper()
	h, slug, before, after = judged(t, c)
	h.admit(t)
	return h, slug, before, after
}

// admit gives h accounts.
func (h *house) admit(t testing.TB) {
	t.Helper()
	o := people.DefaultOptions()
	o.Cost = people.Cost{Memory: 64, Passes: 1, Threads: 1}
	s, err := people.Open(context.Background(), filepath.Join(h.archive.Dir(), "people.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for _, r := range people.Roles {
		if _, err := s.Add(context.Background(), r.String(), r, passphrase); err != nil {
			t.Fatal(err)
		}
	}
	h.people = s
	h.Server = again(t, h)
}

// as sends a request with a session of that account, from a browser on another machine.
func (h *house) as(t testing.TB, name string) func(*http.Request) {
	t.Helper()
	text := ""
	if name != "" {
		var err error
		if _, text, err = h.people.SignIn(context.Background(), name, passphrase, from9, ""); err != nil {
			t.Fatal(err)
		}
	}
	return func(r *http.Request) {
		afar(r)
		sameOrigin(r)
		if text != "" {
			r.AddCookie(&http.Cookie{Name: "antequem", Value: text})
		}
	}
}

// token sends a request with a token of that account.
func (h *house) token(t testing.TB, name string) func(*http.Request) {
	t.Helper()
	_, text, err := h.people.NewToken(context.Background(), name, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return func(r *http.Request) {
		afar(r)
		r.Header.Set("Authorization", "Bearer "+text)
	}
}

// afar is a request from another machine.
func afar(r *http.Request) { r.RemoteAddr, r.Host = "192.0.2.9:4000", "example.org" }

// postForm sends a form as a page of the service would.
func postForm(h http.Handler, path string, form url.Values, mend ...func(*http.Request)) *http.Response {
	r := httptest.NewRequest("POST", "http://localhost"+path, strings.NewReader(form.Encode()))
	r.RemoteAddr = "127.0.0.1:40000"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sameOrigin(r)
	for _, m := range mend {
		m(r)
	}
	return serveOne(h, r)
}

// restricted says which role an address needs, for those that not everybody may ask
// for: written down a second time, so that a slip in the service's own table shows.
var restricted = map[string]people.Role{
	"GET /locations/:slug/upload":          people.Contributor,
	"POST /locations/:slug/upload":         people.Contributor,
	"GET /locations/:slug/uploads/:image":  people.Contributor,
	"GET /locations/:slug/read":            people.Analyst,
	"POST /locations/:slug/read":           people.Analyst,
	"GET /locations/:slug/read/:turn":      people.Analyst,
	"GET /locations/:slug/add":             people.Contributor,
	"GET /locations/:slug/table":           people.Contributor,
	"POST /locations/:slug/table":          people.Contributor,
	"GET /locations/:slug/publication":     people.Editor,
	"POST /locations/:slug/publication":    people.Editor,
	"GET /account":                         people.Contributor,
	"POST /account/password":               people.Contributor,
	"POST /account/tokens":                 people.Contributor,
	"POST /account/tokens/revoke":          people.Contributor,
	"GET /people":                          people.Editor,
	"POST /people/invite":                  people.Editor,
	"POST /people/withdraw":                people.Editor,
	"POST /people/change":                  people.Editor,
	"POST /api/v1/uploads":                 people.Contributor,
	"GET /api/v1/uploads/:id":              people.Contributor,
	"PATCH /api/v1/uploads/:id":            people.Contributor,
	"DELETE /api/v1/uploads/:id":           people.Contributor,
	"POST /api/v1/uploads/:id":             people.Contributor,
	"POST /api/v1/locations":               people.Contributor,
	"POST /api/v1/locations/:slug/images":  people.Contributor,
	"POST /api/v1/locations/:slug/claims":  people.Contributor,
	"POST /api/v1/locations/:slug/regions": people.Contributor,
	"POST /api/v1/cases":                   people.Contributor,
	"PUT /api/v1/originals/:digest":        people.Contributor,
}

func TestEveryAddressHasALineInTheTableOfRoles(t *testing.T) {
	h, _, _, _ := peopled(t, settle())
	known := map[string]bool{}
	for _, r := range h.Routes() {
		r = strings.Replace(r, "HEAD ", "GET ", 1)
		known[r] = true
		if _, ok := server.Least[r]; !ok {
			t.Errorf("%s has no line in the table of roles", r)
		}
	}
	for r := range server.Least {
		if !known[r] {
			t.Errorf("the table of roles names %s, which is no address", r)
		}
	}
	for r := range restricted {
		if !known[r] {
			t.Errorf("this test names %s, which is no address", r)
		}
	}
}

func TestEveryAddressIsForItsRoleAndThoseAbove(t *testing.T) {
	h, slug, before, _ := peopled(t, settle(func(c *server.Config) {
		c.Originals, c.Metrics, c.WriteRate = server.AccessAll, server.AccessAll, 0
	}))
	if _, err := h.archive.AddLocation(t.Context(), imagery.Location{Name: "A draft", Slug: "draft"}, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("/:slug/uploads/", "/"+slug+"/uploads/", "/:slug/upload", "/draft/upload", "/:slug/table", "/draft/table", "/:slug/add", "/draft/add", ":slug", slug, ":image", before.Short(), ":id", "struck", ":file", before.Short()+".png",
		":recipe", strings.Repeat("0", 64), "*", "a.png", ":digest", before.String(), ":schema", "CaseDoc.json", ":turn", "0.jpg")
	for _, route := range h.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if strings.HasSuffix(path, "/events") {
			path += "?wait=x" // ends at once
		}
		need := restricted[strings.Replace(route, "HEAD ", "GET ", 1)]
		for role := people.Reader; role <= people.Editor; role++ {
			name := role.String()
			if role == people.Reader {
				name = ""
			}
			mends := map[string]func(*http.Request){"session": h.as(t, name)}
			if name != "" && strings.HasPrefix(path, "/api/") {
				mends["token"] = h.token(t, name)
			}
			for by, mend := range mends {
				r := ask(h.Handler(), method, fill.Replace(path), mend)
				away := r.StatusCode == 401 || r.StatusCode == 403 ||
					r.StatusCode == 303 && strings.HasPrefix(r.Header.Get("Location"), "/sign-in?")
				if away != (role < need) {
					t.Errorf("%s as %s by %s: %d, needs %s", route, role, by, r.StatusCode, need)
				}
			}
		}
	}
}

func TestOnePersonAtTheMachineNeedsNoAccountUntilThereIsOne(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	path := "/locations/" + slug + "/upload"
	if r := ask(h.Handler(), "GET", path); r.StatusCode != 200 {
		t.Errorf("alone: %d", r.StatusCode)
	}
	for name, mend := range map[string]func(*http.Request){
		"from another machine":            afar,
		"through a proxy that says so":    with("X-Forwarded-For", "192.0.2.1"),
		"through one that keeps silent":   func(r *http.Request) { r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.0", 1, 0 },
		"under a name that isn't its own": func(r *http.Request) { r.Host = "example.org" },
	} {
		if r := ask(h.Handler(), "GET", path, mend); r.StatusCode != 403 {
			t.Errorf("%s: %d, want 403", name, r.StatusCode)
		}
	}
	h.admit(t)
	r := ask(h.Handler(), "GET", path)
	if to := r.Header.Get("Location"); r.StatusCode != 303 || to != "/sign-in?next=%2Flocations%2Fblock%2Fupload" {
		t.Errorf("with accounts: %d to %q", r.StatusCode, to)
	}
}

func TestAnAddressThatOthersReachWantsAnEditor(t *testing.T) {
	h, _, _, _ := judged(t, settle())
	for _, host := range []string{"0.0.0.0:0", "[::]:0"} {
		ln, err := net.Listen("tcp", host)
		if err != nil {
			t.Logf("%s: %v", host, err)
			continue
		}
		err = h.Serve(context.Background(), ln)
		if err == nil || !strings.Contains(err.Error(), "antequem user add") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", host, err)
		}
	}
	h.admit(t)
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, stop)
	ln, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Serve(ctx, ln); err != nil {
		t.Error(err)
	}
}

// signIn signs in through the form and returns the session's cookie; nil where it was refused.
func signIn(t testing.TB, h http.Handler, name, password string, mend ...func(*http.Request)) (*http.Response, *http.Cookie) {
	t.Helper()
	r := postForm(h, "/sign-in", url.Values{"name": {name}, "password": {password}, "next": {"/locations/block"}}, mend...)
	for _, k := range r.Cookies() {
		if k.Name == "antequem" || k.Name == "__Host-antequem" {
			return r, k
		}
	}
	return r, nil
}

func TestSigningInGivesACookieThatScriptsAndOtherSitesCanTUse(t *testing.T) {
	h, _, _, _ := peopled(t, settle())
	r, k := signIn(t, h.Handler(), "editor", passphrase, afar)
	if r.StatusCode != 303 || r.Header.Get("Location") != "/locations/block" || k == nil {
		t.Fatalf("%d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	if !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || k.Secure {
		t.Errorf("cookie %+v", k)
	}
	page := body(t, ask(h.Handler(), "GET", "/account", afar, func(r *http.Request) { r.AddCookie(k) }))
	if !strings.Contains(page, "editor") || strings.Contains(page, k.Value) {
		t.Errorf("account:\n%s", page)
	}
	out := postForm(h.Handler(), "/sign-out", nil, afar, func(r *http.Request) { r.AddCookie(k) })
	if out.StatusCode != 303 || out.Cookies()[0].MaxAge >= 0 {
		t.Errorf("%d %v", out.StatusCode, out.Cookies())
	}
	if r := ask(h.Handler(), "GET", "/account", afar, func(r *http.Request) { r.AddCookie(k) }); r.StatusCode != 303 {
		t.Errorf("a stolen cookie after signing out: %d", r.StatusCode)
	}

	c := settle(func(c *server.Config) { c.Origin = "https://example.org" })
	h.config = c
	s := again(t, h)
	_, k = signIn(t, s.Handler(), "editor", passphrase, afar)
	if k == nil || k.Name != "__Host-antequem" || !k.Secure {
		t.Errorf("over https: %+v", k)
	}
}

func TestASessionThatAnotherPutThereIsWorthNothing(t *testing.T) {
	h, _, _, _ := peopled(t, settle())
	planted := &http.Cookie{Name: "antequem", Value: "AAAAAAAAAAAA-AAAAAAAAAAAAAAAAAAAAAAAAAA"}
	_, k := signIn(t, h.Handler(), "editor", passphrase, afar, func(r *http.Request) { r.AddCookie(planted) })
	if k == nil || k.Value == planted.Value {
		t.Fatalf("%v", k)
	}
	if r := ask(h.Handler(), "GET", "/account", afar, func(r *http.Request) { r.AddCookie(planted) }); r.StatusCode != 303 {
		t.Errorf("planted: %d", r.StatusCode)
	}
	// The attacker's own session, planted, ends when somebody signs in over it.
	_, own := signIn(t, h.Handler(), "contributor", passphrase, afar)
	if _, k := signIn(t, h.Handler(), "editor", passphrase, afar, func(r *http.Request) { r.AddCookie(own) }); k == nil {
		t.Fatal("not signed in")
	}
	if r := ask(h.Handler(), "GET", "/account", afar, func(r *http.Request) { r.AddCookie(own) }); r.StatusCode != 303 {
		t.Errorf("the attacker's session: %d", r.StatusCode)
	}
}

func TestWrongPasswordsAreToldAlikeAndSlowedWhateverTheHeadersSay(t *testing.T) {
	h, _, _, _ := peopled(t, settle(func(c *server.Config) { c.WriteRate = 0 }))
	unknown, _ := signIn(t, h.Handler(), "nobody", "wrong wrong wrong", afar)
	wrong, _ := signIn(t, h.Handler(), "editor", "wrong wrong wrong", afar)
	clean := func(r *http.Response) string {
		text := regexp.MustCompile(`value="[^"]*"|request <code[^<]*`).ReplaceAllString(body(t, r), "")
		return text
	}
	if unknown.StatusCode != 422 || wrong.StatusCode != 422 || clean(unknown) != clean(wrong) {
		t.Errorf("%d and %d tell a name from a password", unknown.StatusCode, wrong.StatusCode)
	}
	var last *http.Response
	for i := range 10 {
		last, _ = signIn(t, h.Handler(), "editor", "wrong wrong wrong", afar, func(r *http.Request) {
			r.Header.Set("X-Forwarded-For", "198.51.100."+string(rune('0'+i)))
			r.Header.Set("X-Real-Ip", "198.51.100.7")
			r.Header.Set("Forwarded", "for=198.51.100.8")
		})
	}
	if last.StatusCode != 429 || last.Header.Get("Retry-After") == "" {
		t.Errorf("%d, want 429", last.StatusCode)
	}
	if r, k := signIn(t, h.Handler(), "analyst", passphrase, afar); k == nil {
		t.Errorf("another account from there: %d", r.StatusCode)
	}
}

func TestTheAddressThatAProxyNamesIsBelievedOfOwnProxiesAlone(t *testing.T) {
	h, _, _, _ := peopled(t, settle(func(c *server.Config) {
		c.WriteRate, c.WriteBurst, c.Proxies = 0.001, 2, []string{"192.0.2.0/24"}
	}))
	try := func(remote, header string) int {
		r := postForm(h.Handler(), "/sign-out", nil, func(r *http.Request) {
			r.RemoteAddr, r.Host = remote, "example.org"
			r.Header.Set("X-Forwarded-For", header)
		})
		return r.StatusCode
	}
	for i, c := range []struct {
		remote, header string
		want           int
	}{
		{"192.0.2.1:1", "203.0.113.1", 303},
		{"192.0.2.1:1", "203.0.113.1", 303},
		{"192.0.2.1:1", "203.0.113.1", 429},
		{"192.0.2.1:1", "203.0.113.2", 303},                // another reader behind the proxy
		{"192.0.2.1:1", "198.51.100.77, 203.0.113.1", 429}, // what the reader itself put before it counts for nothing
		{"203.0.113.9:1", "203.0.113.10", 303},
		{"203.0.113.9:1", "203.0.113.11", 303},
		{"203.0.113.9:1", "203.0.113.12", 429}, // no proxy of ours
	} {
		if got := try(c.remote, c.header); got != c.want {
			t.Errorf("%d: %s for %s: %d, want %d", i, c.remote, c.header, got, c.want)
		}
	}
}

func TestATokenThatIsNotRightIsRefusedEvenWhereNobodyNeedsOne(t *testing.T) {
	h, slug, _, _ := peopled(t, settle())
	k, text, err := h.people.NewToken(t.Context(), "contributor", "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(token string) *http.Response {
		r := httptest.NewRequest("POST", "http://localhost/api/v1/locations/"+slug+"/claims",
			strings.NewReader(`{"text": "It was so before.", "id": "by-token", "changed": "2016"}`))
		afar(r)
		r.Header.Set("Content-Type", "application/json")
		if token != "" {
			r.Header.Set("Authorization", token)
		}
		return serveOne(h.Handler(), r)
	}
	for name, token := range map[string]string{
		"none": "", "another scheme": "Basic " + text, "cut short": "Bearer " + text[:len(text)-1], "empty": "Bearer ",
		"a session": "Bearer " + sessionOf(t, h, "editor"), "made up": "Bearer AAAAAAAAAAAA-AAAAAAAAAAAAAAAAAAAAAAAAAA",
	} {
		r := claim(token)
		if r.StatusCode != 401 || r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Header.Get("Content-Type"))
		}
	}
	if r := ask(h.Handler(), "GET", "/api/v1/locations", with("Authorization", "Bearer wrong")); r.StatusCode != 401 {
		t.Errorf("reading with a wrong token: %d, want 401 so that its owner learns of it", r.StatusCode)
	}
	if err := h.people.Revoke(t.Context(), people.Token, k.ID, ""); err != nil {
		t.Fatal(err)
	}
	if r := claim("Bearer " + text); r.StatusCode != 401 {
		t.Errorf("revoked: %d", r.StatusCode)
	}
	cs, err := h.archive.Case(t.Context(), slug)
	if err != nil || slices.ContainsFunc(cs.Claims, func(c imagery.Claim) bool { return c.ID == "by-token" }) {
		t.Errorf("something was stored: %v", err)
	}
	if strings.Contains(h.log.String(), text) || strings.Contains(h.log.String(), passphrase) {
		t.Error("the log holds what lets in")
	}
}

func sessionOf(t testing.TB, h *house, name string) string {
	t.Helper()
	_, text, err := h.people.SignIn(context.Background(), name, passphrase, from9, "")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAnInvitationLeadsToAnAccountOnce(t *testing.T) {
	h, _, _, _ := peopled(t, settle())
	made := postForm(h.Handler(), "/people/invite", url.Values{"role": {"contributor"}, "days": {"7"}, "label": {"<b>desk</b>"}}, h.as(t, "editor"))
	text := body(t, made)
	m := regexp.MustCompile(`http://example\.org/join\?invitation=([A-Z2-7]{12}-[A-Z2-7]{26})`).FindStringSubmatch(text)
	if made.StatusCode != 200 || m == nil || strings.Contains(text, "<b>desk") || made.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d\n%s", made.StatusCode, text)
	}
	if again := body(t, ask(h.Handler(), "GET", "/people", h.as(t, "editor"))); strings.Contains(again, m[1]) {
		t.Error("the link is shown a second time")
	}
	form := ask(h.Handler(), "GET", "/join?invitation="+m[1], afar)
	if form.StatusCode != 200 || form.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("%d %v", form.StatusCode, form.Header)
	}
	join := func(name, password string) *http.Response {
		return postForm(h.Handler(), "/join", url.Values{"invitation": {m[1]}, "name": {name}, "password": {password}}, afar)
	}
	for name, r := range map[string]*http.Response{
		"a short password": join("stilt", "short"), "a name that is taken": join("editor", passphrase), "markup": join("<script>", passphrase),
	} {
		if text := body(t, r); r.StatusCode != 422 || strings.Contains(text, "<script>x") || strings.Contains(text, `value="<script>`) {
			t.Errorf("%s: %d\n%s", name, r.StatusCode, text)
		}
	}
	if r := join("stilt", passphrase); r.StatusCode != 303 || r.Header.Get("Location") != "/account" {
		t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
	}
	if r := join("avocet", passphrase); r.StatusCode != 404 {
		t.Errorf("replayed: %d", r.StatusCode)
	}
	if r := ask(h.Handler(), "GET", "/join?invitation="+m[1], afar); r.StatusCode != 404 {
		t.Errorf("used: %d", r.StatusCode)
	}
	if strings.Contains(h.log.String(), m[1][13:]) {
		t.Error("the log holds the invitation")
	}
}

func TestFormsOfPeopleAreTakenFromOwnPagesAlone(t *testing.T) {
	h, _, _, _ := peopled(t, settle())
	for _, path := range []string{"/sign-in", "/sign-out", "/people/invite", "/people/change", "/account/tokens"} {
		for name, mend := range map[string]func(*http.Request){
			"another site":      with("Sec-Fetch-Site", "cross-site"),
			"another origin":    func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "https://evil.example") },
			"without any token": func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") },
			"a null origin":     func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "null") },
		} {
			r := postForm(h.Handler(), path, url.Values{"role": {"editor"}, "days": {"7"}}, h.as(t, "editor"), mend)
			if r.StatusCode != 403 {
				t.Errorf("%s from %s: %d", path, name, r.StatusCode)
			}
		}
	}
	if ks, err := h.people.Invitations(t.Context()); err != nil || len(ks) != 0 {
		t.Errorf("%v, %v", ks, err)
	}
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	for next, want := range map[string]string{
		"/locations/block?a=b": "/locations/block?a=b", "": "/", "https://evil.example/": "/", "//evil.example": "/",
		`/\evil.example`: "/", "javascript:alert(1)": "/", "/\tevil": "/", "evil": "/", "/a//b": "/a//b",
	} {
		if got := server.OwnPath(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestAnAccountCanBeKeptAndLost(t *testing.T) {
	h, _, _, _ := peopled(t, settle())
	mine := h.as(t, "contributor")
	made := postForm(h.Handler(), "/account/tokens", url.Values{"label": {"script"}, "days": {"3"}}, mine)
	text := regexp.MustCompile(`data-secret>([^<]+)<`).FindStringSubmatch(body(t, made))
	if made.StatusCode != 200 || text == nil {
		t.Fatalf("%d", made.StatusCode)
	}
	if again := body(t, ask(h.Handler(), "GET", "/account", mine)); strings.Contains(again, text[1]) || !strings.Contains(again, "script") {
		t.Error("the token is shown a second time, or not at all")
	}
	for name, form := range map[string]url.Values{
		"a wrong password": {"current": {"wrong wrong wrong"}, "password": {"another long one"}},
		"a weak one":       {"current": {passphrase}, "password": {"short"}},
	} {
		if r := postForm(h.Handler(), "/account/password", form, h.as(t, "contributor")); r.StatusCode != 422 {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	other := h.as(t, "contributor")
	r := postForm(h.Handler(), "/account/password", url.Values{"current": {passphrase}, "password": {"another long one"}}, mine)
	if r.StatusCode != 303 || len(r.Cookies()) == 0 {
		t.Fatalf("%d %v", r.StatusCode, r.Cookies())
	}
	if r := ask(h.Handler(), "GET", "/account", other); r.StatusCode != 303 {
		t.Errorf("another session after the password changed: %d", r.StatusCode)
	}
	if r := postForm(h.Handler(), "/people/change", url.Values{"name": {"contributor"}, "do": {"disable"}}, h.as(t, "editor")); r.StatusCode != 303 {
		t.Errorf("disabling: %d", r.StatusCode)
	}
	if r := postForm(h.Handler(), "/people/change", url.Values{"name": {"editor"}, "do": {"disable"}}, h.as(t, "editor")); r.StatusCode != 422 {
		t.Errorf("disabling the only editor: %d", r.StatusCode)
	}
	if r := ask(h.Handler(), "GET", "/api/v1/locations", afar, with("Authorization", "Bearer "+text[1])); r.StatusCode != 401 {
		t.Errorf("the token of a disabled account: %d", r.StatusCode)
	}
}

func TestNobodyIsNamedWhereAnUploadShows(t *testing.T) {
	h, slug, _, _ := peopled(t, settle())
	file := scene(t, 3, true)
	s := sending{fields: goodFields, name: "Anna-Kovalenko-IMG_2016.png", file: file, mend: h.as(t, "editor")}
	if r := s.to(t, h.Handler(), "/locations/"+slug+"/upload"); r.StatusCode != 303 {
		t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
	}
	d := imagery.DigestOf(file)
	for _, path := range []string{"/locations/" + slug, "/api/v1/locations/" + slug, "/api/v1/locations/" + slug + "/case", "/api/v1/locations/" + slug + "/images/" + d.Short()} {
		r := ask(h.Handler(), "GET", path, h.as(t, ""))
		got := body(t, r)
		if r.StatusCode != 200 || bytes.Contains([]byte(got), []byte("Kovalenko")) || strings.Contains(got, "editor") {
			t.Errorf("%s: %d names who brought it, or their file:\n%.400s", path, r.StatusCode, got)
		}
	}
	rs, err := h.archive.Receipts(t.Context(), d)
	if err != nil || len(rs) != 1 || rs[0].Uploader != "editor" || rs[0].File != d.Short()+".png" {
		t.Errorf("%+v, %v", rs, err)
	}
	if strings.Contains(h.log.String(), "Kovalenko") || strings.Contains(h.log.String(), `"editor"`) {
		t.Error("the log names who brought it")
	}
}

var from9 = netip.MustParseAddr("192.0.2.9")
