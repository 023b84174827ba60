package page

import (
	"html/template"
	"io"
	"net/url"

	"github.com/antequem/antequem/imagery"
)

// TablePath returns the address where a location's images, regions and claims are
// corrected.
func TablePath(slug string) string { return LocationPath(slug) + "/table" }

// EditPath returns the address where a region is opened again: as it was given, or as
// pixels of the reference where it was given on the ground.
func EditPath(slug, region string, pixels bool) string {
	q := url.Values{EditKey: {region}}
	if pixels {
		q.Set(PixelsKey, "true")
	}
	return TablePath(slug) + "?" + q.Encode() + "#region-form"
}

// The parts of the query that open a region again.
const (
	EditKey   = "edit" // the region's name
	PixelsKey = "pixels"
)

// A TableRow is what is written of an image, beside what its file says.
type TableRow struct {
	Image   ImageView
	Form    UploadForm
	Ties    string // tie points, one a line: x, y in the reference, x, y in this image
	Errors  map[string]string
	Says    *FileSays       // nil while the file was not read
	Later   bool            // it will be, when the page is loaded again
	Against []template.HTML // where the file goes against what is written; see FileSays.Against
	Alike   []Alike
}

// Look counts what whoever corrects the image should look at.
func (r TableRow) Look() int { return len(r.Against) + len(r.Alike) }

// A RegionForm is a region as it was typed, or as it was when it was opened again.
type RegionForm struct {
	Name, Text string
	Image      string // ID
	Editing    bool   // a region that is held is opened again
	Was        string // its name
	Pixels     string // file in whose pixels it can be edited, where it is given on the ground; "" otherwise
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

	Typed  *TableRow // the row that was just typed; nil for none
	Region RegionForm
	Claim  ClaimForm
}

// Table writes the page where a location's images, regions and claims are corrected.
func Table(w io.Writer, v TableView) error {
	if v.Here != "" && len(v.Wrong) > 0 {
		v.Site = v.at(TablePath(v.Slug))
	}
	say := v.voice()
	for i := range v.Rows {
		v.Rows[i].Against = say.against(v.Rows[i])
	}
	return render(w, "table.html", shell{Site: v.Site, Title: say.text("edit.title", "title", v.Title)}, v)
}

// claimKinds are what a claim can say of its region, in the order of the form.
var claimKinds = []imagery.ClaimKind{
	imagery.ClaimChanged, imagery.ClaimUnchanged, imagery.ClaimSame, imagery.ClaimDiffers, imagery.ClaimUntestable,
}

func (v *voice) claimKind(k imagery.ClaimKind) template.HTML { return v.say("edit.claim." + string(k)) }
