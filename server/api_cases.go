package server

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/pack"
)

// A sentCase says what became of a case that a program sent.
type sentCase struct {
	Slug    string   `json:"slug" doc:"of the location that it is now; empty while originals are missing"`
	Missing []string `json:"missing" doc:"SHA-256 of the originals to be put before the case is sent again; nothing was stored yet"`
}

// apiSendCase takes a whole case, whose images name their originals by sha256: 201 for
// a new location, 200 for one that holds just this case already, 202 where originals
// are missing.
func (s *Server) apiSendCase(ctx context.Context, in *struct {
	RawBody []byte `contentType:"application/yaml"`
}) (*struct {
	Status int
	Body   sentCase
}, error) {
	c, err := readSent(in.RawBody)
	if err != nil {
		return nil, err
	}
	out := &struct {
		Status int
		Body   sentCase
	}{http.StatusAccepted, sentCase{Missing: []string{}}}
	for _, im := range c.Images {
		if im.Digest.IsZero() {
			return nil, refuse(errUnprocessable, fmt.Sprintf("Image %s has no sha256, so its original can't be told.", im.File))
		}
		held, err := s.holdsOriginal(ctx, im.Digest)
		if err != nil {
			return nil, err
		}
		if !held {
			out.Body.Missing = append(out.Body.Missing, im.Digest.String())
		}
	}
	if len(out.Body.Missing) > 0 {
		return out, nil
	}
	out.Body.Slug, out.Status, err = s.takeCase(ctx, c)
	return out, err
}

// readSent reads a case file that a program sent. Files of names that no evidence pack
// could hold, and sources that lead nowhere, are refused.
func readSent(text []byte) (imagery.Case, error) {
	f, err := casefile.Read("case", text)
	if err != nil {
		return imagery.Case{}, mistaken(err)
	}
	if err := packable(f.Case); err != nil {
		return imagery.Case{}, err
	}
	if err := f.CheckSources(); err != nil {
		return imagery.Case{}, mistaken(err)
	}
	return f.Case, nil
}

// packable refuses a case whose images have names that no evidence pack could hold.
func packable(c imagery.Case) error {
	var files []string
	for _, im := range c.Images {
		files = append(files, im.File)
		if err := pack.CheckNames(files...); err != nil {
			return &refusal{kind: errUnprocessable, cause: err, detail: fmt.Sprintf(
				"Image %q: evidence packs take no file of that name. Give it another, of letters, digits, dots and hyphens, which no other image has in other capitals.", im.File)}
		}
	}
	return nil
}

func (s *Server) holdsOriginal(ctx context.Context, d imagery.Digest) (bool, error) {
	f, err := s.archive.Original(ctx, d)
	switch {
	case err == nil:
		return true, f.Close()
	case errors.Is(err, imagery.ErrNotFound), errors.Is(err, imagery.ErrCorrupt): // putting it again heals it
		return false, nil
	}
	return false, err
}

// takeCase makes c a location, or finds the one that holds it.
func (s *Server) takeCase(ctx context.Context, c imagery.Case) (slug string, status int, err error) {
	files := map[string]imagery.Digest{}
	for _, im := range c.Images {
		files[im.File] = im.Digest
	}
	open := func(file string) (io.ReadCloser, error) { return s.archive.Original(ctx, files[file]) }
	slug, err = s.ingest.Case(ctx, c, open, changeBy(ctx))
	if errors.Is(err, archive.ErrExists) && c.Location.Slug != "" {
		if held, err := s.caseOf(ctx, c.Location.Slug); err == nil && equalCases(held, c) {
			return c.Location.Slug, http.StatusOK, nil
		}
		return "", 0, &refusal{kind: errConflict, detail: "A location of that name is held already, and its case is another. Give this one another slug.", cause: err}
	}
	if err != nil {
		return "", 0, fileRefused("case", err, s.config.MaxUpload)
	}
	s.changed()
	return slug, http.StatusCreated, nil
}

// equalCases says that two cases are the same but for the order of their images,
// which the archive keeps by date.
func equalCases(a, b imagery.Case) bool {
	x, errX := casefile.Format(byFile(a))
	y, errY := casefile.Format(byFile(b))
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// byFile is c with its images in the order of their names.
func byFile(c imagery.Case) imagery.Case {
	c.Images = slices.Clone(c.Images)
	slices.SortFunc(c.Images, func(x, y imagery.Image) int { return cmp.Compare(x.File, y.File) })
	return c
}

// putOriginal answers PUT /api/v1/originals/{digest}: the bytes of a file that a case
// to be sent names.
func (s *Server) putOriginal(w http.ResponseWriter, r *http.Request) error {
	if s.config.ReadOnly {
		return refuse(errForbidden, "This service takes no changes.")
	}
	d, err := imagery.ParseDigest(r.PathValue("digest"))
	if err != nil {
		return &refusal{kind: imagery.ErrNotFound, detail: "An original is named by all 64 characters of its SHA-256.", cause: err}
	}
	held, err := s.ingest.Original(r.Context(), d, infoOf(r.Context()).who.Name, r.Body)
	if err != nil {
		s.counts.Upload("refused")
		return fileRefused("file", err, s.config.MaxUpload)
	}
	if held {
		s.counts.Upload("known")
		w.WriteHeader(http.StatusOK)
		return nil
	}
	s.counts.Upload("stored")
	w.WriteHeader(http.StatusCreated)
	return nil
}
