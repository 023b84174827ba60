package server

import (
	"context"
	"net/http"
	"time"

	"github.com/antequem/antequem/imagery/archive"
)

// A publicationDoc says who may see a location, and what was changed in public.
type publicationDoc struct {
	State   archive.PublicationState `json:"state" enum:"draft,published,withdrawn"`
	At      *time.Time               `json:"at" doc:"since when; null for a draft"`
	Why     string                   `json:"why"`
	History []correctionDoc          `json:"history" doc:"what was changed since everybody sees it, oldest first. It names nobody"`
}

// A correctionDoc is a change that happened in public.
type correctionDoc struct {
	At      time.Time        `json:"at"`
	Noun    string           `json:"noun" doc:"image, claims, regions, location or publication"`
	Verb    string           `json:"verb" doc:"add, change, delete or set"`
	Subject string           `json:"subject,omitempty" doc:"file of an image; absent for the location as a whole"`
	Why     string           `json:"why"`
	Fields  []fieldChangeDoc `json:"fields"`
}

// A fieldChangeDoc is a field of a record before and after a change.
type fieldChangeDoc struct {
	Field  string `json:"field"`
	Before string `json:"before" doc:"JSON; empty where the field was not there"`
	After  string `json:"after" doc:"JSON; empty where the field is gone"`
}

// apiPublication answers how a location stands and what was changed in public.
func (s *Server) apiPublication(ctx context.Context, in *located) (*output[publicationDoc], error) {
	if _, err := s.caseOf(ctx, in.Slug); err != nil {
		return nil, err
	}
	p, err := s.archive.Publication(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	history, err := s.archive.History(ctx, in.Slug)
	if err != nil {
		return nil, err
	}
	d := publicationDoc{State: p.State, Why: p.Why, History: []correctionDoc{}}
	if !p.At.IsZero() {
		d.At = &p.At
	}
	for _, c := range history {
		d.History = append(d.History, correctionDocOf(c))
	}
	return &output[publicationDoc]{Body: d}, nil
}

func correctionDocOf(c archive.Correction) correctionDoc {
	d := correctionDoc{At: c.At, Noun: c.Noun, Verb: c.Verb, Subject: c.Subject, Why: c.Why, Fields: []fieldChangeDoc{}}
	for _, f := range c.Fields {
		d.Fields = append(d.Fields, fieldChangeDoc(f))
	}
	return d
}

// apiPublish publishes, withdraws or corrects a location, as its form does.
func (s *Server) apiPublish(ctx context.Context, in *struct {
	Slug string `path:"slug" maxLength:"128"`
	Body order
}) (*withStatus[publicationDoc], error) {
	if err := s.bring(ctx, in.Slug, in.Body); err != nil {
		return nil, err
	}
	d, err := s.apiPublication(ctx, &located{in.Slug})
	if err != nil {
		return nil, err
	}
	return &withStatus[publicationDoc]{http.StatusOK, d.Body}, nil
}

// withStatus is a JSON document whose status tells something.
type withStatus[T any] struct {
	Status int
	Body   T
}
