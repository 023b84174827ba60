package page

import (
	"html/template"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
)

// Answers lists every answer, in the order in which pages explain them.
var answers = []compare.Answer{compare.Supported, compare.Consistent, compare.Contradicted, compare.AnswerUndetermined, compare.Untestable}

// ofAnswer says a message of a family that has one for each answer; a claim that
// nothing has judged yet is open.
func (v *voice) ofAnswer(family string, a compare.Answer) template.HTML {
	if a == "" {
		a = "open"
	}
	return v.say(family + string(a))
}

// word is the verdict in one word.
func (v *voice) word(a compare.Answer) template.HTML { return v.ofAnswer("verdict.", a) }

// means says what an answer means, in the terms of the imagery.
func (v *voice) means(a compare.Answer) template.HTML { return v.ofAnswer("means.", a) }

// explain says of an answer when it is given, at the length of a paragraph.
func (v *voice) explain(a compare.Answer) template.HTML { return v.ofAnswer("explain.", a) }

// tally counts answers in words: "2 supported, 1 contradicted".
func (v *voice) tally(as []compare.Answer) template.HTML {
	n := map[compare.Answer]int{}
	for _, a := range as {
		n[a]++
	}
	var parts []template.HTML
	for _, a := range answers {
		if n[a] > 0 {
			parts = append(parts, v.say("tally."+string(a), "n", n[a]))
		}
	}
	return v.list("list.comma", parts)
}

// asserts says what a claim asserts of the region, to follow "that".
func (v *voice) asserts(c ClaimView) template.HTML {
	switch c.Kind {
	case imagery.ClaimChanged:
		iv := c.When.Interval()
		if iv.Earliest.IsZero() && !iv.Latest.IsZero() {
			return v.say("asserts.changed.by", "when", v.ending(iv.Latest))
		}
		return v.say("asserts.changed", "when", v.declared(c.When))
	case imagery.ClaimUnchanged:
		return v.say("asserts.unchanged", "when", v.declared(c.When))
	case imagery.ClaimSame:
		return v.say("asserts.same")
	case imagery.ClaimDiffers:
		return v.say("asserts.differs")
	}
	return v.say("asserts.untestable")
}

// ofBasis says a message of a family that has one for each basis.
func (v *voice) ofBasis(family string, b imagery.Basis) template.HTML {
	if key := family + string(b); v.said(key) {
		return v.say(key)
	}
	return v.say(family + string(imagery.BasisCapture))
}

// basisWords says where a date comes from, in a few words beside it.
func (v *voice) basisWords(b imagery.Basis) template.HTML { return v.ofBasis("basis.", b) }

// basisName is a basis as a form and a list name it.
func (v *voice) basisName(b imagery.Basis) template.HTML { return v.ofBasis("basis.name.", b) }

// basisMeans explains a basis to who chooses or reads it.
func (v *voice) basisMeans(b imagery.Basis) template.HTML { return v.ofBasis("basis.means.", b) }

// conditional says that v's date is someone's word.
func conditional(v ImageView) bool { return v.Image.Conditional() }

// platform names what carried the sensor, or says the message other where that
// isn't known.
func (v *voice) platform(im ImageView, other string) template.HTML {
	if im.Platform == "" || im.Platform == imagery.PlatformUnknown {
		return v.say(other)
	}
	return v.platformName(im.Platform)
}

func (v *voice) platformName(p imagery.Platform) template.HTML {
	if key := "platform." + string(p); v.said(key) {
		return v.say(key)
	}
	return isolate(string(p))
}

// stateWord is what a picture shows of a region.
func (v *voice) stateWord(f compare.Frame) template.HTML {
	switch {
	case f.State == compare.StateOld:
		return v.say("state.old")
	case f.State == compare.StateNew && f.Group > 1:
		return v.say("state.later")
	case f.State == compare.StateNew:
		return v.say("state.new")
	}
	return v.say("state.unclear")
}

// role names what an account may do.
func (v *voice) role(name string) template.HTML {
	if key := "role." + name; v.said(key) {
		return v.say(key)
	}
	return v.english(name)
}

// damage names a class of UNITAR-UNOSAT's damage assessments; "" for none.
func (v *voice) damage(class string) template.HTML {
	switch class {
	case "":
		return ""
	case "no visible damage":
		return v.say("damage.none")
	}
	kind, _, _ := strings.Cut(class, " ")
	if key := "damage." + kind; v.said(key) {
		return v.say(key)
	}
	return v.english(class)
}

// statusWord says what became of an image.
func (v *voice) statusWord(s compare.Status) template.HTML {
	if key := "status." + string(s); s != "" && v.said(key) {
		return v.say(key)
	}
	return v.say("status.none")
}

// reasonWords says why an alignment failed.
func (v *voice) reasonWords(r compare.Reason) template.HTML {
	if key := "align." + string(r); r != "" && v.said(key) {
		return v.say(key)
	}
	return ""
}

// modelWord names the family of maps of an alignment.
func (v *voice) modelWord(m compare.Model) template.HTML {
	if key := "model." + string(m); v.said(key) {
		return v.say(key)
	}
	return isolate(string(m))
}

// modeWord is the name of a mode on its link.
func (v *voice) modeWord(m Mode) template.HTML { return v.say("mode." + string(m)) }

// measure writes a number as finely as it means something; "" if it is unknown.
func (v *voice) measure(x float64) string {
	switch {
	case !known(x):
		return ""
	case math.Abs(x) < 1:
		return v.decimal(x, 2)
	case math.Abs(x) < 10:
		return v.decimal(x, 1)
	}
	return v.decimal(x, 0)
}

// size writes a length in pixels and, where it is known, in metres.
func (v *voice) size(px, m float64) template.HTML {
	p, w := v.measure(px), v.measure(m)
	switch {
	case p == "":
		return v.say("none.known")
	case w == "":
		return v.say("size.px", "px", p)
	}
	return v.say("size.both", "px", p, "m", w)
}

// fraction writes a share as a percentage.
func (v *voice) fraction(x float64) template.HTML {
	if math.IsNaN(x) {
		return v.say("none.known")
	}
	return v.say("share", "n", v.decimal(100*x, 0))
}

// probability writes a p-value.
func (v *voice) probability(p float64) template.HTML {
	switch {
	case math.IsNaN(p):
		return v.say("p.none")
	case p < 0.001:
		return template.HTML("p &lt; " + v.decimal(0.001, 3))
	}
	return template.HTML("p = " + v.digits(p, 2))
}

// digits writes a number with so many digits that mean something.
func (v *voice) digits(x float64, n int) string {
	if !known(x) {
		return ""
	}
	if x == 0 {
		return "0"
	}
	s := v.decimal(x, max(0, n-1-int(math.Floor(math.Log10(math.Abs(x))))))
	if strings.ContainsAny(s, ".,") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".,")
	}
	return s
}

// weight writes a number of bytes.
func (v *voice) weight(n int64) template.HTML {
	switch {
	case n >= 1<<30:
		return v.say("bytes.gb", "n", v.measure(float64(n)/(1<<30)))
	case n >= 1<<20:
		return v.say("bytes.mb", "n", v.measure(float64(n)/(1<<20)))
	case n >= 1<<10:
		return v.say("bytes.kb", "n", strconv.FormatInt(n>>10, 10))
	}
	return v.say("bytes.b", "n", strconv.FormatInt(n, 10))
}

// count writes a number of things: "1 image", "3 images".
func (v *voice) count(n int, thing string) template.HTML { return v.say("count."+thing, "n", n) }

// outside returns a link that a user gave, if it may be followed: http and https
// only. Else it returns "" and the page shows the text.
func outside(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.String()
}

// host names the site that a link leads to.
func host(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return link
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// source writes where something was found: a link to the web, else the text.
func (v *voice) source(link string) template.HTML {
	switch to := outside(link); {
	case to != "":
		return template.HTML(`<a href="`+template.HTMLEscapeString(to)+`" rel="noopener nofollow ugc">`) + isolate(host(link)) + "</a>"
	case link != "":
		return isolate(link)
	}
	return v.say("none.given")
}
