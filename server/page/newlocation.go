package page

import "io"

// NewLocationPath is the address where a location is begun; the form is posted to it.
const NewLocationPath = "/new"

// The names of its fields, as they are posted and as Errors names them.
const (
	FieldName     = "name"
	FieldSlug     = "slug"
	FieldLat      = "lat"
	FieldLon      = "lon"
	FieldPosition = "position"
)

// A LocationForm is a location as it was typed.
type LocationForm struct {
	Name, Slug, Lat, Lon, Position string
}

// A NewLocationView is the form that begins a location.
type NewLocationView struct {
	Site
	Token  string // against forged posts
	Form   LocationForm
	Errors map[string]string // what is wrong and how to mend it, by field
}

// Positions are how sure a position can be, the surest first.
var Positions = []string{"verified", "approximate", "unverified"}

// NewLocation writes the form that begins a location.
func NewLocation(w io.Writer, v NewLocationView) error {
	return render(w, "newlocation.html", shell{Site: v.Site, Title: v.voice().text("new.title")}, v)
}
