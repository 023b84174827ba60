package server_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/web/webtest"
	"golang.org/x/net/html"
)

// evil is what is written into every field: a formula, an attribute, elements that end
// whatever they may stand in, and what templates of other kinds would reckon out.
const evil = `=1+1'"><pwn pwn="1" onmouseover=alert(1)><img src=x onerror=alert(1)></textarea></title></style><script>alert(1)</script><!--{{7*7}}${7*7}`

// A scripted house holds one case with evil in every field that takes text, and three
// images whose files say as much of themselves.
type scripted struct {
	*house
	ids []imagery.Digest
}

func newScripted(t *testing.T) scripted {
	t.Helper()
	h := build(t, t.TempDir(), settle(openHanded))
	h.admit(t)
	s := scripted{house: h}
	files := [][]byte{tellingJPEG(t, scene(t, 1, false)), tellingTIFF(t, scene(t, 2, false)), tellingPNG(scene(t, 3, true))}
	var images []map[string]any
	for i, data := range files {
		d := imagery.DigestOf(data)
		s.ids = append(s.ids, d)
		if r := ask(h.Handler(), "PUT", "/api/v1/originals/"+d.String(), h.token(t, "editor"), func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
		}); r.StatusCode != 201 {
			t.Fatalf("file %d: %d\n%s", i, r.StatusCode, body(t, r))
		}
		images = append(images, map[string]any{
			"file": strings.ReplaceAll(evil, "/", "") + fmt.Sprint(i, ".png"), "sha256": d.String(), "acquired": fmt.Sprintf("201%d-05", 4+i), "basis": "inferred", "platform": "satellite", "gsd_m": 0.5,
			"source": "https://example.org/?" + evil, "publisher": evil, "licence": evil, "sensor": evil, "notes": evil,
		})
	}
	file := func(i int) any { return images[i]["file"] }
	text, err := json.Marshal(map[string]any{
		"title": evil, "summary": evil, "look_for": []string{evil}, "images": images,
		"location": map[string]any{"name": evil, "slug": "pwn", "lat": 36.2, "lon": 37.15, "position": "approximate"},
		"regions":  []any{map[string]any{"name": evil, "image": file(0), "polygon": [][2]int{{150, 92}, {206, 92}, {206, 136}, {150, 136}}}},
		"claims": []any{
			map[string]any{"id": "changed", "text": evil, "claimant": evil, "source": "javascript:alert(1)//" + evil, "region": evil, "changed": "2015"},
			map[string]any{"id": "same", "text": evil, "claimant": evil, "source": "https://example.org/" + evil, "region": evil, "same": []any{file(0), file(2)}},
			map[string]any{"id": "who", "text": evil, "claimant": evil, "source": "data:text/html," + evil, "untestable": evil},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := ask(h.Handler(), "POST", "/api/v1/cases", h.token(t, "editor"), with("Content-Type", "application/yaml"), func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	})
	if told := body(t, r); r.StatusCode != 422 || !strings.Contains(told, "evidence packs take no file of that name") {
		t.Fatalf("%d\n%s", r.StatusCode, told)
	}
	c, err := casefile.Parse("case", text) // as an archive may hold it from before such names were refused
	if err != nil {
		t.Fatal(err)
	}
	held := func(file string) (io.ReadCloser, error) {
		im, _ := c.Image(file)
		return h.archive.Original(t.Context(), im.Digest)
	}
	if _, err := h.ingest.Case(t.Context(), c, held, archive.Change{By: "editor"}); err != nil {
		t.Fatal(err)
	}
	s.typeEverything(t)
	return s
}

// typeEverything writes evil into the forms.
func (s scripted) typeEverything(t *testing.T) {
	t.Helper()
	sent := func(path string, want int, form url.Values) {
		t.Helper()
		if r := postForm(s.Handler(), path, form, s.as(t, "editor")); r.StatusCode != want {
			t.Errorf("%s %v: %d, want %d", path, form["do"], r.StatusCode, want)
		}
	}
	sent("/locations/pwn/publication", 303, url.Values{"do": {"publish"}, "why": {evil}})
	sent("/locations/pwn/publication", 303, url.Values{"do": {"correct"}, "title": {evil + "."}, "summary": {evil + "."}, "why": {evil}})
	sent("/locations/pwn/table", 303, url.Values{"do": {"claim"}, "text": {evil + "."}, "claimant": {evil}, "source": {"https://example.org/?" + evil}, "kind": {"untestable"}, "untestable": {evil}, "why": {evil}})
	sent("/locations/pwn/table", 303, url.Values{"do": {"region"}, "name": {evil + "."}, "polygon": {"10,10 60,10 60,60 10,60"}, "image": {s.ids[0].Short()}, "why": {evil}})
	sent("/locations/pwn/table", 303, url.Values{"do": {"image"}, "image": {s.ids[2].Short()}, "acquired": {"2016-05-02"}, "basis": {"inferred"}, "platform": {"satellite"}, "gsd": {"0.5"},
		"publisher": {evil + "."}, "licence": {evil}, "sensor": {evil}, "notes": {evil}, "why": {evil}})
	for field, form := range map[string]url.Values{ // what comes back to be mended
		"polygon":  {"do": {"region"}, "name": {evil}, "polygon": {evil}, "image": {evil}},
		"acquired": {"do": {"image"}, "image": {s.ids[0].Short()}, "acquired": {evil}, "basis": {evil}, "platform": {evil}, "gsd": {evil}, "source": {evil}, "ties": {evil}},
		"when":     {"do": {"claim"}, "text": {evil}, "kind": {"changed"}, "when": {evil}, "first": {evil}, "second": {evil}, "region": {evil}},
	} {
		r := postForm(s.Handler(), "/locations/pwn/table", form, s.as(t, "editor"))
		if r.StatusCode != 422 {
			t.Errorf("a wrong %s: %d", field, r.StatusCode)
		}
		harmlessPage(t, "a wrong "+field, body(t, r))
	}
	for path, form := range map[string]url.Values{
		"/people/invite":  {"role": {"analyst"}, "days": {"3"}, "label": {evil}},
		"/account/tokens": {"days": {"3"}, "label": {evil}},
	} {
		sent(path, 200, form)
	}
	for path, form := range map[string]url.Values{
		"/sign-in":                   {"name": {evil}, "password": {evil}, "next": {evil}},
		"/locations/pwn/publication": {"do": {evil}, "why": {evil}},
		"/people/change":             {"name": {evil}, "do": {evil}},
		"/people/invite":             {"role": {evil}, "days": {evil}, "label": {evil}},
		"/account/password":          {"current": {evil}, "password": {evil}},
		"/locations/pwn/upload":      {"acquired": {evil}, "basis": {evil}, "source": {evil}},
		"/locations/pwn/read":        {"region": {evil}, "place": {"1"}, "state": {evil}, "damage": {evil}},
	} {
		r := postForm(s.Handler(), path, form, s.as(t, "editor"))
		if r.StatusCode >= 500 && r.StatusCode != 503 {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
		harmlessPage(t, path, body(t, r))
	}
	for _, name := range []string{"reader-one", "reader-two"} {
		for _, region := range []string{evil, evil + "."} {
			cs, err := s.archive.Case(t.Context(), "pwn")
			if err != nil {
				t.Fatal(err)
			}
			r := archive.Reading{Region: region, File: cs.Images[1].File, State: "new", Damage: "destroyed", Place: 1}
			if err := s.archive.AddReading(t.Context(), "pwn", r, archive.Change{By: name}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// pages lists the addresses of every page of the case.
func (s scripted) pages() []string {
	pair := "before=" + s.ids[0].Short() + "&after=" + s.ids[2].Short()
	out := []string{"/", "/method", "/sign-in?next=" + url.QueryEscape(evil), "/people", "/account", "/no" + url.PathEscape(evil), "/locations/pwn?lang=" + url.QueryEscape(evil),
		"/locations/" + url.PathEscape(evil), "/locations/pwn/claims/" + url.PathEscape(evil), "/join?invitation=" + url.QueryEscape(evil), "/locations/pwn/compare?before=" + url.QueryEscape(evil),
		"/locations/pwn/read?region=" + url.QueryEscape(evil), "/locations/pwn/uploads/" + s.ids[1].Short()}
	for _, p := range []string{"", "/table", "/publication", "/history", "/readings", "/upload", "/add", "/claims/changed", "/claims/same", "/claims/who"} {
		out = append(out, "/locations/pwn"+p)
	}
	for _, mode := range []string{"swipe", "heat"} {
		out = append(out, "/locations/pwn/compare?"+pair+"&mode="+mode)
	}
	return append(out, "/locations/pwn/compare?"+pair+"&view="+url.QueryEscape(evil), "/embed/locations/pwn/compare?"+pair, "/embed/locations/pwn/claims/changed", "/embed/locations/pwn/claims/same")
}

// harmlessPage looks for elements and attributes that no page of ours has.
func harmlessPage(t *testing.T, where, text string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains([]string{"pwn", "iframe", "object", "embed", "base", "style", "foreignobject"}, strings.ToLower(n.Data)) && !strings.HasPrefix(where, "report") && !opensBeside(where, n) {
			t.Errorf("%s holds <%s>", where, n.Data)
		}
		if n.Data == "script" && n.FirstChild != nil && !strings.HasPrefix(where, "report") {
			t.Errorf("%s holds script: %.80s", where, n.FirstChild.Data)
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case a.Key == "pwn", strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc":
				t.Errorf("%s: <%s %s=%q>", where, n.Data, a.Key, a.Val)
			case !slices.Contains([]string{"href", "src", "action", "formaction", "poster", "xlink:href"}, a.Key):
			case strings.HasPrefix(value, "javascript:"), strings.HasPrefix(value, "vbscript:"), strings.HasPrefix(value, "data:") && a.Key != "src", value == "x":
				t.Errorf("%s: <%s %s=%q>", where, n.Data, a.Key, a.Val)
			}
		}
	}
}

// opensBeside says that n is the base of our own embeds: it opens links beside the
// article and, having no href, leads none of them elsewhere.
func opensBeside(where string, n *html.Node) bool {
	ours := []html.Attribute{{Key: "target", Val: "_blank"}}
	return strings.HasPrefix(where, "/embed/") && n.Data == "base" && n.Parent.Data == "head" && slices.Equal(n.Attr, ours)
}

// Script in every field runs nowhere, and what files say of themselves is shown to no
// reader: looked at in one house, for judging it takes longest.
func TestScriptInEveryFieldAndInEveryFile(t *testing.T) {
	t.Parallel()
	s := newScripted(t)
	t.Run("pages and documents hold none of it", s.pagesAreHarmless)
	t.Run("what a file says of itself is shown to no reader", s.filesAreSilent)
	t.Run("a browser runs none of it", s.browserRunsNothing) // last, for a service that listens here answers to its own names alone
}

func (s scripted) pagesAreHarmless(t *testing.T) {
	editor := s.as(t, "editor")
	settled := func(path string) *http.Response {
		for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
			r := ask(s.Handler(), "GET", path, editor)
			text := body(t, r)
			if r.StatusCode != 503 && !strings.Contains(text, "/events?wait=") || time.Now().After(deadline) {
				r.Body = io.NopCloser(strings.NewReader(text))
				return r
			}
		}
	}
	shown := 0
	for _, path := range s.pages() {
		r := settled(path)
		text := body(t, r)
		want := page.Policy
		if strings.HasPrefix(path, "/embed/") {
			want = page.EmbedPolicy
		}
		if got := r.Header.Get("Content-Security-Policy"); got != want || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: policy %q", path, got)
		}
		if r.StatusCode >= 500 || r.Header.Get("Content-Type") != "text/html; charset=utf-8" && r.StatusCode < 300 {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.Header.Get("Content-Type"))
		}
		if strings.Contains(text, "&lt;pwn") {
			shown++
		}
		for _, lang := range page.Languages {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			harmlessPage(t, path+" in "+string(lang), body(t, ask(s.Handler(), "GET", path+sep+"lang="+string(lang), editor)))
		}
	}
	if shown < 15 {
		t.Errorf("only %d pages show what was written", shown)
	}
	s.harmlessDocuments(t, settled)
	if strings.Contains(s.log.String(), "panic") || strings.Contains(s.log.String(), `"level":"ERROR"`) {
		t.Errorf("something broke:\n%s", regexp.MustCompile(`.*"level":"ERROR".*`).FindString(s.log.String()))
	}
}

// harmlessDocuments looks at what is no page: tables, drawings, JSON, YAML.
func (s scripted) harmlessDocuments(t *testing.T, get func(string) *http.Response) {
	t.Helper()
	pair := "before=" + s.ids[0].Short() + "&after=" + s.ids[2].Short()
	for _, path := range []string{"/images.csv", "/claims.csv", "/compare.csv?" + pair} {
		r := get("/locations/pwn" + path)
		text := body(t, r)
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || r.Header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %d %v %v", path, r.StatusCode, err, r.Header)
		}
		for _, row := range rows {
			for _, cell := range row {
				if regexp.MustCompile(`^[=+@\t\r]|^-[^0-9.]`).MatchString(cell) {
					t.Errorf("%s: a spreadsheet would run %.40q", path, cell)
				}
			}
		}
	}
	for _, path := range []string{"", "/images", "/images/" + s.ids[0].Short(), "/claims", "/claims/changed", "/report", "/result", "/result?" + pair} {
		r := get("/api/v1/locations/pwn" + path)
		if text := body(t, r); r.StatusCode != 200 || r.Header.Get("Content-Type") != "application/json" || !json.Valid([]byte(text)) {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.Header.Get("Content-Type"))
		}
	}
	var o struct{ HTML, Title string }
	text := body(t, get("/oembed?url="+url.QueryEscape("http://example.org/locations/pwn/claims/changed")))
	if err := json.Unmarshal([]byte(text), &o); err != nil || o.Title != evil || strings.Count(o.HTML, "<") != 2 {
		t.Errorf("oEmbed: %v\n%s", err, text)
	}
	drawings := 0
	for _, name := range regexp.MustCompile(`"/?results/[0-9a-f]{64}/[^"]+\.svg|http[^"]+\.svg`).FindAllString(body(t, get("/api/v1/locations/pwn/result")), -1) {
		u, err := url.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		r := get(u.Path)
		drawings++
		if csp := r.Header.Get("Content-Security-Policy"); r.StatusCode != 200 || !strings.Contains(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s: %d, policy %q", u.Path, r.StatusCode, csp)
		}
		webtest.HarmlessDrawing(t, u.Path, []byte(body(t, r)))
	}
	if drawings == 0 {
		t.Error("no drawing was looked at")
	}
}

// filesAreSilent: what a file says of itself is for those who work on the case, escaped;
// readers are shown none of it, nor is it in anything that they can take away.
func (s scripted) filesAreSilent(t *testing.T) {
	reader := s.as(t, "")
	s.picturesHold(t, "pwn", []string{"exifleak", "<script", "http://ns.adobe.com", "8BIM", "Photoshop"})
	paths := []string{"/locations/pwn/images.csv", "/locations/pwn/claims.csv", "/api/v1/locations/pwn/result", "/oembed?url=" + url.QueryEscape("http://example.org/locations/pwn/claims/changed")}
	for _, p := range []string{"", "/images", "/claims", "/report", "/case"} {
		paths = append(paths, "/api/v1/locations/pwn"+p)
	}
	for _, id := range s.ids {
		paths = append(paths, "/api/v1/locations/pwn/images/"+id.Short())
	}
	result := body(t, ask(s.Handler(), "GET", "/api/v1/locations/pwn/result", reader))
	paths = append(paths, regexp.MustCompile(`/api/v1/results/[^"]+`).FindAllString(result, -1)...)
	if len(paths) < 20 {
		t.Fatalf("little to look at: %v", paths)
	}
	for _, path := range slices.Concat(s.pages(), paths) {
		r := ask(s.Handler(), "GET", path, reader)
		if text := body(t, r); strings.Contains(text, "exifleak") {
			t.Errorf("%s (%d) tells what a file says of itself", path, r.StatusCode)
		}
	}
	for _, data := range [][]byte{tellingJPEG(t, scene(t, 4, false)), tellingTIFF(t, scene(t, 5, false)), tellingPNG(scene(t, 6, true))} {
		r := sending{fields: goodFields, name: evil + ".png", file: data, mend: s.as(t, "editor")}.to(t, s.Handler(), "/locations/pwn/upload")
		if r.StatusCode != 303 {
			t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
		}
		harmlessPage(t, "a receipt", body(t, ask(s.Handler(), "GET", r.Header.Get("Location"), s.as(t, "editor"))))
	}
	if strings.Contains(s.log.String(), "exifleak") {
		t.Error("the log holds what a file says of itself")
	}
	if rep, err := s.archive.Verify(context.Background(), nil); err != nil || !rep.OK() {
		t.Errorf("%+v, %v", rep.Faults, err)
	}
}

// browserRunsNothing: a browser shows every page, runs its scripts, and finds nothing of
// what was written to be an element.
func (s scripted) browserRunsNothing(t *testing.T) {
	_, token, err := s.people.SignIn(t.Context(), "editor", passphrase, from9, "")
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, s.listen(t))
	b.hand("antequem", token)
	for _, path := range s.pages() {
		if strings.Contains(path, url.QueryEscape(evil)) || strings.Contains(path, url.PathEscape(evil)) {
			continue // refused, and told without it
		}
		b.visit(path)
		if n := eval[int](b, `document.querySelectorAll("pwn, [pwn], [onerror], [onmouseover], img[src=x]").length`); n != 0 {
			t.Errorf("%s holds %d elements that a user wrote", path, n)
		}
	}
	b.clean()
}
