package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/server"
)

// slowness are requests that begin and don't go on, in every way there is.
func slowness(slug, session, upload string) []string {
	head := func(method, path, typ string) string {
		return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nCookie: antequem=" + session +
			"\r\nContent-Type: " + typ + "\r\nContent-Length: 50000\r\n\r\n"
	}
	return []string{
		"GET / HTTP/1.1\r\nHost: local",
		head("POST", "/sign-in", "application/x-www-form-urlencoded") + "name=edi",
		head("POST", "/locations/"+slug+"/table", "application/x-www-form-urlencoded") + "do=claim&text=a",
		head("POST", "/locations/"+slug+"/publication", "multipart/form-data; boundary=x") + "--x\r\nContent-Disposition: form-data; na",
		head("POST", "/locations/"+slug+"/upload", "multipart/form-data; boundary=x") + "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n\x89PNG",
		head("POST", "/api/v1/locations/"+slug+"/claims", "application/json") + `{"text": "`,
		head("POST", "/api/v1/locations/"+slug+"/images", "multipart/form-data; boundary=x") + "--x\r\n",
		head("POST", "/api/v1/cases", "application/yaml") + "title: ",
		head("PUT", "/api/v1/originals/"+strings.Repeat("0", 64), "application/octet-stream") + "\x89PNG",
		head("PATCH", upload, octets) + "\x89PNG",
	}
}

// Fifty senders that begin and fall silent slow nobody down, and are let go in time.
// Latencies with and without them are measured in turn, so that both see the same load.
func TestFiftySlowSendersHoldNobodyUp(t *testing.T) {
	t.Parallel()
	const patience = 4 * time.Second
	h, slug, _, _ := peopled(t, settle())
	h.config = settle(func(c *server.Config) { c.RequestTimeout, c.UploadTimeout, c.WriteRate = patience, patience, 0 })
	h.Server = again(t, h)
	upload, _ := begun(t, h.Handler(), slug, 1<<20, h.as(t, "editor"))
	session := sessionOf(t, h, "editor")
	origin := h.listen(t)
	claim := func(n int) (time.Duration, error) {
		begin := time.Now()
		q, err := http.NewRequest("POST", origin+"/api/v1/locations/"+slug+"/claims", strings.NewReader(fmt.Sprintf(`{"id": "c%d", "text": "So.", "changed": "2016"}`, n)))
		if err != nil {
			return 0, err
		}
		q.Header.Set("Content-Type", "application/json")
		q.AddCookie(&http.Cookie{Name: "antequem", Value: session})
		return timed(begin, q, 201)
	}
	read := func() (time.Duration, error) {
		begin := time.Now()
		q, err := http.NewRequest("GET", origin+"/locations/"+slug+"/history", nil)
		if err != nil {
			return 0, err
		}
		return timed(begin, q, 200)
	}
	n := 0
	measure := func() (slowest, middle time.Duration) {
		var all []time.Duration
		for range 10 {
			n++
			for _, d := range []func() (time.Duration, error){func() (time.Duration, error) { return claim(n) }, read} {
				took, err := d()
				if err != nil {
					t.Error(err)
				}
				all = append(all, took)
			}
		}
		slices.Sort(all)
		return all[len(all)-1], all[len(all)/2]
	}
	measure() // warms up
	slowAlone, alone := measure()
	var held []net.Conn
	defer func() {
		for _, c := range held {
			c.Close()
		}
	}()
	kinds := slowness(slug, session, upload)
	began := time.Now()
	for i := range 50 {
		c, err := net.Dial("tcp", strings.TrimPrefix(origin, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
		if _, err := io.WriteString(c, kinds[i%len(kinds)]); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(200 * time.Millisecond) // all of them are being waited for
	slowAmong, among := measure()
	if over := time.Since(began); over > patience {
		t.Logf("measuring took %v: some senders were let go meanwhile", over)
	}
	t.Logf("another's request alone: %v, at worst %v; among 50 slow senders: %v, at worst %v", alone, slowAlone, among, slowAmong)
	if among > 10*alone+250*time.Millisecond || slowAmong > patience/2 {
		t.Errorf("50 slow senders make another's request take %v (at worst %v), which took %v (at worst %v)", among, slowAmong, alone, slowAlone)
	}
	for i, c := range held {
		if i%len(kinds) == 0 {
			continue // net/http waits for a header itself, 10 s
		}
		_ = c.SetReadDeadline(began.Add(patience + 15*time.Second))
		answer, err := http.ReadResponse(bufio.NewReader(c), nil)
		switch {
		case err == nil && (answer.StatusCode < 400 || answer.StatusCode >= 500 && answer.StatusCode != 503):
			t.Errorf("slow sender %d is answered %d: %.60q", i, answer.StatusCode, kinds[i%len(kinds)])
		case err != nil && time.Since(began) > patience+12*time.Second:
			t.Errorf("slow sender %d is held for ever: %v: %.60q", i, err, kinds[i%len(kinds)])
		}
	}
}

// timed sends a request and says how long its whole answer took.
func timed(begin time.Time, q *http.Request, want int) (time.Duration, error) {
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return 0, err
	}
	if r.StatusCode != want {
		return 0, fmt.Errorf("%s %s: %d, want %d", q.Method, q.URL.Path, r.StatusCode, want)
	}
	return time.Since(begin), nil
}
