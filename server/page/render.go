package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"math"
)

// unknown is a measure that was not made.
var unknown = math.NaN()

//go:embed templates/*.html
var sources embed.FS

var templates = template.Must(template.New("").Funcs(functions).ParseFS(sources, "templates/*.html"))

// render writes a whole page or nothing.
func render(w io.Writer, name string, view any) error {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, view); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	_, err := b.WriteTo(w)
	return err
}
