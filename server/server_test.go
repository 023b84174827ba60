package server_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/server"
)

func handlerOf(t *testing.T, c server.Config) http.Handler {
	t.Helper()
	return build(t, t.TempDir(), c).Handler()
}

// ask sends a request as a reader on this machine would.
func ask(h http.Handler, method, path string, mend ...func(*http.Request)) *http.Response {
	r := httptest.NewRequest(method, "http://localhost"+path, nil)
	r.RemoteAddr = "127.0.0.1:40000"
	for _, m := range mend {
		m(r)
	}
	return serveOne(h, r)
}

func serveOne(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAnUnknownAddressIsNotFoundAsPageAndAsProblem(t *testing.T) {
	h := handlerOf(t, settle())
	for _, path := range []string{"/nothing", "/locations/a/b/c", "/..%2f..%2fetc/passwd", "/locations/%00", "/api/v1/nothing", "/embed/nothing"} {
		r := ask(h, "GET", path)
		if r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, r.StatusCode)
		}
		want := "text/html; charset=utf-8"
		if strings.HasPrefix(path, "/api/") {
			want = "application/problem+json"
		}
		if got := r.Header.Get("Content-Type"); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	r := ask(h, "GET", "/nothing", with("Accept", "application/json"))
	var p struct {
		Title, Detail string
		Status        int
	}
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil || p.Status != 404 || p.Title != "Not found" || p.Detail == "" {
		t.Errorf("problem document: %+v, %v", p, err)
	}
}

func TestAMethodThatAnAddressDoesNotKnowIsSaidToBeThat(t *testing.T) {
	h := handlerOf(t, settle())
	for _, address := range []string{"DELETE /", "DELETE /api/v1/locations", "PUT /api/v1/locations/block", "POST /api/v1/locations/block/report", "GET /api/v1/cases"} {
		method, path, _ := strings.Cut(address, " ")
		if r := ask(h, method, path); r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") == "" {
			t.Errorf("%s: %d, Allow %q; want 405 and the methods", address, r.StatusCode, r.Header.Get("Allow"))
		}
	}
}

func TestWhatAnswersToGETAnswersToHEAD(t *testing.T) {
	h, slug, before, _ := judged(t, settle())
	routes := h.Routes()
	for _, route := range routes {
		if path, ok := strings.CutPrefix(route, "GET "); ok && !slices.Contains(routes, "HEAD "+path) {
			t.Errorf("HEAD %s is not known", path)
		}
	}
	service := httptest.NewServer(h.Handler())
	defer service.Close()
	here := "/api/v1/locations/" + slug
	for _, path := range []string{"/api/v1/openapi.json", "/api/v1/locations", here, here + "/case", here + "/report", here + "/images/" + before.Short(), here + "/no", "/api/v1/locations/nowhere"} {
		answer := func(method string) (*http.Response, string) {
			r, err := http.NewRequestWithContext(t.Context(), method, service.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := service.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			return got, body(t, got)
		}
		get, _ := answer("GET")
		head, text := answer("HEAD")
		if head.StatusCode != get.StatusCode || head.Header.Get("Content-Type") != get.Header.Get("Content-Type") || text != "" {
			t.Errorf("%s: HEAD %d %s %q, GET %d %s", path, head.StatusCode, head.Header.Get("Content-Type"), text, get.StatusCode, get.Header.Get("Content-Type"))
		}
	}
}

func TestEveryAnswerCarriesTheHeadersThatBoundABrowser(t *testing.T) {
	h := handlerOf(t, settle())
	for _, path := range []string{"/healthz", "/nothing", "/assets/none.css"} {
		head := ask(h, "GET", path).Header
		csp := head.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe-inline") {
			t.Errorf("%s: policy %q", path, csp)
		}
		for name, want := range map[string]string{"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"} {
			if got := head.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if len(head.Get("X-Request-Id")) != 16 {
			t.Errorf("%s: request id %q", path, head.Get("X-Request-Id"))
		}
	}
	embed := ask(h, "GET", "/embed/nothing").Header
	if !strings.Contains(embed.Get("Content-Security-Policy"), "frame-ancestors *") || embed.Get("X-Frame-Options") != "" {
		t.Errorf("an embed may not be framed: %v", embed)
	}
}

func TestARequestIdIsNeverTheReadersOwn(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	r := ask(h.Handler(), "GET", "/healthz", with("X-Request-Id", "forged\nline"))
	id := r.Header.Get("X-Request-Id")
	log := h.log.String()
	if id == "" || strings.Contains(id, "forged") || strings.Contains(log, "forged") {
		t.Errorf("id %q, log %s", id, log)
	}
	var line struct {
		Msg, ID, Method, Path string
		Status                int
	}
	if err := json.Unmarshal([]byte(log), &line); err != nil || line.ID != id || line.Method != "GET" || line.Path != "/healthz" || line.Status != 200 {
		t.Errorf("log line %+v of %s: %v", line, log, err)
	}
	if strings.Contains(log, "127.0.0.1") {
		t.Errorf("the log tells who asked: %s", log)
	}
}

func TestAServiceOnLoopbackAnswersToItsOwnNamesAlone(t *testing.T) {
	url := build(t, t.TempDir(), settle()).listen(t)
	for host, want := range map[string]int{"": 200, "localhost": 200, "127.0.0.1:1": 200, "[::1]": 200, "evil.example": 421, "127.0.0.1.evil.example": 421} {
		r, err := http.NewRequest("GET", url+"/healthz", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != want {
			t.Errorf("host %q: %d, want %d", host, a.StatusCode, want)
		}
	}
}

func TestMetricsAreForReadersOnThisMachine(t *testing.T) {
	h := handlerOf(t, settle())
	ask(h, "GET", "/healthz")
	r := ask(h, "GET", "/metrics")
	if got := body(t, r); !strings.Contains(got, `antequem_http_requests_total{method="GET",route="/healthz",status="200"} 1`) ||
		!strings.Contains(got, `antequem_http_request_duration_seconds_count{route="/healthz"} 1`) {
		t.Errorf("metrics:\n%s", got)
	}
	for name, mend := range map[string]func(*http.Request){
		"through a proxy":      with("X-Forwarded-For", "127.0.0.1"),
		"from another machine": func(r *http.Request) { r.RemoteAddr = "192.0.2.1:1" },
		"by another name":      func(r *http.Request) { r.Host = "example.org" },
	} {
		if r := ask(h, "GET", "/metrics", mend); r.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", name, r.StatusCode)
		}
	}
}

func TestManyInventedAddressesAreOneLineOfTheMetrics(t *testing.T) {
	h := handlerOf(t, settle())
	for _, p := range []string{"/a", "/b/c", "/d/e/f", "/assets/x"} {
		ask(h, "GET", p)
	}
	got := body(t, ask(h, "GET", "/metrics"))
	if n := strings.Count(got, `status="404"`); n > 2 {
		t.Errorf("%d lines of 404:\n%s", n, got)
	}
}

func TestASlashTooManyLeadsToTheAddressWithout(t *testing.T) {
	h := handlerOf(t, settle())
	r := ask(h, "GET", "/healthz/?a=b")
	if r.StatusCode != http.StatusPermanentRedirect || r.Header.Get("Location") != "/healthz?a=b" {
		t.Errorf("%d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	for _, p := range []string{"//evil.example/", "/%2fevil.example/"} {
		if r := ask(h, "GET", p); strings.Contains(r.Header.Get("Location"), "evil") {
			t.Errorf("%s leads away to %q", p, r.Header.Get("Location"))
		}
	}
}

func TestAStoppedServiceEndsWithinItsGrace(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := build(t, t.TempDir(), settle())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, ln) }()
	if _, err := http.Get("http://" + ln.Addr().String() + "/readyz"); err != nil {
		t.Fatal(err)
	}
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("still serving")
	}
	if _, err := http.Get("http://" + ln.Addr().String() + "/healthz"); err == nil {
		t.Error("a stopped service answers")
	}
}

func TestAConfigOutOfRangeNamesItsKey(t *testing.T) {
	for key, spoil := range map[string]func(*server.Config){
		"originals":       func(c *server.Config) { c.Originals = "some" },
		"origin":          func(c *server.Config) { c.Origin = "example.org/path" },
		"max_upload":      func(c *server.Config) { c.MaxUpload = 0 },
		"request_timeout": func(c *server.Config) { c.RequestTimeout = 0 },
	} {
		c := settle()
		spoil(&c)
		if _, err := server.New(server.Deps{}, c); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v", key, err)
		}
	}
}
