package server_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/web"
)

// sheet brings a picture that is drawn on into view, and returns its place in the
// window: left, top, width and height, CSS px.
func (b *browser) sheet(selector string) [4]float64 {
	b.t.Helper()
	b.until("the picture "+selector, fmt.Sprintf(`(() => { const i = document.querySelector(%q + " img"); return Boolean(i && i.complete && i.naturalWidth); })()`, selector))
	return eval[[4]float64](b, fmt.Sprintf(`(async () => {
		const e = document.querySelector(%q);
		e.parentElement.scrollIntoView({block: "center", behavior: "instant"}); // and not the picture, which may be zoomed and scrolled in there
		let last = [];
		for (let still = 0; still < 3;) { // frames, for what comes late moves the page
			await new Promise(requestAnimationFrame);
			const r = e.getBoundingClientRect(), now = [r.left, r.top, r.width, r.height];
			still = now.every((v, i) => v === last[i]) ? still + 1 : 0;
			last = now;
		}
		return last;
	})()`, selector))
}

// over returns where a pixel of an image of w × h px lies in the window, CSS px.
func over(sheet [4]float64, w, h int, p imagery.Point) (x, y float64) {
	return sheet[0] + (p.X+0.5)*sheet[2]/float64(w), sheet[1] + (p.Y+0.5)*sheet[3]/float64(h)
}

// keys presses keys on what holds the focus.
func (b *browser) keys(n int, key string, o ...chromedp.KeyOption) {
	b.t.Helper()
	for range n {
		b.do(chromedp.KeyEvent(key, o...))
	}
}

// dragMouse moves the mouse from one place of the window to another, its button held.
func (b *browser) dragMouse(x0, y0, x1, y1 float64) {
	b.t.Helper()
	b.do(chromedp.MouseEvent(chromedp.MousePressed, x0, y0, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	for i := 1.0; i <= 4; i++ {
		b.do(chromedp.MouseEvent(chromedp.MouseMoved, x0+(x1-x0)*i/4, y0+(y1-y0)*i/4, chromedp.ButtonLeft))
	}
	b.do(chromedp.MouseEvent(chromedp.MouseReleased, x1, y1, chromedp.ButtonLeft, chromedp.ClickCount(1)))
}

// near says that every corner lies within so many px of where it should.
func near(got, want []imagery.Point, within float64) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if math.Abs(got[i].X-want[i].X) > within || math.Abs(got[i].Y-want[i].Y) > within {
			return false
		}
	}
	return true
}

// wide serves a draft with one image of 2400 × 1800 px, which pages show smaller.
func wide(t *testing.T) *house {
	t.Helper()
	h := build(t, t.TempDir(), settle())
	im := image.NewGray(image.Rect(0, 0, 2400, 1800))
	for i := range im.Pix {
		im.Pix[i] = uint8(40 + i%2400/16 + 40*(i/2400/300%2))
	}
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		t.Fatal(err)
	}
	c := imagery.Case{Title: "Field", Location: imagery.Location{Name: "Field", Slug: "field"}, Images: []imagery.Image{
		{File: "wide.png", Acquired: date(t, "2016-05-01"), Basis: imagery.BasisClaimed, Platform: imagery.PlatformAerial, Synthetic: true},
	}}
	open := func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil }
	if _, err := h.ingest.Case(context.Background(), c, open, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	return h
}

// region returns the one region that is stored.
func (h *house) region(t *testing.T, slug string) imagery.Region {
	t.Helper()
	c, err := h.archive.Case(t.Context(), slug)
	if err != nil || len(c.Regions) != 1 {
		t.Fatalf("%+v, %v", c.Regions, err)
	}
	return c.Regions[0]
}

// said is what was last said of the region's drawing, without the marks that keep the
// direction of what is put in.
func (b *browser) said() string {
	b.t.Helper()
	said := eval[string](b, `document.querySelector("[data-draw-region] [data-said]").textContent`)
	return strings.NewReplacer("\u2068", "", "\u2069", "").Replace(said)
}

func needDrawing(t *testing.T) {
	t.Helper()
	if !web.HasDrawing() {
		if os.Getenv("CI") == "true" {
			t.Fatal("the script that draws was not built (make web builds it)")
		}
		t.Skip("the script that draws was not built (make web builds it)")
	}
}

// The picture is shown smaller than the original, whose pixels are stored.
func TestARegionIsDrawnByKeyboardAndByMouseInTheOriginalsPixels(t *testing.T) {
	t.Parallel()
	needDrawing(t)
	h := wide(t)
	b := open(t, h.listen(t))
	b.look(1280, "light")
	b.visit("/locations/field/table")
	b.press("Draw it on the picture")
	b.sheet("[data-draw-region] .plane-sheet")
	if w := eval[int](b, `document.querySelector("[data-draw-region] img").naturalWidth`); w != 1600 {
		t.Fatalf("the picture is %d px wide, so this test shows nothing of reduced ones", w)
	}
	shift := chromedp.KeyModifiers(chromedp.ModifierShift)
	b.press("Add a corner") // in the middle: 1200, 900 within a pixel of the screen
	var first imagery.Point
	if _, err := fmt.Sscanf(eval[string](b, `document.querySelector("#f-region").value`), "%f,%f", &first.X, &first.Y); err != nil || math.Abs(first.X-1199.5) > 4 || math.Abs(first.Y-899.5) > 4 {
		t.Fatalf("the first corner is at %v, %v", first, err)
	}
	b.keys(3, kb.ArrowLeft, shift)
	b.keys(2, kb.ArrowUp)
	b.keys(1, kb.Enter) // 20 px to the right of it
	b.keys(1, kb.ArrowRight, shift)
	b.keys(1, kb.Enter)
	b.keys(4, kb.ArrowDown, shift)
	b.keys(1, kb.Enter)
	b.keys(1, kb.Delete)
	if said := b.said(); said != "Corner 4 was removed. 3 corners." {
		t.Errorf("said: %q", said)
	}
	b.press("Set the region")
	b.until("the region", `location.hash === "#regions" && document.body.innerText.includes("3 corners on")`)
	x, y := first.X-30, first.Y-2
	want := []imagery.Point{{X: x, Y: y}, {X: x + 30, Y: y}, {X: x + 50, Y: y + 40}}
	if g := h.region(t, "field"); g.Image != "wide.png" || !near(g.Polygon, want, 0) {
		t.Errorf("by keyboard: %+v, want %v", g, want)
	}

	b.visit("/locations/field/table")
	b.press("Draw it on the picture")
	at := b.sheet("[data-draw-region] .plane-sheet")
	want = []imagery.Point{{X: 300, Y: 200}, {X: 2000, Y: 400}, {X: 1000, Y: 1500}}
	for _, p := range want {
		cx, cy := over(at, 2400, 1800, p)
		b.do(chromedp.MouseClickXY(cx, cy))
		at = b.sheet("[data-draw-region] .plane-sheet")
	}
	x0, y0 := over(at, 2400, 1800, want[0])
	want[0] = imagery.Point{X: 500, Y: 350}
	x1, y1 := over(at, 2400, 1800, want[0])
	b.dragMouse(x0, y0, x1, y1)
	b.shoot("draw-region-mouse")
	b.press("Set the region") // in place of the first
	b.until("the region", `location.hash === "#regions" && document.querySelector("#f-region").value === "" && document.readyState === "complete"`)
	if g := h.region(t, "field"); !near(g.Polygon, want, 2400/at[2]+1) {
		t.Errorf("by mouse: %+v, want %v within %.1f px", g, want, 2400/at[2]+1)
	}
	b.clean()
}

func TestTiePointsArePlacedOnTwoPicturesAndARegionIsSeenOnAll(t *testing.T) {
	t.Parallel()
	needDrawing(t)
	h, slug, _, _ := judged(t, settle())
	b := open(t, h.listen(t))
	b.look(1280, "light")
	b.visit("/locations/" + slug + "/table")
	drawEverywhere(b)
	c, err := h.archive.Case(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	id := eval[string](b, `document.querySelector("[data-draw-ties]").dataset.drawTies`)
	ties := "[data-draw-ties] .plane:nth-child(%d) .plane-sheet"
	eval[bool](b, `document.getElementById("image-`+id+`").closest("details").open = true; document.querySelector("[data-draw-ties] [data-open]").click(), true`)
	var want []imagery.UserTiePoint
	for _, p := range []imagery.Point{{X: 40, Y: 30}, {X: 260, Y: 60}, {X: 150, Y: 200}} {
		tie := imagery.UserTiePoint{Reference: p, Moving: imagery.Point{X: p.X + 4, Y: p.Y - 3}}
		want = append(want, tie)
		for i, q := range []imagery.Point{tie.Reference, tie.Moving} {
			x, y := over(b.sheet(fmt.Sprintf(ties, i+1)), 320, 240, q)
			b.do(chromedp.MouseClickXY(x, y))
		}
	}
	if n := eval[int](b, `document.querySelectorAll("[data-draw-ties] [data-list] li").length`); n != 3 {
		t.Errorf("%d pairs in the list", n)
	}
	b.field(id+"-source", "https://example.org/2")
	b.field(id+"-why", "the two could not be laid over one another")
	b.press("Correct ")
	b.until("the image", `location.hash === "#image-`+id+`" && document.readyState === "complete"`)
	if c, err = h.archive.Case(t.Context(), slug); err != nil {
		t.Fatal(err)
	}
	for _, im := range c.Images {
		if im.Digest.Short() != id {
			continue
		}
		if len(im.TiePoints) != 3 {
			t.Fatalf("%+v", im.TiePoints)
		}
		for i, tie := range im.TiePoints {
			if !near([]imagery.Point{tie.Reference, tie.Moving}, []imagery.Point{want[i].Reference, want[i].Moving}, 1) {
				t.Errorf("tie point %d: %+v, want %+v", i+1, tie, want[i])
			}
		}
	}
	b.clean()
}

// drawEverywhere draws a triangle on the first image, and looks at it on the second,
// which is laid over the first without a shift.
func drawEverywhere(b *browser) {
	b.t.Helper()
	b.press("Draw it on the picture")
	corners := []imagery.Point{{X: 60, Y: 50}, {X: 200, Y: 60}, {X: 120, Y: 180}}
	for _, p := range corners {
		x, y := over(b.sheet("[data-draw-region] .plane-sheet"), 320, 240, p)
		b.do(chromedp.MouseClickXY(x, y))
	}
	seen := eval[[]float64](b, `[...document.querySelector("[data-others] polygon").points].flatMap((p) => [p.x, p.y])`)
	var got []imagery.Point
	for i := 0; i+1 < len(seen); i += 2 {
		got = append(got, imagery.Point{X: seen[i], Y: seen[i+1]})
	}
	if !near(got, corners, 2.5) {
		b.t.Errorf("on the other image: %v, want about %v", got, corners)
	}
	eval[bool](b, `(() => { const c = document.querySelector("#f-region-image"); c.selectedIndex = 1; c.dispatchEvent(new Event("change")); return true; })()`)
	if said := b.said(); said != "The corners were taken along to new.png. Look whether they lie where they should." {
		b.t.Errorf("said: %q", said)
	}
}
