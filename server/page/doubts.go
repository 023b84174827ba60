package page

import (
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
)

// doubts says what is uncertain about the dates of a pair, in plain sentences.
func (v *voice) doubts(p Pair) []template.HTML {
	var out []template.HTML
	for _, side := range []struct {
		which string
		im    ImageView
	}{{"compare.which.before", p.Before}, {"compare.which.after", p.After}} {
		if key := doubt(side.im); key != "" {
			out = append(out, v.say(key, "which", v.say(side.which), "date", v.acquired(side.im)))
		}
		if conditional(side.im) {
			out = append(out, v.say("compare.date.if", "which", v.say(side.which), "date", v.acquired(side.im)))
		}
	}
	if !p.Before.Acquired.IsZero() && !p.After.Acquired.IsZero() && p.Before.Taken().Overlaps(p.After.Taken()) {
		out = append(out, v.say("compare.date.overlap"))
	}
	return out
}

// doubt names the message about how vague an image's date is; "" where it is known
// to the day.
func doubt(im ImageView) string {
	taken := im.Taken()
	switch {
	case im.Acquired.IsZero():
		return "compare.date.none"
	case !taken.Bounded():
		return "compare.date.open"
	case taken.Latest.Sub(taken.Earliest) > 24*time.Hour:
		return "compare.date.wide"
	}
	return ""
}

// cautions says what limits the reading of a case: what its report says, in the
// language of the page where the cause can be told from the images, else in English.
func (v *voice) cautions(l LocationView) []template.HTML {
	var out []template.HTML
	for _, n := range l.Notes {
		out = append(out, template.HTML(template.HTMLEscapeString(n)))
	}
	known := map[string]template.HTML{}
	if v.lang != English {
		for _, c := range causes(l.Images) {
			known[plain(c.say(voiceOf(English)))] = c.say(v)
		}
	}
	for _, c := range l.Cautions {
		if said, ok := known[c]; ok {
			out = append(out, said)
			continue
		}
		said, ok := v.told(c, l.Images)
		if !ok {
			said = v.english(c)
		}
		out = append(out, said)
	}
	return out
}

// A cause is why a case is to be read with care, as each language says it.
type cause struct {
	say func(v *voice) template.HTML
}

// causes returns the causes that the images of a case may give, whether its report
// names them or not.
func causes(images []ImageView) []cause {
	saying := func(key string) cause { return cause{func(v *voice) template.HTML { return v.say(key) }} }
	finest, coarsest := math.Inf(1), 0.0
	least, most := math.Inf(1), 0.0
	for _, im := range images {
		if im.GSD > 0 {
			finest, coarsest = min(finest, im.GSD), max(coarsest, im.GSD)
		}
		if known(im.OffNadir) {
			least, most = min(least, math.Abs(im.OffNadir)), max(most, math.Abs(im.OffNadir))
		}
	}
	return []cause{
		saying("location.nothing"), saying("case.turned"), saying("case.synthetic"), saying("case.above"),
		{func(v *voice) template.HTML { return v.say("case.platforms", "platforms", v.platforms(images)) }},
		{func(v *voice) template.HTML {
			return v.say("case.gsd", "finest", v.digits(finest, 2), "coarsest", v.digits(coarsest, 2))
		}},
		{func(v *voice) template.HTML {
			return v.say("case.lean", "least", v.decimal(least, 0), "most", v.decimal(most, 0))
		}},
	}
}

// platforms names what carried the sensors of some images, each once.
func (v *voice) platforms(images []ImageView) template.HTML {
	var names []template.HTML
	for _, p := range imagery.Platforms {
		if p != imagery.PlatformUnknown && slices.ContainsFunc(images, func(im ImageView) bool { return im.Platform == p }) {
			names = append(names, v.platformName(p))
		}
	}
	return v.enumerated(names)
}

// enumerated joins parts as a sentence does: "a, b and c".
func (v *voice) enumerated(parts []template.HTML) template.HTML {
	n := len(parts) - 1
	if n < 1 {
		return v.list("list.comma", parts)
	}
	return v.list("list.comma", parts[:n]) + v.say("list.and") + parts[n]
}

// rests lists the dates of the images that a verdict rests on, with what they are
// conditional on.
func (v *voice) rests(c *compare.Verdict, images []ImageView) template.HTML {
	var parts []template.HTML
	for _, f := range c.RestsOn {
		part := isolate(f)
		if im := named(images, f); im != nil {
			part = v.acquired(*im)
		}
		for _, held := range c.ConditionalOn {
			if held == f {
				part = v.say("claim.rests.if", "date", part)
			}
		}
		parts = append(parts, part)
	}
	return v.list("list.semicolon", parts)
}

// windows tells, in brackets, how many control windows a finding has and what they
// say; "" for none.
func (v *voice) windows(f *Finding) template.HTML {
	if f == nil || len(f.Timeline.Controls) == 0 {
		return ""
	}
	return " (" + v.count(len(f.Timeline.Controls), "window") + v.say("list.comma") + v.probability(f.Timeline.PValue) + ")"
}

// position says how sure a location's position is.
func (v *voice) position(l imagery.Location) template.HTML {
	if key := "location.position." + l.Position; v.said(key) {
		return v.say(key)
	}
	return isolate(strings.TrimSpace(l.Position))
}

// degrees writes a place with the decimals that it was given with, and no more: they say
// how exactly it is known, or was to be told.
func degrees(l imagery.Location) string {
	return strconv.FormatFloat(l.Lat, 'f', -1, 64) + ", " + strconv.FormatFloat(l.Lon, 'f', -1, 64)
}

// code marks a text that is copied letter by letter.
func code(text string) template.HTML {
	return template.HTML(`<code dir="ltr">` + template.HTMLEscapeString(text) + "</code>")
}
