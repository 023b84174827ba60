package decode

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What a time in a file is the time of.
const (
	capture  = "capture"  // when the sensor looked
	creation = "creation" // when the digital file was made
	change   = "change"   // when it was last written
)

// stamp matches EXIF's "2015:10:15 08:21:00", ISO 8601 in its long and short forms and
// XMP's shortened dates; zone and fraction of a second may follow.
var stamp = regexp.MustCompile(`^(\d{4})(?:[:/-]?(\d{2})(?:[:/-]?(\d{2})(?:[ T]+(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?)?)?$`)

// edtfOf turns a time as cameras and tools write it into EDTF, without a zone where none
// is given; empty if it is none. Seconds that are missing make it a day, for EDTF knows
// no hours alone.
func edtfOf(s string) string {
	s = strings.TrimSpace(strings.Trim(s, "\x00"))
	m := stamp.FindStringSubmatch(s)
	if m == nil {
		return rfc1123(s)
	}
	year, month, day := m[1], m[2], m[3]
	if year == "0000" || !between(month, 1, 12) {
		return ""
	}
	switch {
	case month == "":
		return year
	case day == "":
		return year + "-" + month
	case !realDay(year, month, day):
		return ""
	case m[4] == "":
		return year + "-" + month + "-" + day
	}
	hour, minute, second := m[4], m[5], m[6]
	if second == "" || !between(hour, 0, 23) || !between(minute, 0, 59) || !between(second, 0, 59) {
		return year + "-" + month + "-" + day
	}
	return year + "-" + month + "-" + day + "T" + hour + ":" + minute + ":" + second + zoneOf(m[7])
}

// zoneOf returns Z, ±hh:mm or nothing.
func zoneOf(z string) string {
	switch strings.ToUpper(z) {
	case "":
		return ""
	case "Z", "UTC", "GMT", "+00:00", "+0000", "+00":
		return "Z"
	}
	d := strings.ReplaceAll(z[1:], ":", "")
	if len(d) == 2 {
		d += "00"
	}
	if !between(d[:2], 0, 14) || !between(d[2:], 0, 59) {
		return ""
	}
	return z[:1] + d[:2] + ":" + d[2:]
}

// between checks a number of digits; an absent one passes.
func between(digits string, lo, hi int) bool {
	if digits == "" {
		return true
	}
	n, err := strconv.Atoi(digits)
	return err == nil && n >= lo && n <= hi
}

func realDay(year, month, day string) bool {
	_, err := time.Parse(time.DateOnly, fmt.Sprintf("%s-%s-%s", year, month, day))
	return err == nil
}

// rfc1123 reads what PNG's specification recommends for "Creation Time".
func rfc1123(s string) string {
	for _, layout := range []string{time.RFC1123, time.RFC1123Z, "2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 MST", time.ANSIC, time.UnixDate} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			switch name, off := t.Zone(); {
			case layout == time.ANSIC:
				return t.Format("2006-01-02T15:04:05")
			case off == 0 && name != "UTC" && name != "GMT" && name != "" && name != "+0000":
				return t.Format("2006-01-02T15:04:05") // a zone by a name that says nothing here
			}
			return t.UTC().Format("2006-01-02T15:04:05Z")
		}
	}
	return ""
}
