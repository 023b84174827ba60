package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/imagery/edtf"
)

// A readDate is a date that a file gives, and where it stands.
type readDate struct {
	date  edtf.Date
	basis imagery.Basis
	from  string // "the file's EXIF DateTimeOriginal", "the file's name"; "nowhere"
	doubt string // what else the file says against it, in one clause; "" otherwise
}

// dateOf reads the date of a picture: what its metadata call the capture, else
// its name, else the making of the file, which it can't be later than.
func dateOf(name string, info decode.Info) readDate {
	named, several := dateInName(name)
	if d, tag, ok := metadataDate(info, "capture"); ok {
		r := readDate{date: d, basis: imagery.BasisCapture, from: "the file's " + tag}
		if !named.IsZero() && apart(d, named) {
			r.doubt = "its name says " + named.String()
		}
		return r
	}
	made, tag, isMade := metadataDate(info, "creation")
	if !named.IsZero() {
		r := readDate{date: named, basis: imagery.BasisInferred, from: "the file's name"}
		if isMade && made.Interval().Latest.Before(named.Interval().Earliest) {
			r.doubt = "the file says it was made before that, " + made.String()
		}
		return r
	}
	r := readDate{basis: imagery.BasisInferred, from: "nowhere: neither its name nor its metadata tell"}
	if several != "" {
		r.from = "nowhere: its name gives several days, " + several
	}
	if isMade {
		if by, err := edtf.Parse("../" + made.String()); err == nil {
			r.date, r.from = by, "the file's "+tag+", the latest that it can be"
			return r
		}
	}
	if open, err := edtf.Parse("../.."); err == nil {
		r.date, r.basis = open, imagery.BasisCapture
	}
	return r
}

// metadataDate returns the first date of that meaning that can be read.
func metadataDate(info decode.Info, means string) (d edtf.Date, tag string, ok bool) {
	for _, x := range info.Dates {
		if x.Means != means {
			continue
		}
		if d, err := edtf.Parse(x.Value); err == nil {
			return d, x.Tag, true
		}
	}
	return edtf.Date{}, "", false
}

// apart says that no instant lies in both dates.
func apart(a, b edtf.Date) bool {
	x, y := a.Interval(), b.Interval()
	return !x.Latest.IsZero() && !y.Earliest.IsZero() && !y.Earliest.Before(x.Latest) ||
		!y.Latest.IsZero() && !x.Earliest.IsZero() && !x.Earliest.Before(y.Latest)
}

var (
	// Year, month, day, parted alike or not at all, and perhaps the time of day.
	yearFirst = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d\d)([-_.]?)(\d\d)([-_.]?)(\d\d)(?:[T _-]{0,3}(\d\d)[-_.:h]?(\d\d)[-_.:m]?(\d\d)(Z)?)?(?:[^0-9]|$)`)
	dayFirst  = regexp.MustCompile(`(?:^|[^0-9])(\d\d)[-_.](\d\d)[-_.]((?:19|20)\d\d)(?:[^0-9]|$)`)
	monthOnly = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d\d)[-_.](0[1-9]|1[0-2])(?:$|[-_.]$|[^-_.0-9]|[-_.][^0-9])`)
	yearOnly  = regexp.MustCompile(`^(?:19|20)\d\d$`)
)

// dateInName reads a date from a file's name; none if there is none, or if it
// gives several days, which are then named. A day and a month that might stand
// either way round are no date.
func dateInName(name string) (d edtf.Date, several string) {
	stem := name
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		stem = name[:i]
	}
	var days, texts []string
	add := func(day, text string) {
		if _, err := edtf.Parse(text); err == nil && !slices.Contains(days, day) {
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
		return edtf.Date{}, strings.Join(days, " and ")
	}
	d, err := edtf.Parse(texts[0])
	if err != nil {
		return edtf.Date{}, ""
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
	if _, err := edtf.Parse(text); err != nil {
		return day, day // the digits after the day are no time
	}
	return day, text
}
