package server_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
)

func TestARegionThatIsHeldOpensAgainAndTheLogKeepsWhatItWas(t *testing.T) {
	h, slug, before := draft(t)
	path := "/locations/" + slug + "/table"
	opened := func(query string) string {
		r := ask(h.Handler(), "GET", path+query, h.as(t, "editor"))
		text := body(t, r)
		if r.StatusCode != 200 {
			t.Fatalf("%s: %d\n%s", query, r.StatusCode, text)
		}
		return text
	}
	set := func(form url.Values) (int, string) {
		form.Set("do", "region")
		r := postForm(h.Handler(), path, form, h.as(t, "editor"))
		return r.StatusCode, body(t, r)
	}
	if text := opened("?edit="); !strings.Contains(text, ">150,92 206,92 206,136 150,136</textarea>") || !strings.Contains(text, `name="editing" value="true"`) {
		t.Errorf("the form doesn't hold the region:\n%s", text)
	}
	if r := ask(h.Handler(), "GET", path+"?edit=nowhere", h.as(t, "editor")); r.StatusCode != 404 {
		t.Errorf("a region that isn't there: %d", r.StatusCode)
	}
	image := before.Short()
	if err := h.archive.SetClaims(t.Context(), slug, nil, archive.Change{}); err != nil { // which name no region, and so allow one alone
		t.Fatal(err)
	}
	yard := url.Values{"editing": {"true"}, "was": {""}, "name": {"yard"}, "image": {image}, "polygon": {"151,92 206,92 206,136"}}
	if status, text := set(yard); status != 303 {
		t.Fatalf("%d\n%s", status, text)
	}
	if g := h.region(t, slug); g.Name != "yard" || len(g.Polygon) != 3 {
		t.Errorf("it is not put in place of the one that was opened: %+v", g)
	}
	if status, _ := set(url.Values{"name": {"roof"}, "image": {image}, "polygon": {"10,10 60,10 60,60"}}); status != 303 {
		t.Errorf("a second region: %d", status)
	}
	yard.Set("was", "yard")
	yard.Set("name", "roof")
	if status, text := set(yard); status != 422 || !strings.Contains(text, "There is a region of that name already.") || !strings.Contains(text, `name="was" value="yard"`) {
		t.Errorf("two regions of one name: %d, or what was opened is lost", status)
	}
	claim := url.Values{"do": {"claim"}, "text": {"The yard is empty."}, "kind": {"changed"}, "when": {"2016"}, "region": {"yard"}}
	if r := postForm(h.Handler(), path, claim, h.as(t, "editor")); r.StatusCode != 303 {
		t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
	}
	yard.Set("name", "garden")
	if status, text := set(yard); status != 422 || !strings.Contains(text, "A claim names this region.") {
		t.Errorf("a claim's region gets another name: %d", status)
	}
	log, err := h.archive.Log(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	var records []string
	for _, e := range log {
		if what, who, err := e.Done(); err == nil && e.Action == "regions.set" {
			records = append(records, string(what.Record)+" by "+who.By)
		}
	}
	if len(records) != 3 || !strings.Contains(records[0], "[150,92]") || !strings.Contains(records[1], "[151,92]") || !strings.HasSuffix(records[1], "by editor") {
		t.Errorf("the log keeps %q", records)
	}
}

func TestARegionOnTheGroundOpensAgainAsGeoJSON(t *testing.T) {
	h, slug, _ := draft(t)
	square := [][]imagery.Point{{{X: 37.1, Y: 36.2}, {X: 37.2, Y: 36.2}, {X: 37.2, Y: 36.3}}}
	if err := h.archive.SetRegions(t.Context(), slug, []imagery.Region{{Name: "the yard & more", Rings: square}}, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	path := "/locations/" + slug + "/table"
	table := body(t, ask(h.Handler(), "GET", path, h.as(t, "editor")))
	if !strings.Contains(table, `href="`+path+`?edit=the&#43;yard&#43;%26&#43;more#region-form"`) && !strings.Contains(table, `href="`+path+`?edit=the+yard+%26+more#region-form"`) {
		t.Errorf("no link opens it:\n%s", table)
	}
	const text = `{"type":"Polygon","coordinates":[[[37.1,36.2],[37.2,36.2],[37.2,36.3],[37.1,36.2]]]}`
	form := body(t, ask(h.Handler(), "GET", path+"?edit=the+yard+%26+more", h.as(t, "editor")))
	if !strings.Contains(form, strings.ReplaceAll(text, `"`, "&#34;")) {
		t.Errorf("the form doesn't hold it:\n%s", form)
	}
	again := url.Values{"do": {"region"}, "editing": {"true"}, "was": {"the yard & more"}, "name": {"the yard & more"}, "polygon": {strings.ReplaceAll(text, "36.3", "36.25")}}
	if r := postForm(h.Handler(), path, again, h.as(t, "editor")); r.StatusCode != 303 {
		t.Fatalf("%d\n%s", r.StatusCode, body(t, r))
	}
	if g := h.region(t, slug); len(g.Rings) != 1 || g.Rings[0][2].Y != 36.25 {
		t.Errorf("%+v", g)
	}
}

// reopen opens the region of the block again, drawn on its first image.
func reopen(t *testing.T) (h *house, slug string, b *browser) {
	t.Helper()
	needDrawing(t)
	h, slug, _, _ = judged(t, settle())
	if err := h.archive.Withdraw(t.Context(), slug, archive.Change{Why: "for a test"}); err != nil {
		t.Fatal(err)
	}
	return h, slug, open(t, h.listen(t))
}

const planeSheet = "[data-draw-region] .plane-sheet"

func TestARegionIsDrawnAnewByMouseAndKeyboardAndFollowsTheGround(t *testing.T) {
	t.Parallel()
	h, slug, b := reopen(t)
	b.look(1280, "light")
	b.visit("/locations/" + slug + "/table")
	b.press("Edit")
	b.until("the drawing", `location.search === "?edit=" && document.querySelectorAll("[data-draw-region] .spot").length === 4`)
	if seen := eval[int](b, `[...document.querySelectorAll("[data-others] polygon.region")].filter((p) => p.points.length === 4).length`); seen != 1 {
		t.Errorf("it is seen on %d other images, want 1", seen)
	}
	at := b.sheet(planeSheet)
	x0, y0 := over(at, 320, 240, imagery.Point{X: 150, Y: 136})
	x1, y1 := over(at, 320, 240, imagery.Point{X: 145, Y: 140})
	b.dragMouse(x0, y0, x1, y1)
	x, y := over(b.sheet(planeSheet), 320, 240, imagery.Point{X: 178, Y: 92}) // on the upper side
	b.do(chromedp.MouseClickXY(x, y))
	if said := b.said(); !strings.HasPrefix(said, "Corner 2 was added at 178, 92.") || !strings.HasSuffix(said, "5 corners.") {
		t.Errorf("said: %q", said)
	}
	b.keys(10, kb.ArrowUp)
	b.keys(1, kb.Enter) // half way to the next
	b.do(chromedp.Click(chromedp.CSS("[data-draw-region] [data-take]")))
	if said := b.said(); said != "Corner 3 was removed. 5 corners." {
		t.Errorf("said: %q", said)
	}
	want := []imagery.Point{{X: 150, Y: 92}, {X: 178, Y: 82}, {X: 206, Y: 92}, {X: 206, Y: 136}, {X: 145, Y: 140}}
	choose := func(i int) string {
		return eval[string](b, fmt.Sprintf(`(() => { const c = document.querySelector("#f-region-image"); c.selectedIndex = %d; c.dispatchEvent(new Event("change")); return document.querySelector("#f-region").value; })()`, i))
	}
	first := eval[string](b, `document.querySelector("#f-region").value`)
	choose(1)
	if said := b.said(); !strings.HasPrefix(said, "The corners were taken along to new.png.") {
		t.Errorf("said: %q", said)
	}
	choose(0)
	choose(1)
	if again := choose(0); again != first {
		t.Errorf("going to the other image and back moves it from %s to %s", first, again)
	}
	b.shoot("region-again")
	b.press("Set the region")
	b.until("the region", `location.hash === "#regions" && document.body.innerText.includes("5 corners on")`)
	if g := h.region(t, slug); g.Image != "old.png" || !near(g.Polygon, want, 1.01) {
		t.Errorf("%+v, want about %v", g, want)
	}
	b.clean()
}

// dragTouch moves a finger from one place of the window to another.
func (b *browser) dragTouch(x0, y0, x1, y1 float64) {
	b.t.Helper()
	b.touch(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: x0, Y: y0})
	for i := 1.0; i <= 5; i++ {
		b.touch(input.DispatchTouchEventTypeTouchMove, &input.TouchPoint{X: x0 + (x1-x0)*i/5, Y: y0 + (y1-y0)*i/5})
	}
	b.touch(input.DispatchTouchEventTypeTouchEnd)
}

func TestARegionIsDrawnAnewByTouch(t *testing.T) {
	t.Parallel()
	h, slug, b := reopen(t)
	b.hold()
	b.visit("/locations/" + slug + "/table")
	b.tap(`a[href*="edit="]`)
	b.until("the drawing", `location.search === "?edit=" && document.querySelectorAll("[data-draw-region] .spot").length === 4`)
	at := b.sheet(planeSheet)
	x0, y0 := over(at, 320, 240, imagery.Point{X: 206, Y: 136})
	x1, y1 := over(at, 320, 240, imagery.Point{X: 212, Y: 144})
	scrolled := eval[float64](b, `scrollY`)
	b.dragTouch(x0, y0, x1, y1)
	if eval[float64](b, `scrollY`) != scrolled {
		t.Error("dragging a corner scrolls the page")
	}
	x, y := over(b.sheet(planeSheet), 320, 240, imagery.Point{X: 150, Y: 114}) // on the left side
	b.tapAt(x, y)
	b.until("the fifth corner", `document.querySelectorAll("[data-draw-region] .spot").length === 5`)
	if said := b.said(); !strings.HasPrefix(said, "Corner 5 was added") {
		t.Errorf("said: %q", said)
	}
	b.tap(`[data-draw-region] .spot:nth-child(1)`)
	b.tap(`[data-draw-region] [data-take]`)
	b.until("the corner to go", `document.querySelectorAll("[data-draw-region] .spot").length === 4`)
	b.shoot("region-touch")
	b.tap(`#region-form button[type="submit"]`)
	b.until("the region", `location.hash === "#regions" && document.readyState === "complete" && !location.search`)
	want := []imagery.Point{{X: 206, Y: 92}, {X: 212, Y: 144}, {X: 150, Y: 136}, {X: 150, Y: 114}}
	if g := h.region(t, slug); !near(g.Polygon, want, 2) {
		t.Errorf("%+v, want about %v", g, want)
	}
	b.clean()
}

func TestTiePointsArePlacedByTouch(t *testing.T) {
	t.Parallel()
	h, slug, b := reopen(t)
	b.hold()
	b.visit("/locations/" + slug + "/table")
	id := eval[string](b, `document.querySelector("[data-draw-ties]").dataset.drawTies`)
	b.tap(`details:has([data-draw-ties]) > summary`)
	b.tap(`[data-draw-ties] [data-open]`)
	sheet := func(i int) string { return fmt.Sprintf("[data-draw-ties] .plane:nth-child(%d) .plane-sheet", i) }
	pairs := []imagery.UserTiePoint{
		{Reference: imagery.Point{X: 60, Y: 50}, Moving: imagery.Point{X: 66, Y: 58}},
		{Reference: imagery.Point{X: 250, Y: 180}, Moving: imagery.Point{X: 244, Y: 172}},
		{Reference: imagery.Point{X: 160, Y: 120}, Moving: imagery.Point{X: 160, Y: 120}},
	}
	for _, p := range pairs {
		x, y := over(b.sheet(sheet(1)), 320, 240, p.Reference)
		b.tapAt(x, y)
		x, y = over(b.sheet(sheet(2)), 320, 240, p.Moving)
		b.tapAt(x, y)
	}
	b.until("three pairs", `document.querySelectorAll("[data-draw-ties] [data-list] li").length === 3`)
	at := b.sheet(sheet(2))
	x0, y0 := over(at, 320, 240, pairs[0].Moving)
	x1, y1 := over(at, 320, 240, imagery.Point{X: 90, Y: 70})
	b.dragTouch(x0, y0, x1, y1)
	b.tap(`[data-draw-ties] .plane:nth-child(1) .spot:nth-child(3)`)
	b.tap(`[data-draw-ties] .plane:nth-child(1) [data-take]`)
	b.until("two pairs", `document.querySelectorAll("[data-draw-ties] [data-list] li").length === 2`)
	if over := eval[float64](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
		t.Errorf("the drawing is %v px wider than the telephone", over)
	}
	b.shoot("ties-touch")
	eval[bool](b, `document.getElementById("`+id+`-source").value = "https://example.org/2", true`)
	b.tap(`#image-` + id + ` button[type="submit"]`)
	b.until("the image", `location.hash === "#image-`+id+`" && document.readyState === "complete"`)
	c, err := h.archive.Case(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	for _, im := range c.Images {
		if im.Digest.Short() != id {
			continue
		}
		if len(im.TiePoints) != 2 || !near([]imagery.Point{im.TiePoints[0].Reference, im.TiePoints[0].Moving, im.TiePoints[1].Moving},
			[]imagery.Point{pairs[0].Reference, {X: 90, Y: 70}, pairs[1].Moving}, 1.5) {
			t.Errorf("%+v", im.TiePoints)
		}
	}
	b.clean()
}
