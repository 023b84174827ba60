package page_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
)

func TestDatesAsReadersKnowThem(t *testing.T) {
	for _, c := range []struct {
		name, edtf string
		basis      imagery.Basis
		want       string
	}{
		{"a day", "2015-10-15", imagery.BasisCapture, "15 October 2015"},
		{"a second", "2015-10-15T08:21:05Z", imagery.BasisCapture, "15 October 2015, 08:21:05 UTC"},
		{"a full minute", "2015-10-15T08:21:00Z", imagery.BasisCapture, "15 October 2015, 08:21 UTC"},
		{"a second of another zone", "2015-10-15T08:21:00+03:00", imagery.BasisCapture, "15 October 2015, 05:21 UTC"},
		{"a month", "2015-10", imagery.BasisCapture, "October 2015"},
		{"a year", "2015", imagery.BasisCapture, "2015"},
		{"about a day", "2015-10-15~", imagery.BasisCapture, "about 15 October 2015"},
		{"perhaps a month", "2015-10?", imagery.BasisCapture, "perhaps October 2015"},
		{"days", "2015-10-01/2015-10-20", imagery.BasisCapture, "1 October 2015 to 20 October 2015"},
		{"months", "2015-10/2016-05", imagery.BasisCapture, "October 2015 to May 2016"},
		{"nothing known of the beginning", "../2015-10-31", imagery.BasisCapture, "31 October 2015 or earlier"},
		{"nothing known of the end", "2016-04-27/..", imagery.BasisCapture, "27 April 2016 or later"},
		{"a full minute or earlier", "../2015-10-15T08:21:00Z", imagery.BasisCapture, "15 October 2015, 08:21 UTC or earlier"},
		{"from a second to the end of a day", "2015-10-15T08:21:05Z/2015-10-16", imagery.BasisCapture, "15 October 2015, 08:21:05 UTC to 16 October 2015"},
		{"a mosaic may be later", "2015-10-15", imagery.BasisMosaic, "15 October 2015 or later"},
		{"a mosaic of a month", "2015-10", imagery.BasisMosaic, "October 2015 or later"},
		{"a release may be of older imagery", "2015-10-15", imagery.BasisRelease, "15 October 2015 or earlier"},
		{"a post of a year", "2015", imagery.BasisPublished, "2015 or earlier"},
		{"someone's word stands as written", "2015-10-15", imagery.BasisClaimed, "15 October 2015"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := plainSample(t)
			im := s.image("a.png", c.edtf, c.basis, "")
			im.Picture = nil
			var b bytes.Buffer
			if err := page.Location(&b, page.LocationView{Slug: "x", Images: []page.ImageView{im}}); err != nil {
				t.Fatal(err)
			}
			h := elements(tree(t, b.Bytes()), "h3")
			if len(h) != 1 || textOf(h[0]) != c.want {
				t.Fatalf("got %q, want %q", textOf(h[0]), c.want)
			}
			for _, e := range elements(h[0], "time") {
				if v, ok := attr(e, "datetime"); !ok || !strings.HasPrefix(v, "20") {
					t.Errorf("time element with datetime %q", v)
				}
			}
		})
	}
}
