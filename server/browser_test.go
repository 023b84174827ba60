package server_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A browser is one tab of a real Chromium that notes what it asks for.
type browser struct {
	t      *testing.T
	ctx    context.Context
	origin string

	mu       sync.Mutex
	foreign  []string // requests to other origins
	messages []string // errors that pages ran into
}

// chromium returns the browser's path. Where continuous integration runs, a
// missing browser is a failure.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium here, and the journeys are not to be left out in CI")
	}
	t.Skip("no Chromium here: the journeys through real pages were not made (make tools installs it)")
	return ""
}

// open starts a browser that looks at origin.
func open(t *testing.T, origin string) *browser {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("lang", "en-GB"),
		chromedp.Flag("enable-unsafe-swiftshader", true),
	)
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	alloc, end := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(end)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, origin: origin}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{})
		return err
	}))
	return b
}

func (b *browser) note(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		u := e.Request.URL
		if !strings.HasPrefix(u, b.origin+"/") && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") && u != "about:blank" {
			b.foreign = append(b.foreign, u)
		}
	case *runtime.EventExceptionThrown:
		b.messages = append(b.messages, e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			b.messages = append(b.messages, fmt.Sprintf("%s %s", e.Entry.Text, e.Entry.URL))
		}
	}
}

// do runs steps within a minute.
func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Location()); err != nil { // the browser is started without a time limit
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// eval returns what a script gives.
func eval[T any](b *browser, script string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%.80s: %v", script, err)
	}
	return v
}

// until waits for a script to give true, over navigations.
func (b *browser) until(what, script string) {
	b.t.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for {
		ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script))
		cancel()
		if ok && err == nil {
			return
		}
		if time.Now().After(deadline) {
			b.shoot("stuck")
			b.t.Fatalf("waited for %s at %s (%v)", what, eval[string](b, "location.href"), err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// go to a path and wait until nothing is under way on it.
func (b *browser) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.origin + path))
	b.until("the page to be done", `document.readyState === "complete" && !document.querySelector(".jobs")`)
}

// look sets the width of the window, px, and the theme.
func (b *browser) look(width int64, theme string) {
	b.t.Helper()
	height := int64(900)
	b.do(chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	}))
}

// tabTo presses the tabulator until the element that a script tests holds the focus.
func (b *browser) tabTo(what, test string) {
	b.t.Helper()
	for range 120 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if eval[bool](b, `(() => { const e = document.activeElement; return Boolean(e && (`+test+`)); })()`) {
			return
		}
	}
	b.shoot("no-focus")
	b.t.Fatalf("the keyboard doesn't reach %s at %s", what, eval[string](b, "location.href"))
}

// shoot keeps a picture of the page for people where ANTEQUEM_SCREENSHOTS names a folder.
func (b *browser) shoot(name string) {
	dir := os.Getenv("ANTEQUEM_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err = cmp.Or(err, os.MkdirAll(dir, 0o755)); err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		b.t.Log(err)
	}
}

// clean says that nothing went elsewhere and no page ran into an error.
func (b *browser) clean() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.foreign) > 0 {
		b.t.Errorf("%d requests to other origins: %v", len(b.foreign), b.foreign)
	}
	if len(b.messages) > 0 {
		b.t.Errorf("pages ran into: %v", b.messages)
	}
}

func TestAReaderGoesFromTheListToTheClaimAndAddsAnImageByKeyboard(t *testing.T) {
	chromium(t)
	h := build(t, t.TempDir(), settle())
	slug, before, after := block(t, h)
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

func TestPagesFitEveryScreenAndEveryReader(t *testing.T) {
	chromium(t)
	axe, err := os.ReadFile(filepath.FromSlash("web/node_modules/axe-core/axe.min.js"))
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	if err != nil {
		t.Log("no axe-core here (make web installs it): accessibility was not measured")
	}
	h := build(t, t.TempDir(), settle())
	_, before, after := block(t, h)
	b := open(t, h.listen(t))
	for name, path := range shownPages(before.Short(), after.Short()) {
		for _, width := range []int64{1280, 390} {
			for _, theme := range []string{"light", "dark"} {
				b.look(width, theme)
				b.visit(path)
				where := fmt.Sprintf("%s-%d-%s", name, width, theme)
				if over := eval[float64](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
					t.Errorf("%s is %v px wider than the screen", where, over)
				}
				b.shoot(where)
				for _, v := range violations(b, string(axe)) {
					t.Errorf("%s: %s", where, v)
				}
			}
		}
	}
	b.mu.Lock()
	b.messages = without(b.messages, "/locations/nowhere") // which is a 404 on purpose
	b.mu.Unlock()
	b.clean()
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

// violations asks axe-core for what keeps a page from WCAG 2.2 AA.
func violations(b *browser, axe string) []string {
	b.t.Helper()
	if axe == "" {
		return nil
	}
	eval[bool](b, axe+"; true")
	text := eval[string](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
		.then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.help + " at " + v.nodes.map((n) => n.target.join(" ")).join("; "))))`)
	var out []string
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		b.t.Fatal(err)
	}
	return out
}

func TestAPageIsReadableWithoutScript(t *testing.T) {
	chromium(t)
	h := build(t, t.TempDir(), settle())
	_, before, after := block(t, h)
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
