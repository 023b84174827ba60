package edtf

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	// Year, month, day, parted alike or not at all, and perhaps the time of day.
	yearFirst = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d\d)([-_.]?)(\d\d)([-_.]?)(\d\d)(?:[T _-]{0,3}(\d\d)[-_.:h]?(\d\d)[-_.:m]?(\d\d)(Z)?)?(?:[^0-9]|$)`)
	dayFirst  = regexp.MustCompile(`(?:^|[^0-9])(\d\d)[-_.](\d\d)[-_.]((?:19|20)\d\d)(?:[^0-9]|$)`)
	monthOnly = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d\d)[-_.](0[1-9]|1[0-2])(?:$|[-_.]$|[^-_.0-9]|[-_.][^0-9])`)
	yearOnly  = regexp.MustCompile(`^(?:19|20)\d\d$`)
)

// InName reads a date from a file's name; none if there is none, or if it
// gives several days, which are then named. A day and a month that might stand
// either way round are no date.
func InName(name string) (d Date, several string) {
	stem := name
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		stem = name[:i]
	}
	var days, texts []string
	add := func(day, text string) {
		if _, err := Parse(text); err == nil && !slices.Contains(days, day) {
			days, texts = append(days, day), append(texts, text)
		}
	}
	for rest := stem; ; {
		m := yearFirst.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		day, text := yearFirstDate(rest, m)
		if day != "" {
			add(day, text)
		}
		rest = rest[m[11]:] // past the day; the character after it may begin the next
	}
	for _, m := range dayFirst.FindAllStringSubmatch(stem, -1) {
		switch {
		case m[1] > "12" || m[1] == m[2]:
			add(m[3]+"-"+m[2]+"-"+m[1], m[3]+"-"+m[2]+"-"+m[1])
		case m[2] > "12":
			add(m[3]+"-"+m[1]+"-"+m[2], m[3]+"-"+m[1]+"-"+m[2])
		}
	}
	if len(days) == 0 {
		if m := monthOnly.FindStringSubmatch(stem); m != nil {
			add(m[1]+"-"+m[2], m[1]+"-"+m[2])
		} else if yearOnly.MatchString(stem) {
			add(stem, stem)
		}
	}
	if len(days) != 1 {
		return Date{}, strings.Join(days, " and ")
	}
	d, err := Parse(texts[0])
	if err != nil {
		return Date{}, ""
	}
	return d, ""
}

// yearFirstDate returns the day of a match, and it with the time where there is
// one; "" where the parts are not parted alike, so that it is no date.
func yearFirstDate(s string, m []int) (day, text string) {
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return s[m[2*i]:m[2*i+1]]
	}
	if part(2) != part(4) {
		return "", ""
	}
	day = fmt.Sprintf("%s-%s-%s", part(1), part(3), part(5))
	if part(6) == "" {
		return day, day
	}
	text = day + "T" + part(6) + ":" + part(7) + ":" + part(8) + part(9)
	if _, err := Parse(text); err != nil {
		return day, day // the digits after the day are no time
	}
	return day, text
}
