package page

import (
	"io"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery/edtf"
)

// A LocationsView is the list of locations.
type LocationsView struct {
	Site
	Locations []LocationSummary
}

// A LocationSummary is one line of the list.
type LocationSummary struct {
	Slug      string
	Title     string
	Place     string // Location.Name
	Summary   string
	Images    int
	Span      edtf.Interval    // from the first image's earliest instant to the last one's latest
	Answers   []compare.Answer // one for each judged claim, in the order of the claims
	Claims    int
	State     compare.RegionState // of the first region; "" if not known yet
	Picture   *Picture            // a small one; nil for none
	Synthetic bool
	Pending   int // jobs under way
}

// Locations writes the list of locations.
func Locations(w io.Writer, v LocationsView) error {
	return render(w, "locations.html", shell{
		Site:        v.Site,
		Description: v.voice().text("locations.description"),
		Path:        "/",
	}, v)
}
