package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server"
)

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
