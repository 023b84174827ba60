package geo

import (
	"regexp"
	"strconv"
	"strings"
)

// ParseWKT reads which coordinate system a well-known text names (OGC 01-009, ISO 19162,
// and ESRI's .prj, which gives names and no numbers): its EPSG number, 0 if it has none
// that is known here, and its name.
func ParseWKT(text string) (epsg int, name string) {
	text = strings.TrimSpace(text)
	if len(text) > 1<<16 {
		return 0, ""
	}
	if m := wktName.FindStringSubmatch(text); m != nil {
		name = m[1]
	}
	if n := outerNumber(text); n != 0 {
		return n, name
	}
	return numberOfName(name), name
}

var (
	wktName   = regexp.MustCompile(`^[A-Za-z_]+\s*[\[(]\s*"([^"\n]{1,200})"`)
	wktNumber = regexp.MustCompile(`^(?:AUTHORITY|ID)\s*[\[(]\s*"EPSG"\s*,\s*"?(\d{4,6})"?`)
	utmName   = regexp.MustCompile(`^(wgs 1984|wgs 84|etrs 1989|etrs89|nad 1983|nad83)(?: /)? utm zone (\d{1,2})([ns]?)$`)
)

// outerNumber returns the EPSG number that stands directly in the outermost brackets:
// deeper ones are of the datum, the unit and so on.
func outerNumber(text string) int {
	depth := 0
	quoted := false
	for i, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '(':
			depth++
		case c == ']' || c == ')':
			depth--
		case depth == 1 && (c == 'A' || c == 'I'):
			if m := wktNumber.FindStringSubmatch(text[i:]); m != nil {
				n, err := strconv.Atoi(m[1])
				if err == nil {
					return n
				}
			}
		}
	}
	return 0
}

// numberOfName knows the names of the systems that are computed here.
func numberOfName(name string) int {
	plain := strings.ToLower(strings.ReplaceAll(name, "_", " "))
	switch plain {
	case "wgs 84", "gcs wgs 1984":
		return 4326
	case "wgs 84 / pseudo-mercator", "wgs 1984 web mercator auxiliary sphere", "wgs 1984 web mercator":
		return 3857
	}
	m := utmName.FindStringSubmatch(plain)
	if m == nil {
		return 0
	}
	zone, err := strconv.Atoi(m[2])
	if err != nil || zone < 1 || zone > 60 {
		return 0
	}
	base := map[byte]int{'w': 32600, 'e': 25800, 'n': 26900}[m[1][0]]
	if m[3] == "s" {
		base = map[byte]int{'w': 32700}[m[1][0]]
	}
	if _, ok := SystemOf(base + zone); base == 0 || !ok {
		return 0
	}
	return base + zone
}
