package server_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/people"
)

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
