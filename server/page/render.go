package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed templates/*.html
var sources embed.FS

var templates = template.Must(template.New("").Funcs(functions).ParseFS(sources, "templates/*.html"))

// A shell is what stands around the content of a page.
type shell struct {
	Site
	Title       string // before the name of the program; "" for the name alone
	Description string
	Path        string // the page's own stable address; "" if it has none
	Embeddable  bool   // the page can be taken into other sites
	Embed       bool   // the page is taken into another site
	Waiting     bool   // the page changes by itself when its jobs are done
	Viewer      bool   // the page uses the deep zoom viewer where it was built
	inline      *inline
}

// render writes a whole page or nothing.
func render(w io.Writer, name string, s shell, view any) error {
	var b bytes.Buffer
	data := struct {
		Shell shell
		View  any
	}{s, view}
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	_, err := b.WriteTo(w)
	return err
}

// Heading is the text of the page's title element.
func (s shell) Heading() string {
	if s.Title == "" {
		return "Antequem: what dated images show"
	}
	return s.Title + " · Antequem"
}

// Canonical is the page's full address, "" where the site's is not known.
func (s shell) Canonical() string {
	if s.Origin == "" || s.Path == "" {
		return ""
	}
	return s.Origin + s.Path
}
