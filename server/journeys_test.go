package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestAReaderGoesFromTheListToTheClaimAndAddsAnImageByKeyboard(t *testing.T) {
	t.Parallel()
	h, slug, before, after := judged(t, settle())
	b := open(t, h.listen(t))
	b.look(1280, "light")

	b.visit("/")
	b.tabTo("the location", `e.getAttribute("href") === "/locations/block"`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until("the location", `location.pathname === "/locations/block" && document.readyState === "complete" && !document.querySelector(".jobs")`)

	b.tabTo("the comparison", `(e.getAttribute("href") || "").startsWith("/locations/block/compare?")`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until("the comparison", `location.pathname.endsWith("/compare") && document.readyState === "complete" && !document.querySelector(".jobs")`)
	if got := eval[string](b, "location.search"); !strings.Contains(got, before.Short()) || !strings.Contains(got, after.Short()) {
		t.Errorf("compares %s", got)
	}
	slide(t, b)

	for _, mode := range eval[[]string](b, `[...document.querySelectorAll("[data-mode-link]")].map((e) => e.dataset.modeLink).filter((m) => m !== "swipe")`) {
		b.tabTo("mode "+mode, fmt.Sprintf(`e.dataset.modeLink === %q`, mode))
		b.do(chromedp.KeyEvent(kb.Enter))
		b.until("mode "+mode, fmt.Sprintf(`location.search.includes("mode=%s")`, mode))
		b.until("its pictures", `[...document.images].every((i) => i.complete || i.loading === "lazy") && !document.querySelector(".jobs")`)
	}

	b.visit("/locations/" + slug)
	b.tabTo("a claim", `(e.getAttribute("href") || "").startsWith("/locations/block/claims/")`)
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until("the claim", `location.pathname.startsWith("/locations/block/claims/") && document.readyState === "complete"`)
	if got := eval[string](b, `document.querySelector("main").innerText`); !strings.Contains(got, "15 October 2015") {
		t.Errorf("the claim's page tells no date:\n%s", got)
	}
	src := eval[string](b, `document.getElementById("embed-code").value.split('"')[1].replaceAll("&amp;", "&")`)
	b.visit(strings.TrimPrefix(src, b.origin))
	b.tabTo("the way back from the embed", `e.closest(".embed-foot") !== null`)
	contribute(t, b, slug)
	b.clean()
}

// slide moves the border between the two pictures by keyboard.
func slide(t *testing.T, b *browser) {
	t.Helper()
	b.tabTo("the slider", `e.matches("input[type=range]") && e.offsetParent !== null`)
	first := eval[float64](b, "Number(document.activeElement.value)")
	for range 5 {
		b.do(chromedp.KeyEvent(kb.ArrowRight))
	}
	if second := eval[float64](b, "Number(document.activeElement.value)"); second <= first {
		t.Errorf("the slider went from %v to %v", first, second)
	}
}

// contribute fills in the form for an image and waits for it to appear.
func contribute(t *testing.T, b *browser, slug string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "third.png")
	if err := os.WriteFile(file, scene(t, 3, true), 0o644); err != nil {
		t.Fatal(err)
	}
	b.visit("/locations/" + slug)
	b.tabTo("the form", `e.getAttribute("href") === "/locations/block/upload"`)
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("form.form")))
	b.tabTo("the file", `e.name === "image"`)
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-image"), []string{file}))
	b.tabTo("the date", `e.name === "acquired"`)
	b.do(chromedp.KeyEvent("2016-06"))
	b.tabTo("the notes", `e.name === "notes"`)
	b.do(chromedp.KeyEvent(`<script>alert("notes")</script>`))
	b.tabTo("the button", `e.type === "submit"`)
	start := time.Now()
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until("the receipt", `location.pathname.includes("/uploads/")`)
	b.visit("/locations/" + slug)
	if n := eval[int](b, `document.querySelectorAll("li.image").length`); n != 3 {
		t.Errorf("%d images on the page, want 3", n)
	}
	b.until("its picture", `[...document.querySelectorAll("li.image img")].length === 3`)
	t.Logf("compared and on the page %v after it was sent", time.Since(start).Round(10*time.Millisecond))
	if got := eval[string](b, `document.querySelector("main").innerText`); !strings.Contains(got, `<script>alert("notes")</script>`) {
		t.Error("the notes are not shown as they were written")
	}
}

// shownPages are those that are looked at in every width and theme.
func shownPages(before, after string) map[string]string {
	pair := "before=" + before + "&after=" + after
	return map[string]string{
		"locations":     "/",
		"location":      "/locations/block",
		"compare":       "/locations/block/compare?" + pair,
		"compare-side":  "/locations/block/compare?" + pair + "&mode=side",
		"compare-heat":  "/locations/block/compare?" + pair + "&mode=heat",
		"claim":         "/locations/block/claims/struck",
		"upload":        "/locations/block/upload",
		"method":        "/method",
		"problem":       "/locations/nowhere",
		"embed-compare": "/embed/locations/block/compare?" + pair,
		"embed-claim":   "/embed/locations/block/claims/struck",
	}
}

func without(lines []string, part string) []string {
	var out []string
	for _, l := range lines {
		if !strings.Contains(l, part) {
			out = append(out, l)
		}
	}
	return out
}

func TestOnlyEmbedsCanBeFramed(t *testing.T) {
	t.Parallel()
	h, slug, before, after := judged(t, settle())
	at := h.listen(t)
	eventually(t, h.Handler(), "/locations/"+slug, func(_ int, b string) bool { return !strings.Contains(b, "/events?wait=") })
	pages := shownPages(before.Short(), after.Short())
	frames := map[string]bool{pages["embed-claim"]: true, pages["embed-compare"]: true, pages["claim"]: false, pages["locations"]: false, pages["upload"]: false}
	newsroom := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for path := range frames {
			fmt.Fprintf(w, "<iframe src=%q width=600 height=400></iframe>", at+path)
		}
	}))
	defer newsroom.Close()
	b := open(t, newsroom.URL)
	b.do(chromedp.Navigate(newsroom.URL + "/"))
	tree, err := chromedp.Run(b.ctx, func(ctx context.Context, tab *chromedp.Target) (*page.FrameTree, error) {
		r, err := cdp.Call(ctx, tab, page.GetFrameTree, cdp.Empty{})
		return r.FrameTree, err
	})
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, f := range tree.ChildFrames {
		shown[f.Frame.URL] = true
	}
	for path, want := range frames {
		if shown[at+path] != want {
			t.Errorf("%s framed by another site: %v, want %v (%v)", path, shown[at+path], want, shown)
		}
	}
}

// Many sites put what they embed into a frame with the attribute sandbox, whose document
// is of no origin: not even that of the styles and scripts beside it.
func TestAnEmbedInASandboxHasItsStylesAndScripts(t *testing.T) {
	t.Parallel()
	h, _, before, after := judged(t, settle())
	at := h.listen(t)
	embed := body(t, ask(h.Handler(), "GET", shownPages(before.Short(), after.Short())["embed-compare"]))
	style, script := regexp.MustCompile(`/assets/style[^"]*`).FindString(embed), regexp.MustCompile(`/assets/pair[^"]*`).FindString(embed)
	newsroom := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Security-Policy", "sandbox allow-scripts")
		fmt.Fprintf(w, `<script>const got = []; addEventListener("load", () => document.body.dataset.done = "", {once: true})</script>
			<link rel=stylesheet href=%q onload="got.push('style')"><script src=%q onload="got.push('script')"></script>`, at+style, at+script)
	}))
	defer newsroom.Close()
	b := open(t, newsroom.URL)
	b.do(chromedp.Navigate(newsroom.URL + "/"))
	b.until("the page to be loaded", `"done" in document.body.dataset`)
	if got := eval[[]string](b, "got.sort()"); !slices.Equal(got, []string{"script", "style"}) {
		t.Errorf("loaded %q of %s and %s", got, style, script)
	}
}

func TestAPageIsReadableWithoutScript(t *testing.T) {
	t.Parallel()
	h, _, before, after := judged(t, settle())
	b := open(t, h.listen(t))
	pages := shownPages(before.Short(), after.Short())
	b.visit(pages["compare"])
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	for name, wants := range map[string][]string{
		"compare": {"15 October 2015", "1 May 2016", "if that date is right"},
		"claim":   {"15 October 2015", "It was struck"},
	} {
		b.do(chromedp.Navigate(b.origin + pages[name]))
		got, err := chromedp.Run(b.ctx, chromedp.Text(chromedp.CSS("main")))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s without script lacks %q", name, want)
			}
		}
		b.shoot(name + "-no-script")
	}
	nodes, err := chromedp.Run(b.ctx, chromedp.Nodes(chromedp.CSSAll("img")))
	if err != nil || len(nodes) == 0 {
		t.Error(errors.Join(err, errors.New("no pictures without script")))
	}
	b.clean()
}
