package imagery

import "github.com/antequem/antequem/imagery/edtf"

// A Point is a position in pixels, x right and y down, (0, 0) the centre of the
// top left pixel.
type Point struct{ X, Y float64 }

// A Location is a named place.
type Location struct {
	Name     string
	Slug     string  // its name in an address: lower case, digits and hyphens; stable once given
	Lat, Lon float64 // WGS 84, degrees; NaN if unknown
	Position string  // how sure the position is: "verified", "approximate" or "unverified"
}

// A Region is the polygon in question: pixels of one image, or WGS 84.
type Region struct {
	Name    string // "" for the only region of a case
	Image   string // the File whose pixels Polygon counts; "" if GeoJSON is given
	Polygon []Point
	Rings   [][]Point // from GeoJSON: X longitude, Y latitude; outer ring first; nil if none
}

// A ClaimKind says what a claim asserts.
type ClaimKind string

const (
	ClaimChanged    ClaimKind = "changed"    // the region visibly changed at a time within When
	ClaimUnchanged  ClaimKind = "unchanged"  // it did not visibly change within When
	ClaimSame       ClaimKind = "same"       // it looks the same in the two Images
	ClaimDiffers    ClaimKind = "differs"    // it looks different in the two Images
	ClaimUntestable ClaimKind = "untestable" // recorded and shown beside the others, never judged
)

// A Claim is who asserted what, where and when, with a link.
type Claim struct {
	ID       string // unique in its case; lower case, digits and hyphens
	Text     string
	Claimant string
	Source   string
	Region   string // Region.Name; "" where the case has one region
	Kind     ClaimKind
	When     edtf.Date // for changed and unchanged
	Images   [2]string // Image.File, for same and differs
	Why      string    // for untestable: what imagery can't show
}

// A Case is a location with its images, regions and claims: what judge reads.
type Case struct {
	Title     string
	Summary   string // a few sentences for readers; may be empty
	Location  Location
	Images    []Image
	Reference string // File of the image whose grid regions and outputs are drawn on; "" lets the program pick
	Regions   []Region
	Claims    []Claim
	LookFor   []string // what imagery would settle the case and where to look for it, told where none is held
}

// Image returns the image of that file name, and whether the case has it.
func (c Case) Image(file string) (Image, bool) {
	for _, im := range c.Images {
		if im.File == file {
			return im, true
		}
	}
	return Image{}, false
}
