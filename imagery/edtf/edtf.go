// Package edtf reads dates that are intervals: EDTF (ISO 8601-2:2019) level 1,
// with level 0's intervals. A date such as 2015-10 never means an instant; it is
// every instant of that month.
//
// What is read, and the instants it allows (UTC):
//
//	2015-10-15T08:21:00Z    that second; with +03:00 that second there
//	2015-10-15T08:21:00     no zone, so the hour is unknown: from 14 h before it
//	                        to 12 h after, since clocks run from UTC-12 to UTC+14
//	2015-10-15              the day, 24 hours
//	2015-10, 2015-10-XX     the month
//	2015, 2015-XX           the year; 201X the decade, 20XX the century
//	2015-21 … 2015-24       spring, summer, autumn, winter, of either hemisphere and
//	                        by any convention, which is most of a year
//	2015-25 … 2015-32       the same in the north (25 to 28) and the south (29 to 32)
//	2015-10-01/2015-10-31   from the first instant of one to the last of the other
//	../2015-10-31           nothing known of the beginning; also /2015-10-31
//	2016-04-27/..           nothing known of the end; also 2016-04-27/
//
// A date that is approximate (~) or uncertain (?) reaches one unit of its own
// precision further on either side, and two if it is both (%). The standard
// leaves the amount open; the python-edtf library pads by the same rule. The unit
// of a day is a week, since "about the 15th" in a caption means the days around
// it, and a date too wide costs an answer where one too narrow makes it wrong.
// The units of a month, a season, a year, a decade and a century are themselves.
package edtf

import "errors"

// ErrInvalid says that a text is no date that is read here.
var ErrInvalid = errors.New("invalid date")

// A Date is an EDTF text and the interval it stands for. The zero Date is none
// at all, and its interval is open on both sides.
type Date struct {
	text     string
	interval Interval // what some reading of the text allows
	inner    Interval // what every reading of it includes
	hasInner bool
}

// String returns the text as written.
func (d Date) String() string { return d.text }

// Interval returns the instants the date allows, by the widest reading of it.
func (d Date) Interval() Interval { return d.interval }

// Inner returns the instants that every reading of the date includes, and
// whether there are any. It equals Interval for a plain date. For an approximate
// or uncertain one it leaves the widening away, and shortens an interval by as
// much at such an end; of an hour without a zone nothing is sure. Who asserts
// that nothing changed "about May" asserts it of the inner interval at least and
// of the whole one at most.
func (d Date) Inner() (Interval, bool) {
	return d.inner, d.hasInner || d.text == ""
}

// IsZero says that no date was given.
func (d Date) IsZero() bool { return d.text == "" }

// Equal says that d and e were written alike.
func (d Date) Equal(e Date) bool { return d.text == e.text }

// MarshalText writes the text as written.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.text), nil }

// UnmarshalText reads what MarshalText wrote; an empty text is no date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	p, err := Parse(string(b))
	if err == nil {
		*d = p
	}
	return err
}
