package page

import (
	"io"
	"net/url"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/agreement"
)

// ReadPath returns the address where a region is read blind, image after image.
func ReadPath(slug, region string) string {
	return LocationPath(slug) + "/read?region=" + url.QueryEscape(region)
}

// BlindPath returns the address of a close-up by its turn in a blind reading; turn 0 is
// the old state.
func BlindPath(slug, region, turn string) string {
	return LocationPath(slug) + "/read/" + turn + ".jpg?region=" + url.QueryEscape(region)
}

// ReadingsPath returns the address of what people saw.
func ReadingsPath(slug string) string { return LocationPath(slug) + "/readings" }

// A ReadView is one image of a blind reading.
type ReadView struct {
	Site
	Token           string
	Slug, Title     string
	Region          string
	Place, Of       int // in the reader's own order, from 1
	Anchor, Picture Picture
	Classes         []string // of damage
	Wrong           string
}

// Read writes one image of a blind reading.
func Read(w io.Writer, v ReadView) error {
	v.Site = v.at(ReadPath(v.Slug, v.Region))
	return render(w, "read.html", shell{Site: v.Site, Title: v.voice().text("read.title", "title", v.Title)}, v)
}

// A ReadingCell is one person's reading of an image; without a state where there is none.
type ReadingCell struct {
	State  compare.State
	Damage string
}

// A ReadingRow is an image, what was computed of it, and what people saw.
type ReadingRow struct {
	Image    ImageView
	Computed compare.State
	Readings []ReadingCell // by reader
	Differs  bool          // somebody saw another state than was computed
}

// RegionReadings are the readings of one region.
type RegionReadings struct {
	Name    string
	Rows    []ReadingRow // in date order
	Readers int
	Kappa   *agreement.Kappa // of the first two readers; nil while they share no image
	MayRead bool             // there are images that the reader of the page has not read
	Hidden  bool             // what others saw is kept back until then
}

// Numbers counts the readers from 1.
func (r RegionReadings) Numbers() (out []int) {
	for i := range r.Readers {
		out = append(out, i+1)
	}
	return out
}

// Differing counts the images in which somebody saw another state than was computed.
func (r RegionReadings) Differing() (n int) {
	for _, row := range r.Rows {
		if row.Differs {
			n++
		}
	}
	return n
}

// A ReadingsView is what people saw, beside what was computed.
type ReadingsView struct {
	Site
	Slug, Title string
	Regions     []RegionReadings
	MayClose    bool  // the round, so that nobody reads blind any more
	Jobs        []Job // under way
	Events      string
}

// Readings writes what people saw, beside what was computed.
func Readings(w io.Writer, v ReadingsView) error {
	return render(w, "readings.html", shell{Site: v.Site, Title: v.voice().text("readings.title", "title", v.Title), Waiting: len(v.Jobs) > 0}, v)
}
