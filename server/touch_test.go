package server_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// hold makes the tab a telephone of 390 × 844 px that is touched.
func (b *browser) hold() {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true, MaxTouchPoints: 5})
		_, still := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{ // a page that glides to its place is missed
			Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return errors.Join(err, still)
	}))
}

// touch sends one touch event; without points it ends the touch.
func (b *browser) touch(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
	b.t.Helper()
	if points == nil {
		points = []*input.TouchPoint{}
	}
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
		return err
	}))
}

// place brings what a selector finds into view and returns its middle, CSS px.
func (b *browser) place(selector string) (x, y float64) {
	b.t.Helper()
	at := eval[[]float64](b, fmt.Sprintf(`(async () => {
		const e = [...document.querySelectorAll(%q)].find((e) => e.getClientRects().length > 0);
		if (!e) return [];
		e.scrollIntoView({block: "center", behavior: "instant"});
		await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
		const r = e.getClientRects()[0];
		return [r.left + r.width / 2, r.top + r.height / 2];
	})()`, selector))
	if len(at) != 2 {
		b.shoot("nothing-to-touch")
		b.t.Fatalf("nothing to touch at %s for %s", eval[string](b, "location.href"), selector)
	}
	return at[0], at[1]
}

func (b *browser) tap(selector string) {
	b.t.Helper()
	x, y := b.place(selector)
	b.tapAt(x, y)
}

// tapAt taps a place of the window, and again where no click comes of it: a browser on a
// busy machine may take a tap for a long press.
func (b *browser) tapAt(x, y float64) {
	b.t.Helper()
	const tries, patience = 3, 5 * time.Second
	for range tries {
		eval[bool](b, `window.untapped = true, addEventListener("click", () => { window.untapped = false; }, {capture: true, once: true}), true`)
		b.tapOnce(x, y)
		for begun := time.Now(); time.Since(begun) < patience; time.Sleep(20 * time.Millisecond) {
			untapped, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("window.untapped === true"))
			if err != nil || !untapped { // it fails on the way to another page, which doesn't know of it
				return
			}
		}
	}
}

// tapOnce touches for a moment, and ends that before the page has answered its beginning.
func (b *browser) tapOnce(x, y float64) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		begun := make(chan error, 1)
		send := func(kind input.DispatchTouchEventType, points ...*input.TouchPoint) error {
			_, err := cdp.Call(ctx, tab, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: append([]*input.TouchPoint{}, points...)})
			return err
		}
		go func() { begun <- send(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: x, Y: y}) }()
		time.Sleep(30 * time.Millisecond)
		return errors.Join(send(input.DispatchTouchEventTypeTouchEnd), <-begun)
	}))
}

func TestAReaderGoesFromTheListToTheEmbedByTouch(t *testing.T) {
	t.Parallel()
	h, _, before, after := judged(t, settle())
	b := open(t, h.listen(t))
	b.hold()
	b.visit("/")
	b.tap(`a[href="/locations/block"]`)
	b.until("the location", `location.pathname === "/locations/block" && document.readyState === "complete" && !document.querySelector(".jobs")`)
	b.tap(`a[href^="/locations/block/compare?"]`)
	b.until("the comparison", `location.pathname.endsWith("/compare") && document.readyState === "complete" && !document.querySelector(".jobs")`)
	if got := eval[string](b, "location.search"); !strings.Contains(got, before.Short()) || !strings.Contains(got, after.Short()) {
		t.Errorf("compares %s", got)
	}
	drag(t, b)
	for _, mode := range eval[[]string](b, `[...document.querySelectorAll("[data-mode-link]")].map((e) => e.dataset.modeLink)`) {
		b.tap(fmt.Sprintf(`[data-mode-link=%q]`, mode))
		b.until("mode "+mode, fmt.Sprintf(`document.querySelector("[data-pair]").dataset.mode === %q`, mode))
		b.until("its pictures", `[...document.images].every((i) => i.complete || i.loading === "lazy")`)
	}
	if over := eval[float64](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
		t.Errorf("the comparison is %v px wider than the telephone", over)
	}
	b.tap(`a[href^="/locations/block/claims/"]`)
	b.until("the claim", `location.pathname.startsWith("/locations/block/claims/") && document.readyState === "complete" && !document.querySelector(".jobs")`)
	code := eval[string](b, `document.getElementById("embed-code").value`)
	src := strings.Split(code, `"`)[1]
	if !strings.HasPrefix(src, b.origin+"/embed/locations/block/claims/") {
		t.Fatalf("the code embeds %q", src)
	}
	b.visit(strings.TrimPrefix(strings.ReplaceAll(src, "&amp;", "&"), b.origin))
	b.tap(".embed-foot a")
	b.clean()
}

// drag moves the border between the two pictures by its knob.
func drag(t *testing.T, b *browser) {
	t.Helper()
	const value = `Number(document.querySelector("[data-swipe]").value)`
	b.until("the slider", `document.querySelector("[data-swipe]") !== null`)
	first := eval[float64](b, value)
	x, y := b.place("[data-swipe]")
	b.touch(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: x, Y: y})
	for i := range 8 {
		b.touch(input.DispatchTouchEventTypeTouchMove, &input.TouchPoint{X: x + float64(i)*12, Y: y})
	}
	b.touch(input.DispatchTouchEventTypeTouchEnd)
	if second := eval[float64](b, value); second < first+10 {
		b.shoot("drag")
		t.Errorf("the border went from %v to %v", first, second)
	}
}

// Limits of what a comparison sends before its pictures, bytes over the wire.
const (
	mostBefore  = 250_000
	mostScripts = 150_000
)

func TestAComparisonIsLightBeforeItsPictures(t *testing.T) {
	t.Parallel()
	h, slug, before, after := judged(t, settle())
	b := open(t, h.listen(t))
	b.visit(fmt.Sprintf("/locations/%s/compare?before=%s&after=%s", slug, before.Short(), after.Short()))
	time.Sleep(500 * time.Millisecond) // for what the page asks after it is complete
	b.mu.Lock()
	defer b.mu.Unlock()
	var all, scripts int64
	for _, r := range b.sent {
		switch r.kind {
		case network.ResourceTypeImage, network.ResourceTypeXHR, network.ResourceTypeFetch:
			continue // pictures and tiles
		case network.ResourceTypeScript:
			scripts += r.bytes
		}
		all += r.bytes
	}
	t.Logf("%d bytes before pictures, %d of them scripts", all, scripts)
	if all == 0 || all > mostBefore || scripts > mostScripts {
		t.Errorf("%d bytes before pictures, %d of them scripts; at most %d and %d", all, scripts, mostBefore, mostScripts)
	}
}

// BenchmarkFirstPicture tells when a comparison's first picture is seen on a bad
// line, 1.6 Mbit/s and 150 ms, with nothing cached.
func BenchmarkFirstPicture(b *testing.B) {
	h, slug, before, after := judged(b, settle())
	br := open(b, h.listen(b))
	br.look(1280, "light")
	br.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Latency: 150, DownloadThroughput: 200_000, UploadThroughput: 94_000}},
		})
		return err
	}), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
		return err
	}))
	slowest := 0.0
	for b.Loop() {
		br.visit(fmt.Sprintf("/locations/%s/compare?before=%s&after=%s", slug, before.Short(), after.Short()))
		slowest = max(slowest, eval[float64](br, `new Promise((done) => {
			new PerformanceObserver((l) => { const p = l.getEntries().filter((e) => e.url); if (p.length) done(p[0].startTime); })
				.observe({type: "largest-contentful-paint", buffered: true});
			setTimeout(() => done(-1), 10000);
		})`))
	}
	b.ReportMetric(slowest, "slowest-ms")
}
