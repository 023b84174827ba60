package server_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/people"
)

// axe is axe-core, "" where make web didn't install it.
var axe = sync.OnceValue(func() string {
	b, err := os.ReadFile(filepath.FromSlash("web/node_modules/axe-core/axe.min.js"))
	if err != nil {
		return ""
	}
	return string(b)
})

// needAxe says that accessibility is not measured, which is no way to pass in CI.
func needAxe(t *testing.T) {
	t.Helper()
	if axe() == "" && os.Getenv("CI") == "true" {
		t.Fatal("no axe-core here (make web installs it)")
	}
	if axe() == "" {
		t.Log("no axe-core here (make web installs it): accessibility was not measured")
	}
}

// violations asks axe-core for what keeps a page from WCAG 2.2 AA.
func (b *browser) violations() []string {
	b.t.Helper()
	if axe() == "" {
		return nil
	}
	if !eval[bool](b, "Boolean(window.axe)") {
		eval[bool](b, axe()+"; true")
	}
	text := eval[string](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"]})
		.then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.help + " at " + v.nodes.map((n) => n.target.join(" ")).join("; "))))`)
	var out []string
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		b.t.Fatal(err)
	}
	return out
}

// tongues are the languages that pages are looked at in: one from left to right, one from
// right to left, and one in another script.
var tongues = []string{"en", "ar", "uk"}

// A look is a width of the window, px, and a theme.
type look struct {
	width int64
	theme string
}

var (
	everyLook = []look{{1280, "light"}, {1280, "dark"}, {390, "dark"}, {390, "light"}}

	// closely is every look in every language; glance leaves out, for pages whose looks
	// differ little, what the other language had.
	closely = map[string][]look{"en": everyLook, "ar": everyLook, "uk": everyLook}
	glance  = map[string][]look{"en": everyLook, "ar": {{1280, "dark"}, {390, "light"}}, "uk": {{1280, "light"}, {390, "dark"}}}
)

// suits says what keeps a page from fitting every screen and every reader: it is loaded
// once in each language, and looked at in widths and themes.
func (b *browser) suits(looks map[string][]look, name, path string, prepare ...func()) {
	b.t.Helper()
	for _, lang := range tongues {
		b.look(1280, "light")
		b.visit(inLanguage(path, lang))
		for _, p := range prepare {
			p()
		}
		for _, l := range looks[lang] {
			b.look(l.width, l.theme)
			b.seen(fmt.Sprintf("%s-%s-%d-%s", name, lang, l.width, l.theme))
		}
	}
}

// seen looks at the page as it is.
func (b *browser) seen(where string) {
	b.t.Helper()
	if over := eval[float64](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
		b.t.Errorf("%s is %v px wider than the screen", where, over)
	}
	b.shoot(where)
	for _, v := range b.violations() {
		b.t.Errorf("%s: %s", where, v)
	}
}

func inLanguage(path, lang string) string {
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + "lang=" + lang
}

func TestPagesFitEveryScreenAndEveryReader(t *testing.T) {
	t.Parallel()
	needAxe(t)
	h, _, before, after := judged(t, settle())
	b := open(t, h.listen(t))
	for name, path := range shownPages(before.Short(), after.Short()) {
		b.suits(glance, name, path)
	}
	b.forgive("/locations/nowhere") // which is a 404 on purpose
	b.clean()
}

// forgive forgets errors of pages that are there on purpose.
func (b *browser) forgive(part string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = without(b.messages, part)
}

// peopledPages is the block with all that pages of people show: two readings, a
// correction, a withdrawn case, an invitation and a token.
func peopledPages(t *testing.T) (h *house, slug, invitation string) {
	t.Helper()
	h, slug, _, _ = peopled(t, settle(func(c *server.Config) { c.WriteRate = 0 }))
	ctx := t.Context()
	for _, name := range []string{"reader-one", "reader-two"} {
		r := archive.Reading{File: "new.png", State: "new", Damage: "severe damage", Place: 1}
		if err := h.archive.AddReading(ctx, slug, r, archive.Change{By: name}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.archive.SetHeading(ctx, slug, archive.Heading{Title: "A block of flats, corrected"}, archive.Change{Why: "the old title had markup"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.archive.AddLocation(ctx, imagery.Location{Name: "Square", Slug: "gone"}, archive.Change{}); err != nil {
		t.Fatal(err)
	}
	for _, change := range []func() error{
		func() error { return h.archive.Publish(ctx, "gone", archive.Change{}) },
		func() error { return h.archive.Withdraw(ctx, "gone", archive.Change{Why: "the wrong square"}) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
	}
	_, invitation, err := h.people.Invite(ctx, people.Contributor, "desk", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.people.NewToken(ctx, "editor", "script", time.Hour); err != nil {
		t.Fatal(err)
	}
	return h, slug, invitation
}

func TestPagesOfPeopleFitEveryScreenAndEveryReader(t *testing.T) {
	t.Parallel()
	needAxe(t)
	h, slug, invitation := peopledPages(t)
	b := open(t, h.listen(t))
	base := "/locations/" + slug
	b.suits(closely, "sign-in", "/sign-in")
	b.suits(closely, "join", "/join?invitation="+url.QueryEscape(invitation))
	b.suits(closely, "history", base+"/history")
	b.suits(closely, "readings", base+"/readings")
	b.suits(closely, "tombstone", "/locations/gone")
	b.forgive("/locations/gone") // which is a 410 on purpose
	b.look(1280, "light")
	b.visit("/sign-in?lang=en")
	b.enter("editor", "Sign in")
	for name, path := range map[string]string{
		"account": "/account", "people": "/people", "publication": base + "/publication", "read": base + "/read?region=",
		"location-at-work": base, "new-location": "/new",
	} {
		b.suits(closely, name, path)
	}
	b.suits(closely, "table", base+"/table?edit=", func() {
		b.until("the region", `!document.querySelector("[data-draw-region]") || !document.querySelector("[data-drawing]") || document.querySelectorAll("[data-draw-region] .spot").length === 4`)
		eval[bool](b, `document.querySelectorAll("details.row").forEach((d) => { d.open = true; }), document.querySelector("[data-draw-ties] [data-open]")?.click(), true`)
	})
	picture := filepath.Join(t.TempDir(), "صورة one.png")
	if err := os.WriteFile(picture, scene(t, 11, true), 0o600); err != nil {
		t.Fatal(err)
	}
	b.suits(closely, "add", base+"/add", func() {
		b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-files"), []string{picture}))
		b.until("it to arrive", `!document.querySelector("[data-list] [data-add]").disabled`)
		eval[bool](b, `document.querySelector("[data-list] [data-date]").value = "2016-13", document.querySelector("[data-list] [data-add]").click(), true`)
		b.until("the mend", `document.querySelector("[data-told] li") !== null`)
	})
	b.forgive("422") // of dates that are none
	b.clean()
}

// The mark is white, as the page is in the light theme: on a picture it stands out by
// itself, among words it needs an edge.
func TestTheMarkOfADrawnPictureStandsOutAmongWords(t *testing.T) {
	t.Parallel()
	h, slug, _, _ := judged(t, settle())
	b := open(t, h.listen(t))
	for _, theme := range []string{"light", "dark"} {
		b.look(390, theme)
		b.visit("/locations/" + slug + "/claims/struck")
		faint := eval[int](b, `[...document.querySelectorAll(".strip .chip-synthetic")].filter((e) => {
			const own = getComputedStyle(e), page = getComputedStyle(document.body);
			return own.backgroundColor === page.backgroundColor && parseFloat(own.borderTopWidth) === 0;
		}).length`)
		if n := eval[int](b, `document.querySelectorAll(".strip .chip-synthetic").length`); n != 2 || faint > 0 {
			t.Errorf("%s: %d of %d marks can't be told from the page", theme, faint, n)
		}
		if over := eval[float64](b, `document.querySelector('img[src$="placebo.png"]').getBoundingClientRect().right - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%s: the picture of the control windows reaches %v px beyond the screen", theme, over)
		}
	}
	b.clean()
}

// Before lies on the left and after on the right in every language, so what lies between
// their captions is right of the one and left of the other.
func TestCaptionsStandAsFarFromTheEdgesInEveryDirection(t *testing.T) {
	h, slug, before, after := judged(t, settle())
	b := open(t, h.listen(t))
	b.look(360, "light")
	for _, lang := range []string{"en", "ar"} {
		b.visit("/locations/" + slug + "/compare?before=" + before.Short() + "&after=" + after.Short() + "&lang=" + lang)
		if got := eval[[]string](b, `(() => {
			const pad = (side) => getComputedStyle(document.querySelector(side + " figcaption"));
			return [pad(".side-before").paddingLeft, pad(".side-after").paddingRight];
		})()`); len(got) != 2 || got[0] != "16px" || got[1] != "16px" {
			t.Errorf("%s: captions stand %q from the edges, want 16px like the rest of the page", lang, got)
		}
	}
}
