package page

import (
	"fmt"
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

// word is the verdict in one word; a claim that nothing has judged yet is open.
func word(a compare.Answer) string {
	if a == "" {
		return "Not judged"
	}
	s := string(a)
	return strings.ToUpper(s[:1]) + s[1:]
}

// means says what an answer means, in the terms of the imagery.
func means(a compare.Answer) string {
	switch a {
	case compare.Supported:
		return "The images show what is asserted."
	case compare.Consistent:
		return "The images allow what is asserted, and don’t prove it."
	case compare.Contradicted:
		return "The images show otherwise than is asserted."
	case compare.AnswerUndetermined:
		return "These images can’t tell."
	case compare.Untestable:
		return "No image from above could tell."
	}
	return "No images have been compared for this yet."
}

// tally counts answers in words: "2 supported, 1 contradicted".
func tally(as []compare.Answer) string {
	n := map[compare.Answer]int{}
	for _, a := range as {
		n[a]++
	}
	var parts []string
	for _, a := range answers {
		if n[a] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[a], a))
		}
	}
	return strings.Join(parts, ", ")
}

// asserts says what a claim asserts of the region, to follow "that".
func asserts(v ClaimView) template.HTML {
	switch v.Kind {
	case imagery.ClaimChanged:
		iv := v.When.Interval()
		if iv.Earliest.IsZero() && !iv.Latest.IsZero() {
			return "it changed by " + ending(iv.Latest)
		}
		return "it changed: " + declared(v.When)
	case imagery.ClaimUnchanged:
		return "it did not change: " + declared(v.When)
	case imagery.ClaimSame:
		return "it looks the same in both images"
	case imagery.ClaimDiffers:
		return "it looks different in the two images"
	}
	return "nothing that an image could show"
}

// basisWords says where a date comes from, in a few words beside it.
func basisWords(b imagery.Basis) string {
	switch b {
	case imagery.BasisMosaic:
		return "date of a mosaic"
	case imagery.BasisRelease:
		return "date of release"
	case imagery.BasisPublished:
		return "date of publication"
	case imagery.BasisClaimed:
		return "date as claimed"
	case imagery.BasisInferred:
		return "date inferred"
	}
	return "date of capture"
}

// basisName is a basis as a form and a list name it.
func basisName(b imagery.Basis) string {
	switch b {
	case imagery.BasisMosaic:
		return "Globe viewer’s mosaic"
	case imagery.BasisRelease:
		return "Release"
	case imagery.BasisPublished:
		return "Publication"
	case imagery.BasisClaimed:
		return "Someone’s word"
	case imagery.BasisInferred:
		return "Inference"
	}
	return "Capture"
}

// basisMeans explains a basis to who chooses or reads it.
func basisMeans(b imagery.Basis) string {
	switch b {
	case imagery.BasisMosaic:
		return "The date a globe viewer shows over a mosaic. It is the oldest in its range, so the image may be later."
	case imagery.BasisRelease:
		return "When a mosaic was released. The image is from that day or earlier."
	case imagery.BasisPublished:
		return "When the picture was posted. The image is from that day or earlier."
	case imagery.BasisClaimed:
		return "Someone’s word for it, the claimant’s included. Every verdict that needs it says “if that date is right”."
	case imagery.BasisInferred:
		return "Your own reasoning, such as shadows or works in progress. Write it into the notes."
	}
	return "From the sensor’s or the scene’s own metadata: a catalogue entry, a file’s tags."
}

// conditional says that v's date is someone's word.
func conditional(v ImageView) bool { return v.Image.Conditional() }

// platform names what carried the sensor, or says other where that isn't known.
func platform(v ImageView, other string) string {
	if v.Platform == "" || v.Platform == imagery.PlatformUnknown {
		return other
	}
	return string(v.Platform)
}

// stateWord is what a picture shows of a region.
func stateWord(s compare.State) string {
	switch s {
	case compare.StateOld:
		return "Old state"
	case compare.StateNew:
		return "New state"
	}
	return "Can’t be told"
}

// statusWord says what became of an image.
func statusWord(s compare.Status) string {
	switch s {
	case compare.StatusReference:
		return "Reference: the others are laid over this one"
	case compare.StatusUsed:
		return "Used"
	case compare.StatusUnaligned:
		return "Left out: it could not be laid over the reference"
	case compare.StatusObscured:
		return "Left out: the region is hidden"
	}
	return "Not compared yet"
}

// reasonWords says why an alignment failed.
func reasonWords(r compare.Reason) string {
	switch r {
	case compare.ReasonTooSmall:
		return "it has too few pixels to hold any structure"
	case compare.ReasonNoStructure:
		return "it is blank, clouded or empty"
	case compare.ReasonNoHypothesis:
		return "no shift, turn or scale explains it"
	case compare.ReasonNoAgreement:
		return "too few places agree on one way of laying it"
	case compare.ReasonLittleShared:
		return "it shares too little ground with the reference to check"
	case compare.ReasonImplausible:
		return "the only way of laying it would fold or tear the picture"
	}
	return ""
}

// modeWord is the name of a mode on its link.
func modeWord(m Mode) string {
	s := string(m)
	if m == Heat {
		s = "heat map"
	} else if m == Side {
		s = "side by side"
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// measure writes a number as finely as it means something; "" if it is unknown.
func measure(x float64) string {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return ""
	case math.Abs(x) < 1:
		return strconv.FormatFloat(x, 'f', 2, 64)
	case math.Abs(x) < 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// size writes a length in pixels and, where it is known, in metres.
func size(px, m float64) string {
	p := measure(px)
	if p == "" {
		return "unknown"
	}
	if w := measure(m); w != "" {
		return p + " px (" + w + " m)"
	}
	return p + " px"
}

// fraction writes a share as a percentage.
func fraction(x float64) string {
	if math.IsNaN(x) {
		return "unknown"
	}
	return strconv.FormatFloat(100*x, 'f', 0, 64) + " %"
}

// probability writes a p-value.
func probability(p float64) string {
	switch {
	case math.IsNaN(p):
		return "not tested"
	case p < 0.001:
		return "p < 0.001"
	}
	return "p = " + strconv.FormatFloat(p, 'g', 2, 64)
}

// weight writes a number of bytes.
func weight(n int64) string {
	switch {
	case n >= 1<<30:
		return measure(float64(n)/(1<<30)) + " GB"
	case n >= 1<<20:
		return measure(float64(n)/(1<<20)) + " MB"
	case n >= 1<<10:
		return strconv.FormatInt(n>>10, 10) + " kB"
	}
	return strconv.FormatInt(n, 10) + " bytes"
}

// count writes a number of things: "1 image", "3 images".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

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
