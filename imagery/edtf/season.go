package edtf

import "time"

// A quarter of the year by every convention at once: from the first of the month
// with which the meteorological season begins to the latest day, by UTC, of the
// solstice or equinox that ends the astronomical one.
type quarter struct {
	from time.Month
	to   time.Month
	day  int // of to, the last one
}

// The quarters by the season that they are in the north; the south is two on.
var quarters = [4]quarter{
	{time.March, time.June, 22},
	{time.June, time.September, 24},
	{time.September, time.December, 23},
	{time.December, time.March, 21},
}

func (q quarter) of(year int) Interval {
	from := time.Date(year, q.from, 1, 0, 0, 0, 0, time.UTC)
	to := time.Date(year, q.to, q.day+1, 0, 0, 0, 0, time.UTC)
	if q.to < q.from { // turns the year, so it may be the one that ends in it or the one that begins in it
		from, to = from.AddDate(-1, 0, 0), to.AddDate(1, 0, 0)
	}
	return Interval{from, to}
}

// season returns season code 21 to 32 of a year. Codes 21 to 24 say nothing of
// the hemisphere (ISO 8601-2, "independent of location"), so they are the hull of
// both readings; 25 to 28 are the northern ones and 29 to 32 the southern.
func season(year, code int) part {
	i := (code - 21) % 4
	north, south := quarters[i].of(year), quarters[(i+2)%4].of(year)
	iv := north
	switch {
	case code >= 29:
		iv = south
	case code <= 24:
		if south.Earliest.Before(iv.Earliest) {
			iv.Earliest = south.Earliest
		}
		if south.Latest.After(iv.Latest) {
			iv.Latest = south.Latest
		}
	}
	return part{plain: iv, pad: unit{months: 3}}
}
