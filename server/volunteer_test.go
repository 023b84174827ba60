package server_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/people"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// field moves by keyboard to the field of that id and types into it, over what was there.
func (b *browser) field(id, text string) {
	b.t.Helper()
	b.tabTo("field "+id, `e.id === "`+id+`"`)
	eval[bool](b, `document.activeElement.select && document.activeElement.select(), true`)
	b.do(chromedp.KeyEvent(text))
}

// press moves by keyboard to a button and presses it.
func (b *browser) press(words string) {
	b.t.Helper()
	b.tabTo("button "+words, `e.matches("button, a.button, a.plain-button, summary") && e.textContent.trim().startsWith("`+words+`")`)
	b.do(chromedp.KeyEvent(kb.Enter))
}

// at waits for a page to have come whose address ends in path.
func (b *browser) at(path string) {
	b.t.Helper()
	b.until("page "+path, `(location.pathname + location.search).endsWith("`+path+`") && document.readyState === "complete"`)
}

// A case goes from an invitation to a correction, through the hands of three people, by
// keyboard alone: the volunteer reads Arabic, the analyst Ukrainian, the editor English.
func TestACaseGoesFromInvitationToCorrectionByKeyboard(t *testing.T) {
	t.Parallel()
	h := build(t, t.TempDir(), settle(func(c *server.Config) { c.WriteRate = 0 }))
	h.admit(t)
	if _, err := h.archive.AddLocation(t.Context(), imagery.Location{Name: "Square", Slug: "square"}, archive.Change{By: "editor"}); err != nil {
		t.Fatal(err)
	}
	origin := h.listen(t)
	b := open(t, origin)
	b.look(1280, "light")
	_, text, err := h.people.Invite(t.Context(), people.Contributor, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}

	lang := page.Language("ar")
	say := func(key string, values ...any) string { return page.Say(lang, key, values...) }
	b.visit("/join?lang=ar&invitation=" + url.QueryEscape(text))
	b.field("f-name", "stilt")
	b.field("f-password", passphrase)
	b.press(say("join.send"))
	b.at("/account")

	pictures := []string{"old.png", "new.png"}
	var ids []string
	for i, name := range pictures {
		data := scene(t, uint64(i+1), i == 1)
		ids = append(ids, imagery.DigestOf(data).Short())
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		b.visit("/locations/square/upload")
		b.tabTo("the file", `e.name === "image"`)
		b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-image"), []string{path}))
		b.field("f-acquired", []string{"2015-10-15", "2016-06"}[i])
		b.press(say("upload.send"))
		b.until("the receipt", `location.pathname.includes("/uploads/") && document.readyState === "complete" && !document.querySelector(".jobs")`)
	}

	b.visit("/locations/square/table")
	b.press(ids[1]) // opens the row
	b.field(ids[1]+"-acquired", "2016-05-01")
	b.field(ids[1]+"-why", "the post says so")
	b.press(say("edit.correct") + " " + ids[1])
	b.until("the date", `location.hash === "#image-`+ids[1]+`" && document.querySelector('time[datetime="2016-05-01"]') !== null`)
	b.field("f-region", "150,92 206,92 206,136 150,136")
	b.press(say("edit.region.set"))
	b.until("the region", `location.hash === "#regions" && document.querySelector('a[href*="?edit="]') !== null`)
	b.field("f-text", "It was struck in April.")
	b.field("f-claimant", "A witness")
	b.field("f-when", "2016-04")
	b.press(say("edit.claim.record"))
	b.until("the claim", `location.hash === "#claims" && document.body.innerText.includes("A witness")`)

	claim := "/locations/square/claims/it-was-struck-in-april"
	b.visit(claim) // which waits until nothing is under way on it
	b.until("the verdict", `document.readyState === "complete" && document.querySelector(".verdict strong") && !document.querySelector(".jobs") && !document.body.innerText.includes("`+say("verdict.open")+`")`)
	if dir := eval[string](b, "document.documentElement.dir"); dir != "rtl" {
		t.Errorf("the volunteer read from %s", dir)
	}
	b.leave(say("account.signout"))

	lang = "uk"
	b.visit("/sign-in?lang=uk")
	b.enter("analyst", say("site.signin"))
	b.visit("/locations/square/readings")
	b.press(say("readings.read"))
	b.at("/read?region=")
	b.tabTo("the states", `e.name === "state"`)
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent(kb.ArrowDown)) // another state
	b.press(say("read.send"))
	b.until("the readings", `location.pathname.endsWith("/readings") && document.body.innerText.includes("`+say("readings.reader", "n", 1)+`")`)
	b.leave(say("account.signout"))

	b.visit("/sign-in?lang=en")
	b.enter("editor", "Sign in")
	b.visit("/locations/square/publication")
	b.press("Publish")
	b.until("the publication", `document.querySelector("h1").innerText === "Published"`)
	b.field("f-title", "The square in 2016")
	b.field("f-correct", "the old title was a name")
	b.press("Correct")
	b.until("the correction", `document.querySelector("#f-title") && document.querySelector("#f-title").value === "The square in 2016" && document.querySelector("#f-correct").value === "" && document.readyState === "complete" && location.pathname.endsWith("/publication")`)
	b.leave("Sign out")

	b.visit("/locations/square/history")
	if got := eval[string](b, `document.querySelector("main").innerText`); !strings.Contains(got, "the old title was a name") || strings.Contains(got, "editor") {
		t.Errorf("the history that everybody reads:\n%s", got)
	}
	rs, err := h.archive.Readings(t.Context(), "square")
	if err != nil || len(rs) != 1 || rs[0].State != "new" {
		t.Errorf("%+v, %v", rs, err)
	}
	rep, err := h.archive.Verify(t.Context(), nil)
	if err != nil || !rep.OK() {
		t.Errorf("%+v, %v", rep.Faults, err)
	}
	b.clean()
}

// enter signs in through the form, whose button says so.
func (b *browser) enter(name, button string) {
	b.t.Helper()
	b.visit("/sign-in")
	b.field("f-name", name)
	b.field("f-password", passphrase)
	b.press(button)
	b.at("/")
}

// leave signs out by the button that says so.
func (b *browser) leave(button string) {
	b.t.Helper()
	b.visit("/account")
	b.press(button)
	b.at("/")
}

func TestTwentyFilesAreAddedAtOnce(t *testing.T) {
	t.Parallel()
	h := build(t, t.TempDir(), settle())
	h.admit(t)
	if _, err := h.archive.AddLocation(t.Context(), imagery.Location{Name: "Square", Slug: "square"}, archive.Change{By: "editor"}); err != nil {
		t.Fatal(err)
	}
	b := open(t, h.listen(t))
	b.look(390, "light")
	b.enter("contributor", "Sign in")
	var paths []string
	want := map[imagery.Digest]bool{}
	for i := range 20 {
		data := scene(t, uint64(i+1), i%2 == 1)
		want[imagery.DigestOf(data)] = true
		paths = append(paths, filepath.Join(t.TempDir(), fmt.Sprintf("IMG_%02d.png", i)))
		if err := os.WriteFile(paths[i], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.visit("/locations/square/add")
	b.tabTo("the files", `e.id === "f-files"`)
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-files"), paths))
	b.until("all to arrive", `document.querySelector("[data-summary]").innerText.includes("20 ready")`)
	same := eval[bool](b, `[...document.querySelectorAll("[data-list] li[class]")].every((li) =>
		li.querySelector("[data-here]").innerText === li.querySelector("[data-there]").innerText && li.querySelector("[data-here]").innerText.length === 64)`)
	if !same {
		t.Error("the digest before is not shown as the one after")
	}
	b.field("upload-1", "not a date")
	b.press("Add this image")
	b.until("the mend", `document.querySelector("[data-told] li") !== null`)
	for i := range paths {
		b.field(fmt.Sprintf("upload-%d", i+1), fmt.Sprintf("2016-05-%02d", i+1))
	}
	b.shoot("add-narrow")
	b.press("Add all that are ready")
	b.until("all to be added", `document.querySelector("[data-summary]").innerText.startsWith("20 of 20 added")`)
	recs, err := h.archive.Images(t.Context(), "square")
	if err != nil || len(recs) != 20 {
		t.Errorf("%d images, %v", len(recs), err)
	}
	for _, r := range recs {
		if !want[r.Digest] || strings.Contains(r.File, "IMG") {
			t.Errorf("%s: %s", r.File, r.Digest)
		}
	}
	b.messages = without(b.messages, "422") // of the date that was none
	b.clean()
}
