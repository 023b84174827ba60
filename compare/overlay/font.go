package overlay

import (
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The Go fonts (Bigelow & Holmes) hold Latin, Greek and Cyrillic. Pictures are
// lettered with them; charts are measured with them and lettered by the reader's
// own sans-serif.
var (
	regular = sync.OnceValue(func() *sfnt.Font { return parseFont(goregular.TTF) })
	bold    = sync.OnceValue(func() *sfnt.Font { return parseFont(gobold.TTF) })
)

func parseFont(ttf []byte) *sfnt.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		return &sfnt.Font{} // never: the fonts are compiled in and a test parses them
	}
	return f
}

// margin allows for a reader's font that is wider than the one measured with.
const margin = 1.08

// textWidth returns about how wide a text is in a chart, in the unit of size.
func textWidth(s string, size float64, heavy bool) float64 {
	return advance(s, size, heavy) * margin
}

// advance returns how wide a text is in the Go fonts, unhinted.
func advance(s string, size float64, heavy bool) float64 {
	f := regular()
	if heavy {
		f = bold()
	}
	const em = 1000
	var buf sfnt.Buffer
	var sum fixed.Int26_6
	for _, r := range s {
		i, err := f.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		a, err := f.GlyphAdvance(&buf, i, fixed.I(em), font.HintingNone)
		if err == nil {
			sum += a
		}
	}
	return float64(sum) / 64 / em * size
}

// wrap breaks a text into lines no wider than width, between words where it can
// and within a word where it must.
func wrap(s string, size, width float64, heavy bool) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		joined := strings.TrimSpace(line + " " + word)
		if textWidth(joined, size, heavy) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; textWidth(line, size, heavy) > width; {
			n := fitting(line, size, width, heavy)
			lines, line = append(lines, line[:n]), line[n:]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return isolated(lines)
}

// popIsolate ends what one of the isolates before it in Unicode begins: a run of text
// in a direction of its own (Unicode Standard Annex 9).
const popIsolate = '\u2069'

// isolated ends on each line the isolates that it leaves open and begins them again on
// the next, for each line of a chart is a text of its own.
func isolated(lines []string) []string {
	var open []rune
	for i, line := range lines {
		begun := string(open)
		for _, r := range line {
			switch {
			case r >= '\u2066' && r < popIsolate:
				open = append(open, r)
			case r == popIsolate && len(open) > 0:
				open = open[:len(open)-1]
			}
		}
		lines[i] = begun + line + strings.Repeat(string(popIsolate), len(open))
	}
	return lines
}

// fitting returns how many bytes of s fit into width: a rune at least.
func fitting(s string, size, width float64, heavy bool) int {
	n := 0
	for i, r := range s {
		if end := i + len(string(r)); i == 0 || textWidth(s[:end], size, heavy) <= width {
			n = min(end, len(s))
			continue
		}
		break
	}
	return max(n, 1)
}

// shorten cuts the middle out of a text that is wider than width in the Go fonts.
func shorten(s string, size, width float64, heavy bool) string {
	if advance(s, size, heavy) <= width {
		return s
	}
	runes := []rune(s)
	for keep := len(runes) - 1; keep > 1; keep-- {
		head := (keep + 1) / 2
		t := string(runes[:head]) + "…" + string(runes[len(runes)-(keep-head):])
		if advance(t, size, heavy) <= width {
			return t
		}
	}
	return "…"
}
