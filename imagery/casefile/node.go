package casefile

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
	"go.yaml.in/yaml/v3"
)

// A reader takes a case out of YAML nodes and gathers the mistakes on the way.
// Its methods give a zero value for what is wrong and go on.
type reader struct {
	name     string
	mistakes Mistakes
}

// maxMistakes are told at once; whoever has more mends these first.
const maxMistakes = 100

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	if len(r.mistakes) < maxMistakes {
		text := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
		r.mistakes = append(r.mistakes, Mistake{r.name, max(n.Line, 1), text})
	}
}

// A fields is a mapping whose keys are all known and there once.
type fields struct {
	*reader
	node  *yaml.Node
	what  string // how mistakes call the mapping: "image 2 (b.png)"
	at    map[string]*yaml.Node
	meant map[string]bool // keys that an unknown one was taken for
}

// missing says that key is not there, and no misspelt one that means it.
func (f fields) missing(key string) bool { return f.at[key] == nil && !f.meant[key] }

// synonyms are keys that people write for those of the format.
var synonyms = map[string]string{
	"name": "title", "description": "summary", "place": "location", "pictures": "images", "date": "acquired",
	"taken": "acquired", "captured": "acquired", "license": "licence", "gsd": "gsd_m", "resolution": "gsd_m",
	"url": "source", "link": "source", "author": "claimant", "who": "claimant", "claim": "text",
	"path": "file", "filename": "file", "latitude": "lat", "longitude": "lon", "lng": "lon", "long": "lon",
	"sun_az": "sun_azimuth", "sun_el": "sun_elevation", "offnadir": "off_nadir", "tiepoints": "tie_points",
	"different": "differs", "note": "notes", "points": "polygon", "bbox": "polygon", "sha-256": "sha256", "digest": "sha256",
	"area": "region", "when": "changed", "why": "untestable",
}

// mapping reads n as one, and tells of keys that are unknown or there twice.
func (r *reader) mapping(n *yaml.Node, what string, known ...string) fields {
	f := fields{reader: r, node: n, what: what, at: map[string]*yaml.Node{}, meant: map[string]bool{}}
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s: want keys with values (%s), not %s", what, strings.Join(known, ", "), kindOf(n))
		return f
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode:
			r.fail(key, "%s: a key is a word, not %s", what, kindOf(key))
		case !slices.Contains(known, key.Value):
			f.meant[r.unknown(key, what, known)] = true
		case f.at[key.Value] != nil:
			r.fail(key, "%s: %s is here twice, first on line %d; keep one", what, key.Value, f.at[key.Value].Line)
		default:
			f.at[key.Value] = value
		}
	}
	return f
}

// unknown tells of a key that is none of the known ones, and returns the one it
// most likely stands for, or "".
func (r *reader) unknown(key *yaml.Node, what string, known []string) string {
	near := nearest(key.Value, known, synonyms)
	if near != "" {
		r.fail(key, "%s: unknown key %q; did you mean %q?", what, key.Value, near)
	} else {
		r.fail(key, "%s: unknown key %q; the keys here are %s", what, key.Value, strings.Join(known, ", "))
	}
	return near
}

// has says whether key is there with a value.
func (f fields) has(key string) bool { return f.at[key] != nil && !isNull(f.at[key]) }

// text reads a scalar as it was written; "" if the key is not there.
func (f fields) text(key string) string {
	n := f.at[key]
	if n == nil {
		return ""
	}
	return f.scalar(n, f.what+": "+key)
}

// scalar reads n's source text, whatever YAML takes it for: a title of 2015 and a
// date of 2015-10-15 are the characters that were typed.
func (r *reader) scalar(n *yaml.Node, what string) string {
	switch {
	case isNull(n):
		r.fail(n, "%s: has no value; give one or delete the key", what)
	case n.Kind != yaml.ScalarNode:
		r.fail(n, "%s: want a text, not %s", what, kindOf(n))
	case n.Tag == "!!binary" || strings.ContainsRune(n.Value, 0):
		r.fail(n, "%s: want a text, not bytes", what)
	default:
		return n.Value
	}
	return ""
}

// number reads a number from low to high, both included; absent if the key is not there.
func (f fields) number(key string, absent, low, high float64) float64 {
	n := f.at[key]
	if n == nil {
		return absent
	}
	v, ok := f.float(n)
	if !ok || v < low || v > high {
		f.fail(n, "%s: %s: want a number from %g to %g, not %s", f.what, key, low, high, shown(n))
		return absent
	}
	return v
}

// float reads a finite number.
func (r *reader) float(n *yaml.Node) (float64, bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" && n.ShortTag() != "!!float" {
		return 0, false
	}
	var v float64
	if err := n.Decode(&v); err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

func (f fields) boolean(key string) bool {
	n := f.at[key]
	if n == nil {
		return false
	}
	v, err := strconv.ParseBool(n.Value)
	if err != nil || n.ShortTag() != "!!bool" {
		f.fail(n, "%s: %s: want true or false, not %s", f.what, key, shown(n))
	}
	return v
}

func (f fields) date(key string) edtf.Date {
	text := f.text(key)
	if text == "" {
		if n := f.at[key]; n != nil && n.Kind == yaml.ScalarNode && !isNull(n) {
			f.fail(n, "%s: %s: the date is empty; write one, or ../.. if nothing is known", f.what, key)
		}
		return edtf.Date{}
	}
	d, err := edtf.Parse(text)
	if err != nil {
		f.fail(f.at[key], "%s: %s: %v", f.what, key, err)
	}
	return d
}

// word reads one of a set of words; the first of them if the key is not there.
func word[T ~string](f fields, key string, words []T) T {
	n := f.at[key]
	if n == nil {
		return words[0]
	}
	v := T(f.text(key))
	if v != "" && !slices.Contains(words, v) {
		list := make([]string, len(words))
		for i, w := range words {
			list[i] = string(w)
		}
		f.fail(n, "%s: %s: want one of %s, not %q", f.what, key, strings.Join(list, ", "), string(v))
	}
	return v
}

// items reads a list; none if the key is not there or has no value.
func (f fields) items(key string) []*yaml.Node {
	if !f.has(key) {
		return nil
	}
	return f.sequence(f.at[key], f.what+": "+key)
}

func (r *reader) sequence(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "%s: want a list, each item after a hyphen, not %s", what, kindOf(n))
		return nil
	}
	return n.Content
}

// farthest is beyond the edge of any picture that is read, in pixels, and keeps
// the arithmetic on positions exact enough.
const farthest = 1e7

// point reads [x, y].
func (r *reader) point(n *yaml.Node, what string) (imagery.Point, bool) {
	if n.Kind == yaml.SequenceNode && len(n.Content) == 2 {
		x, okX := r.float(n.Content[0])
		y, okY := r.float(n.Content[1])
		if okX && okY && max(math.Abs(x), math.Abs(y)) <= farthest {
			return imagery.Point{X: x, Y: y}, true
		}
	}
	r.fail(n, "%s: want a position as [x, y], not %s", what, shown(n))
	return imagery.Point{}, false
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "keys with values"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias (*" + n.Value + "): write the value out"
	case isNull(n):
		return "nothing"
	}
	return "the text " + shown(n)
}

// shown is a scalar in quotes, cut short, or the kind of anything else.
func shown(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		return kindOf(n)
	}
	if v := []rune(n.Value); len(v) > 40 {
		return strconv.Quote(string(v[:40]) + "…")
	}
	return strconv.Quote(n.Value)
}
