package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server"
)

// A sending is a form with a file.
type sending struct {
	fields   map[string]string
	name     string
	file     []byte
	without  bool // no file at all
	mend     func(*http.Request)
	cutShort int // bytes left off the end of the body
}

func (s sending) to(t testing.TB, h http.Handler, path string) *http.Response {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range s.fields {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	if !s.without {
		f, err := w.CreateFormFile("image", s.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(s.file); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "http://localhost"+path, bytes.NewReader(b.Bytes()[:b.Len()-s.cutShort]))
	r.RemoteAddr = "127.0.0.1:40000"
	r.Header.Set("Content-Type", w.FormDataContentType())
	if s.mend != nil {
		s.mend(r)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec.Result()
}

// sameOrigin is what a browser says of a form of our own.
func sameOrigin(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }

var goodFields = map[string]string{"acquired": "2016-06-01", "basis": "capture", "source": "https://example.org/3", "platform": "satellite", "gsd": "0.5"}

func with2(fields map[string]string, key, value string) map[string]string {
	out := map[string]string{key: value}
	for k, v := range fields {
		if k != key {
			out[k] = v
		}
	}
	return out
}

func TestAnUploadIsStoredRecordedAlignedAndShown(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	file := scene(t, 3, true)
	d := imagery.DigestOf(file)
	start := time.Now()
	r := sending{fields: goodFields, name: `C:\pics\third "one".png`, file: file, mend: sameOrigin}.to(t, h.Handler(), "/locations/"+slug+"/upload")
	if to := r.Header.Get("Location"); r.StatusCode != http.StatusSeeOther || to != "/locations/block/uploads/"+d.Short() {
		t.Fatalf("%d to %q\n%s", r.StatusCode, to, body(t, r))
	}
	receipt := ask(h.Handler(), "GET", r.Header.Get("Location"))
	if got := body(t, receipt); receipt.StatusCode != 200 || !strings.Contains(got, d.String()) {
		t.Fatalf("%d\n%s", receipt.StatusCode, got)
	}
	kept, err := h.archive.ReadOriginal(context.Background(), d)
	if err != nil || !bytes.Equal(kept, file) {
		t.Errorf("the original is not the bytes as sent: %v", err)
	}
	eventually(t, h.Handler(), "/locations/"+slug, func(status int, b string) bool {
		return strings.Contains(b, d.Short()+".jpg") || strings.Contains(b, d.Short()+".png")
	})
	t.Logf("on the page after %v", time.Since(start))
	var img struct {
		File, Status string
		Width        int
	}
	got := eventually(t, h.Handler(), "/api/v1/locations/"+slug+"/images/"+d.Short(), func(status int, b string) bool {
		return status == 200 && !strings.Contains(b, `"computing"`)
	})
	if err := json.Unmarshal([]byte(got), &img); err != nil || img.File != "third-one.png" || img.Status != "used" || img.Width != 320 {
		t.Errorf("%+v %v", img, err)
	}
}

func TestAReceiptTellsWhatDisagrees(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	// Its pixels are nearly those of the image of May, and its date is another.
	r := sending{fields: with2(goodFields, "acquired", "2019-01"), name: "a.png", file: scene(t, 4, true), mend: sameOrigin}.to(t, h.Handler(), "/locations/"+slug+"/upload")
	got := body(t, ask(h.Handler(), "GET", r.Header.Get("Location")))
	if !strings.Contains(got, "It looks almost the same as new.png") {
		t.Errorf("%d\n%s", r.StatusCode, got)
	}
}

func TestTheSameFileTwiceIsStoredOnce(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	file := scene(t, 3, true)
	send := func(name string) string {
		r := sending{fields: goodFields, name: name, file: file, mend: sameOrigin}.to(t, h.Handler(), "/locations/"+slug+"/upload")
		if r.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d", name, r.StatusCode)
		}
		return body(t, ask(h.Handler(), "GET", r.Header.Get("Location")))
	}
	if got := send("a.png"); strings.Contains(got, "already") {
		t.Errorf("first:\n%s", got)
	}
	if got := send("b.png"); !strings.Contains(got, "already") {
		t.Errorf("second:\n%s", got)
	}
	r := sending{fields: goodFields, name: "c.png", file: file}.to(t, h.Handler(), "/api/v1/locations/"+slug+"/images")
	var doc struct {
		File  string
		Known bool
	}
	if err := json.NewDecoder(r.Body).Decode(&doc); err != nil || r.StatusCode != 200 || !doc.Known || doc.File != "a.png" {
		t.Errorf("by the API: %d %+v %v", r.StatusCode, doc, err)
	}
	recs, err := h.archive.Images(context.Background(), slug)
	if err != nil || len(recs) != 3 {
		t.Errorf("%d images, %v", len(recs), err)
	}
}

func TestWhatIsWrongWithAnUploadIsToldAndNothingIsStored(t *testing.T) {
	h, slug, _, _ := judged(t, settle(func(c *server.Config) { c.MaxUpload = 1 << 20 }))
	good := scene(t, 3, true)
	for _, c := range []struct {
		name   string
		send   sending
		status int
		field  string // that the problem document blames
	}{
		{"a text", sending{fields: goodFields, name: "a.png", file: []byte("hello, this is no picture")}, 422, "image"},
		{"half a picture", sending{fields: goodFields, name: "a.png", file: good[:len(good)/2]}, 422, "image"},
		{"an SVG with script", sending{fields: goodFields, name: "a.svg", file: []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)}, 422, "image"},
		{"an empty file", sending{fields: goodFields, name: "a.png"}, 422, "image"},
		{"no file", sending{fields: goodFields, without: true}, 422, "image"},
		{"a month that isn't there", sending{fields: with2(goodFields, "acquired", "2016-13"), name: "a.png", file: good}, 422, "acquired"},
		{"no date", sending{fields: with2(goodFields, "acquired", " "), name: "a.png", file: good}, 422, "acquired"},
		{"an unknown basis", sending{fields: with2(goodFields, "basis", "hearsay"), name: "a.png", file: good}, 422, "basis"},
		{"a source that is a script", sending{fields: with2(goodFields, "source", "javascript:alert(1)"), name: "a.png", file: good}, 422, "source"},
		{"a size that is no number", sending{fields: with2(goodFields, "gsd", "NaN"), name: "a.png", file: good}, 422, "gsd"},
		{"a date by reasoning that isn't given", sending{fields: with2(goodFields, "basis", "inferred"), name: "a.png", file: good}, 422, "notes"},
		{"more than is taken", sending{fields: goodFields, name: "a.png", file: make([]byte, 3<<20)}, 413, ""},
		{"a little more than is taken", sending{fields: goodFields, name: "a.png", file: make([]byte, 1<<20+1)}, 413, "image"},
		{"a body cut off", sending{fields: goodFields, name: "a.png", file: good, cutShort: 900}, 400, ""},
		{"a body of another kind", sending{fields: goodFields, name: "a.png", file: good, mend: with("Content-Type", "application/x-tar")}, 400, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.send.to(t, h.Handler(), "/api/v1/locations/"+slug+"/images")
			var p struct {
				Status        int
				Title, Detail string
				Errors        []struct{ Location, Message string }
			}
			got := body(t, r)
			if err := json.Unmarshal([]byte(got), &p); err != nil || r.Header.Get("Content-Type") != "application/problem+json" {
				t.Fatalf("no problem document: %v %s\n%s", err, r.Header.Get("Content-Type"), got)
			}
			if r.StatusCode != c.status || p.Status != c.status || p.Title == "" || p.Detail == "" {
				t.Errorf("%d %+v, want %d", r.StatusCode, p, c.status)
			}
			if c.field != "" && (len(p.Errors) != 1 || p.Errors[0].Location != "body."+c.field || p.Errors[0].Message == "") {
				t.Errorf("errors %+v, want one of %s", p.Errors, c.field)
			}
			form := c.send
			if form.mend == nil {
				form.mend = sameOrigin
			}
			r = form.to(t, h.Handler(), "/locations/"+slug+"/upload")
			if got := body(t, r); r.StatusCode != c.status || r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("page: %d %s\n%s", r.StatusCode, r.Header.Get("Content-Type"), got)
			} else if c.field != "" && c.field != "source" && !strings.Contains(got, `value="https://example.org/3"`) {
				t.Errorf("what was typed is lost:\n%s", got)
			}
		})
	}
	recs, err := h.archive.Images(context.Background(), slug)
	if err != nil || len(recs) != 2 {
		t.Errorf("%d images, %v", len(recs), err)
	}
	rep, err := h.archive.Verify(context.Background(), nil)
	if err != nil || !rep.OK() || rep.Originals != 2 {
		t.Errorf("%+v %v", rep, err)
	}
}

func TestAForgedPostIsRefused(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	file := scene(t, 3, true)
	for name, mend := range map[string]func(*http.Request){
		"from another site":           with("Sec-Fetch-Site", "cross-site"),
		"from another origin":         with("Origin", "https://evil.example"),
		"without a token, by no page": nil,
		"with a token of one's own": func(r *http.Request) {
			r.Header.Set("X-CSRF-Token", "mine")
			r.AddCookie(&http.Cookie{Name: "antequem_csrf", Value: "other"})
		},
	} {
		r := sending{fields: goodFields, name: "a.png", file: file, mend: mend}.to(t, h.Handler(), "/locations/"+slug+"/upload")
		if r.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", name, r.StatusCode)
		}
	}
	for name, mend := range map[string]func(*http.Request){
		"API from another site":   with("Sec-Fetch-Site", "cross-site"),
		"API from another origin": with("Origin", "https://evil.example"),
	} {
		r := sending{fields: goodFields, name: "a.png", file: file, mend: mend}.to(t, h.Handler(), "/api/v1/locations/"+slug+"/images")
		if r.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", name, r.StatusCode)
		}
	}
}

func TestAFormIsTakenWithTheTokenThatItCameWith(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	url := h.listen(t)
	r, err := http.Get(url + "/locations/" + slug + "/upload")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	m := regexp.MustCompile(`name="csrf" value="([^"]+)"`).FindStringSubmatch(body(t, r))
	if m == nil || len(r.Cookies()) != 1 {
		t.Fatalf("no token: %v %v", m, r.Cookies())
	}
	k := r.Cookies()[0]
	if !k.HttpOnly || k.SameSite != http.SameSiteStrictMode {
		t.Errorf("cookie %v", k)
	}
	sent := sending{fields: with2(goodFields, "csrf", m[1]), name: "a.png", file: scene(t, 3, true), mend: func(q *http.Request) { q.AddCookie(k) }}
	if a := sent.to(t, h.Handler(), "/locations/"+slug+"/upload"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("%d\n%s", a.StatusCode, body(t, a))
	}
}

func TestNothingOfALargeUploadIsLeftInTheTemporaryFolder(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	for _, path := range []string{"/locations/" + slug + "/upload", "/api/v1/locations/" + slug + "/images"} {
		r := sending{fields: goodFields, name: "a.png", file: make([]byte, 5<<20), mend: sameOrigin}.to(t, h.Handler(), path)
		if r.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestAReadOnlyServiceTakesNothing(t *testing.T) {
	h, slug, _, _ := judged(t, settle(func(c *server.Config) { c.ReadOnly = true }))
	for path, want := range map[string]int{"/locations/" + slug + "/upload": 403, "/api/v1/locations/" + slug + "/images": 403} {
		r := sending{fields: goodFields, name: "a.png", file: scene(t, 3, true), mend: sameOrigin}.to(t, h.Handler(), path)
		if r.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, r.StatusCode, want)
		}
	}
	if r := ask(h.Handler(), "GET", "/locations/"+slug); r.StatusCode != 200 || strings.Contains(body(t, r), "/upload") {
		t.Error("the page offers what is refused")
	}
}

func TestUploadsOfOneAddressAreLimited(t *testing.T) {
	h, slug, _, _ := judged(t, settle(func(c *server.Config) { c.WriteRate, c.WriteBurst = 0.001, 3 }))
	var last *http.Response
	for i := range 5 {
		s := sending{fields: goodFields, without: true, mend: with("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i))}
		last = s.to(t, h.Handler(), "/api/v1/locations/"+slug+"/images")
	}
	if last.StatusCode != http.StatusTooManyRequests || last.Header.Get("Retry-After") == "" {
		t.Errorf("%d, want 429 whatever the headers say", last.StatusCode)
	}
	if r := ask(h.Handler(), "GET", "/locations/"+slug); r.StatusCode != 200 {
		t.Errorf("reading: %d", r.StatusCode)
	}
}

func TestASlowSenderIsCutOff(t *testing.T) {
	h, slug, _, _ := judged(t, settle(func(c *server.Config) { c.UploadTimeout = 300 * time.Millisecond }))
	at, err := url.Parse(h.listen(t))
	if err != nil {
		t.Fatal(err)
	}
	pr, pw := io.Pipe()
	defer pw.Close()
	go func() {
		_, _ = pw.Write([]byte("--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\nab"))
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, "POST", at.String()+"/api/v1/locations/"+slug+"/images", pr)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	start := time.Now()
	r, err := http.DefaultClient.Do(q)
	if time.Since(start) > 5*time.Second {
		t.Fatalf("held for %v", time.Since(start))
	}
	if err == nil {
		defer r.Body.Close()
		if r.StatusCode != 400 && r.StatusCode != 503 {
			t.Errorf("%d", r.StatusCode)
		}
	}
}
