package page_test

import (
	"io"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
)

// desk puts the pages where cases are worked on.
func (s sample) desk(put func(name string, write func(io.Writer) error)) {
	put("table", func(w io.Writer) error { return page.Table(w, s.table()) })
	put("table, published, a region on the ground opened again", func(w io.Writer) error {
		v := s.table()
		v.Public, v.Wrong = true, nil
		v.Region = page.RegionForm{Name: s.text("roof"), Was: s.text("roof"), Text: `{"type":"Polygon"}`, Editing: true, Pixels: s.text("a.png")}
		return page.Table(w, v)
	})
	put("table, nothing yet", func(w io.Writer) error {
		return page.Table(w, page.TableView{Site: s.site(), Slug: "training-scene", Title: s.text("Training scene")})
	})
	put("add many", func(w io.Writer) error {
		return page.AddMany(w, page.UploadView{Site: s.site(), Slug: "training-scene", Title: s.text("Training scene"), MaxBytes: 200 << 20})
	})
	put("new location", func(w io.Writer) error {
		return page.NewLocation(w, page.NewLocationView{
			Site: s.site(), Token: "token", Form: page.LocationForm{Name: s.text("Square"), Slug: s.text("Square"), Lat: s.text("north"), Lon: "37.1", Position: "approximate"},
			Errors: map[string]string{page.FieldName: "Give the place a name, of 1 to 200 letters.", page.FieldLat: s.text("Not a number.")},
		})
	})
}

func (s sample) table() page.TableView {
	v := page.TableView{
		Site: s.site(), Token: "token", Slug: "training-scene", Title: s.text("Training scene"),
		Regions: []imagery.Region{
			{Name: s.text("roof"), Image: s.text("a.png"), Polygon: []imagery.Point{{X: 1}, {X: 2, Y: 3}, {Y: 4}}},
			{Name: s.text("yard"), Rings: [][]imagery.Point{{{X: 37.1, Y: 36.2}}}},
		},
		Wrong: []string{"A claim names this region.", s.text("Something else.")}, Region: page.RegionForm{Name: s.text("roof"), Text: s.text("1,2")},
		Claim: page.ClaimForm{Text: s.text("It fell."), Claimant: s.text("A"), Source: s.link("https://example.org/c"), When: s.text("2016"), Why: s.text("Because.")},
	}
	for _, c := range s.claims() {
		v.Claims = append(v.Claims, c.Claim)
	}
	for _, im := range s.images() {
		v.Rows = append(v.Rows, s.row(im))
		v.Drawing.Images = append(v.Drawing.Images, page.Canvas{ID: im.ID, File: im.File, Width: 10, Height: 20, Why: s.text("it is damaged")})
		v.Drawing.Reference = v.Rows[0].Image.ID
	}
	v.Rows[1].Says, v.Rows[1].Later = nil, true
	v.Rows[2].Says, v.Rows[2].Alike = nil, nil
	return v
}

// row is an image whose file says all that a file can, and which is like others in every way.
func (s sample) row(im page.ImageView) page.TableRow {
	other := page.AlikeImage{Image: s.images()[1].Image, Link: "/locations/other/table#image-1", Place: s.text("Other place")}
	return page.TableRow{
		Image: im, Form: page.UploadForm{Acquired: s.text("2015-10-15"), Publisher: s.text("P"), Notes: s.text("N"), Source: s.link("https://example.org/i")},
		Ties: s.text("1, 2, 3, 4"), Errors: map[string]string{"ties": s.text("These can’t be read."), "notes": "This text is too long."},
		Says: &page.FileSays{
			Format: "TIFF", Width: 900, Height: 700, Bytes: 123456, NameDate: date(s, "2014-01-01"), Georeferenced: true, GSD: 0.52, Sensor: s.text("WV02"),
			Dates:   []page.FileDate{{Value: "2016-04-29T08:30:00Z", Tag: s.text("EXIF DateTimeOriginal"), Means: "capture"}, {Value: s.text("soon"), Tag: "XMP", Means: "change"}},
			Against: []string{`The declared sensor is "A"; the file says "B".`, s.text("Something odd.")},
		},
		Alike: []page.Alike{
			{How: page.SameFile, Others: []page.AlikeImage{other}}, {How: page.LooksAlike, Others: []page.AlikeImage{other}},
			{How: page.LooksAlike, Others: []page.AlikeImage{other}, OtherDate: true},
			{How: page.CopyOfOne, Others: []page.AlikeImage{other, other}, Correlation: 0.97, OtherDate: true}, {How: page.CopyOfOne, Others: []page.AlikeImage{other}, Correlation: 0.97},
		},
	}
}
