package views_test

import (
	"testing"
	"time"

	"github.com/antequem/antequem/server/views"
)

func TestAnInstantOfAReportMayBeTheMidnightThatEndsADay(t *testing.T) {
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		in   *string
		want time.Time
	}{
		{text("2015-10-15T00:00:00Z"), time.Date(2015, 10, 15, 0, 0, 0, 0, time.UTC)},
		{text("2016-02-29T24:00:00Z"), time.Date(2016, 3, 1, 0, 0, 0, 0, time.UTC)},
		{text("2016-05-02T09:10:11Z"), time.Date(2016, 5, 2, 9, 10, 11, 0, time.UTC)},
		{nil, time.Time{}},
		{text("some day"), time.Time{}},
	} {
		if got := views.InstantOf(c.in); !got.Equal(c.want) {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}
