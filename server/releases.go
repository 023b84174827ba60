package server

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/typed"
	"github.com/antequem/antequem/server/views"
)

// What is withheld unasked, who brought a file and the metadata inside it, an editor
// releases by image or for a whole location, with a reason that the custody log keeps,
// and takes back in the same way. Names then stand on the page of the location, in its
// images of the API, in images.csv and in packs; elsewhere, as in embeds, nobody is
// named either way.

// doRelease is what the form of a release asks for.
const doRelease = "release"

// A disclosure is what was released of a location's images.
type disclosure struct {
	releases  archive.Releases
	brought   map[string][]page.Bringer // by File
	originals string                    // what the addresses of released originals begin with; "" where none are offered
}

// released returns what everybody may know of a location's images that is withheld
// unasked.
func (s *Server) released(ctx context.Context, slug string) (disclosure, error) {
	rs, err := s.archive.Releases(ctx, slug)
	d := disclosure{releases: rs, brought: map[string][]page.Bringer{}}
	if s.config.Originals != AccessNone {
		d.originals = originOf(infoOf(ctx)) + originalsPath
	}
	if err != nil || len(rs) == 0 {
		return d, err
	}
	c, err := s.archive.Case(ctx, slug)
	if err != nil {
		return d, err
	}
	for _, im := range c.Images {
		if !rs.Of(im.File).Names {
			continue
		}
		receipts, err := s.archive.Receipts(ctx, im.Digest)
		if err != nil {
			return d, err
		}
		for _, r := range receipts {
			if r.Location == slug && r.File == im.File && r.Uploader+r.OriginalName != "" {
				d.brought[im.File] = append(d.brought[im.File], page.Bringer{By: r.Uploader, As: r.OriginalName})
			}
		}
	}
	return d, nil
}

// add completes an image of the API.
func (d disclosure) add(doc ImageDoc) ImageDoc {
	for _, b := range d.brought[doc.File] {
		doc.Brought = append(doc.Brought, bringerDoc(b))
	}
	if d.releases.Of(doc.File).Metadata && d.originals != "" {
		doc.Original = d.originals + doc.Digest
	}
	return doc
}

func (d disclosure) by(file string) string {
	var out []string
	for _, b := range d.brought[file] {
		out = append(out, b.By)
	}
	return strings.Join(out, "; ")
}

func (d disclosure) as(file string) string {
	var out []string
	for _, b := range d.brought[file] {
		out = append(out, b.As)
	}
	return strings.Join(out, "; ")
}

// A releaseDoc is what everybody may have of an image that is withheld unasked.
type releaseDoc struct {
	Image    string `json:"image,omitempty" doc:"the first 12 characters of its SHA-256; absent for every image of the location"`
	Names    bool   `json:"names"`
	Metadata bool   `json:"metadata"`
}

// A releaseOrder is what an editor wants everybody to have, and why.
type releaseOrder struct {
	Image    string `json:"image,omitempty" maxLength:"64" doc:"the first 12 characters of its SHA-256 or more; empty for every image of the location, those to come too"`
	Names    bool   `json:"names" doc:"the pseudonym of who brought it, and the name of its file on their machine"`
	Metadata bool   `json:"metadata" doc:"the original, with the metadata inside it that may tell of people"`
	Why      string `json:"why" minLength:"1" maxLength:"8000" doc:"the custody log keeps it"`
}

// release carries an order out. Neither of the two released takes both back.
func (s *Server) release(ctx context.Context, slug string, o releaseOrder) error {
	if s.config.ReadOnly {
		return refuse(errForbidden, "This service takes no changes.")
	}
	c, err := s.caseOf(ctx, slug)
	if err != nil {
		return err
	}
	file := ""
	if o.Image != "" {
		im, err := imageOf(c, o.Image)
		if err != nil {
			return err
		}
		file = im.File
	}
	by := changeBy(ctx)
	by.Why = strings.TrimSpace(o.Why)
	switch {
	case by.Why == "":
		return needsReason("Say why: readers see it.")
	case len(by.Why) > typed.MaxText:
		return needsReason("This text is too long.")
	}
	s.writes.Lock()
	defer s.writes.Unlock()
	rs, err := s.archive.Releases(ctx, slug)
	if err != nil {
		return err
	}
	to := rs[file]
	to.Names, to.Metadata = o.Names, o.Metadata
	if err := s.archive.SetRelease(ctx, slug, file, to, by); err != nil {
		return err
	}
	s.changed()
	return nil
}

// releaseForm answers POST /locations/{slug}/publication where do is release.
func (s *Server) releaseForm(w http.ResponseWriter, r *http.Request) error {
	slug := r.PathValue("slug")
	err := s.release(r.Context(), slug, releaseOrder{
		Image: r.PostFormValue("image"), Why: r.PostFormValue("why"),
		Names: r.PostFormValue("names") == "true", Metadata: r.PostFormValue("metadata") == "true",
	})
	var mend *refusal
	if errors.As(err, &mend) && mend.fields["why"] != "" {
		return s.showPublication(w, r, http.StatusUnprocessableEntity, map[string]string{doRelease: mend.fields["why"]})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, page.PublicationPath(slug)+"#release", http.StatusSeeOther)
	return nil
}

// releaseViews lists what was released, first of every image, then of each one.
func releaseViews(c imagery.Case, rs archive.Releases) []page.ReleaseView {
	all := rs[""]
	out := []page.ReleaseView{{Names: all.Names, Metadata: all.Metadata}}
	for _, im := range c.Images {
		out = append(out, page.ReleaseView{Image: views.Image(im, nil), Names: rs[im.File].Names, Metadata: rs[im.File].Metadata})
	}
	return out
}

type releaseList struct {
	Releases []releaseDoc `json:"releases"`
}

// apiReleases answers what was released of a location.
func (s *Server) apiReleases(ctx context.Context, in *located) (*output[releaseList], error) {
	c, err := s.caseOf(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	rs, err := s.archive.Releases(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	out := releaseList{[]releaseDoc{}}
	for _, v := range releaseViews(c, rs) {
		if v.Names || v.Metadata {
			out.Releases = append(out.Releases, releaseDoc{v.Image.ID, v.Names, v.Metadata})
		}
	}
	return &output[releaseList]{Body: out}, nil
}

// apiRelease releases something, or takes it back, as the form does.
func (s *Server) apiRelease(ctx context.Context, in *struct {
	Slug string `path:"slug" maxLength:"128"`
	Body releaseOrder
}) (*withStatus[releaseList], error) {
	if err := s.release(ctx, in.Slug, in.Body); err != nil {
		return nil, err
	}
	d, err := s.apiReleases(ctx, &located{in.Slug})
	if err != nil {
		return nil, err
	}
	return &withStatus[releaseList]{http.StatusOK, d.Body}, nil
}
