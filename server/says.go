package server

import (
	"encoding/json"
	"net/http"

	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/resume"
)

// A saysDoc is what a file says of itself, before anybody declared anything: to be
// looked at, never to be believed for it.
type saysDoc struct {
	Format string        `json:"format"`
	Width  int           `json:"width"`
	Height int           `json:"height"`
	Dates  []decode.Date `json:"dates"`
	Sensor string        `json:"sensor,omitempty"`
	GSD    float64       `json:"gsd_m,omitempty"`
}

// says reads what an upload that is whole says of itself; nil where it is no picture
// that is read here, which is told when it is handed over.
func (s *Server) says(u resume.Upload) *saysDoc {
	if !u.Whole() || u.Taken != nil {
		return nil
	}
	f, err := s.uploads.Open(u)
	if err != nil {
		return nil
	}
	defer f.Close()
	lim := decode.DefaultLimits()
	lim.MaxBytes = s.config.MaxUpload
	file, err := decode.Open(f, u.Size, lim)
	if err != nil {
		return nil
	}
	info, err := file.Stat()
	if err != nil {
		return nil
	}
	d := saysDoc{Format: info.Format, Width: info.Width, Height: info.Height, Dates: info.Dates, Sensor: info.Sensor, GSD: info.GSD}
	if d.Dates == nil {
		d.Dates = []decode.Date{}
	}
	return &d
}

// saidIn returns what the warnings of an image that was taken say in language l.
func saidIn(l page.Language, taken json.RawMessage) []string {
	var d struct{ Warnings []warningDoc }
	if json.Unmarshal(taken, &d) != nil { // of an upload that was not taken yet there is nothing to say
		return nil
	}
	said := make([]string, len(d.Warnings))
	for i, w := range d.Warnings {
		said[i] = page.Tell(l, w.Text)
	}
	return said
}

// addMany answers GET /locations/{slug}/add: many files at once, each of which goes on
// where it was when the line dropped.
func (s *Server) addMany(w http.ResponseWriter, r *http.Request) error {
	c, err := s.uploadCase(r)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.AddMany(asHTML(w), page.UploadView{Site: s.site(r), Slug: c.Location.Slug, Title: titleOf(c), MaxBytes: s.config.MaxUpload})
}
