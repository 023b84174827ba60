package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
)

type sent struct {
	Slug    string
	Missing []string
}

type made struct {
	Status, Why, Recipe string
	Files               []struct{ Name, URL string }
}

func (m made) url(name string) string {
	for _, f := range m.Files {
		if f.Name == name {
			if u, err := url.Parse(f.URL); err == nil {
				return u.Path
			}
		}
	}
	return ""
}

// put sends the bytes of an original as a program would.
func put(h http.Handler, d imagery.Digest, data []byte) int {
	r := httptest.NewRequest("PUT", "http://localhost/api/v1/originals/"+d.String(), bytes.NewReader(data))
	r.RemoteAddr = "127.0.0.1:40000"
	r.Header.Set("Content-Type", "application/octet-stream")
	return serveOne(h, r).StatusCode
}

func TestAProgramSendsACaseAndBringsTheResultsBack(t *testing.T) {
	h := handlerOf(t, settle())
	old, struck := scene(t, 1, false), scene(t, 2, true)
	before, after := imagery.DigestOf(old), imagery.DigestOf(struck)
	text := func(claim string) string {
		return fmt.Sprintf(`title: Sent
location: {name: Sent, slug: sent}
images:
  - {file: b.png, acquired: 2016-05-01, synthetic: true, sha256: %s}
  - {file: a.png, acquired: 2015-10-15, synthetic: true, sha256: %s}
reference: a.png
region: {image: a.png, polygon: [[150, 92], [206, 92], [206, 136], [150, 136]]}
claims:
  - {id: c, text: "%s", changed: 2016-04-27}
`, after, before, claim)
	}
	send := func(claim string) (int, sent) {
		r := post(h, "/api/v1/cases", "application/yaml", text(claim))
		var s sent
		_ = json.NewDecoder(r.Body).Decode(&s) // a problem document holds none of it
		return r.StatusCode, s
	}
	status, s := send("Struck")
	if status != 202 || s.Slug != "" || !slices.Equal(s.Missing, []string{after.String(), before.String()}) {
		t.Fatalf("without originals: %d %+v", status, s)
	}
	if got := put(h, before, struck); got != 422 {
		t.Errorf("bytes under another name: %d", got)
	}
	noise := []byte("no picture")
	if got := put(h, imagery.DigestOf(noise), noise); got != 422 {
		t.Errorf("a file that is no picture: %d", got)
	}
	if got := []int{put(h, before, old), put(h, after, struck), put(h, after, struck)}; !slices.Equal(got, []int{201, 201, 200}) {
		t.Errorf("originals: %v", got)
	}
	for _, c := range []struct {
		does, claim string
		want        int
	}{{"with originals", "Struck", 201}, {"again", "Struck", 200}, {"another case of that name", "Shelled", 409}} {
		if status, s := send(c.claim); status != c.want || status < 300 && s.Slug != "sent" {
			t.Errorf("%s: %d %+v, want %d", c.does, status, s, c.want)
		}
	}
	done := func(path string) made {
		var m made
		eventually(t, h, path, func(status int, body string) bool {
			return status == 200 && json.Unmarshal([]byte(body), &m) == nil && m.Status != "computing"
		})
		return m
	}
	m := done("/api/v1/locations/sent/result")
	if m.Status != "done" || m.url("report.json") == "" || m.url("filmstrip.png") == "" {
		t.Fatalf("%+v", m)
	}
	rep := decodeJSON[struct {
		Reference string
		Images    []struct {
			File      string
			Synthetic bool
		}
	}](t, ask(h, "GET", m.url("report.json")))
	if rep.Reference != "a.png" || len(rep.Images) != 2 || !rep.Images[0].Synthetic {
		t.Errorf("%+v", rep)
	}
	p := done("/api/v1/locations/sent/result?before=" + before.Short() + "&after=" + after.Short())
	if p.Status != "done" || p.Recipe == m.Recipe || p.url("overview.png") == "" {
		t.Errorf("of the pair: %+v", p)
	}
	if r := ask(h, "GET", p.url("overview.png")); r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/png" {
		t.Errorf("overview: %d", r.StatusCode)
	}
}

func TestACaseIsSentWithTheDigestsOfItsImages(t *testing.T) {
	h := handlerOf(t, settle())
	for does, text := range map[string]string{
		"no digest":                  "title: T\nimages:\n  - {file: a.png, acquired: 2015}\n",
		"no case":                    "title: [",
		"a mistake":                  "title: T\nimages:\n  - {file: a.png, aquired: 2015}\n",
		"a name that no pack takes":  "title: T\nimages:\n  - {file: 'a|b.png', acquired: 2015, sha256: " + strings.Repeat("a", 64) + "}\n",
		"two names but for capitals": "title: T\nimages:\n  - {file: a.png, acquired: 2015, sha256: " + strings.Repeat("a", 64) + "}\n  - {file: A.png, acquired: 2016, sha256: " + strings.Repeat("b", 64) + "}\n",
		"a name outside of a folder": "title: T\nimages:\n  - {file: ../a.png, acquired: 2015, sha256: " + strings.Repeat("a", 64) + "}\n",
		"no such thing":              "title: T\nregion: {image: a.png, polygon: [[1, 2], [3, 4], [5, 6]]}\n",
	} {
		if r := post(h, "/api/v1/cases", "application/yaml", text); r.StatusCode != 422 {
			t.Errorf("%s: %d", does, r.StatusCode)
		}
	}
}
