// Package edtf reads dates that are intervals: EDTF (ISO 8601-2:2019) level 1,
// with level 0's intervals. A date such as 2015-10 never means an instant; it is
// every instant of that month.
package edtf

import "time"

// An Interval is every instant from Earliest up to Latest, UTC. A zero Earliest
// or Latest is an open end: nothing is known on that side. The upper end of a
// day is the midnight that ends it and itself belongs to the next day, so
// intervals of neighbouring days touch and don't overlap.
type Interval struct{ Earliest, Latest time.Time }

// OpenEarliest returns iv with nothing known of its beginning.
func (iv Interval) OpenEarliest() Interval { return Interval{Latest: iv.Latest} }

// OpenLatest returns iv with nothing known of its end.
func (iv Interval) OpenLatest() Interval { return Interval{Earliest: iv.Earliest} }

// A Date is an EDTF text and the interval it stands for.
type Date struct {
	text     string
	interval Interval
}

// String returns the text as written.
func (d Date) String() string { return d.text }

// Interval returns the instants the date allows.
func (d Date) Interval() Interval { return d.interval }

// IsZero says that no date was given.
func (d Date) IsZero() bool { return d.text == "" }
