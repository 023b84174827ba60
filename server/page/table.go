package page

import (
	"io"

	"github.com/antequem/antequem/imagery"
)

// TablePath returns the address where a location's images, regions and claims are
// corrected.
func TablePath(slug string) string { return LocationPath(slug) + "/table" }

// A TableRow is what is written of an image.
type TableRow struct {
	Image  ImageView
	Form   UploadForm
	Ties   string // tie points, one a line: x, y in the reference, x, y in this image
	Errors map[string]string
}

// A ClaimForm is a claim as it was typed.
type ClaimForm struct {
	Text, Claimant, Source, Region, Kind, When, First, Second, Why string
}

// A TableView is where a location's images, regions and claims are corrected.
type TableView struct {
	Site
	Token   string
	Slug    string
	Title   string
	Public  bool // readers are told of every change, with its reason
	Rows    []TableRow
	Regions []imagery.Region
	Claims  []imagery.Claim
	Drawing Drawing
	Wrong   []string // what needs mending, of what was just typed

	Typed                               *TableRow // the row that was just typed; nil for none
	RegionName, RegionText, RegionImage string    // as they were typed
	Claim                               ClaimForm
}

// Unaligned says that any of the images was not laid over the others, so that tie
// points by hand would help.
func (v TableView) Unaligned() bool {
	for _, r := range v.Rows {
		if r.Image.Status == "unaligned" {
			return true
		}
	}
	return false
}

// Table writes the page where a location's images, regions and claims are corrected.
func Table(w io.Writer, v TableView) error {
	v.Site = inEnglish(v.Site)
	return render(w, "table.html", shell{Site: v.Site, Title: "Table: " + v.Title}, v)
}
