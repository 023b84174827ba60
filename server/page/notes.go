package page

import (
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery/edtf"
)

// A note is what the measuring says beside its verdicts: of an image or a region
// ("note."), or of the case as a whole ("caution."). It has no code, so it is looked up
// by its English pattern, as gettext looks up a message: one that is reworded there is
// shown in English until it is here as well.
type note struct {
	key     string
	pattern *regexp.Regexp
	values  []string // names, in the order of the pattern's groups
}

var notes []note

func init() {
	english := readMessages(English)
	for _, key := range slices.Sorted(maps.Keys(english)) {
		if strings.HasPrefix(key, "note.") || strings.HasPrefix(key, "caution.") {
			notes = append(notes, noteOf(key, plain(template.HTML(english[key]))))
		}
	}
}

// noteOf makes the pattern of an English message. Its values n and m stand for whole
// numbers, others for any text.
func noteOf(key, text string) note {
	n := note{key: key}
	expr, at := "", 0
	for _, loc := range value.FindAllStringIndex(text, -1) {
		name := text[loc[0]+1 : loc[1]-1]
		group := `(.+)`
		if name == "n" || name == "m" {
			group = `([0-9]+)`
		}
		expr += regexp.QuoteMeta(text[at:loc[0]]) + group
		n.values = append(n.values, name)
		at = loc[1]
	}
	n.pattern = regexp.MustCompile("^" + expr + regexp.QuoteMeta(text[at:]) + `\.?$`)
	return n
}

// patterns returns the notes of a family.
func patterns(family string) (out []note) {
	for _, n := range notes {
		if strings.HasPrefix(n.key, family) {
			out = append(out, n)
		}
	}
	return out
}

// note says what the measuring said, in the voice's language where it knows how.
func (v *voice) note(text string) template.HTML {
	if v.lang == English {
		return v.english(text)
	}
	for _, n := range patterns("note.") {
		m := n.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		var pairs []any
		for i, name := range n.values {
			pairs = append(pairs, name, v.noted(name, m[i+1]))
		}
		return v.say(n.key, pairs...)
	}
	return v.english(text)
}

// noted says a value of a note by its name: a number, a date, a note within the note,
// or what stands for itself.
func (v *voice) noted(name, text string) template.HTML {
	switch name {
	case "n", "m":
		return template.HTML(template.HTMLEscapeString(text)) // digits
	case "why":
		return v.note(strings.TrimSuffix(text, "."))
	case "own":
		return v.fileDate(text)
	case "date":
		if d, err := edtf.Parse(text); err == nil {
			return v.declared(d)
		}
	}
	return isolate(text)
}

// Tell says what the measuring, a form or a file said, as text in language l: in
// English where it isn't known how to say it otherwise. What it names keeps its own
// direction.
func Tell(l Language, text string) string {
	said := string(voiceOf(l).note(text))
	return plain(template.HTML(strings.NewReplacer("<bdi>", "\u2068", "</bdi>", "\u2069").Replace(said)))
}
