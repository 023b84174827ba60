package casefile

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/antequem/antequem/imagery"
)

// A Mistake is one thing that is wrong with a case file, and the mend, in one line.
type Mistake struct {
	File string
	Line int // from 1
	Text string
}

func (m Mistake) String() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Text) }

// Mistakes are all that were found, in the order of their lines. They answer to
// imagery.ErrInvalid.
type Mistakes []Mistake

// Error writes each mistake on a line of its own.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.String()
	}
	return strings.Join(lines, "\n")
}

func (ms Mistakes) Unwrap() error { return imagery.ErrInvalid }

func (ms Mistakes) sorted() Mistakes {
	slices.SortStableFunc(ms, func(a, b Mistake) int { return cmp.Compare(a.Line, b.Line) })
	return ms
}

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// parserText are the messages of yaml's parser, whose lines count from 0 where
// those of its scanner count from 1 (go.yaml.in/yaml/v3 v3.0.5, decode.go, fail).
var parserText = regexp.MustCompile(`^did not find expected (<|node content|'-' indicator|key|',' or)|^found (duplicate|incompatible|undefined)`)

// syntaxMistake puts an error of the YAML parser into our form.
func syntaxMistake(name string, err error) Mistake {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n > 0 {
			line, text = n, m[2]
		}
		if parserText.MatchString(text) {
			line++
		}
	}
	text = strings.Join(strings.Fields(text), " ")
	mend := "mend the YAML: two spaces indent, quotes go round texts that hold a colon or, within braces, a question mark, as \"2015?\""
	if strings.Contains(text, "cannot start any token") {
		mend = "indent with spaces, not tabs, and quote what begins with a special character"
	}
	return Mistake{name, line, text + "; " + mend}
}

// nearest returns the known word that a person most likely meant, or "".
func nearest(word string, known []string, synonyms map[string]string) string {
	if s := synonyms[strings.ToLower(word)]; s != "" && slices.Contains(known, s) {
		return s
	}
	best, least := "", 1+min(len(word)/3, 3)
	for _, k := range known {
		if d := distance(strings.ToLower(word), k, least); d < least || d == least && best == "" {
			best, least = k, d
		}
	}
	return best
}

// distance counts the letters to add, drop, change or swap with their neighbour
// between a and b (restricted Damerau–Levenshtein); limit+1 if it is more.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			d := min(rows[i-1][j], rows[i][j-1]) + 1
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			d = min(d, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return min(rows[len(x)][len(y)], limit+1)
}
