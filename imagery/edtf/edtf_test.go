package edtf_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/imagery/edtf"
	"pgregory.net/rapid"
)

// instant reads "2015-10-15T00:00:00Z" as RFC 3339 and "" as an open end.
func instant(t testing.TB, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	v, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestParse(t *testing.T) {
	for _, tt := range []struct{ name, text, earliest, latest string }{
		{"a second in UTC", "2015-10-15T08:21:00Z", "2015-10-15T08:21:00Z", "2015-10-15T08:21:01Z"},
		{"a second three hours ahead of UTC", "2015-10-15T01:21:00+03:00", "2015-10-14T22:21:00Z", "2015-10-14T22:21:01Z"},
		{"a second five hours behind, offset in hours", "2015-10-15T20:00:00-05", "2015-10-16T01:00:00Z", "2015-10-16T01:00:01Z"},
		{"milliseconds", "2015-10-15T08:21:00.250Z", "2015-10-15T08:21:00.25Z", "2015-10-15T08:21:00.251Z"},
		{"a minute", "2015-10-15T08:21Z", "2015-10-15T08:21:00Z", "2015-10-15T08:22:00Z"},
		{"the end of a day as the program writes it", "2016-05-02T24:00:00Z", "2016-05-03T00:00:00Z", "2016-05-03T00:00:01Z"},
		{"an hour without a zone reaches 14 h back and 12 h on", "2015-10-15T08:21:00", "2015-10-14T18:21:00Z", "2015-10-15T20:21:01Z"},
		{"a day is 24 hours", "2015-10-15", "2015-10-15T00:00:00Z", "2015-10-16T00:00:00Z"},
		{"a leap day", "2016-02-29", "2016-02-29T00:00:00Z", "2016-03-01T00:00:00Z"},
		{"a month", "2015-10", "2015-10-01T00:00:00Z", "2015-11-01T00:00:00Z"},
		{"a December", "2015-12", "2015-12-01T00:00:00Z", "2016-01-01T00:00:00Z"},
		{"a year", "2015", "2015-01-01T00:00:00Z", "2016-01-01T00:00:00Z"},
		{"some day of a month", "2015-10-XX", "2015-10-01T00:00:00Z", "2015-11-01T00:00:00Z"},
		{"some month of a year", "2015-XX", "2015-01-01T00:00:00Z", "2016-01-01T00:00:00Z"},
		{"some day of a year", "2015-XX-XX", "2015-01-01T00:00:00Z", "2016-01-01T00:00:00Z"},
		{"a decade", "201X", "2010-01-01T00:00:00Z", "2020-01-01T00:00:00Z"},
		{"a century", "20XX", "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"},
		{"about a day is that day and a week either side", "2015-10-15~", "2015-10-08T00:00:00Z", "2015-10-23T00:00:00Z"},
		{"an uncertain day reaches as far", "2015-10-15?", "2015-10-08T00:00:00Z", "2015-10-23T00:00:00Z"},
		{"both reach twice as far", "2015-10-15%", "2015-10-01T00:00:00Z", "2015-10-30T00:00:00Z"},
		{"about a month is that and one either side", "2015-10~", "2015-09-01T00:00:00Z", "2015-12-01T00:00:00Z"},
		{"about a year is that and one either side", "2015~", "2014-01-01T00:00:00Z", "2017-01-01T00:00:00Z"},
		{"from a day to a day, both included", "2015-10-01/2015-10-31", "2015-10-01T00:00:00Z", "2015-11-01T00:00:00Z"},
		{"from a month to a month, both included", "2015-10/2016-05", "2015-10-01T00:00:00Z", "2016-06-01T00:00:00Z"},
		{"an interval that begins about a day", "2015-10-15~/2015-10-31", "2015-10-08T00:00:00Z", "2015-11-01T00:00:00Z"},
		{"an open beginning", "../2015-10-31", "", "2015-11-01T00:00:00Z"},
		{"an unknown beginning", "/2015-10-31", "", "2015-11-01T00:00:00Z"},
		{"an open end", "2016-04-27/..", "2016-04-27T00:00:00Z", ""},
		{"an unknown end", "2016-04-27/", "2016-04-27T00:00:00Z", ""},
		{"nothing known at all", "../..", "", ""},
		{"northern spring ends by the solstice", "2015-25", "2015-03-01T00:00:00Z", "2015-06-23T00:00:00Z"},
		{"southern autumn is the same months", "2015-31", "2015-03-01T00:00:00Z", "2015-06-23T00:00:00Z"},
		{"northern winter of a year may end in it or begin in it", "2015-28", "2014-12-01T00:00:00Z", "2016-03-22T00:00:00Z"},
		{"spring of an unnamed hemisphere is either", "2015-21", "2015-03-01T00:00:00Z", "2015-12-24T00:00:00Z"},
		{"summer of an unnamed hemisphere is either", "2015-22", "2014-12-01T00:00:00Z", "2016-03-22T00:00:00Z"},
		{"spaces around", " 2015-10-15 ", "2015-10-15T00:00:00Z", "2015-10-16T00:00:00Z"},
		{"about the last year there is has no known end", "9999~", "9998-01-01T00:00:00Z", ""},
		{"about the first year there is has no known beginning", "0001~", "", "0003-01-01T00:00:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := edtf.Parse(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			iv := d.Interval()
			if !iv.Earliest.Equal(instant(t, tt.earliest)) || !iv.Latest.Equal(instant(t, tt.latest)) {
				t.Errorf("%s is [%s, %s], want [%s, %s]", tt.text, iv.Earliest, iv.Latest, tt.earliest, tt.latest)
			}
			if d.String() != strings.TrimSpace(tt.text) {
				t.Errorf("String is %q, want the text as written", d)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ name, text, mend string }{
		{"nothing", "", "2015-10-15"},
		{"words", "yesterday", "2015-10-15"},
		{"a day that is not", "2015-02-29", "days 01 to 28"},
		{"a month that is not", "2015-13", "months run from 01 to 12"},
		{"a season of a day", "2015-21-05", "months run from 01 to 12"},
		{"an hour that is not", "2015-10-15T25:00:00Z", "00:00:00 to 24:00:00"},
		{"a second after the end of the day", "2015-10-15T24:00:01Z", "00:00:00 to 24:00:00"},
		{"a zone that is not", "2015-10-15T08:00:00+15:00", "-12:00 to +14:00"},
		{"a zone too far west", "2015-10-15T08:00:00-13:00", "-12:00 to +14:00"},
		{"a space for the T", "2015-10-15 08:21:00", "put a T"},
		{"one digit for a month", "2015-2-3", "two digits"},
		{"the day first", "15/10/2015", "year, month and day with hyphens"},
		{"slashes for hyphens", "2015/10/15", "with hyphens"},
		{"dots for hyphens", "15.10.2015", "year, month and day with hyphens"},
		{"eight digits", "20151015", "with hyphens"},
		{"five digits", "12015", "four digits"},
		{"a long year", "Y17E8", "four digits"},
		{"a year before year 1", "-0985", "no sign"},
		{"year nought", "0000", "0001 to 9999"},
		{"an interval that ends before it begins", "2015-10-31/2015-10-01", "ends before it begins"},
		{"half an interval", "..", "half an interval"},
		{"a slash alone", "/", "one slash"},
		{"two slashes", "2015/2016/2017", "one slash"},
		{"a qualifier in the middle", "2015~-10", "at the end"},
		{"a qualified time of day", "2015-10-15T08:21:00Z~", "takes no ~"},
		{"a set", "[2015,2016]", "sets"},
		{"the old unspecified digit", "201u", "capital X"},
		{"a day of an unknown month", "2015-XX-15", "unknown month"},
		{"a typographer's dash", "2015–10–15", "plain hyphens"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := edtf.Parse(tt.text)
			if !errors.Is(err, edtf.ErrInvalid) {
				t.Fatalf("error is %v, want one that wraps ErrInvalid", err)
			}
			if !strings.Contains(err.Error(), tt.mend) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q does not say %q in one line", err, tt.mend)
			}
		})
	}
}

func TestInnerIsWhatEveryReadingIncludes(t *testing.T) {
	for _, tt := range []struct{ name, text, earliest, latest string }{
		{"a plain month is itself", "2015-10", "2015-10-01T00:00:00Z", "2015-11-01T00:00:00Z"},
		{"about a day includes the day", "2015-10-15~", "2015-10-15T00:00:00Z", "2015-10-16T00:00:00Z"},
		{"an interval that begins about a day may begin a week later", "2015-10-01~/2015-10-31", "2015-10-08T00:00:00Z", "2015-11-01T00:00:00Z"},
		{"an interval between zoneless times may begin 12 h later and end 14 h earlier", "2015-10-01T00:00:00/2015-10-31T00:00:00", "2015-10-01T12:00:00Z", "2015-10-30T10:00:01Z"},
		{"an open end stays open", "../2015-10-31", "", "2015-11-01T00:00:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := edtf.Parse(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			in, ok := d.Inner()
			if !ok || !in.Earliest.Equal(instant(t, tt.earliest)) || !in.Latest.Equal(instant(t, tt.latest)) {
				t.Errorf("inner is %v, %v, want [%s, %s]", in, ok, tt.earliest, tt.latest)
			}
		})
	}
	for _, text := range []string{"2015-10-15T08:21:00", "2015-10-15~/2015-10-20"} {
		d, err := edtf.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if in, ok := d.Inner(); ok {
			t.Errorf("%s surely includes %v, want nothing", text, in)
		}
	}
}

func TestDateAsText(t *testing.T) {
	d, err := edtf.Parse("2015-10~")
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var e edtf.Date
	if err := e.UnmarshalText(b); err != nil || !e.Equal(d) || e.Interval() != d.Interval() {
		t.Errorf("%q reads back as %v, %v", b, e, err)
	}
	if err := e.UnmarshalText(nil); err != nil || !e.IsZero() || e.Interval() != (edtf.Interval{}) {
		t.Errorf("an empty text reads as %v, %v, want no date", e, err)
	}
	if err := e.UnmarshalText([]byte("soon")); !errors.Is(err, edtf.ErrInvalid) {
		t.Errorf("error is %v, want ErrInvalid", err)
	}
}

// A text is drawn as a list from narrow to wide: each must lie within the next.
func TestAWiderTextNeverGivesANarrowerInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Unix(rapid.Int64Range(-30e9, 200e9).Draw(t, "instant"), 0).UTC()
		date := day.Format("2006-01-02")
		chain := [][]string{
			{day.Format("2006-01-02T15:04:05Z"), day.Format("2006-01-02T15:04Z"), date, date[:8] + "XX", date[:7], date[:4] + "-XX", date[:4], date[:3] + "X", date[:2] + "XX", "../.."},
			{day.Format("2006-01-02T15:04:05Z"), day.Format("2006-01-02T15:04:05"), date + "~"},
			{date, date + "~", date[:7] + "~", date[:4] + "~", date[:3] + "X~", date[:2] + "XX~"},
			{date, date + "?", date + "%", date[:7] + "%", date[:4] + "%"},
			{date, date + "/" + date[:7], date[:7] + "/" + date[:7], date[:7] + "~/" + date[:7], date[:7] + "~/" + date[:7] + "%", date[:7] + "~/..", "../.."},
			{date[:4] + "-25", date[:4] + "-21", date[:4] + "-21~"},
			{date[:4] + "-29", date[:4] + "-21", date[:4] + "-21%"},
		}
		texts := rapid.SampledFrom(chain).Draw(t, "chain")
		var before edtf.Interval
		for i, text := range texts {
			d, err := edtf.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if i > 0 && !d.Interval().Covers(before) {
				t.Fatalf("%s is %v, narrower than %s, %v", text, d.Interval(), texts[i-1], before)
			}
			if in, ok := d.Inner(); ok && !d.Interval().Covers(in) {
				t.Fatalf("%s is %v, narrower than its inner interval %v", text, d.Interval(), in)
			}
			before = d.Interval()
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2015-10-15T08:21:00Z", "2015-10-15T08:21:00+03:00", "2015-10-XX", "201X~", "2015-21", "../2015-10%", "2016-04-27/..", "9999-12-31%", "0001~", "15/10/2015", "T", "2015-10-15T24:00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := edtf.Parse(s)
		if err != nil {
			if !errors.Is(err, edtf.ErrInvalid) {
				t.Fatalf("%q: %v does not wrap ErrInvalid", s, err)
			}
			return
		}
		iv := d.Interval()
		if iv.Bounded() && !iv.Earliest.Before(iv.Latest) {
			t.Fatalf("%q is %v: empty", s, iv)
		}
		again, err := edtf.Parse(d.String())
		if err != nil || again.Interval() != iv {
			t.Fatalf("%q reads as %v the second time, %v", s, again, err)
		}
		for _, text := range []string{edtf.FormatEarliest(iv.Earliest), edtf.FormatLatest(iv.Latest)} {
			if text == "" {
				continue
			}
			if _, err := edtf.Parse(text); err != nil {
				t.Fatalf("%q writes %q, which does not read back: %v", s, text, err)
			}
		}
		if d.Human() == "" || iv.Human() == "" {
			t.Fatalf("%q has no words", s)
		}
	})
}

func ExampleDate_Human() {
	for _, s := range []string{"2015-10-15", "2015-10-01/2015-10-31", "../2015-10-31", "2015-10~"} {
		if d, err := edtf.Parse(s); err == nil {
			fmt.Println(d.Human())
		}
	}
	// Output:
	// 15 Oct 2015
	// 1–31 Oct 2015
	// by 31 Oct 2015
	// about Oct 2015
}
