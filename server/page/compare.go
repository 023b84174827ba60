package page

import "io"

// A Mode is a way to look at two pictures.
type Mode string

const (
	Swipe      Mode = "swipe" // the default: after uncovers before under a handle
	Blink      Mode = "blink" // the two in turn
	Fade       Mode = "fade"  // after over before, as opaque as one likes
	Side       Mode = "side"  // side by side, in step
	Difference Mode = "difference"
	Heat       Mode = "heat" // the change score over after
)

// Modes lists every mode, in the order in which a page offers them.
var Modes = []Mode{Swipe, Blink, Fade, Side, Difference, Heat}

// ParseMode returns the mode of that name, and Swipe for any other text.
func ParseMode(s string) Mode {
	for _, m := range Modes {
		if s == string(m) {
			return m
		}
	}
	return Swipe
}

// A CompareView is the page of two images.
type CompareView struct {
	Site
	Slug      string
	Title     string // of the case
	Pair      Pair
	Mode      Mode
	View      string      // the part of the grid that is looked at, as the viewer wrote it into the address; "" for all of it
	Images    []ImageView // the images of the location, to choose others from, in date order
	Claims    []ClaimView // that rest on either image
	Jobs      []Job
	Events    string // address of the server-sent events of Jobs; "" if none
	Downloads []Link
	Card      string // address of a picture that stands for the page in other sites; "" for none
	Embed     bool   // without surroundings
}

// Compare writes the page of two images.
func Compare(w io.Writer, v CompareView) error {
	v.Mode = v.Pair.Show(ParseMode(string(v.Mode)))
	say := v.voice()
	before, after := say.acquired(v.Pair.Before), say.acquired(v.Pair.After)
	return render(w, "compare.html", shell{
		Site:        v.Site,
		Title:       v.Title + ": " + say.text("compare.title", "before", before, "after", after),
		Description: say.text("compare.description", "title", v.Title, "before", before, "after", after),
		Path:        ComparePath(v.Slug, v.Pair.Before.ID, v.Pair.After.ID, v.Mode),
		Card:        v.Card,
		Embeddable:  true,
		Embed:       v.Embed,
		Waiting:     len(v.Jobs) > 0,
		Viewer:      v.Pair.Together() && deepZoom(v.Pair.Before) != nil && deepZoom(v.Pair.After) != nil,
	}, v)
}
