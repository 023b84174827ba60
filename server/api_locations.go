package server

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/casefile"
)

// located is the input of operations on one location.
type located struct {
	Slug string `path:"slug" maxLength:"128"`
}

// An output is a JSON document.
type output[T any] struct{ Body T }

// A locationList is the document of all locations that the caller may see.
type locationList struct {
	Locations []LocationDoc `json:"locations"`
}

func (s *Server) apiLocations(ctx context.Context, _ *struct{}) (*output[locationList], error) {
	list, err := s.shown(ctx)
	if err != nil {
		return nil, err
	}
	states, err := s.archive.Publications(ctx)
	if err != nil {
		return nil, err
	}
	docs := []LocationDoc{}
	for _, l := range list {
		docs = append(docs, s.summaryDoc(originOf(infoOf(ctx)), l, states[l.Slug].State))
	}
	return &output[locationList]{Body: locationList{docs}}, nil
}

func (s *Server) apiLocation(ctx context.Context, in *located) (*output[caseDoc], error) {
	d, err := s.caseDocument(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	return &output[caseDoc]{Body: d}, nil
}

func (s *Server) caseDocument(ctx context.Context, slug string) (caseDoc, error) {
	st, err := s.standingOf(ctx, slug)
	if err != nil {
		return caseDoc{}, err
	}
	images, err := s.imageDocs(ctx, st)
	if err != nil {
		return caseDoc{}, err
	}
	p, err := s.archive.Publication(ctx, slug)
	if err != nil {
		return caseDoc{}, err
	}
	origin := originOf(infoOf(ctx))
	d := caseDoc{
		LocationDoc: locationOf(origin, slug, st.c.Title, st.c.Location, p.State), Summary: st.c.Summary, Reference: st.c.Reference,
		Regions: []regionDoc{}, ImageList: images, ClaimList: claimDocs(origin, st), LookFor: append([]string{}, st.c.LookFor...),
	}
	d.Images, d.Claims = len(images), len(d.ClaimList)
	d.Status, d.Why = statusOf(st)
	for _, g := range st.c.Regions {
		d.Regions = append(d.Regions, regionDocOf(g))
	}
	return d, nil
}

// apiCase answers with the case file, byte for byte as casefile writes it.
func (s *Server) apiCase(ctx context.Context, in *located) (*struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}, error) {
	c, err := s.caseOf(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	b, err := casefile.Format(c)
	if err != nil {
		return nil, fmt.Errorf("case file of %s: %w", in.Slug, unfit(err))
	}
	return &struct {
		ContentType string `header:"Content-Type"`
		Body        []byte
	}{"application/yaml", b}, nil
}

// unfit keeps a record that the case file can't hold from being blamed on the reader.
func unfit(err error) error { return errors.New(err.Error()) }

// apiReport answers with the report as it was written, field for field.
func (s *Server) apiReport(ctx context.Context, in *located) (*output[*assess.Report], error) {
	st, err := s.standingOf(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	if st.report == nil {
		return nil, reportMissing(st)
	}
	return &output[*assess.Report]{Body: st.report}, nil
}

// reportMissing says why a location has no report.
func reportMissing(st standing) error {
	switch status, why := statusOf(st); status {
	case "no-imagery":
		return refuse(imagery.ErrNotFound, "No imagery is held of this location, so there is no report.")
	case "failed":
		return refuse(errUnprocessable, "The images could not be compared: "+why)
	}
	return refuse(errBusy, "The report is still being computed.")
}

// apiAddLocation adds a location from a case file. JSON is YAML too, so both are
// read by the reader that tells mistakes with their lines.
func (s *Server) apiAddLocation(ctx context.Context, in *struct {
	RawBody []byte `contentType:"application/yaml"`
}) (*output[caseDoc], error) {
	c, err := readSent(in.RawBody)
	if err != nil {
		return nil, err
	}
	if len(c.Images) > 0 {
		return nil, refuse(errUnprocessable, "Leave images out: each is uploaded on its own, once the location is there. Regions and claims that name one follow it.")
	}
	slug, err := s.archive.ImportCase(ctx, c, noFiles, s.config.MaxUpload, changeBy(ctx))
	if errors.Is(err, archive.ErrExists) {
		return nil, &refusal{kind: errConflict, detail: "A location of that name is held already. Give another name, or a slug of its own.", cause: err}
	}
	if err != nil {
		return nil, err
	}
	s.changed()
	d, err := s.caseDocument(ctx, slug)
	if err != nil {
		return nil, err
	}
	return &output[caseDoc]{Body: d}, nil
}

func noFiles(file string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("%s: %w", file, imagery.ErrNotFound)
}

// mistaken tells the mistakes of a case file to whoever wrote it.
func mistaken(err error) error {
	var ms casefile.Mistakes
	if !errors.As(err, &ms) {
		return err
	}
	r := &refusal{kind: errUnprocessable, detail: "The case has mistakes. Nothing was stored.", fields: map[string]string{}, cause: err}
	for i, m := range ms {
		r.fields[fmt.Sprintf("mistake %d, line %d", i+1, m.Line)] = m.Text
	}
	return r
}
