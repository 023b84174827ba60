package server

import (
	"cmp"
	"math"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/typed"
)

// A LocationDoc is a location of the API. It is exported so that the description of the
// API tells the fields of documents that embed it.
type LocationDoc struct {
	Slug     string   `json:"slug"`
	Title    string   `json:"title"`
	Name     string   `json:"name"`
	Lat      *float64 `json:"lat" doc:"degrees, WGS 84; null if unknown"`
	Lon      *float64 `json:"lon" doc:"degrees, WGS 84; null if unknown"`
	Position string   `json:"position" doc:"verified, approximate or unverified"`
	Images   int      `json:"images"`
	Claims   int      `json:"claims"`
	State    string   `json:"publication" doc:"draft, published or withdrawn; readers meet the second alone"`
	URL      string   `json:"url"`
}

// A caseDoc is a location with all that belongs to it.
type caseDoc struct {
	LocationDoc
	Summary   string      `json:"summary"`
	Reference string      `json:"reference" doc:"file whose grid is used; empty where the program picks"`
	Regions   []regionDoc `json:"regions"`
	ImageList []ImageDoc  `json:"image_list"`
	ClaimList []claimDoc  `json:"claim_list"`
	LookFor   []string    `json:"look_for" doc:"what imagery would settle the case"`
	Status    string      `json:"status" enum:"no-imagery,computing,done,failed"`
	Why       string      `json:"why" doc:"why it failed"`
}

// An ImageDoc is an image of the API, exported as [LocationDoc] is.
type ImageDoc struct {
	ID        string                  `json:"id" doc:"first 12 characters of sha256: names the image in addresses"`
	File      string                  `json:"file"`
	Digest    string                  `json:"sha256"`
	Acquired  string                  `json:"acquired" doc:"EDTF"`
	Basis     string                  `json:"basis"`
	Source    string                  `json:"source"`
	Publisher string                  `json:"publisher"`
	Licence   string                  `json:"licence"`
	Platform  string                  `json:"platform"`
	Sensor    string                  `json:"sensor"`
	GSD       *float64                `json:"gsd_m"`
	Notes     string                  `json:"notes"`
	Synthetic bool                    `json:"synthetic"`
	Format    string                  `json:"format"`
	Width     int                     `json:"width" doc:"pixels, upright; 0 if not read yet"`
	Height    int                     `json:"height"`
	Bytes     int64                   `json:"bytes"`
	Status    string                  `json:"status" doc:"reference, used, unaligned or obscured; computing until that is known"`
	Why       string                  `json:"why"`
	Alignment *assess.AlignmentReport `json:"alignment" doc:"null until it is known"`
	Picture   string                  `json:"picture" doc:"address of the image on the reference grid, or as it came"`
	Brought   []bringerDoc            `json:"brought,omitempty" doc:"who brought it; absent unless an editor released that"`
	Original  string                  `json:"original,omitempty" doc:"address of the file as it came, with the metadata inside it; absent unless an editor released it"`
}

// A bringerDoc is somebody who brought a file.
type bringerDoc struct {
	By string `json:"by" doc:"pseudonym"`
	As string `json:"as" doc:"name of the file on their machine"`
}

// A regionDoc is a region: pixels of an image, or rings of longitude and latitude.
type regionDoc struct {
	Name    string         `json:"name,omitempty" maxLength:"200"`
	Image   string         `json:"image,omitempty" doc:"file whose pixels polygon counts"`
	Polygon [][2]float64   `json:"polygon,omitempty" doc:"x and y; (0, 0) is the centre of the top left pixel"`
	Rings   [][][2]float64 `json:"rings,omitempty" doc:"longitude and latitude, WGS 84; outer ring first"`
}

// A claimDoc is a claim, in the words of the case file, and what the images say of it.
type claimDoc struct {
	ID         string              `json:"id,omitempty" maxLength:"128" doc:"unique in its location; made from the text where empty"`
	Text       string              `json:"text" minLength:"1" maxLength:"8000"`
	Claimant   string              `json:"claimant,omitempty" maxLength:"500"`
	Source     string              `json:"source,omitempty" maxLength:"2000"`
	Region     string              `json:"region,omitempty"`
	Changed    string              `json:"changed,omitempty" doc:"EDTF: the region visibly changed at a time within"`
	Unchanged  string              `json:"unchanged,omitempty" doc:"EDTF: it did not visibly change within"`
	Same       []string            `json:"same,omitempty" maxItems:"2" doc:"two files in which it looks the same"`
	Differs    []string            `json:"differs,omitempty" maxItems:"2" doc:"two files in which it looks different"`
	Untestable string              `json:"untestable,omitempty" doc:"why imagery can't tell"`
	URL        string              `json:"url,omitempty" readOnly:"true"`
	Verdict    *assess.ClaimReport `json:"judgement,omitempty" readOnly:"true" doc:"absent until it is judged"`
}

func (s *Server) summaryDoc(origin string, l archive.LocationSummary, state archive.PublicationState) LocationDoc {
	d := locationOf(origin, l.Slug, l.Title, l.Location, state)
	d.Images, d.Claims = l.Images, l.Claims
	return d
}

func locationOf(origin, slug, title string, l imagery.Location, state archive.PublicationState) LocationDoc {
	if title == "" {
		title = l.Name
	}
	return LocationDoc{
		Slug: slug, Title: title, Name: l.Name, Lat: known(l.Lat), Lon: known(l.Lon), Position: l.Position,
		State: string(cmp.Or(state, archive.Draft)), URL: origin + page.LocationPath(slug),
	}
}

func imageDocOf(origin, slug string, rec archive.Record, rep *assess.Report) ImageDoc {
	d := ImageDoc{
		ID: rec.Digest.Short(), File: rec.File, Digest: rec.Digest.String(), Acquired: rec.Acquired.String(), Basis: string(rec.Basis),
		Source: rec.Source, Publisher: rec.Publisher, Licence: rec.Licence, Platform: string(rec.Platform), Sensor: rec.Sensor,
		Notes: rec.Notes, Synthetic: rec.Synthetic, Format: rec.Format, Width: rec.Width, Height: rec.Height, Bytes: rec.Size,
		Status: "computing", Picture: origin + page.LocationPath(slug) + "/images/" + rec.Digest.Short() + ".png",
	}
	if rec.GSD > 0 {
		d.GSD = &rec.GSD
	}
	if rep == nil {
		return d
	}
	for i := range rep.Images {
		if r := &rep.Images[i]; r.File == rec.File {
			d.Status, d.Why, d.Alignment = string(r.Status), r.Why, &r.Alignment
			if d.GSD == nil {
				d.GSD = r.GSD
			}
		}
	}
	return d
}

func regionDocOf(g imagery.Region) regionDoc {
	d := regionDoc{Name: g.Name, Image: g.Image, Polygon: coordinates(g.Polygon)}
	for _, ring := range g.Rings {
		d.Rings = append(d.Rings, coordinates(ring))
	}
	return d
}

func coordinates(ps []imagery.Point) [][2]float64 {
	var out [][2]float64
	for _, p := range ps {
		out = append(out, [2]float64{p.X, p.Y})
	}
	return out
}

func pointsOf(polygon [][2]float64) []imagery.Point {
	out := make([]imagery.Point, len(polygon))
	for i, p := range polygon {
		out[i] = imagery.Point{X: p[0], Y: p[1]}
	}
	return out
}

func (d regionDoc) region() imagery.Region {
	g := imagery.Region{Name: d.Name, Image: d.Image}
	if len(d.Polygon) > 0 {
		g.Polygon = pointsOf(d.Polygon)
	}
	for _, ring := range d.Rings {
		g.Rings = append(g.Rings, typed.Opened(pointsOf(ring)))
	}
	return g
}

func claimDocOf(origin, slug string, c imagery.Claim, rep *assess.Report) claimDoc {
	d := claimDoc{
		ID: c.ID, Text: c.Text, Claimant: c.Claimant, Source: c.Source, Region: c.Region,
		URL: origin + page.ClaimPath(slug, c.ID),
	}
	switch c.Kind {
	case imagery.ClaimChanged:
		d.Changed = c.When.String()
	case imagery.ClaimUnchanged:
		d.Unchanged = c.When.String()
	case imagery.ClaimSame:
		d.Same = c.Images[:]
	case imagery.ClaimDiffers:
		d.Differs = c.Images[:]
	case imagery.ClaimUntestable:
		d.Untestable = c.Why
	}
	if rep == nil || len(rep.Images) == 0 {
		return d
	}
	for i := range rep.Claims {
		if rep.Claims[i].ID == c.ID {
			d.Verdict = &rep.Claims[i]
		}
	}
	return d
}

// originOf returns the origin that links in the answer to a request begin with.
// The middleware put it into the request's context.
func originOf(info requestInfo) string { return info.origin }

// statusOf says how far a location has come.
func statusOf(st standing) (status, why string) {
	switch {
	case len(st.c.Images) == 0:
		return "no-imagery", ""
	case st.made.failure != "":
		return "failed", st.made.failure
	case st.report == nil:
		return "computing", ""
	}
	return "done", ""
}

// known returns nil for what is not known.
func known(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
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
