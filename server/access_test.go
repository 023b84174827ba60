package server_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
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
func (h *house) admit(t testing.TB, mend ...func(*people.Options)) {
	t.Helper()
	o := people.DefaultOptions()
	o.Cost = people.Cost{Memory: 64, Passes: 1, Threads: 1}
	for _, m := range mend {
		m(&o)
	}
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
	"GET /new":                                  people.Contributor,
	"POST /new":                                 people.Contributor,
	"GET /locations/:slug/upload":               people.Contributor,
	"POST /locations/:slug/upload":              people.Contributor,
	"GET /locations/:slug/uploads/:image":       people.Contributor,
	"GET /locations/:slug/read":                 people.Analyst,
	"POST /locations/:slug/read":                people.Analyst,
	"GET /locations/:slug/read/:turn":           people.Analyst,
	"GET /locations/:slug/add":                  people.Contributor,
	"GET /locations/:slug/table":                people.Contributor,
	"POST /locations/:slug/table":               people.Contributor,
	"GET /locations/:slug/publication":          people.Editor,
	"POST /locations/:slug/publication":         people.Editor,
	"GET /account":                              people.Contributor,
	"POST /account/password":                    people.Contributor,
	"POST /account/tokens":                      people.Contributor,
	"POST /account/tokens/revoke":               people.Contributor,
	"GET /people":                               people.Editor,
	"POST /people/invite":                       people.Editor,
	"POST /people/withdraw":                     people.Editor,
	"POST /people/change":                       people.Editor,
	"POST /api/v1/uploads":                      people.Contributor,
	"GET /api/v1/uploads/:id":                   people.Contributor,
	"PATCH /api/v1/uploads/:id":                 people.Contributor,
	"DELETE /api/v1/uploads/:id":                people.Contributor,
	"POST /api/v1/uploads/:id":                  people.Contributor,
	"POST /api/v1/locations":                    people.Contributor,
	"POST /api/v1/locations/:slug/images":       people.Contributor,
	"POST /api/v1/locations/:slug/claims":       people.Contributor,
	"POST /api/v1/locations/:slug/regions":      people.Contributor,
	"POST /api/v1/locations/:slug/publication":  people.Editor,
	"GET /api/v1/locations/:slug/releases":      people.Editor,
	"POST /api/v1/locations/:slug/releases":     people.Editor,
	"GET /api/v1/locations/:slug/reading":       people.Analyst,
	"GET /api/v1/locations/:slug/reading/:turn": people.Analyst,
	"POST /api/v1/locations/:slug/readings":     people.Analyst,
	"POST /api/v1/cases":                        people.Contributor,
	"PUT /api/v1/originals/:digest":             people.Contributor,
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

var from9 = netip.MustParseAddr("192.0.2.9")
