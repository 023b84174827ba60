package server_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/server"
)

// tus sends a request of the protocol.
func tus(h http.Handler, method, path string, body io.Reader, mend func(*http.Request), head ...string) *http.Response {
	r := httptest.NewRequest(method, "http://localhost"+path, body)
	r.Header.Set("Tus-Resumable", "1.0.0")
	mend(r)
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	return serveOne(h, r)
}

// begun makes an upload and returns its path.
func begun(t *testing.T, h http.Handler, slug string, size int, mend func(*http.Request)) (string, *http.Response) {
	t.Helper()
	r := tus(h, "POST", "/api/v1/uploads", nil, mend, "Upload-Length", strconv.Itoa(size),
		"Upload-Metadata", "location "+base64.StdEncoding.EncodeToString([]byte(slug))+",filename "+base64.StdEncoding.EncodeToString([]byte("../../etc/passwd")))
	u, err := url.Parse(r.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return u.Path, r
}

const octets = "application/offset+octet-stream"

func TestAnUploadThatIsNotAsItShouldBeLeavesNothing(t *testing.T) {
	h, slug, _ := draft(t)
	s, mine, other := h.Handler(), h.as(t, "editor"), h.as(t, "contributor")
	for what, r := range map[string]*http.Response{
		"no length":           tus(s, "POST", "/api/v1/uploads", nil, mine),
		"a length of 0":       second2(begun(t, s, slug, 0, mine)),
		"below 0":             second2(begun(t, s, slug, -5, mine)),
		"another's case":      second2(begun(t, s, "nowhere", 5, mine)),
		"a path":              second2(begun(t, s, "../../etc", 5, mine)),
		"a gigabyte and more": second2(begun(t, s, slug, 1<<40, mine)),
		"another version":     tus(s, "POST", "/api/v1/uploads", nil, mine, "Tus-Resumable", "0.2.2"),
		"from another site":   tus(s, "POST", "/api/v1/uploads", nil, mine, "Sec-Fetch-Site", "cross-site"),
		"of what was published, by a contributor": second2(begun(t, s, slug, 5, other)),
	} {
		if r.StatusCode < 400 || r.StatusCode >= 500 || r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", what, r.StatusCode, r.Header.Get("Content-Type"))
		}
	}
	path, r := begun(t, s, slug, 10, mine)
	if r.StatusCode != 201 || r.Header.Get("Upload-Expires") == "" {
		t.Fatalf("%d %v", r.StatusCode, r.Header)
	}
	for what, c := range map[string]struct {
		r    *http.Response
		want int
	}{
		"another's upload":     {tus(s, "HEAD", path, nil, other), 404},
		"adding to another's":  {tus(s, "PATCH", path, strings.NewReader("x"), other, "Upload-Offset", "0", "Content-Type", octets), 404},
		"dropping another's":   {tus(s, "DELETE", path, nil, other), 404},
		"another offset":       {tus(s, "PATCH", path, strings.NewReader("x"), mine, "Upload-Offset", "3", "Content-Type", octets), 409},
		"no offset":            {tus(s, "PATCH", path, strings.NewReader("x"), mine, "Content-Type", octets), 400},
		"another type":         {tus(s, "PATCH", path, strings.NewReader("x"), mine, "Upload-Offset", "0", "Content-Type", "text/html"), 415},
		"a path for an id":     {tus(s, "HEAD", "/api/v1/uploads/..%2f..%2frecords", nil, mine), 404},
		"taken before its end": {postForm(s, path, url.Values{"acquired": {"2016"}}, mine), 409},
	} {
		if c.r.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", what, c.r.StatusCode, c.want)
		}
	}
	if r := tus(s, "PATCH", path, strings.NewReader("0123456789 and more"), mine, "Upload-Offset", "0", "Content-Type", octets); r.StatusCode != 413 {
		t.Errorf("more than was announced: %d", r.StatusCode)
	}
	if r := tus(s, "DELETE", path, nil, mine); r.StatusCode != 204 {
		t.Errorf("given up: %d", r.StatusCode)
	}
	left, err := os.ReadDir(filepath.Join(h.archive.Dir(), "uploads"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func second2[T any](_ string, r T) T { return r }

func TestWhatIsNoPictureIsNotTakenHoweverItArrived(t *testing.T) {
	h, slug, _ := draft(t)
	s, mine := h.Handler(), h.as(t, "editor")
	picture := string(scene(t, 9, false))
	for what, file := range map[string]string{
		"SVG with script":      `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>`,
		"HTML":                 "<!doctype html><script>alert(1)</script>",
		"HTML that begins GIF": "GIF89a/*<script>*/=1;alert(1)//</script>",
		"a picture cut short":  picture[:len(picture)/2],
		"script before a PNG":  "<script>alert(1)</script>" + picture,
	} {
		path, _ := begun(t, s, slug, len(file), mine)
		if r := tus(s, "PATCH", path, strings.NewReader(file), mine, "Upload-Offset", "0", "Content-Type", octets); r.StatusCode != 204 {
			t.Fatalf("%s: %d", what, r.StatusCode)
		}
		if r := postForm(s, path, url.Values{"acquired": {"2016"}}, mine); r.StatusCode != 422 {
			t.Errorf("%s: %d\n%s", what, r.StatusCode, body(t, r))
		}
	}
	recs, err := h.archive.Images(t.Context(), slug)
	if err != nil || len(recs) != 2 {
		t.Errorf("%d images, %v", len(recs), err)
	}
	// A picture with a page behind it is kept as it came, and nothing of the page is
	// ever shown: pictures are drawn anew, and originals are sent to be saved.
	polyglot := picture + "<script>alert(1)</script>"
	path, _ := begun(t, s, slug, len(polyglot), mine)
	tus(s, "PATCH", path, strings.NewReader(polyglot), mine, "Upload-Offset", "0", "Content-Type", octets)
	r := postForm(s, path, url.Values{"acquired": {"2016"}}, mine)
	var doc struct{ SHA256 string }
	if err := json.Unmarshal([]byte(body(t, r)), &doc); err != nil || r.StatusCode != 200 && r.StatusCode != 422 {
		t.Fatalf("%d %v", r.StatusCode, err)
	}
	if r.StatusCode == 200 {
		o := ask(s, "GET", "/originals/"+doc.SHA256, mine)
		if o.StatusCode == 200 && (o.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(o.Header.Get("Content-Disposition"), "attachment")) {
			t.Errorf("an original is shown: %v", o.Header)
		}
	}
}

func TestAnEndlessOrSilentSenderHoldsNobodyUp(t *testing.T) {
	h, slug, _ := draft(t)
	h.config = settle(func(c *server.Config) { c.RequestTimeout = 300 * time.Millisecond })
	h.Server = again(t, h)
	path, _ := begun(t, h.Handler(), slug, 1<<20, h.as(t, "editor"))
	at := strings.TrimPrefix(h.listen(t), "http://") // from now on it answers to its own names alone
	send := func(raw string) string {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		if _, err := io.WriteString(c, raw); err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(io.LimitReader(c, 1<<16))
		return string(b)
	}
	head := fmt.Sprintf("PATCH %s HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: %s\r\nCookie: antequem=%s\r\nContent-Length: 1000\r\n\r\n",
		path, octets, sessionOf(t, h, "editor"))
	begin := time.Now()
	if got := send(head + "ten bytes."); !strings.Contains(got, " 400 ") || time.Since(begin) > 10*time.Second {
		t.Errorf("a silent sender after %v: %.200s", time.Since(begin), got)
	}
	signedIn := h.as(t, "editor")
	r := tus(h.Handler(), "HEAD", path, nil, func(r *http.Request) { signedIn(r); r.Host = "localhost" })
	if r.StatusCode != 200 || r.Header.Get("Upload-Offset") != "10" {
		t.Errorf("what arrived before: %d %q", r.StatusCode, r.Header.Get("Upload-Offset"))
	}
	if r := ask(h.Handler(), "GET", "/healthz"); r.StatusCode != 200 {
		t.Errorf("others: %d", r.StatusCode)
	}
}
