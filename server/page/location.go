package page

import (
	"io"

	"github.com/antequem/antequem/imagery"
)

// A LocationView is one location.
type LocationView struct {
	Site
	Slug      string // "" in a report
	Case      imagery.Case
	Images    []ImageView // in date order
	Claims    []ClaimView // in the order of the case
	Findings  []Finding   // one for each region; empty where no image is held
	Lead      *Pair       // the two images to look at first: those that hold the bracket; nil if there are fewer than two
	Grid      Grid        // the reference's; zero while it is not known
	Outlines  []Outline   // the regions on Grid
	Cautions  []string    // what limits the reading of the case as a whole, as its report says it in English
	Notes     []string    // what else does, in the language of the page
	Failed    string      // why the images could not be compared, in the language of the page; "" where they were, or will be
	Jobs      []Job       // under way
	Events    string      // address of the server-sent events of Jobs, in their order; "" if none
	Downloads []Link
	Card      string // address of a picture that stands for the page in other sites; "" for none
	Desk      Desk
}

// Location writes the page of one location.
func Location(w io.Writer, v LocationView) error {
	return render(w, "location.html", shell{
		Site:        v.Site,
		Title:       v.Case.Title,
		Description: shorten(v.Case.Summary, 200),
		Path:        LocationPath(v.Slug),
		Card:        v.Card,
		Waiting:     len(v.Jobs) > 0,
	}, v)
}
