package edtf_test

import (
	"testing"
	"time"

	"github.com/antequem/antequem/imagery/edtf"
)

func interval(t testing.TB, s string) edtf.Interval {
	t.Helper()
	d, err := edtf.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d.Interval()
}

func TestTwoIntervals(t *testing.T) {
	for _, tt := range []struct {
		name, a, b                string
		overlaps, precedes, cover bool
	}{
		{"a day and the next touch and don't overlap", "2015-10-15", "2015-10-16", false, true, false},
		{"a month and its last day", "2015-10", "2015-10-31", true, false, true},
		{"a day and another of the week after", "2015-10-15", "2015-10-22", false, true, false},
		{"two that share a day", "2015-10-01/2015-10-15", "2015-10-15/2015-10-31", true, false, false},
		{"an open beginning and a later day", "../2015-10-14", "2015-10-15", false, true, false},
		{"an open beginning covers every earlier day", "../2015-10-14", "1999-01-01", true, false, true},
		{"an open end does not lie within a year", "2015", "2015-10-15/..", true, false, false},
		{"everything covers everything", "../..", "2015-10-15/..", true, false, true},
		{"an interval covers itself", "2015-10", "2015-10", true, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, b := interval(t, tt.a), interval(t, tt.b)
			if got := a.Overlaps(b); got != tt.overlaps || b.Overlaps(a) != got {
				t.Errorf("overlaps is %v, the other way %v, want %v", got, b.Overlaps(a), tt.overlaps)
			}
			if got := a.Precedes(b); got != tt.precedes {
				t.Errorf("precedes is %v, want %v", got, tt.precedes)
			}
			if got := a.Covers(b); got != tt.cover {
				t.Errorf("covers is %v, want %v", got, tt.cover)
			}
		})
	}
}

func TestTheMiddleOfAnIntervalIsTheEndThatIsKnownWhereOneIsOpen(t *testing.T) {
	for text, want := range map[string]time.Time{
		"2015-10-15":    time.Date(2015, 10, 15, 12, 0, 0, 0, time.UTC),
		"../2015-10-14": time.Date(2015, 10, 15, 0, 0, 0, 0, time.UTC),
		"2015-10-15/..": time.Date(2015, 10, 15, 0, 0, 0, 0, time.UTC),
		"../..":         {},
	} {
		if got := interval(t, text).Middle(); !got.Equal(want) {
			t.Errorf("the middle of %s is %v, want %v", text, got, want)
		}
	}
}

func TestADayContainsItsFirstInstantAndNotTheMidnightThatEndsIt(t *testing.T) {
	day := interval(t, "2015-10-15")
	if !day.Contains(day.Earliest) || day.Contains(day.Latest) || !day.Contains(day.Latest.Add(-time.Nanosecond)) {
		t.Errorf("%v contains the wrong edges", day)
	}
	if !day.OpenLatest().Contains(day.Latest) || !day.OpenEarliest().Contains(day.Earliest.Add(-time.Hour)) {
		t.Errorf("an open end still bounds %v", day)
	}
}

func TestFormat(t *testing.T) {
	for _, tt := range []struct{ text, earliest, latest, human string }{
		{"2015-10-15", "2015-10-15T00:00:00Z", "2015-10-15T24:00:00Z", "15 Oct 2015"},
		{"2015-10", "2015-10-01T00:00:00Z", "2015-10-31T24:00:00Z", "Oct 2015"},
		{"2015", "2015-01-01T00:00:00Z", "2015-12-31T24:00:00Z", "2015"},
		{"2015-10-15T08:21:00Z", "2015-10-15T08:21:00Z", "2015-10-15T08:21:01Z", "15 Oct 2015, 08:21 UTC"},
		{"2015-10-15T01:21:30+03:00", "2015-10-14T22:21:30Z", "2015-10-14T22:21:31Z", "14 Oct 2015, 22:21:30 UTC"},
		{"2015-10-15T08:21:00", "2015-10-14T18:21:00Z", "2015-10-15T20:21:01Z", "15 Oct 2015, 08:21, zone unknown"},
		{"2015-10-15~", "2015-10-08T00:00:00Z", "2015-10-22T24:00:00Z", "about 15 Oct 2015"},
		{"2015-10?", "2015-09-01T00:00:00Z", "2015-11-30T24:00:00Z", "perhaps Oct 2015"},
		{"2015%", "2013-01-01T00:00:00Z", "2017-12-31T24:00:00Z", "perhaps about 2015"},
		{"201X", "2010-01-01T00:00:00Z", "2019-12-31T24:00:00Z", "2010s"},
		{"20XX", "2000-01-01T00:00:00Z", "2099-12-31T24:00:00Z", "2000–2099"},
		{"2015-21", "2015-03-01T00:00:00Z", "2015-12-23T24:00:00Z", "spring 2015"},
		{"2015-26", "2015-06-01T00:00:00Z", "2015-09-24T24:00:00Z", "northern summer 2015"},
		{"2015-10-01/2015-10-31", "2015-10-01T00:00:00Z", "2015-10-31T24:00:00Z", "1–31 Oct 2015"},
		{"2015-09-28/2015-10-03", "2015-09-28T00:00:00Z", "2015-10-03T24:00:00Z", "28 Sep – 3 Oct 2015"},
		{"2015-12-28/2016-01-03", "2015-12-28T00:00:00Z", "2016-01-03T24:00:00Z", "28 Dec 2015 – 3 Jan 2016"},
		{"2015-10-15/2015-10-15", "2015-10-15T00:00:00Z", "2015-10-15T24:00:00Z", "15 Oct 2015"},
		{"2015-10/2016-05", "2015-10-01T00:00:00Z", "2016-05-31T24:00:00Z", "Oct 2015 – May 2016"},
		{"../2015-10-31", "", "2015-10-31T24:00:00Z", "by 31 Oct 2015"},
		{"../2015-10~", "", "2015-11-30T24:00:00Z", "by about Oct 2015"},
		{"2016-04-27/..", "2016-04-27T00:00:00Z", "", "from 27 Apr 2016"},
		{"../..", "", "", "at an unknown date"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			d, err := edtf.Parse(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := edtf.FormatEarliest(d.Interval().Earliest); got != tt.earliest {
				t.Errorf("earliest is %q, want %q", got, tt.earliest)
			}
			if got := edtf.FormatLatest(d.Interval().Latest); got != tt.latest {
				t.Errorf("latest is %q, want %q", got, tt.latest)
			}
			if got := d.Human(); got != tt.human {
				t.Errorf("words are %q, want %q", got, tt.human)
			}
		})
	}
}

func TestIntervalHuman(t *testing.T) {
	for _, tt := range []struct{ name, text, human string }{
		{"a run of days", "2015-10-03/2015-10-15", "3–15 Oct 2015"},
		{"whole months that are one", "2015-10-01/2015-10-31", "Oct 2015"},
		{"the days that about a day may be", "2015-10-15~", "8–22 Oct 2015"},
		{"a time without a zone", "2015-10-15T08:21:00", "14 Oct 2015, 18:21 UTC – 15 Oct 2015, 20:21 UTC"},
		{"an open end", "2016-04-27/..", "from 27 Apr 2016"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := interval(t, tt.text).Human(); got != tt.human {
				t.Errorf("words are %q, want %q", got, tt.human)
			}
		})
	}
}
