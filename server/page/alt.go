package page

import (
	"html/template"
	"strings"

	"github.com/antequem/antequem/imagery"
)

// altAlone describes an image to who can't see it: what took it, and when.
func (v *voice) altAlone(im ImageView) template.HTML {
	key := "alt.any"
	switch im.Platform {
	case imagery.PlatformSatellite, imagery.PlatformAerial, imagery.PlatformDrone:
		key = "alt." + string(im.Platform)
	}
	if im.Synthetic {
		key = "alt.synthetic"
	}
	return v.say(key, "date", v.acquired(im))
}

// alt describes one of a pair.
func (v *voice) alt(im ImageView, p Pair) template.HTML {
	if len(p.Outlines) > 0 {
		return v.say("alt.outlined", "image", v.altAlone(im))
	}
	return v.altAlone(im)
}

// embedCode is the HTML that takes a page into another site, in the language that
// it is read in; "" where this site's own address is not known.
func (v *voice) embedCode(s Site, path, title string) string {
	if s.Origin == "" {
		return ""
	}
	return `<iframe src="` + template.HTMLEscapeString(s.Origin+InLanguage(EmbedPath(path), v.lang)) + `" title="` +
		template.HTMLEscapeString(title) + `" width="100%" height="640" loading="lazy" allowfullscreen></iframe>`
}

// shorten cuts a text for a title.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := strings.TrimRight(string(r[:n-1]), " ,.;:")
	return cut + "…"
}
