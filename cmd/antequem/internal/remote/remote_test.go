package remote_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/cmd/antequem/internal/remote"
	"github.com/antequem/antequem/imagery"
)

func TestAddressesAndTokens(t *testing.T) {
	for _, c := range []struct {
		address, token string
		ok             bool
	}{
		{"https://example.org", "secret", true},
		{"https://example.org/", "", true},
		{"http://example.org", "", true},
		{"http://127.0.0.1:8080", "secret", true},
		{"http://localhost:8080", "secret", true},
		{"http://[::1]:8080", "secret", true},
		{"http://example.org", "secret", false}, // a token in the clear
		{"http://127.0.0.1.example.org", "secret", false},
		{"example.org", "", false},
		{"https://example.org/antequem", "", false},
		{"ftp://example.org", "", false},
		{"", "", false},
	} {
		if _, err := remote.New(c.address, c.token); (err == nil) != c.ok {
			t.Errorf("%q with token %q: %v", c.address, c.token, err)
		}
	}
}

// at returns the service that h answers for.
func at(t *testing.T, h http.HandlerFunc) *remote.Service {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	s, err := remote.New(srv.URL, "secret")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOriginalsThatAreLackedAreSentOnce(t *testing.T) {
	data := []byte("a picture")
	d := imagery.DigestOf(data)
	held := map[string]string{}
	sends := 0
	s := at(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.Header.Get("Authorization") != "Bearer secret":
			w.WriteHeader(401)
		case r.Method == "PUT":
			held[r.URL.Path] = string(body)
			w.WriteHeader(201)
		case held["/api/v1/originals/"+d.String()] == "":
			sends++
			w.WriteHeader(202)
			fmt.Fprintf(w, `{"slug": "", "missing": [%q]}`, d)
		default:
			sends++
			fmt.Fprint(w, `{"slug": "yard", "missing": []}`)
		}
	})
	open := func(imagery.Digest) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(string(data))), nil }
	for range 2 {
		if slug, err := s.Send(t.Context(), []byte("title: T\n"), open); err != nil || slug != "yard" {
			t.Fatal(slug, err)
		}
	}
	if held["/api/v1/originals/"+d.String()] != string(data) || sends != 3 {
		t.Errorf("%d sendings, held %q", sends, held)
	}
}

func TestRefusalsAreToldInTheServicesWords(t *testing.T) {
	for _, c := range []struct {
		does, body, want string
		status           int
	}{
		{"a problem document", `{"title": "Needs mending", "detail": "The case has mistakes.", "errors": [{"location": "body.line 3", "message": "aquired"}]}`, "The case has mistakes.; body.line 3: aquired (422)", 422},
		{"no document", "<html>", "Forbidden (403)", 403},
		{"an answer that is none", "oops", "can't be read", 200},
		{"a redirect to another place", "", "leads elsewhere", 302},
	} {
		s := at(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://example.net")
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
		})
		if _, err := s.Version(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.does, err, c.want)
		}
	}
}

func TestPatienceIsHadAndEndsWithTheContext(t *testing.T) {
	asked := 0
	s := at(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		fmt.Fprint(w, `{"status": "computing", "files": []}`)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	_, err := s.Files(ctx, "yard", imagery.Digest{}, imagery.Digest{})
	if !errors.Is(err, context.DeadlineExceeded) || asked < 3 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

func TestFilesComeFromTheServiceAlone(t *testing.T) {
	s := at(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) })
	got, err := s.Read(t.Context(), remote.File{Name: "a.png", URL: "https://elsewhere.example/api/v1/results/1/a.png"}, 100)
	if err != nil || string(got) != "/api/v1/results/1/a.png" {
		t.Errorf("%q, %v: want the service itself to be asked", got, err)
	}
	if _, err := s.Read(t.Context(), remote.File{Name: "a.png", URL: "/etc/passwd"}, 100); !errors.Is(err, imagery.ErrInvalid) {
		t.Errorf("an address outside the API: %v", err)
	}
	if _, err := s.Read(t.Context(), remote.File{Name: "a.png", URL: "/api/v1/long"}, 3); !errors.Is(err, imagery.ErrTooLarge) {
		t.Errorf("more than the limit: %v", err)
	}
}
