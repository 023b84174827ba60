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

// Bounded says that both ends are known.
func (iv Interval) Bounded() bool { return !iv.Earliest.IsZero() && !iv.Latest.IsZero() }

// Contains says whether t is one of iv's instants.
func (iv Interval) Contains(t time.Time) bool {
	return (iv.Earliest.IsZero() || !t.Before(iv.Earliest)) && (iv.Latest.IsZero() || t.Before(iv.Latest))
}

// Covers says whether every instant of other is one of iv's.
func (iv Interval) Covers(other Interval) bool {
	return (iv.Earliest.IsZero() || !other.Earliest.IsZero() && !other.Earliest.Before(iv.Earliest)) &&
		(iv.Latest.IsZero() || !other.Latest.IsZero() && !other.Latest.After(iv.Latest))
}

// Precedes says whether every instant of iv is earlier than every one of other.
// It is true of a day and the next.
func (iv Interval) Precedes(other Interval) bool {
	return !iv.Latest.IsZero() && !other.Earliest.IsZero() && !other.Earliest.Before(iv.Latest)
}

// Overlaps says whether some instant is in both.
func (iv Interval) Overlaps(other Interval) bool { return !iv.Precedes(other) && !other.Precedes(iv) }

// Middle returns the instant halfway, or the one end that is known; zero where none is.
func (iv Interval) Middle() time.Time {
	switch {
	case iv.Earliest.IsZero():
		return iv.Latest
	case iv.Latest.IsZero():
		return iv.Earliest
	}
	return iv.Earliest.Add(iv.Latest.Sub(iv.Earliest) / 2)
}

// clamp opens the ends that lie beyond the years 1 to 9999, which no text can name.
func (iv Interval) clamp() Interval {
	if iv.Earliest.Year() < 1 {
		iv.Earliest = time.Time{}
	}
	if iv.Latest.After(endOfYears) {
		iv.Latest = time.Time{}
	}
	return iv
}

var endOfYears = time.Date(10000, time.January, 1, 0, 0, 0, 0, time.UTC)
