package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/web"
)

// tree parses a page.
func tree(t *testing.T, b []byte) *html.Node {
	t.Helper()
	n, err := html.Parse(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// elements returns the elements of a name, or all for "", in document order.
func elements(n *html.Node, name string) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && (name == "" || d.Data == name) {
			out = append(out, d)
		}
	}
	return out
}

func attr(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestNoPageHoldsAnythingInline(t *testing.T) {
	for name, b := range plainSample(t).pages() {
		for _, e := range elements(tree(t, b), "") {
			for _, a := range e.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s>", name, e.Data, a.Key)
				}
			}
			if _, linked := attr(e, "src"); name != "report" && (e.Data == "style" || e.Data == "script" && !linked) {
				t.Errorf("%s: inline <%s>", name, e.Data)
			}
		}
	}
}

func TestNoPageAsksAnotherOriginForAnything(t *testing.T) {
	for name, b := range plainSample(t).pages() {
		for _, e := range elements(tree(t, b), "") {
			for _, key := range []string{"src", "srcset", "data", "poster", "action"} {
				if v, ok := attr(e, key); ok && (strings.Contains(v, "//") || strings.HasPrefix(v, "data:")) {
					t.Errorf("%s: <%s %s=%q>", name, e.Data, key, v)
				}
			}
			rel, _ := attr(e, "rel")
			if v, ok := attr(e, "href"); ok && e.Data == "link" && strings.Contains(v, "//") && rel != "canonical" && rel != "alternate" {
				t.Errorf("%s: <link rel=%q href=%q>", name, rel, v)
			}
		}
	}
}

func TestEveryPageHasOneHeadingAboveAllAndSkipsNoLevel(t *testing.T) {
	for name, b := range plainSample(t).pages() {
		level, tops := 0, 0
		for _, e := range elements(tree(t, b), "") {
			if len(e.Data) != 2 || e.Data[0] != 'h' || e.Data[1] < '1' || e.Data[1] > '6' {
				continue
			}
			l := int(e.Data[1] - '0')
			if l == 1 {
				tops++
			}
			if l > level+1 {
				t.Errorf("%s: <h%d> %q after <h%d>", name, l, textOf(e), level)
			}
			level = l
		}
		if tops != 1 {
			t.Errorf("%s: %d headings of level 1, want 1", name, tops)
		}
	}
}

func TestEveryPictureIsDescribedAndEveryFieldLabelled(t *testing.T) {
	for name, b := range plainSample(t).pages() {
		root := tree(t, b)
		labelled := map[string]bool{}
		for _, l := range elements(root, "label") {
			id, _ := attr(l, "for")
			labelled[id] = true
		}
		for _, e := range elements(root, "") {
			id, _ := attr(e, "id")
			kind, _ := attr(e, "type")
			_, named := attr(e, "aria-label")
			switch e.Data {
			case "img":
				if _, ok := attr(e, "alt"); !ok {
					t.Errorf("%s: picture without alt", name)
				}
			case "input", "select", "textarea":
				if kind != "hidden" && !named && !labelled[id] {
					t.Errorf("%s: field %q without label", name, id)
				}
			}
		}
	}
}

func TestNoIDIsGivenTwiceAndEveryReferenceHasOne(t *testing.T) {
	for name, b := range plainSample(t).pages() {
		root, ids := tree(t, b), map[string]bool{}
		for _, e := range elements(root, "") {
			if id, ok := attr(e, "id"); ok {
				if ids[id] {
					t.Errorf("%s: id %q twice", name, id)
				}
				ids[id] = true
			}
		}
		for _, e := range elements(root, "") {
			for _, key := range []string{"for", "aria-labelledby", "aria-describedby", "data-copy"} {
				v, _ := attr(e, key)
				for _, id := range strings.Fields(v) {
					if !ids[id] {
						t.Errorf("%s: <%s %s=%q> leads nowhere", name, e.Data, key, id)
					}
				}
			}
			if v, _ := attr(e, "href"); strings.HasPrefix(v, "#") && !ids[v[1:]] {
				t.Errorf("%s: href %q leads nowhere", name, v)
			}
		}
	}
}

func TestWhatAUserWroteIsNeverHTML(t *testing.T) {
	const poison = `"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>{{.}}`
	clean := plainSample(t).pages()
	s := plainSample(t)
	s.text = func(v string) string { return v + poison }
	s.link = func(string) string { return "javascript:alert(document.domain)//https://example.org" }
	for name, b := range s.pages() {
		root := tree(t, b)
		if got, want := len(elements(root, "script")), len(elements(tree(t, clean[name]), "script")); got != want {
			t.Errorf("%s: %d scripts, want %d", name, got, want)
		}
		for _, e := range elements(root, "") {
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s=%q>", name, e.Data, a.Key, a.Val)
				}
				if (a.Key == "href" || a.Key == "src") && strings.Contains(strings.ToLower(a.Val), "javascript:") && !strings.HasPrefix(a.Val, "https://antequem.example/") {
					t.Errorf("%s: <%s %s=%q>", name, e.Data, a.Key, a.Val)
				}
			}
		}
	}
}

func TestALinkIsFollowedOnlyToTheWeb(t *testing.T) {
	for _, link := range []string{"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org/x", "by telephone", "http:", "mailto:a@example.org", "ftp://example.org/x", " java\tscript:alert(1)"} {
		s := plainSample(t)
		s.link = func(string) string { return link }
		for name, b := range s.pages() {
			for _, a := range elements(tree(t, b), "a") {
				v, _ := attr(a, "href")
				u, err := url.Parse(v)
				if err != nil || u.Scheme != "" && u.Host != "antequem.example" {
					t.Errorf("%s: source %q became a link to %q", name, link, v)
				}
			}
		}
	}
}

func TestTextOfAnotherDirectionStaysInItsPlace(t *testing.T) {
	const arabic = "وزارة الدفاع"
	s := plainSample(t)
	s.text = func(string) string { return arabic }
	for name, b := range s.pages() {
		for d := range tree(t, b).Descendants() {
			if d.Type != html.TextNode || !strings.Contains(d.Data, arabic) || isolated(d) {
				continue
			}
			t.Errorf("%s: text of a user in <%s>, which nothing isolates", name, d.Parent.Data)
		}
	}
}

// isolated says that n's direction can't turn what stands around it: it is in an
// element of its own direction, or alone in a block, a field or a head element.
func isolated(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if _, ok := attr(p, "dir"); ok || p.Data == "bdi" {
			return true
		}
		if slices.Contains([]string{"title", "textarea", "option", "style", "script"}, p.Data) {
			return true
		}
		if slices.Contains([]string{"html", "body"}, p.Data) {
			break
		}
	}
	return strings.TrimSpace(textOf(n.Parent)) == strings.TrimSpace(strings.Join(strings.Fields(n.Data), " "))
}

func TestTheReportRunsOnlyWhatItsPolicyNames(t *testing.T) {
	root := tree(t, plainSample(t).pages()["report"])
	policy := ""
	for _, m := range elements(root, "meta") {
		if v, _ := attr(m, "http-equiv"); v == "Content-Security-Policy" {
			policy, _ = attr(m, "content")
		}
	}
	for _, name := range []string{"style", "script"} {
		found := elements(root, name)
		if len(found) != 1 {
			t.Fatalf("%d <%s>, want 1", len(found), name)
		}
		sum := sha256.Sum256([]byte(found[0].FirstChild.Data))
		if want := name + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %s", policy, want)
		}
	}
}

func TestTheReportOpensFromDisk(t *testing.T) {
	root := tree(t, plainSample(t).pages()["report"])
	for _, e := range elements(root, "") {
		for _, key := range []string{"src", "href"} {
			v, ok := attr(e, key)
			if ok && strings.HasPrefix(v, "/") {
				t.Errorf("<%s %s=%q> needs a server", e.Data, key, v)
			}
		}
	}
}

func TestAReaderWithoutScriptSeesBothPicturesDatedAndTheVerdict(t *testing.T) {
	pages := plainSample(t).pages()
	for _, name := range []string{"compare, swipe", "compare, blink", "compare, heat", "location", "claim", "report"} {
		text := textOf(elements(tree(t, pages[name]), "main")[0])
		for _, want := range []string{"15 October 2015", "29 April 2016, 08:21 UTC", "if that date is right", "SYNTHETIC", "Publisher"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: lacks %q", name, want)
			}
		}
	}
	for name, want := range map[string][]string{
		"claim":                    {"Consistent", "Asserted by A ministry", "between 15 October 2015 and 29 April 2016, 08:21 UTC", "What would settle it", "6.5 px (3.2 m)", "bracket-overlaps"},
		"claim, embedded":          {"Consistent", "One plain sentence."},
		"location":                 {"Supported", "Consistent", "Contradicted", "Undetermined", "Untestable", "Not judged"},
		"location without imagery": {"No imagery held, no verdict", "What to look for, and where", "A satellite image of the days after."},
	} {
		text := textOf(elements(tree(t, pages[name]), "main")[0])
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: lacks %q", name, w)
			}
		}
	}
}

func TestNoLinkOfAnEmbedTakesItsPlaceInTheArticle(t *testing.T) {
	for name, code := range plainSample(t).pages() {
		bases := elements(tree(t, code), "base")
		if !strings.Contains(name, "embedded") {
			if len(bases) > 0 {
				t.Errorf("%s: links open beside the page", name)
			}
			continue
		}
		if len(bases) != 1 || len(bases[0].Attr) != 1 || bases[0].Attr[0].Key != "target" || bases[0].Attr[0].Val != "_blank" {
			t.Errorf("%s: %d bases, want one that opens links beside the article", name, len(bases))
		}
	}
}

func TestALocationWithoutImageryJudgesNothing(t *testing.T) {
	text := textOf(elements(tree(t, plainSample(t).pages()["location without imagery"]), "main")[0])
	for _, word := range []string{"Supported", "Consistent", "Contradicted", "Undetermined"} {
		if strings.Contains(text, word) {
			t.Errorf("%q is said of a location without imagery", word)
		}
	}
}

func TestAnUploadFormKeepsWhatWasTyped(t *testing.T) {
	root := tree(t, plainSample(t).pages()["upload"])
	for _, e := range elements(root, "input") {
		name, _ := attr(e, "name")
		value, _ := attr(e, "value")
		_, wrong := attr(e, "aria-invalid")
		switch name {
		case "acquired":
			if value != "15.10.2015" || !wrong {
				t.Errorf("acquired holds %q, marked wrong: %v", value, wrong)
			}
		case "basis":
			if _, checked := attr(e, "checked"); checked != (value == "claimed") {
				t.Errorf("basis %s checked: %v", value, checked)
			}
		}
	}
}

func TestAPageThatCouldZoomSaysWhatIsMissing(t *testing.T) {
	root := tree(t, plainSample(t).pages()["compare, swipe"])
	loads := slices.ContainsFunc(elements(root, "script"), func(e *html.Node) bool {
		src, _ := attr(e, "src")
		return strings.Contains(src, "viewer.")
	})
	says := strings.Contains(textOf(root), "Deep zoom is not part of this build")
	if loads != web.HasViewer() || says == web.HasViewer() {
		t.Errorf("viewer built: %v, loaded: %v, said to be missing: %v", web.HasViewer(), loads, says)
	}
}

func TestWhatLiesOnNoCommonGridIsNeverShownOverOneAnother(t *testing.T) {
	good := plainSample(t).pair()
	for _, c := range []struct {
		name string
		pair func(page.Pair) page.Pair
		want page.Mode
	}{
		{"both lie on the grid", func(p page.Pair) page.Pair { return p }, page.Swipe},
		{"the error is not told, but both lie on the reference's grid", func(p page.Pair) page.Pair {
			p.ExpectedPx = nan
			return p
		}, page.Swipe},
		{"the later one could not be aligned", func(p page.Pair) page.Pair {
			p.ExpectedPx, p.After.Alignment.Aligned = nan, false
			return p
		}, page.Side},
		{"the later one has no picture yet", func(p page.Pair) page.Pair {
			p.After.Picture = nil
			return p
		}, page.Side},
		{"the later one has another shape", func(p page.Pair) page.Pair {
			p.After.Picture = &page.Picture{URL: "/x.jpg", Width: 768, Height: 1024}
			return p
		}, page.Side},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := c.pair(good)
			if got := p.Show(page.Swipe); got != c.want {
				t.Errorf("shown as %s, want %s", got, c.want)
			}
			if got := p.Show(page.Heat); c.want == page.Side && got != page.Side {
				t.Errorf("heat map shown as %s, want %s", got, page.Side)
			}
		})
	}
}

func TestAModeWithoutItsPictureIsASwipe(t *testing.T) {
	p := plainSample(t).pair()
	p.Heat = nil
	if got := p.Show(page.Heat); got != page.Swipe {
		t.Errorf("shown as %s, want %s", got, page.Swipe)
	}
}

func TestDashesAreExplainedWhereTheyAreDrawn(t *testing.T) {
	s := plainSample(t)
	whole := s.compare(page.Swipe)
	whole.Pair.Outlines[0].Part = nil
	for _, c := range []struct {
		name string
		view page.CompareView
		want bool
	}{
		{"a part stands out", s.compare(page.Swipe), true},
		{"none does", whole, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			if err := page.Compare(&b, c.view); err != nil {
				t.Fatal(err)
			}
			drawn, said := strings.Contains(b.String(), `class="part"`), strings.Contains(b.String(), "Dashes outline the part")
			if drawn != c.want || said != c.want {
				t.Errorf("drawn %v, explained %v, want %v", drawn, said, c.want)
			}
		})
	}
}
