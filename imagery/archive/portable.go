package archive

import (
	"cmp"
	"fmt"
	"math"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// The forms in which records go into the custody log and their lists into
// columns: JSON with names of their own, so that a renamed Go field changes no log.

type imageForm struct {
	File      string         `json:"file"`
	Digest    imagery.Digest `json:"digest"`
	Acquired  string         `json:"acquired"`
	Basis     string         `json:"basis"`
	Source    string         `json:"source,omitempty"`
	Publisher string         `json:"publisher,omitempty"`
	Licence   string         `json:"licence,omitempty"`
	Platform  string         `json:"platform,omitempty"`
	Sensor    string         `json:"sensor,omitempty"`
	GSD       float64        `json:"gsd_m,omitempty"`
	OffNadir  *float64       `json:"off_nadir,omitempty"`
	SunAz     *float64       `json:"sun_azimuth,omitempty"`
	SunEl     *float64       `json:"sun_elevation,omitempty"`
	Notes     string         `json:"notes,omitempty"`
	Synthetic bool           `json:"synthetic,omitempty"`
	TiePoints [][4]float64   `json:"tie_points,omitempty"` // reference x, y, moving x, y
}

func formOfImage(im imagery.Image) imageForm {
	return imageForm{
		File: im.File, Digest: im.Digest, Acquired: im.Acquired.String(), Basis: string(im.Basis),
		Source: im.Source, Publisher: im.Publisher, Licence: im.Licence, Platform: string(im.Platform), Sensor: im.Sensor,
		GSD: im.GSD, OffNadir: known(im.OffNadir), SunAz: known(im.SunAz), SunEl: known(im.SunEl),
		Notes: im.Notes, Synthetic: im.Synthetic, TiePoints: tiePointsForm(im.TiePoints),
	}
}

type locationForm struct {
	Slug      string   `json:"slug"`
	Name      string   `json:"name"`
	Lat       *float64 `json:"lat,omitempty"`
	Lon       *float64 `json:"lon,omitempty"`
	Position  string   `json:"position,omitempty"`
	Title     string   `json:"title,omitempty"`
	Summary   string   `json:"summary,omitempty"`
	Reference string   `json:"reference,omitempty"`
	LookFor   []string `json:"look_for,omitempty"`
}

// notVerified is what a case file takes a position for that it says nothing of.
const notVerified = "unverified"

// formOfLocation leaves out a title that only repeats the name.
func formOfLocation(l imagery.Location, h Heading) locationForm {
	if h.Title == l.Name {
		h.Title = ""
	}
	return locationForm{
		Slug: l.Slug, Name: l.Name, Lat: known(l.Lat), Lon: known(l.Lon), Position: cmp.Or(l.Position, notVerified),
		Title: h.Title, Summary: h.Summary, Reference: h.Reference, LookFor: h.LookFor,
	}
}

type regionForm struct {
	Name    string         `json:"name"`
	Image   string         `json:"image,omitempty"`
	Polygon [][2]float64   `json:"polygon,omitempty"`
	Rings   [][][2]float64 `json:"rings,omitempty"`
}

func formOfRegion(r imagery.Region) regionForm {
	f := regionForm{Name: r.Name, Image: r.Image, Polygon: pairs(r.Polygon)}
	for _, ring := range r.Rings {
		f.Rings = append(f.Rings, pairs(ring))
	}
	return f
}

func (f regionForm) region() imagery.Region {
	r := imagery.Region{Name: f.Name, Image: f.Image, Polygon: points(f.Polygon)}
	for _, ring := range f.Rings {
		r.Rings = append(r.Rings, points(ring))
	}
	return r
}

type claimForm struct {
	ID       string   `json:"id"`
	Text     string   `json:"text"`
	Claimant string   `json:"claimant,omitempty"`
	Source   string   `json:"source,omitempty"`
	Region   string   `json:"region,omitempty"`
	Kind     string   `json:"kind"`
	When     string   `json:"when,omitempty"`
	Images   []string `json:"images,omitempty"`
	Why      string   `json:"why,omitempty"`
}

func formOfClaim(c imagery.Claim) claimForm {
	f := claimForm{ID: c.ID, Text: c.Text, Claimant: c.Claimant, Source: c.Source, Region: c.Region,
		Kind: string(c.Kind), When: c.When.String(), Why: c.Why}
	if c.Images != [2]string{} {
		f.Images = c.Images[:]
	}
	return f
}

type receiptForm struct {
	Digest     imagery.Digest `json:"digest"`
	ReceivedAt string         `json:"received_at"`
}

func formOfReceipt(r Receipt) receiptForm { return receiptForm{r.Digest, r.ReceivedAt.Format(instant)} }

// known returns nil for NaN, which is how "unknown" is written in Go and can't be in JSON or SQL.
func known(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

func pairs(ps []imagery.Point) [][2]float64 {
	var out [][2]float64
	for _, p := range ps {
		out = append(out, [2]float64{p.X, p.Y})
	}
	return out
}

func points(ps [][2]float64) []imagery.Point {
	var out []imagery.Point
	for _, p := range ps {
		out = append(out, imagery.Point{X: p[0], Y: p[1]})
	}
	return out
}

func tiePointsForm(ts []imagery.UserTiePoint) [][4]float64 {
	var out [][4]float64
	for _, t := range ts {
		out = append(out, [4]float64{t.Reference.X, t.Reference.Y, t.Moving.X, t.Moving.Y})
	}
	return out
}

func tiePoints(fs [][4]float64) []imagery.UserTiePoint {
	var out []imagery.UserTiePoint
	for _, f := range fs {
		out = append(out, imagery.UserTiePoint{
			Reference: imagery.Point{X: f[0], Y: f[1]}, Moving: imagery.Point{X: f[2], Y: f[3]},
		})
	}
	return out
}

// dateOf reads a date from a record; "" is no date.
func dateOf(s string) (edtf.Date, error) {
	if s == "" {
		return edtf.Date{}, nil
	}
	d, err := edtf.Parse(s)
	if err != nil {
		return d, fmt.Errorf("%w: %w", imagery.ErrCorrupt, err)
	}
	return d, nil
}

func hashText(h uint64) string {
	if h == 0 {
		return ""
	}
	return fmt.Sprintf("%016x", h)
}
