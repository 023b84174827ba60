package page

import (
	"bytes"
	"embed"
	"fmt"
	"io"
)

//go:embed templates/*.html
var sources embed.FS

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
	Card        string // address of a picture of 1200 × 630 px that stands for the page; "" for none
	inline      *inline
}

// render writes a whole page or nothing.
func render(w io.Writer, name string, s shell, view any) error {
	var b bytes.Buffer
	data := struct {
		Shell shell
		View  any
	}{s, view}
	if err := s.voice().templates.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	_, err := b.WriteTo(w)
	return err
}

// Heading is the text of the page's title element.
func (s shell) Heading() string {
	if s.Title == "" {
		return s.voice().text("site.heading")
	}
	return s.Title + " · Antequem"
}

// Canonical is the page's full address, "" where the site's is not known. A page
// that is asked for in one language is another than the one that goes by its reader's.
func (s shell) Canonical() string {
	if s.Origin == "" || s.Path == "" {
		return ""
	}
	if s.Chosen {
		return s.Origin + InLanguage(s.Path, s.Lang)
	}
	return s.Origin + s.Path
}

// Tongue is the language of the page.
func (s shell) Tongue() Language { return s.Lang.or() }

// A Translation leads to the page in another language.
type Translation struct {
	Language Language
	Path     string // here
	URL      string // with the site's origin; "" where that is not known
}

// Translations lists the page in every language; none for a page in a file.
func (s shell) Translations() (out []Translation) {
	if s.Here == "" {
		return nil
	}
	for _, l := range Languages {
		t := Translation{Language: l, Path: InLanguage(s.Here, l)}
		if s.Origin != "" && s.Path != "" {
			t.URL = s.Origin + InLanguage(s.Path, l)
		}
		out = append(out, t)
	}
	return out
}
