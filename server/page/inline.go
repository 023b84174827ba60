package page

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"

	"github.com/antequem/antequem/server/web"
)

// An inline is the style and the scripts of a page that stands in one file. The
// page's policy names their digests, so nothing else inline is ever run.
type inline struct {
	Style  template.CSS
	Script template.JS
	Policy string
}

// selfContained reads the embedded style and scripts, which are this project's own source.
func selfContained() *inline {
	style, _ := web.Named("style.css")
	early, _ := web.Named("page.js")
	pair, _ := web.Named("pair.js")
	in := &inline{
		Style:  template.CSS(style.Content),
		Script: template.JS(string(early.Content) + "\n" + string(pair.Content)),
	}
	in.Policy = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self' file: data:; " +
		"style-src '" + source(string(in.Style)) + "'; script-src '" + source(string(in.Script)) + "'"
	return in
}

// source is the digest of an inline element's content as a policy names it.
func source(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Inline gives templates the style and scripts to write into the page, or nil.
func (s shell) Inline() *inline { return s.inline }
