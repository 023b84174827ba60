package page

import (
	"html/template"
	"math"
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

// cautions says what limits the reading of a case. English has the sentences of its
// report; the other languages find the same causes in its images.
func (v *voice) cautions(l LocationView) []template.HTML {
	var out []template.HTML
	for _, n := range l.Notes {
		out = append(out, template.HTML(template.HTMLEscapeString(n)))
	}
	if v.lang == English || len(l.Cautions) == 0 {
		for _, c := range l.Cautions {
			out = append(out, v.english(c))
		}
		return out
	}
	if len(l.Images) == 0 {
		return append(out, v.say("location.nothing"))
	}
	if names := v.platforms(l.Images); len(names) > 1 {
		out = append(out, v.say("case.platforms", "platforms", v.list("list.comma", names)))
	}
	finest, coarsest, synthetic := math.Inf(1), 0.0, false
	for _, im := range l.Images {
		if im.GSD > 0 {
			finest, coarsest = min(finest, im.GSD), max(coarsest, im.GSD)
		}
		synthetic = synthetic || im.Synthetic
	}
	if coarsest > 2*finest {
		out = append(out, v.say("case.gsd", "finest", v.measure(finest), "coarsest", v.measure(coarsest)))
	}
	if synthetic {
		out = append(out, v.say("case.synthetic"))
	}
	return append(out, v.say("case.above"))
}

// platforms names what carried the sensors of some images, each once.
func (v *voice) platforms(images []ImageView) (names []template.HTML) {
	seen := map[imagery.Platform]bool{"": true, imagery.PlatformUnknown: true}
	for _, im := range images {
		if !seen[im.Platform] {
			seen[im.Platform] = true
			names = append(names, v.platformName(im.Platform))
		}
	}
	return names
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

// code marks a text that is copied letter by letter.
func code(text string) template.HTML {
	return template.HTML(`<code dir="ltr">` + template.HTMLEscapeString(text) + "</code>")
}
