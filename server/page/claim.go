package page

import (
	"io"

	"github.com/antequem/antequem/imagery"
)

// A ClaimPage is the page of one claim.
type ClaimPage struct {
	Site
	Slug      string
	Title     string // of the case
	Location  imagery.Location
	Claim     ClaimView
	Others    []ClaimView // the other claims of the location, in the order of the case
	Finding   *Finding    // of the claim's region; nil where no image is held
	Images    []ImageView // of the location, in date order
	Lead      *Pair       // the two images that the verdict turns on; nil if there are fewer than two
	LookFor   []string    // where no image is held
	Jobs      []Job
	Events    string // address of the server-sent events of Jobs; "" if none
	Downloads []Link
	Card      string // address of a picture that stands for the page in other sites; "" for none
	Embed     bool   // without surroundings
}

// Claim writes the page of one claim.
func Claim(w io.Writer, v ClaimPage) error {
	return render(w, "claim.html", shell{
		Site:        v.Site,
		Title:       plain(v.voice().word(answer(v.Claim))) + ": " + shorten(v.Claim.Text, 80),
		Description: v.voice().description(v),
		Path:        ClaimPath(v.Slug, v.Claim.ID),
		Card:        v.Card,
		Embeddable:  true,
		Embed:       v.Embed,
		Waiting:     len(v.Jobs) > 0,
	}, v)
}

// description sums a claim up: who asserts it, and what the imagery says.
func (v *voice) description(p ClaimPage) string {
	c := p.Claim
	s := shorten(c.Text, 120)
	if c.Claimant != "" {
		s = v.text("claim.asserted", "claimant", c.Claimant) + ": " + s
	}
	s += " " + plain(v.word(answer(c))) + "."
	if c.Verdict != nil {
		s += " " + plain(v.why(c, p.Finding, p.Images))
	}
	return s
}

// others returns all claims of v's location, its own first.
func others(v ClaimPage) []ClaimView {
	return append([]ClaimView{v.Claim}, v.Others...)
}
