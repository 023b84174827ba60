package edtf

import (
	"fmt"
	"strings"
	"time"
)

// FormatEarliest writes the first instant of an interval as RFC 3339, UTC; ""
// for an open end.
func FormatEarliest(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// FormatLatest writes the end of an interval as RFC 3339, UTC; "" for an open
// end. A midnight is the end of the day before it: 2016-05-02T24:00:00Z.
func FormatLatest(t time.Time) string {
	if t.IsZero() || !midnight(t) {
		return FormatEarliest(t)
	}
	return t.UTC().AddDate(0, 0, -1).Format("2006-01-02") + "T24:00:00Z"
}

// HumanEarliest words the beginning of an interval: the day where it is a
// midnight, day and time where it is not, "an unknown date" for an open end.
func HumanEarliest(t time.Time) string {
	switch {
	case t.IsZero():
		return "an unknown date"
	case midnight(t):
		return t.UTC().Format("2 Jan 2006")
	case t.UTC().Second() == 0 && t.Nanosecond() == 0:
		return t.UTC().Format("2 Jan 2006, 15:04 UTC")
	}
	return t.UTC().Format("2 Jan 2006, 15:04:05 UTC")
}

// HumanLatest words the end of an interval by the last day, minute or second that
// lies within: a midnight is the day that it ends.
func HumanLatest(t time.Time) string {
	if t.IsZero() {
		return HumanEarliest(t)
	}
	if midnight(t) {
		return HumanEarliest(t.UTC().AddDate(0, 0, -1))
	}
	last := t.Add(-1).Truncate(time.Second)
	if last.UTC().Second() == 59 {
		last = last.Truncate(time.Minute)
	}
	if midnight(last) {
		return last.UTC().Format("2 Jan 2006, 15:04 UTC")
	}
	return HumanEarliest(last)
}

func midnight(t time.Time) bool { return t.UTC().Truncate(24 * time.Hour).Equal(t) }

// Human words the interval for readers: "15 Oct 2015", "Oct 2015", "2015",
// "3–15 Oct 2015", "28 Sep – 3 Oct 2015", "by 31 Oct 2015", "from 27 Apr 2016",
// "15 Oct 2015, 08:21 UTC", "at an unknown date".
func (iv Interval) Human() string {
	switch {
	case iv.Earliest.IsZero() && iv.Latest.IsZero():
		return "at an unknown date"
	case iv.Earliest.IsZero():
		return "by " + HumanLatest(iv.Latest)
	case iv.Latest.IsZero():
		return "from " + HumanEarliest(iv.Earliest)
	}
	from, to := iv.Earliest.UTC(), iv.Latest.UTC()
	if !midnight(from) || !midnight(to) {
		return humanTimes(from, to)
	}
	switch {
	case from.AddDate(0, 0, 1).Equal(to):
		return from.Format("2 Jan 2006")
	case from.Day() == 1 && from.AddDate(0, 1, 0).Equal(to):
		return from.Format("Jan 2006")
	case from.YearDay() == 1 && from.AddDate(1, 0, 0).Equal(to):
		return from.Format("2006")
	}
	return humanDays(from, to.AddDate(0, 0, -1))
}

// humanDays words the days from first to last, both included.
func humanDays(first, last time.Time) string {
	end := last.Format("2 Jan 2006")
	switch {
	case first.Equal(last):
		return end
	case first.Year() != last.Year():
		return first.Format("2 Jan 2006") + " – " + end
	case first.Month() != last.Month():
		return first.Format("2 Jan") + " – " + end
	}
	return fmt.Sprintf("%d–%s", first.Day(), end)
}

// humanTimes words an interval with a time of day at either end. One of a minute
// or less is an instant to a reader.
func humanTimes(from, to time.Time) string {
	if to.Sub(from) <= time.Minute {
		return HumanEarliest(from.Truncate(time.Second))
	}
	return HumanEarliest(from) + " – " + HumanLatest(to)
}

// Human words the date for readers, as near to what was written as can be: an
// interval written by its days keeps them ("1–31 Oct 2015"), an approximate date
// is "about" it, and an uncertain one "perhaps".
func (d Date) Human() string {
	if d.IsZero() {
		return d.interval.Human()
	}
	from, to, isInterval := strings.Cut(d.text, "/")
	if !isInterval {
		return humanPart(d.text)
	}
	switch open := func(s string) bool { return s == "" || s == ".." }; {
	case open(from) && open(to):
		return d.interval.Human()
	case open(from):
		return "by " + humanPart(to)
	case open(to):
		return "from " + humanPart(from)
	}
	if dayForm.MatchString(from) && dayForm.MatchString(to) {
		return humanDays(d.interval.Earliest, d.interval.Latest.AddDate(0, 0, -1))
	}
	return humanPart(from) + " – " + humanPart(to)
}

// humanPart words one date of a text that has been parsed.
func humanPart(s string) string {
	p, err := parsePart(s)
	if err != nil {
		return s
	}
	words := p.plain.Human()
	if m := dateForm.FindStringSubmatch(s); m != nil {
		words = humanDigits(m, words)
	}
	if p.noZone {
		words = strings.TrimSuffix(words, " UTC") + ", zone unknown"
	}
	switch s[len(s)-1] {
	case '~':
		return "about " + words
	case '?':
		return "perhaps " + words
	case '%':
		return "perhaps about " + words
	}
	return words
}

var seasonWords = [12]string{
	"spring", "summer", "autumn", "winter",
	"northern spring", "northern summer", "northern autumn", "northern winter",
	"southern spring", "southern summer", "southern autumn", "southern winter",
}

// humanDigits words the decades, centuries and seasons that plain days would make long.
func humanDigits(m []string, words string) string {
	switch {
	case m[1][2:] == "XX":
		return m[1][:2] + "00–" + m[1][:2] + "99"
	case m[1][3:] == "X":
		return m[1][:3] + "0s"
	case m[3] == "" && m[2] >= "21" && m[2] <= "32":
		var code int
		if _, err := fmt.Sscanf(m[2], "%d", &code); err == nil {
			return seasonWords[code-21] + " " + m[1]
		}
	}
	return words
}
