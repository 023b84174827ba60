package page

import (
	"html/template"
	"strings"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/edtf"
)

const day = 24 * time.Hour

// precision is how finely an end of an interval is written.
type precision int

const (
	toYear precision = iota
	toMonth
	toDay
	toMinute
	toSecond
)

var written = map[precision][2]string{ // for people, for machines
	toYear:   {"2006", "2006"},
	toMonth:  {"January 2006", "2006-01"},
	toDay:    {"2 January 2006", "2006-01-02"},
	toMinute: {"2 January 2006, 15:04 UTC", "2006-01-02T15:04Z"},
	toSecond: {"2 January 2006, 15:04:05 UTC", "2006-01-02T15:04:05Z"},
}

// moment writes t as a time element.
func moment(t time.Time, p precision) template.HTML {
	t = t.UTC()
	f := written[p]
	return template.HTML(`<time datetime="` + t.Format(f[1]) + `">` + t.Format(f[0]) + `</time>`)
}

// starts is the coarsest precision at which t is the beginning of a unit.
func starts(t time.Time) precision {
	t = t.UTC()
	switch {
	case t.Second() != 0 || t.Nanosecond() != 0:
		return toSecond
	case t.Hour() != 0 || t.Minute() != 0:
		return toMinute
	case t.Day() != 1:
		return toDay
	case t.Month() != time.January:
		return toMonth
	}
	return toYear
}

// last returns the last unit of p that ends at t: the midnight that ends a day
// is written as that day.
func last(t time.Time, p precision) time.Time {
	switch p {
	case toYear:
		return t.AddDate(-1, 0, 0)
	case toMonth:
		return t.AddDate(0, -1, 0)
	case toDay:
		return t.Add(-day)
	}
	return t
}

// single says that iv is one unit of p: a day, a month, a year, or an instant.
func single(iv edtf.Interval) (precision, bool) {
	if iv.Earliest.IsZero() || iv.Latest.IsZero() {
		return 0, false
	}
	if iv.Latest.Sub(iv.Earliest) <= time.Second {
		if iv.Earliest.UTC().Second() == 0 {
			return toMinute, true
		}
		return toSecond, true
	}
	for p := starts(iv.Earliest); p <= toDay; p++ {
		if last(iv.Latest, p).Equal(iv.Earliest) {
			return p, true
		}
	}
	return 0, false
}

// interval writes iv in words: "15 October 2015", "October 2015 to May 2016",
// "31 October 2015 or earlier".
func interval(iv edtf.Interval) template.HTML {
	switch {
	case iv.Earliest.IsZero() && iv.Latest.IsZero():
		return "date unknown"
	case iv.Earliest.IsZero():
		return ending(iv.Latest) + " or earlier"
	case iv.Latest.IsZero():
		return beginning(iv.Earliest) + " or later"
	}
	if p, ok := single(iv); ok {
		return moment(iv.Earliest, p)
	}
	p := max(starts(iv.Earliest), starts(iv.Latest))
	if p > toDay {
		return beginning(iv.Earliest) + " to " + ending(iv.Latest)
	}
	return moment(iv.Earliest, p) + " to " + moment(last(iv.Latest, p), p)
}

// beginning writes the lone beginning of an interval: a day at the coarsest,
// because the first of a month may be meant as a day.
func beginning(t time.Time) template.HTML { return moment(t, max(starts(t), toDay)) }

// ending writes the lone end of an interval: the midnight that ends a day as that
// day, the end of a second as that second.
func ending(t time.Time) template.HTML {
	if starts(t) <= toDay {
		return moment(last(t, toDay), toDay)
	}
	t = t.Add(-time.Second)
	return moment(t, max(starts(t), toMinute))
}

// acquired writes when an image was taken, as its date and basis allow.
func acquired(v ImageView) template.HTML {
	if v.Acquired.IsZero() {
		return "date unknown"
	}
	if p, ok := single(v.Acquired.Interval()); ok {
		switch whole, taken := v.Acquired.Interval(), v.Taken(); {
		case taken.Latest.IsZero():
			return moment(whole.Earliest, p) + " or later"
		case taken.Earliest.IsZero():
			return moment(whole.Earliest, p) + " or earlier"
		}
	}
	iv := v.Taken()
	if inner, ok := v.Acquired.Inner(); ok && about(v.Acquired) != "" {
		iv = opened(inner, iv)
	}
	return about(v.Acquired) + interval(iv)
}

// opened returns iv with the ends open that wide has open.
func opened(iv, wide edtf.Interval) edtf.Interval {
	if wide.Earliest.IsZero() {
		iv = iv.OpenEarliest()
	}
	if wide.Latest.IsZero() {
		iv = iv.OpenLatest()
	}
	return iv
}

// declared writes a date as it was given, whatever its basis.
func declared(d edtf.Date) template.HTML {
	if d.IsZero() {
		return "date unknown"
	}
	iv := d.Interval()
	if inner, ok := d.Inner(); ok && about(d) != "" {
		iv = inner
	}
	return about(d) + interval(iv)
}

// about says how EDTF's marks ~, ? and % qualify a date.
func about(d edtf.Date) template.HTML {
	text := d.String()
	switch {
	case strings.Contains(text, "%"), strings.Contains(text, "~") && strings.Contains(text, "?"):
		return "perhaps about "
	case strings.Contains(text, "~"):
		return "about "
	case strings.Contains(text, "?"):
		return "perhaps "
	}
	return ""
}

// bracket writes between which instants a change happened. An end that a day
// gives is written as that day.
func bracket(b compare.Bracket) template.HTML {
	switch {
	case b.After.IsZero() && b.By.IsZero():
		return "at an unknown time"
	case b.After.IsZero():
		return "by " + ending(b.By)
	case b.By.IsZero():
		return "after " + beginning(b.After)
	}
	return "between " + beginning(b.After) + " and " + ending(b.By)
}

// plain is the text of what interval and its like write.
func plain(h template.HTML) string {
	var b strings.Builder
	in := false
	for _, r := range string(h) {
		switch {
		case r == '<':
			in = true
		case r == '>':
			in = false
		case !in:
			b.WriteRune(r)
		}
	}
	return b.String()
}
