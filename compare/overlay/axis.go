package overlay

import (
	"time"

	"github.com/antequem/antequem/imagery/edtf"
)

// An axis maps instants to x.
type axis struct {
	from, to time.Time
	left     float64
	width    float64
}

// newAxis spans all known ends with a little room at either side, where open ends
// run out. It spans a day round 2000 where no end is known.
func newAxis(left, width float64, ivs []edtf.Interval) axis {
	a := axis{left: left, width: width}
	for _, iv := range ivs {
		for _, t := range []time.Time{iv.Earliest, iv.Latest} {
			if t.IsZero() {
				continue
			}
			if a.from.IsZero() || t.Before(a.from) {
				a.from = t
			}
			if a.to.IsZero() || t.After(a.to) {
				a.to = t
			}
		}
	}
	if a.from.IsZero() {
		a.from = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		a.to = a.from
	}
	room := max(a.to.Sub(a.from)/16, time.Hour)
	a.from, a.to = a.from.Add(-room).UTC(), a.to.Add(room).UTC()
	return a
}

// x returns where t lies, held within the axis.
func (a axis) x(t time.Time) float64 {
	share := float64(t.Sub(a.from)) / float64(a.to.Sub(a.from))
	return a.left + a.width*min(max(share, 0), 1)
}

// ends returns where an interval begins and ends; open ends run out at the sides.
func (a axis) ends(iv edtf.Interval) (x0, x1 float64) {
	x0, x1 = a.left, a.left+a.width
	if !iv.Earliest.IsZero() {
		x0 = a.x(iv.Earliest)
	}
	if !iv.Latest.IsZero() {
		x1 = a.x(iv.Latest)
	}
	return x0, x1
}

// A tick is a labelled instant.
type tick struct {
	x     float64
	label string
}

// steps from short to long: calendar time, and how its ticks are labelled.
var tickSteps = []struct {
	years, months, days, hours int
	layout                     string
}{
	{hours: 1, layout: "2 Jan 15:04"}, {hours: 6, layout: "2 Jan 15:04"}, {days: 1, layout: "2 Jan 2006"}, {days: 2, layout: "2 Jan 2006"},
	{days: 7, layout: "2 Jan 2006"}, {days: 14, layout: "2 Jan 2006"}, {months: 1, layout: "Jan 2006"}, {months: 2, layout: "Jan 2006"},
	{months: 3, layout: "Jan 2006"}, {months: 6, layout: "Jan 2006"}, {years: 1, layout: "2006"}, {years: 2, layout: "2006"},
	{years: 5, layout: "2006"}, {years: 10, layout: "2006"}, {years: 20, layout: "2006"}, {years: 50, layout: "2006"},
	{years: 100, layout: "2006"}, {years: 500, layout: "2006"}, {years: 1000, layout: "2006"}, {years: 5000, layout: "2006"},
}

// ticks returns the closest ticks whose labels don't touch.
func (a axis) ticks(size float64, write func(t time.Time, layout string, step time.Duration) string) []tick {
	for _, st := range tickSteps {
		length := time.Duration(st.hours+24*st.days+730*st.months+8766*st.years) * time.Hour
		if st.years < 250 && a.to.Sub(a.from)/max(length, 1) > 24 {
			continue
		}
		t := a.firstTick(st.years, st.months, st.days, st.hours)
		var out []tick
		for len(out) < 30 && !t.After(a.to) {
			if !t.Before(a.from) {
				out = append(out, tick{a.x(t), write(t, st.layout, length)})
			}
			t = t.AddDate(st.years, st.months, st.days).Add(time.Duration(st.hours) * time.Hour)
		}
		if fit(out, size) {
			return out
		}
	}
	return nil
}

// firstTick returns a round instant at or shortly before the beginning of the axis.
func (a axis) firstTick(years, months, days, hours int) time.Time {
	y, m, d := a.from.Date()
	switch {
	case years > 0:
		return time.Date(y-y%years, 1, 1, 0, 0, 0, 0, time.UTC)
	case months > 0:
		return time.Date(y, m-(m-1)%time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	case days > 0:
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(y, m, d, a.from.Hour()-a.from.Hour()%hours, 0, 0, 0, time.UTC)
}

func fit(ticks []tick, size float64) bool {
	for i := 1; i < len(ticks); i++ {
		need := (textWidth(ticks[i-1].label, size, false)+textWidth(ticks[i].label, size, false))/2 + size
		if ticks[i].x-ticks[i-1].x < need {
			return false
		}
	}
	return true
}

// drawTicks labels the axis at y and draws its lines from there down to bottom.
func (s *sheet) drawTicks(a axis, y, bottom float64) {
	const size = 12
	for _, t := range a.ticks(size, s.tick) {
		s.el("path", "class", "aq-rule", "d", "M"+num(t.x)+" "+num(y+4)+"V"+num(bottom), "stroke", rule, "stroke-width", 1.0)
		if half := textWidth(t.label, size, false) / 2; t.x-half > 2 && t.x+half < s.width-2 {
			s.text(t.x, y, t.label, lettering{size: size, quiet: true, anchor: "middle"})
		}
	}
}
