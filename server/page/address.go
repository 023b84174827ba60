package page

import (
	"net/url"
	"strings"
)

// The addresses of pages. They are stable: a link in an article must work in
// ten years.

// LocationPath returns the address of a location.
func LocationPath(slug string) string { return "/locations/" + url.PathEscape(slug) }

// ClaimPath returns the address of a claim.
func ClaimPath(slug, claim string) string {
	return LocationPath(slug) + "/claims/" + url.PathEscape(claim)
}

// UploadPath returns the address of the form for an image, which it is posted to.
func UploadPath(slug string) string { return LocationPath(slug) + "/upload" }

// ComparePath returns the address of two images side by side or over one
// another. Before and after are image ids; mode may be "".
func ComparePath(slug, before, after string, mode Mode) string {
	p := LocationPath(slug) + "/compare?before=" + url.QueryEscape(before) + "&after=" + url.QueryEscape(after)
	if mode != "" && mode != Swipe {
		p += "&mode=" + url.QueryEscape(string(mode))
	}
	return p
}

// InLanguage returns the address of a page in one language, whatever its reader's
// browser asks for.
func InLanguage(path string, l Language) string {
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return path + mark + LanguageKey + "=" + string(l.or())
}

// LanguageKey is the part of an address's query that names a language.
const LanguageKey = "lang"

// EmbedPath returns the address of a page without its surroundings.
func EmbedPath(path string) string { return "/embed" + path }

const (
	// MethodPath is the address of the page on reading a verdict.
	MethodPath = "/method"
	// OEmbedPath is where the service answers for embeds.
	OEmbedPath = "/oembed"
)
