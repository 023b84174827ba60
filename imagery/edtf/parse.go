package edtf

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Parse reads an EDTF text. Spaces around it are no part of it. What can't be
// read is refused with what to write instead; the error wraps ErrInvalid.
func Parse(s string) (Date, error) {
	s = strings.TrimSpace(s)
	d, err := parse(s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: %w: %w", s, ErrInvalid, err)
	}
	d.text = s
	return d, nil
}

func parse(s string) (Date, error) {
	from, to, isInterval := strings.Cut(s, "/")
	if !isInterval {
		p, err := parsePart(s)
		if err != nil {
			return Date{}, err
		}
		d := Date{interval: p.wide().clamp()}
		d.inner, d.hasInner = p.inner()
		return d, nil
	}
	if from == "" && to == "" || strings.Contains(to, "/") {
		if calendarForm.MatchString(s) {
			return Date{}, fmt.Errorf("%s", mend(s))
		}
		return Date{}, fmt.Errorf("an interval is two dates with one slash: 2015-10-01/2015-10-31, or .. for an open end")
	}
	return parseInterval(from, to)
}

func parseInterval(from, to string) (Date, error) {
	d := Date{hasInner: true}
	if from != "" && from != ".." {
		p, err := parsePart(from)
		if err != nil {
			return Date{}, err
		}
		d.interval.Earliest, d.inner.Earliest = p.earliest(), p.latestStart()
	}
	if to != "" && to != ".." {
		p, err := parsePart(to)
		if err != nil {
			return Date{}, err
		}
		d.interval.Latest, d.inner.Latest = p.latest(), p.earliestEnd()
	}
	if empty(d.interval) {
		return Date{}, fmt.Errorf("it ends before it begins: write the earlier date first")
	}
	d.interval = d.interval.clamp()
	d.hasInner = !empty(d.inner)
	return d, nil
}

func empty(iv Interval) bool { return iv.Bounded() && !iv.Earliest.Before(iv.Latest) }

// A part is one date of a text: the plain interval of its digits, what a
// qualifier adds on either side, and whether its hour lacks a zone.
type part struct {
	plain  Interval
	pad    unit
	times  int // how many pads: 0 plain, 1 approximate or uncertain, 2 both
	noZone bool
}

// A unit is a length of calendar time, as AddDate counts it.
type unit struct{ years, months, days int }

// Clocks run from 12 hours behind UTC (Baker Island) to 14 ahead (Kiritimati), so
// a clock that shows t shows it between 14 hours before t by UTC and 12 after.
const (
	farthestEast = 14 * time.Hour
	farthestWest = 12 * time.Hour
)

// earliest and latest are the ends by the reading that makes the date widest.
func (p part) earliest() time.Time {
	t := p.padded(p.plain.Earliest, -1)
	if p.noZone {
		t = t.Add(-farthestEast)
	}
	return t
}

func (p part) latest() time.Time {
	t := p.padded(p.plain.Latest, 1)
	if p.noZone {
		t = t.Add(farthestWest)
	}
	return t
}

// latestStart and earliestEnd are the ends by the reading that makes an interval
// between two dates shortest.
func (p part) latestStart() time.Time {
	t := p.padded(p.plain.Earliest, 1)
	if p.noZone {
		t = t.Add(farthestWest)
	}
	return t
}

func (p part) earliestEnd() time.Time {
	t := p.padded(p.plain.Latest, -1)
	if p.noZone {
		t = t.Add(-farthestEast)
	}
	return t
}

// padded moves t by what the qualifier adds, in the direction of sign.
func (p part) padded(t time.Time, sign int) time.Time {
	n := sign * p.times
	return t.AddDate(n*p.pad.years, n*p.pad.months, n*p.pad.days)
}

func (p part) wide() Interval { return Interval{p.earliest(), p.latest()} }

func (p part) inner() (Interval, bool) { return p.plain, !p.noZone }

var (
	instantForm = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::\d\d)?)?$`)
	dateForm    = regexp.MustCompile(`^(\d{4}|\d{3}X|\d{2}XX)(?:-(\d\d|XX)(?:-(\d\d|XX))?)?([~?%])?$`)
	dayForm     = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
)

func parsePart(s string) (part, error) {
	if m := instantForm.FindStringSubmatch(s); m != nil {
		return parseInstant(m)
	}
	m := dateForm.FindStringSubmatch(s)
	if m == nil {
		return part{}, fmt.Errorf("%s", mend(s))
	}
	p, err := parseDate(m[1], m[2], m[3])
	switch m[4] {
	case "~", "?":
		p.times = 1
	case "%":
		p.times = 2
	}
	return p, err
}

func parseDate(year, month, day string) (part, error) {
	if strings.Contains(year, "X") {
		return parseDecade(year, month)
	}
	y, _ := strconv.Atoi(year)
	if y == 0 {
		return part{}, fmt.Errorf("years are read from 0001 to 9999")
	}
	if month == "" || month == "XX" {
		if day != "" && day != "XX" {
			return part{}, fmt.Errorf("a day of an unknown month is not read: write the year %s", year)
		}
		return span(y, time.January, 1, unit{years: 1}), nil
	}
	m, _ := strconv.Atoi(month)
	switch {
	case m >= 21 && m <= 32 && day == "":
		return season(y, m), nil
	case m < 1 || m > 12:
		return part{}, fmt.Errorf("months run from 01 to 12, seasons from 21 to 24")
	case day == "" || day == "XX":
		return span(y, time.Month(m), 1, unit{months: 1}), nil
	}
	d, _ := strconv.Atoi(day)
	if last := time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day(); d < 1 || d > last {
		return part{}, fmt.Errorf("%s %d has days 01 to %d", time.Month(m), y, last)
	}
	p := span(y, time.Month(m), d, unit{days: 1})
	p.pad = unit{days: 7}
	return p, nil
}

// parseDecade reads a year whose last digits are unspecified.
func parseDecade(year, month string) (part, error) {
	if month != "" {
		return part{}, fmt.Errorf("a month of an unknown year is not read: write %s", year)
	}
	digits := strings.TrimRight(year, "X")
	length := 10
	if len(digits) == 2 {
		length = 100
	}
	y, _ := strconv.Atoi(digits)
	if y == 0 {
		return part{}, fmt.Errorf("years are read from 0001 to 9999")
	}
	return span(y*length, time.January, 1, unit{years: length}), nil
}

// span returns the part that begins at that midnight, lasts u and is padded by u.
func span(y int, m time.Month, d int, u unit) part {
	from := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return part{plain: Interval{from, from.AddDate(u.years, u.months, u.days)}, pad: u}
}

// parseInstant reads the date, hour, minute, second, fraction and zone of a match.
// An instant is as long as its last written digit: a minute, a second or less.
func parseInstant(m []string) (part, error) {
	day, err := parseDate(m[1][:4], m[1][5:7], m[1][8:])
	if err != nil {
		return part{}, err
	}
	hour, _ := strconv.Atoi(m[2])
	minute, _ := strconv.Atoi(m[3])
	second, _ := strconv.Atoi("0" + m[4])
	if minute > 59 || second > 59 || hour > 24 || hour == 24 && (minute > 0 || second > 0 || strings.Trim(m[5], "0") != "") {
		return part{}, fmt.Errorf("a time runs from 00:00:00 to 24:00:00")
	}
	length, nanos := time.Minute, 0
	if m[4] != "" {
		length = time.Second
	}
	if m[5] != "" {
		nanos, _ = strconv.Atoi((m[5] + "00000000")[:9])
		for range len(m[5]) {
			length /= 10
		}
	}
	offset, err := parseOffset(m[6])
	if err != nil {
		return part{}, err
	}
	t := day.plain.Earliest.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute +
		time.Duration(second)*time.Second + time.Duration(nanos) - offset)
	return part{plain: Interval{t, t.Add(length)}, noZone: m[6] == ""}, nil
}

func parseOffset(s string) (time.Duration, error) {
	if s == "" || s == "Z" {
		return 0, nil
	}
	hours, _ := strconv.Atoi(s[1:3])
	minutes := 0
	if len(s) > 3 {
		minutes, _ = strconv.Atoi(s[4:])
	}
	offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if minutes > 59 || offset > farthestEast {
		return 0, fmt.Errorf("zones run from -12:00 to +14:00")
	}
	if s[0] == '-' {
		offset = -offset
	}
	if offset < -farthestWest {
		return 0, fmt.Errorf("zones run from -12:00 to +14:00")
	}
	return offset, nil
}
