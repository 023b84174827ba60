package page

import (
	"html/template"
	"strconv"
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

// layouts are how machines read each precision.
var layouts = map[precision]string{
	toYear: "2006", toMonth: "2006-01", toDay: "2006-01-02", toMinute: "2006-01-02T15:04Z", toSecond: "2006-01-02T15:04:05Z",
}

// moment writes t as a time element.
func (v *voice) moment(t time.Time, p precision) template.HTML {
	t = t.UTC()
	return template.HTML(`<time datetime="`+t.Format(layouts[p])+`">`) + v.momentWords(t, p) + `</time>`
}

// instant writes t to the minute.
func (v *voice) instant(t time.Time) template.HTML { return v.moment(t, toMinute) }

// momentWords writes t for people. The name of a month has two forms in some
// languages: after the number of a day, and alone.
func (v *voice) momentWords(t time.Time, p precision) template.HTML {
	if p == toYear {
		return template.HTML(t.Format("2006"))
	}
	month := int(t.Month()) - 1
	if p == toMonth {
		return v.say("date.month", "month", v.months("date.months.alone")[month], "year", t.Year())
	}
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 && v.said("date.first") {
		day = v.text("date.first")
	}
	date := v.say("date.day", "day", day, "month", v.months("date.months")[month], "year", t.Year())
	switch p {
	case toMinute:
		return v.say("date.time", "date", date, "time", t.Format("15:04"))
	case toSecond:
		return v.say("date.time", "date", date, "time", t.Format("15:04:05"))
	}
	return date
}

// months returns the names of the twelve months in one form.
func (v *voice) months(key string) []string {
	names := strings.Split(v.text(key), "|")
	if len(names) != 12 {
		return make([]string, 12) // never: a test counts them
	}
	return names
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
func (v *voice) interval(iv edtf.Interval) template.HTML {
	switch {
	case iv.Earliest.IsZero() && iv.Latest.IsZero():
		return v.say("date.none")
	case iv.Earliest.IsZero():
		return v.say("date.earlier", "date", v.ending(iv.Latest))
	case iv.Latest.IsZero():
		return v.say("date.later", "date", v.beginning(iv.Earliest))
	}
	if p, ok := single(iv); ok {
		return v.moment(iv.Earliest, p)
	}
	p := max(starts(iv.Earliest), starts(iv.Latest))
	if p > toDay {
		return v.say("date.range", "from", v.beginning(iv.Earliest), "to", v.ending(iv.Latest))
	}
	return v.say("date.range", "from", v.moment(iv.Earliest, p), "to", v.moment(last(iv.Latest, p), p))
}

// beginning writes the lone beginning of an interval: a day at the coarsest,
// because the first of a month may be meant as a day.
func (v *voice) beginning(t time.Time) template.HTML { return v.moment(t, max(starts(t), toDay)) }

// ending writes the lone end of an interval: the midnight that ends a day as that
// day, the end of a second as that second.
func (v *voice) ending(t time.Time) template.HTML {
	if starts(t) <= toDay {
		return v.moment(last(t, toDay), toDay)
	}
	t = t.Add(-time.Second)
	return v.moment(t, max(starts(t), toMinute))
}

// acquired writes when an image was taken, as its date and basis allow.
func (v *voice) acquired(im ImageView) template.HTML {
	if im.Acquired.IsZero() {
		return v.say("date.none")
	}
	if p, ok := single(im.Acquired.Interval()); ok {
		switch whole, taken := im.Acquired.Interval(), im.Taken(); {
		case taken.Latest.IsZero():
			return v.say("date.later", "date", v.moment(whole.Earliest, p))
		case taken.Earliest.IsZero():
			return v.say("date.earlier", "date", v.moment(whole.Earliest, p))
		}
	}
	iv := im.Taken()
	if inner, ok := im.Acquired.Inner(); ok && about(im.Acquired) != "" {
		iv = opened(inner, iv)
	}
	return v.qualified(im.Acquired, iv)
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
func (v *voice) declared(d edtf.Date) template.HTML {
	if d.IsZero() {
		return v.say("date.none")
	}
	iv := d.Interval()
	if inner, ok := d.Inner(); ok && about(d) != "" {
		iv = inner
	}
	return v.qualified(d, iv)
}

// qualified writes iv as d's marks qualify it.
func (v *voice) qualified(d edtf.Date, iv edtf.Interval) template.HTML {
	if key := about(d); key != "" {
		return v.say(key, "date", v.interval(iv))
	}
	return v.interval(iv)
}

// about says how EDTF's marks ~, ? and % qualify a date: the key of a message, ""
// for none.
func about(d edtf.Date) string {
	text := d.String()
	switch {
	case strings.Contains(text, "%"), strings.Contains(text, "~") && strings.Contains(text, "?"):
		return "date.perhaps.about"
	case strings.Contains(text, "~"):
		return "date.about"
	case strings.Contains(text, "?"):
		return "date.perhaps"
	}
	return ""
}

// bracket writes between which instants a change happened. An end that a day
// gives is written as that day.
func (v *voice) bracket(b compare.Bracket) template.HTML {
	switch {
	case b.After.IsZero() && b.By.IsZero():
		return v.say("bracket.open")
	case b.After.IsZero():
		return v.say("bracket.by", "by", v.ending(b.By))
	case b.By.IsZero():
		return v.say("bracket.after", "after", v.beginning(b.After))
	}
	return v.say("bracket.both", "after", v.beginning(b.After), "by", v.ending(b.By))
}
