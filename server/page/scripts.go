package page

import (
	"encoding/json"
	"html/template"
	"strings"
)

// forScripts returns the messages of some families as the scripts of a page read them,
// by key, in JSON: without markup, and with {values} still to be put in.
func (v *voice) forScripts(families ...string) (string, error) {
	out := map[string]string{}
	for key, text := range v.messages {
		for _, f := range families {
			if strings.HasPrefix(key, f) {
				out[key] = plain(template.HTML(text))
			}
		}
	}
	b, err := json.Marshal(out)
	return string(b), err
}
