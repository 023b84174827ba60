package casefile

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// nowhere begins what leads a browser to no page that others could open: script, data
// written into the address itself, a file on somebody's own machine.
var nowhere = regexp.MustCompile(`(?i)^(javascript:|vbscript:|data:\S*,|blob:|file:/)`)

// CheckSources says which sources lead to no page that others could open, and the mend.
// Any other text is a source: an address, or words for what has none. A case is read and
// judged whatever its sources, since packs and archives may hold such; who takes a case
// from others refuses them. The error is a [Mistakes] with the lines of the images and
// claims.
func (f *File) CheckSources() error {
	var ms Mistakes
	for i, im := range f.Case.Images {
		if text := CheckSource(im.Source); text != "" {
			ms = append(ms, Mistake{f.Name, f.imageLines[i], fmt.Sprintf("image %q: source: %s", im.File, text)})
		}
	}
	for i, c := range f.Case.Claims {
		if text := CheckSource(c.Source); text != "" {
			ms = append(ms, Mistake{f.Name, f.claimLines[i], fmt.Sprintf("claim %q: source: %s", c.ID, text)})
		}
	}
	if len(ms) > 0 {
		return ms.sorted()
	}
	return nil
}

// CheckSource says why a source leads to no page that others could open, and the mend;
// "" where it may.
func CheckSource(source string) string {
	address := strings.Map(func(r rune) rune { // which browsers read so too: WHATWG URL, section 4.4
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, source)
	if !nowhere.MatchString(strings.TrimSpace(address)) {
		return ""
	}
	return "it leads to no page that others can open; give the address of one, beginning with https://, or say in words where this was found"
}
