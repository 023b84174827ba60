package server_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/casefile"
)

// post sends a body as a program would.
func post(h http.Handler, path, typ, text string) *http.Response {
	r := httptest.NewRequest("POST", "http://localhost"+path, strings.NewReader(text))
	r.RemoteAddr = "127.0.0.1:40000"
	r.Header.Set("Content-Type", typ)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func decodeJSON[T any](t *testing.T, r *http.Response) T {
	t.Helper()
	var v T
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
		t.Fatalf("%d: %v", r.StatusCode, err)
	}
	return v
}

func TestTheAPIDescribesItselfAndShowsNoForeignPage(t *testing.T) {
	h := handlerOf(t, settle())
	d := decodeJSON[struct {
		OpenAPI string
		Info    struct{ Title, Version string }
		Paths   map[string]map[string]any

		Components struct{ Schemas map[string]any }
	}](t, ask(h, "GET", "/api/v1/openapi.json"))
	if d.OpenAPI != "3.1.0" || d.Info.Title != "Antequem" {
		t.Errorf("%+v", d.Info)
	}
	named := regexp.MustCompile(`^[a-zA-Z0-9._-]+$`) // OpenAPI 3.1.0, section 4.8.7
	for name := range d.Components.Schemas {
		if !named.MatchString(name) {
			t.Errorf("schema %q: programs that read the description refuse that name", name)
		}
	}
	for path, methods := range map[string][]string{
		"/api/v1/locations":                       {"get", "post"},
		"/api/v1/locations/{slug}":                {"get"},
		"/api/v1/locations/{slug}/case":           {"get"},
		"/api/v1/locations/{slug}/report":         {"get"},
		"/api/v1/locations/{slug}/images":         {"get", "post"},
		"/api/v1/locations/{slug}/images/{image}": {"get"},
		"/api/v1/locations/{slug}/claims":         {"get", "post"},
		"/api/v1/locations/{slug}/claims/{id}":    {"get"},
		"/api/v1/locations/{slug}/regions":        {"post"},
		"/api/v1/locations/{slug}/publication":    {"get", "post"},
		"/api/v1/locations/{slug}/releases":       {"get", "post"},
		"/api/v1/locations/{slug}/readings":       {"get", "post"},
		"/api/v1/locations/{slug}/reading":        {"get"},
	} {
		for _, m := range methods {
			if d.Paths[path][m] == nil {
				t.Errorf("%s %s is not described", m, path)
			}
		}
	}
	for _, p := range []string{"/docs", "/api/v1/docs"} {
		if r := ask(h, "GET", p); r.StatusCode != 404 {
			t.Errorf("%s: %d", p, r.StatusCode)
		}
	}
}

func TestTheReportIsWhatJudgeWrites(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	slug, before, _ := block(t, h)
	if r := ask(h.Handler(), "GET", "/api/v1/locations/"+slug+"/report"); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("before it is there: %d %v", r.StatusCode, r.Header)
	}
	got := eventually(t, h.Handler(), "/api/v1/locations/"+slug+"/report", func(status int, _ string) bool { return status == 200 })
	var rep assess.Report
	dec := json.NewDecoder(strings.NewReader(got))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&rep); err != nil {
		t.Fatal(err)
	}
	if len(rep.Images) != 2 || len(rep.Claims) != 4 || rep.Images[0].Digest != before.String() || rep.Version == "" || len(rep.Seed) != 16 {
		t.Errorf("%+v", rep)
	}
	type claim struct {
		ID, Changed, Untestable, URL string
		Judgement                    *struct{ Verdict, Why string }
	}
	one := decodeJSON[claim](t, ask(h.Handler(), "GET", "/api/v1/locations/"+slug+"/claims/who"))
	if one.Untestable == "" || one.Judgement == nil || one.Judgement.Verdict != "untestable" || one.URL != "http://localhost/locations/block/claims/who" {
		t.Errorf("%+v %+v", one, one.Judgement)
	}
	all := decodeJSON[struct{ Claims []claim }](t, ask(h.Handler(), "GET", "/api/v1/locations/"+slug+"/claims"))
	if len(all.Claims) != 4 || all.Claims[0].Changed != "2016-04-27" {
		t.Errorf("%+v", all)
	}
	list := decodeJSON[struct {
		Locations []struct {
			Slug, Title    string
			Images, Claims int
			Lat            *float64
		}
	}](t, ask(h.Handler(), "GET", "/api/v1/locations"))
	if len(list.Locations) != 1 || list.Locations[0].Images != 2 || list.Locations[0].Claims != 4 || *list.Locations[0].Lat != 36.2 {
		t.Errorf("%+v", list)
	}
}

func TestNumbersCanBeTakenAwayAsTables(t *testing.T) {
	h, slug, before, _ := judged(t, settle())
	if r := post(h.Handler(), "/api/v1/locations/"+slug+"/claims", "application/json", `{"id": "sum", "text": "=1+1", "changed": "2016"}`); r.StatusCode != 201 {
		t.Fatal(r.StatusCode)
	}
	read := func(path string) [][]string {
		text := eventually(t, h.Handler(), path, func(status int, _ string) bool { return status == 200 })
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	images := read("/locations/" + slug + "/images.csv")
	if len(images) != 3 || images[1][0] != "old.png" || images[1][1] != before.String() || images[1][9] != "reference" {
		t.Errorf("%v", images)
	}
	claims := read("/locations/" + slug + "/claims.csv")
	if len(claims) != 6 || claims[5][0] != "sum" || claims[5][3] != "'=1+1" {
		t.Errorf("a spreadsheet would run what a user wrote: %v", claims)
	}
}

const newCase = `title: A bridge
summary: Two claims about a bridge.
location: {name: The bridge, lat: 50.1, lon: 30.2, position: approximate}
claims:
  - {id: gone, text: It was gone by May, claimant: A, source: "https://example.org/a", changed: ../2022-05-01}
look_for: [An image of June 2022]
`

func TestALocationIsAddedFromACaseFile(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	r := post(h.Handler(), "/api/v1/locations", "application/yaml", newCase)
	d := decodeJSON[struct {
		Slug, Status string
		ClaimList    []struct{ ID string } `json:"claim_list"`
	}](t, r)
	if r.StatusCode != http.StatusCreated || d.Slug != "the-bridge" || d.Status != "no-imagery" || len(d.ClaimList) != 1 {
		t.Fatalf("%d %+v", r.StatusCode, d)
	}
	if r := ask(h.Handler(), "GET", "/locations/the-bridge/claims/gone"); r.StatusCode != 200 {
		t.Errorf("its page: %d", r.StatusCode)
	}
	back := ask(h.Handler(), "GET", "/api/v1/locations/the-bridge/case")
	text := body(t, back)
	if c, err := casefile.Parse("back", []byte(text)); err != nil || c.Title != "A bridge" || back.Header.Get("Content-Type") != "application/yaml" {
		t.Errorf("case file: %v %s\n%s", err, back.Header.Get("Content-Type"), text)
	}
	if r := post(h.Handler(), "/api/v1/locations", "application/yaml", newCase); r.StatusCode != http.StatusConflict {
		t.Errorf("again: %d, want 409", r.StatusCode)
	}
	asJSON := `{"title": "A dam", "location": {"name": "The dam"}}`
	if r := post(h.Handler(), "/api/v1/locations", "application/json", asJSON); r.StatusCode != http.StatusCreated {
		t.Errorf("as JSON: %d\n%s", r.StatusCode, body(t, r))
	}
	for name, text := range map[string]string{
		"an unknown key": "title: X\ncolour: red\n",
		"a wrong date":   "title: X\nclaims:\n  - {id: a, text: b, changed: 2015-13}\n",
		"no YAML":        "title: [",
		"images":         "title: X\nimages:\n  - {file: a.png, acquired: 2015}\n",
		"nothing":        "",
		"a script":       "title: X\nclaims:\n  - {id: a, text: b, changed: 2015, source: 'javascript:alert(1)'}\n",
	} {
		r := post(h.Handler(), "/api/v1/locations", "application/yaml", text)
		p := decodeJSON[struct{ Detail string }](t, r)
		if r.StatusCode != 422 && r.StatusCode != 400 || p.Detail == "" {
			t.Errorf("%s: %d %+v", name, r.StatusCode, p)
		}
	}
}

func TestClaimsAndRegionsAreAddedOneByOne(t *testing.T) {
	h, slug, _, _ := judged(t, settle())
	claims, regions := "/api/v1/locations/"+slug+"/claims", "/api/v1/locations/"+slug+"/regions"
	for _, c := range []struct {
		name, path, text string
		status           int
	}{
		{"a region on the new image", regions, `{"name": "yard", "image": "new.png", "polygon": [[10,10],[60,10],[60,60],[10,60]]}`, 422}, // the first region has no name, so a second can't be told from it
		{"a claim with an id of its own", claims, `{"id": "yard-cleared", "text": "The yard was cleared", "changed": "2016-02"}`, 201},
		{"a claim without an id", claims, `{"text": "Still standing in March 2016", "unchanged": "2015-11/2016-03"}`, 201},
		{"a claim whose source is told in words", claims, `{"id": "called", "text": "x", "source": "by telephone", "changed": "2016-02"}`, 201},
		{"a claim whose source is a script", claims, `{"text": "x", "source": "javascript:alert(1)", "changed": "2016-02"}`, 422},
		{"the same id again", claims, `{"id": "yard-cleared", "text": "x", "changed": "2016-02"}`, 409},
		{"a claim that says nothing testable", claims, `{"text": "x"}`, 422},
		{"a claim that says two things", claims, `{"text": "x", "changed": "2016", "unchanged": "2015"}`, 422},
		{"a claim with a wrong date", claims, `{"text": "x", "changed": "yesterday"}`, 422},
		{"a claim on an image that isn't there", claims, `{"text": "x", "same": ["old.png", "none.png"]}`, 422},
		{"a claim on one image", claims, `{"text": "x", "same": ["old.png"]}`, 422},
		{"an unknown field", claims, `{"text": "x", "changed": "2016", "colour": "red"}`, 422},
		{"no JSON", claims, `{`, 400},
		{"a region outside its image", regions, `{"name": "off", "image": "old.png", "polygon": [[900,10],[960,10],[960,60]]}`, 422},
	} {
		r := post(h.Handler(), c.path, "application/json", c.text)
		got := body(t, r)
		if r.StatusCode != c.status {
			t.Errorf("%s: %d, want %d\n%s", c.name, r.StatusCode, c.status, got)
		}
		if r.StatusCode >= 400 && r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s", c.name, r.Header.Get("Content-Type"))
		}
	}
	if r := ask(h.Handler(), "GET", "/locations/"+slug+"/claims/still-standing-in-march-2016"); r.StatusCode != 200 {
		t.Errorf("the claim's page: %d", r.StatusCode)
	}
}

func TestARegionOnTheGroundIsTakenWithItsRingsClosedOrOpen(t *testing.T) {
	h := build(t, t.TempDir(), settle())
	slug, err := h.archive.AddLocation(t.Context(), imagery.Location{Name: "Field", Slug: "field"}, archive.Change{})
	if err != nil {
		t.Fatal(err)
	}
	for name, rings := range map[string]string{
		"open":   `[[[37.1,36.2],[37.2,36.2],[37.2,36.3]]]`,
		"closed": `[[[37.1,36.2],[37.2,36.2],[37.2,36.3],[37.1,36.2]]]`,
	} {
		r := post(h.Handler(), "/api/v1/locations/"+slug+"/regions", "application/json", `{"name": "`+name+`", "rings": `+rings+`}`)
		if got := body(t, r); r.StatusCode != 201 || !strings.Contains(got, `"rings":[[[37.1,36.2],[37.2,36.2],[37.2,36.3]]]`) {
			t.Errorf("%s: %d %s", name, r.StatusCode, got)
		}
	}
}

// A client that is made from the description takes every answer.
func TestTheDescriptionTellsEveryFieldOfEveryAnswer(t *testing.T) {
	h, slug, before, after := judged(t, settle())
	d := decodeJSON[struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct {
					Schema struct {
						Ref string `json:"$ref"`
					}
				}
			}
		}
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}](t, ask(h.Handler(), "GET", "/api/v1/openapi.json"))
	told := 0
	for path, methods := range d.Paths {
		get, ok := methods["get"]
		if !ok || strings.HasSuffix(path, "/case") {
			continue
		}
		ref := get.Responses["200"].Content["application/json"].Schema.Ref
		schema := d.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]]
		path = strings.NewReplacer("{slug}", slug, "{image}", before.Short(), "{id}", "struck").Replace(path)
		if strings.HasSuffix(path, "/result") {
			path += "?before=" + before.Short() + "&after=" + after.Short()
		}
		answer := decodeJSON[map[string]any](t, ask(h.Handler(), "GET", path))
		if answer["status"] == float64(404) {
			t.Errorf("%s: %v", path, answer)
		}
		for field := range answer {
			told++
			if schema.Properties[field] == nil {
				t.Errorf("%s: the description doesn't tell of %q", path, field)
			}
		}
	}
	if told < 50 {
		t.Errorf("only %d fields were looked at", told)
	}
}
