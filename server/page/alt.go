package page

import (
	"html/template"
	"strings"

	"github.com/antequem/antequem/imagery"
)

// altAlone describes an image to who can't see it: what took it, and when.
func altAlone(v ImageView) string {
	kind := "Image from above"
	switch v.Platform {
	case imagery.PlatformSatellite:
		kind = "Satellite image"
	case imagery.PlatformAerial:
		kind = "Aerial image"
	case imagery.PlatformDrone:
		kind = "Drone image"
	}
	if v.Synthetic {
		kind = "Synthetic image, drawn by a program"
	}
	return kind + ", " + plain(acquired(v))
}

// alt describes one of a pair.
func alt(v ImageView, p Pair) string {
	s := altAlone(v)
	if len(p.Outlines) > 0 {
		s += "; the region in question is outlined"
	}
	return s
}

// embedCode is the HTML that takes a page into another site; "" where this
// site's own address is not known.
func embedCode(s Site, path, title string) string {
	if s.Origin == "" {
		return ""
	}
	return `<iframe src="` + template.HTMLEscapeString(s.Origin+EmbedPath(path)) + `" title="` +
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
