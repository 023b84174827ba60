package batch

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"github.com/antequem/antequem/compare/assess"
)

var (
	//go:embed table.html
	tableHTML string
	//go:embed table.css
	tableCSS string
	//go:embed table.js
	tableJS string

	table = template.Must(template.New("table").Funcs(template.FuncMap{
		"words":   func() []string { return Words },
		"decimal": shown,
		"link":    link,
		"sortBy":  sortBy,
		"lines":   func(s string) []string { return strings.Split(s, "\n") },
		"filter":  filterWords,
	}).Parse(tableHTML))
)

// HTML writes the rows as a page that opens from disk, beside the items' folders.
// It asks nothing of any server. The table stands there without its script, which
// adds sorting and filtering and is the only one that the page's policy lets run.
func HTML(rows []Row, total int) ([]byte, error) {
	view := struct {
		Rows    []Row
		Total   int
		Failed  int
		States  string // of the regions: "12 changed, 3 unchanged"
		Claims  string // the verdicts, counted
		Style   template.CSS
		Script  template.JS
		Policy  string
		Version string
	}{
		Rows: rows, Total: total, Version: assess.Build(),
		Style: template.CSS(tableCSS), Script: template.JS(tableJS),
		Policy: "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self' file:; " +
			"style-src '" + digest(tableCSS) + "'; script-src '" + digest(tableJS) + "'",
	}
	states, answers := map[string]int{}, map[string]int{}
	for _, r := range rows {
		if r.Failed() {
			view.Failed++
		}
		for _, g := range r.Regions {
			states[string(g.State)]++
		}
		for _, c := range r.Claims {
			answers[string(c.Verdict)]++
		}
	}
	view.States, view.Claims = counted(states), counted(answers)
	var b bytes.Buffer
	if err := table.Execute(&b, view); err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	return b.Bytes(), nil
}

// counted lists what there is of each word, in the order of Words.
func counted(n map[string]int) string {
	var parts []string
	for _, w := range Words {
		if n[w] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[w], w))
		}
	}
	return strings.Join(parts, ", ")
}

// digest is how a policy names the content of an inline element.
func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// link escapes each part of a relative path.
func link(p string) string {
	parts := strings.Split(p, "/")
	for i, s := range parts {
		parts[i] = url.PathEscape(s)
	}
	return "./" + strings.Join(parts, "/")
}

// shown is a measure as finely as a reader needs it, "–" where there is none.
func shown(v *float64) string {
	switch {
	case v == nil:
		return "–"
	case *v < 10:
		return strconv.FormatFloat(*v, 'g', 2, 64)
	}
	return strconv.FormatFloat(*v, 'f', 0, 64)
}

// sortBy is what the script sorts a measure by: what isn't known goes last.
func sortBy(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

// filterWords are the words that a row can be chosen by.
func filterWords(r Row) string {
	var out []string
	if r.Failed() {
		out = append(out, StatusFailed)
	}
	for _, w := range Words {
		if r.Is(w) {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}
