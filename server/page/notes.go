package page

import (
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A note is what the measuring says of an image or a region beside its verdicts. It
// has no code, so it is looked up by its English pattern, as gettext looks up a
// message: one that is reworded there is shown in English until it is here as well.
type note struct {
	key     string
	pattern *regexp.Regexp
	values  []string // names, in the order of the pattern's groups
}

var notes []note

func init() {
	english := readMessages(English)
	for _, key := range slices.Sorted(maps.Keys(english)) {
		if !strings.HasPrefix(key, "note.") {
			continue
		}
		text := plain(template.HTML(english[key]))
		n := note{key: key}
		expr := ""
		for at := 0; at < len(text); {
			loc := value.FindStringIndex(text[at:])
			if loc == nil {
				expr += regexp.QuoteMeta(text[at:])
				break
			}
			expr += regexp.QuoteMeta(text[at:at+loc[0]]) + `([0-9]+)`
			n.values = append(n.values, text[at+loc[0]+1:at+loc[1]-1])
			at += loc[1]
		}
		n.pattern = regexp.MustCompile("^" + expr + `\.?$`)
		notes = append(notes, n)
	}
}

// note says what the measuring said, in the voice's language where it knows how.
func (v *voice) note(text string) template.HTML {
	if v.lang == English {
		return v.english(text)
	}
	for _, n := range notes {
		m := n.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		var pairs []any
		for i, name := range n.values {
			pairs = append(pairs, name, m[i+1])
		}
		return v.say(n.key, pairs...)
	}
	return v.english(text)
}
