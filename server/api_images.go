package server

import (
	"context"
	"net/http"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/ingest"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/typed"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
)

type imageList struct {
	Images []ImageDoc `json:"images"`
}

func (s *Server) apiImages(ctx context.Context, in *located) (*output[imageList], error) {
	st, err := s.standingOf(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	docs, err := s.imageDocs(ctx, st)
	if err != nil {
		return nil, err
	}
	return &output[imageList]{Body: imageList{docs}}, nil
}

// imageDocs returns the images of a location in date order.
func (s *Server) imageDocs(ctx context.Context, st standing) ([]ImageDoc, error) {
	recs, err := s.archive.Images(ctx, st.slug)
	if err != nil {
		return nil, err
	}
	released, err := s.released(ctx, st.slug)
	if err != nil {
		return nil, err
	}
	docs := []ImageDoc{}
	for _, rec := range recs {
		docs = append(docs, released.add(imageDocOf(originOf(infoOf(ctx)), st.slug, rec, st.report)))
	}
	return docs, nil
}

func (s *Server) apiImage(ctx context.Context, in *struct {
	Slug  string `path:"slug" maxLength:"128"`
	Image string `path:"image" maxLength:"64"`
}) (*output[ImageDoc], error) {
	st, err := s.standingOf(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	im, err := imageOf(st.c, in.Image)
	if err != nil {
		return nil, err
	}
	docs, err := s.imageDocs(ctx, st)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		if d.File == im.File {
			return &output[ImageDoc]{Body: d}, nil
		}
	}
	return nil, imagery.ErrNotFound
}

// An imageForm is what an upload consists of.
type imageForm struct {
	Image     huma.FormFile `form:"image" required:"false" doc:"Required. The file: PNG, JPEG, TIFF, GeoTIFF, WebP, GIF or BMP"`
	Acquired  string        `form:"acquired" required:"false" doc:"Required. EDTF: 2015-10-15, 2015-10, 2015-10-01/2015-10-31 …"`
	Basis     string        `form:"basis" required:"false" doc:"capture (default), mosaic, release, published, claimed or inferred"`
	Source    string        `form:"source" required:"false" doc:"address of the page it was found on"`
	Publisher string        `form:"publisher" required:"false"`
	Licence   string        `form:"licence" required:"false"`
	Platform  string        `form:"platform" required:"false" doc:"satellite, aerial, drone or unknown"`
	Sensor    string        `form:"sensor" required:"false"`
	GSD       string        `form:"gsd" required:"false" doc:"metres per pixel"`
	Notes     string        `form:"notes" required:"false"`
}

type receivedDoc struct {
	ImageDoc
	Known    bool         `json:"known" doc:"the location held these bytes already: nothing was stored again"`
	Warnings []warningDoc `json:"warnings" doc:"where the file, or what is held, disagrees with what was declared; they stop nothing"`
}

type warningDoc struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func warningDocs(ws []ingest.Warning) []warningDoc {
	docs := []warningDoc{}
	for _, w := range ws {
		docs = append(docs, warningDoc{string(w.Code), w.Text})
	}
	return docs
}

// apiAddImage takes an upload: 201 for a new image, 200 for one that is held.
func (s *Server) apiAddImage(ctx context.Context, in *addition) (*struct {
	Status int
	Body   receivedDoc
}, error) {
	if f := in.RawBody.Data().Image; f.IsSet {
		defer f.Close()
	}
	c, err := s.changeable(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	rec, err := s.take(in.http, c, typed.Form(in.http.PostFormValue), page.FieldImage)
	if err != nil {
		return nil, err
	}
	if _, err := s.askAfter(ctx, in.Slug, rec.Image); err != nil {
		return nil, err
	}
	out := &struct {
		Status int
		Body   receivedDoc
	}{http.StatusCreated, receivedDoc{
		imageDocOf(originOf(infoOf(ctx)), in.Slug, rec.Record, nil), rec.Held, warningDocs(rec.Warnings),
	}}
	if rec.Held {
		out.Status = http.StatusOK
	}
	return out, nil
}

// An addition is an upload. It holds the HTTP request too, whose form was read by
// the middleware, so that pages and API take files by the same way.
type addition struct {
	Slug    string `path:"slug" maxLength:"128"`
	RawBody huma.MultipartFormFiles[imageForm]

	http *http.Request
}

// Resolve takes the request from huma.
func (a *addition) Resolve(ctx huma.Context) []error {
	a.http = humaecho.Unwrap(ctx).Request()
	return nil
}
