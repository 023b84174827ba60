package batch

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/antequem/antequem/imagery"
)

// longest is the most characters of a folder's name, well within what every file
// system takes, in any script.
const longest = 60

// name gives each item a folder of its own. A case is called by its file, or by
// its folder where the file is just case.yaml; what would be called alike takes
// as much of its path as tells it apart.
func name(items []Item) error {
	depth := make([]int, len(items))
	for {
		byName := map[string][]int{}
		for i, it := range items {
			n := slug(it.called(depth[i]))
			byName[n] = append(byName[n], i)
			items[i].Name = n
		}
		if !deeper(items, byName, depth) {
			return number(items, byName)
		}
	}
}

// deeper takes another part of the path into the names that are not unique, and
// says whether any had one left.
func deeper(items []Item, byName map[string][]int, depth []int) bool {
	any := false
	for _, same := range byName {
		if len(same) < 2 {
			continue
		}
		for _, i := range same {
			if items[i].Kind == KindCase && items[i].called(depth[i]+1) != items[i].called(depth[i]) {
				depth[i]++
				any = true
			}
		}
	}
	return any
}

// number tells apart what nothing else does, in the order of the items.
func number(items []Item, byName map[string][]int) error {
	taken := map[string]bool{}
	for n := range byName {
		taken[n] = true
	}
	for i := range items {
		n := items[i].Name
		if byName[n][0] == i {
			continue
		}
		for k := 2; taken[items[i].Name]; k++ {
			if k > len(items)+1 {
				return fmt.Errorf("%s: no name is left for its folder: %w", items[i].Source(), imagery.ErrInvalid)
			}
			items[i].Name = fmt.Sprintf("%s-%d", n, k)
		}
		taken[items[i].Name] = true
	}
	return nil
}

// called is the item's own name, and before it so many more parts of its path.
func (it Item) called(more int) string {
	if it.Kind == KindPair {
		if it.Pair.Name != "" {
			return it.Pair.Name
		}
		return stem(it.Pair.Before) + "_" + stem(it.Pair.After)
	}
	parts := strings.Split(strings.TrimPrefix(path.Clean(it.Path), "/"), "/")
	parts[len(parts)-1] = stem(it.Path)
	if len(parts) > 1 && strings.EqualFold(parts[len(parts)-1], "case") {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts[max(0, len(parts)-1-more):], "-")
}

func stem(p string) string {
	p = path.Base(strings.ReplaceAll(p, `\`, "/"))
	return strings.TrimSuffix(p, path.Ext(p))
}

// slug makes a text the name of a folder on every system: lower case letters of
// any script, digits, hyphens and underscores.
func slug(s string) string {
	var b strings.Builder
	n, gap := 0, false
	for _, r := range strings.ToLower(s) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' {
			gap = true
			continue
		}
		if gap && n > 0 {
			b.WriteByte('-')
			n++
		}
		if n >= longest {
			break
		}
		b.WriteRune(r)
		n++
		gap = false
	}
	name := strings.TrimRight(b.String(), "-")
	if name == "" || device.MatchString(name) {
		return strings.TrimRight("case-"+name, "-")
	}
	return name
}

// device matches the names that Windows keeps for devices.
var device = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)
