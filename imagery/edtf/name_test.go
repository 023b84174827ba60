package edtf_test

import (
	"testing"

	"github.com/antequem/antequem/imagery/edtf"
)

func TestADateInTheNameOfAFile(t *testing.T) {
	for _, c := range []struct{ does, name, want, several string }{
		{"a day", "2015-10-15.png", "2015-10-15", ""},
		{"a day among words", "clinic_2015_10_15_v2.jpg", "2015-10-15", ""},
		{"a day without separators", "PXL20151015.jpg", "2015-10-15", ""},
		{"a camera's day and time", "IMG_20160426_083512.jpg", "2016-04-26T08:35:12", ""},
		{"day and time in one", "20160426083512.jpg", "2016-04-26T08:35:12", ""},
		{"a satellite's time in UTC", "S2_20160426T083512Z_TCI.tif", "2016-04-26T08:35:12Z", ""},
		{"a screenshot's", "Screenshot 2016-04-26 at 08.35.12.png", "2016-04-26", ""},
		{"a month", "2016-04.jpg", "2016-04", ""},
		{"a year and nothing else", "1998.tif", "1998", ""},
		{"a counter is no year", "IMG_2016.jpg", "", ""},
		{"a long number is no date", "120160426001.png", "", ""},
		{"a month that is none", "2016-13-01.png", "", ""},
		{"a day that is none", "2015-02-30.png", "", ""},
		{"parts that are parted differently", "2015-1015.png", "", ""},
		{"the day first", "15.10.2015.png", "2015-10-15", ""},
		{"the month first", "10-15-2015.png", "2015-10-15", ""},
		{"either might be first", "04-05-2016.png", "", ""},
		{"the same day twice", "20160426T083512_20160426T121212.tif", "2016-04-26T08:35:12", ""},
		{"two days", "20160426_20160501.png", "", "2016-04-26 and 2016-05-01"},
		{"none", "before.png", "", ""},
		{"digits that are no time", "2016-04-26_996199.png", "2016-04-26", ""},
	} {
		got, several := edtf.InName(c.name)
		if got.String() != c.want || several != c.several {
			t.Errorf("%s: %s gives %q, %q; want %q, %q", c.does, c.name, got, several, c.want, c.several)
		}
	}
}

func FuzzInName(f *testing.F) {
	f.Add("IMG_20160426_083512.jpg")
	f.Add("15.10.2015-2016-04")
	f.Fuzz(func(t *testing.T, name string) {
		d, several := edtf.InName(name)
		if !d.IsZero() && several != "" {
			t.Errorf("%q is both %s and %s", name, d, several)
		}
	})
}
