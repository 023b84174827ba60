package page

import (
	"embed"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// The catalogue: messages/{language}.json holds every text of the pages in one
// language, by key; GLOSSARY.md says which words were chosen and why. In a message
//
//	{name}      is a value that the page puts in; the test wants the same ones in
//	            every language, in any order
//	*word*      is emphasised, and `word` is code
//	key|one     is the form for a count, by the plural categories of CLDR
//
// What a user wrote is a value and stays as it is. What a message says is never
// made by translating another language's sentence: sentences about a verdict are
// put together from its code and its values.
//
//go:embed messages/*.json
var catalogue embed.FS

// A voice writes pages in one language.
type voice struct {
	lang      Language
	tag       language.Tag
	messages  map[string]string // with markup as HTML and {values} still to be put in
	templates *template.Template
}

var voices = map[Language]*voice{}

func init() { // and no initial value, because templates call functions that look at other voices
	for _, l := range Languages {
		v := &voice{lang: l, tag: language.Make(string(l)), messages: readMessages(l)}
		v.templates = template.Must(template.New("").Funcs(v.functions()).ParseFS(sources, "templates/*.html"))
		voices[l] = v
	}
}

func voiceOf(l Language) *voice { return voices[l.or()] }

var (
	emphasis = regexp.MustCompile(`\*([^*]+)\*`)
	verbatim = regexp.MustCompile("`([^`]+)`")
	value    = regexp.MustCompile(`\{[a-z]+\}`)
)

// readMessages reads a language's messages, which are compiled in.
func readMessages(l Language) map[string]string {
	m := map[string]string{}
	b, err := catalogue.ReadFile("messages/" + string(l) + ".json")
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return m // never: a test reads every language
	}
	for k, text := range m {
		text = html.EscapeString(text)
		text = emphasis.ReplaceAllString(text, "<em>$1</em>")
		m[k] = verbatim.ReplaceAllString(text, `<code dir="ltr">$1</code>`)
	}
	return m
}

// say returns a message with its values, which come as name, value. A value of
// type template.HTML stays as it is; any other is text. A message in several
// forms takes the one for the value "n".
func (v *voice) say(key string, pairs ...any) template.HTML {
	text, ok := v.messages[key]
	if !ok {
		text, ok = v.messages[key+"|"+v.form(pairs)]
	}
	if !ok {
		return template.HTML(html.EscapeString(key)) // never: a test holds every language to the same keys
	}
	if len(pairs) == 0 {
		return template.HTML(text)
	}
	values := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[fmt.Sprint("{", pairs[i], "}")] = written(pairs[i+1])
	}
	return template.HTML(value.ReplaceAllStringFunc(text, func(name string) string {
		if s, ok := values[name]; ok {
			return s
		}
		return name
	}))
}

// text is say without markup.
func (v *voice) text(key string, pairs ...any) string { return plain(v.say(key, pairs...)) }

func written(x any) string {
	if h, ok := x.(template.HTML); ok {
		return string(h)
	}
	return html.EscapeString(fmt.Sprint(x))
}

// form is the plural category of the value "n".
func (v *voice) form(pairs []any) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		n, ok := pairs[i+1].(int)
		if pairs[i] != "n" || !ok {
			continue
		}
		switch plural.Cardinal.MatchPlural(v.tag, n, 0, 0, 0, 0) {
		case plural.Zero:
			return "zero"
		case plural.One:
			return "one"
		case plural.Two:
			return "two"
		case plural.Few:
			return "few"
		case plural.Many:
			return "many"
		}
	}
	return "other"
}

// said says that there is a message of that key.
func (v *voice) said(key string) bool { _, ok := v.messages[key]; return ok }

// isolate keeps the direction of what a user wrote from turning what stands around it.
func isolate(text string) template.HTML {
	return template.HTML("<bdi>" + html.EscapeString(text) + "</bdi>")
}

// isolated does the same where markup can't stand, as in the choices of a field.
func isolated(text string) string { return "\u2068" + text + "\u2069" }

// english marks a text that is held in English alone.
func (v *voice) english(text string) template.HTML {
	if v.lang == English || text == "" {
		return template.HTML(html.EscapeString(text))
	}
	return template.HTML(`<span lang="en" dir="ltr">` + html.EscapeString(text) + "</span>")
}

// list joins parts by the message of that key.
func (v *voice) list(key string, parts []template.HTML) template.HTML {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			b.WriteString(string(v.say(key)))
		}
		b.WriteString(string(p))
	}
	return template.HTML(b.String())
}

// decimal writes a number with so many decimals, as the language does. Arabic has
// the digits that codes and pictures have, too.
func (v *voice) decimal(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	switch v.lang {
	case "uk", "ru", "fr", "es":
		return strings.Replace(s, ".", ",", 1)
	}
	return s
}

// plain is the text of HTML that this package wrote.
func plain(h template.HTML) string {
	var b strings.Builder
	in := false
	for _, r := range string(h) {
		switch {
		case r == '<':
			in = true
		case r == '>':
			in = false
		case !in:
			b.WriteRune(r)
		}
	}
	return html.UnescapeString(b.String())
}
