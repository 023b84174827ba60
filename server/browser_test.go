package server_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
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

	"github.com/antequem/antequem/server/web/webtest"
)

// A transfer is an answer that came over the wire.
type transfer struct {
	kind  network.ResourceType
	bytes int64 // headers and compressed body
}

// A browser is one tab of a real Chromium that notes what it asks for.
type browser struct {
	t      testing.TB
	ctx    context.Context
	origin string

	mu      sync.Mutex
	foreign []string // requests to other origins
	sent    map[network.RequestID]*transfer

	messages []string // errors that pages ran into
	offsets  []int64  // from which pieces of uploads were sent
}

// open starts a browser that looks at origin.
func open(t testing.TB, origin string) *browser {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(webtest.Chromium(t)),
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
	b := &browser{t: t, ctx: ctx, origin: origin, sent: map[network.RequestID]*transfer{}}
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
		if from, ok := e.Request.Headers["Upload-Offset"]; ok {
			n, _ := strconv.ParseInt(fmt.Sprint(from), 10, 64)
			b.offsets = append(b.offsets, n)
		}
	case *network.EventResponseReceived:
		b.sent[e.RequestID] = &transfer{kind: e.Type}
	case *network.EventLoadingFinished:
		if r := b.sent[e.RequestID]; r != nil {
			r.bytes = int64(e.EncodedDataLength)
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
	deadline := time.Now().Add(5 * time.Minute)
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

// hand gives the browser a cookie.
func (b *browser) hand(name, value string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: b.origin})
		return err
	}))
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
