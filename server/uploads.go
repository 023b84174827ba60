package server

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/ingest"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/resume"
	"github.com/antequem/antequem/server/typed"
)

// Uploads that resume speak tus 1.0.0 (https://tus.io/protocols/resumable-upload) with
// its extensions creation, expiration and termination:
//
//	POST   /api/v1/uploads           makes an upload: Upload-Length, and in Upload-Metadata
//	                                 location and filename
//	HEAD   /api/v1/uploads/{id}      says where to go on
//	PATCH  /api/v1/uploads/{id}      adds bytes
//	DELETE /api/v1/uploads/{id}      gives it up
//
// With ?lang=… what is said for people is said in that language, as on pages.
// Beyond tus, GET tells how far an upload is and, once it is whole, its SHA-256; and a
// POST of the fields of an image to the same address hands it over to the archive, as
// the form with a file does. Sent twice it gives one answer.
const (
	uploadsPath = apiPrefix + "/uploads"
	tusVersion  = "1.0.0"
)

// An uploadDoc is an upload of the API.
type uploadDoc struct {
	ID       string          `json:"id"`
	Location string          `json:"location"`
	Size     int64           `json:"bytes"`
	Offset   int64           `json:"offset"`
	Digest   string          `json:"sha256,omitempty"`  // once it is whole
	Says     *saysDoc        `json:"says,omitempty"`    // what it says of itself, once it is whole
	Taken    json.RawMessage `json:"taken,omitempty"`   // the image that it became
	Said     []string        `json:"said,omitempty"`    // its warnings in the language that the address names
	Expires  time.Time       `json:"expires,omitempty"` // unless something is added
}

func (s *Server) uploadDoc(ctx context.Context, u resume.Upload) uploadDoc {
	d := uploadDoc{ID: u.ID, Location: u.Location, Size: u.Size, Offset: u.Offset, Taken: u.Taken, Expires: u.Changed.Add(s.uploads.Keep()).UTC()}
	if u.Whole() {
		d.Digest = u.Digest.String()
	}
	if t := infoOf(ctx).tongue; t.chosen {
		d.Said = saidIn(t.lang, u.Taken)
	}
	return d
}

// tus wraps a handler of the protocol.
func (s *Server) tus(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Tus-Resumable", tusVersion)
		w.Header().Set("Cache-Control", "no-store")
		switch {
		case s.uploads == nil || s.config.ReadOnly:
			return refuse(errForbidden, "This service takes no uploads.")
		case r.Method != http.MethodOptions && r.Method != http.MethodGet && r.Header.Get("Tus-Resumable") != tusVersion:
			w.Header().Set("Tus-Version", tusVersion)
			return routerError{status: http.StatusPreconditionFailed, cause: errors.New("tus version " + r.Header.Get("Tus-Resumable"))}
		}
		return told(h(w, r))
	}
}

// told puts the failures of uploads into the kinds that readers are told.
func told(err error) error {
	switch {
	case errors.Is(err, resume.ErrOffset):
		return &refusal{kind: errConflict, detail: "The upload goes on from another offset: ask for it first.", cause: err}
	case errors.Is(err, resume.ErrMany):
		return &refusal{kind: errForbidden, detail: "Too many uploads are under way. Finish some, or give them up.", cause: err}
	case errors.Is(err, resume.ErrBusy), errors.Is(err, archive.ErrFull):
		return &refusal{kind: errBusy, detail: "The upload can't be taken just now. What arrived is kept; please go on in a while.", cause: err}
	}
	return err
}

// offerUploads answers OPTIONS: what of the protocol is spoken.
func (s *Server) offerUploads(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", "creation,expiration,termination")
	h.Set("Tus-Max-Size", strconv.FormatInt(s.config.MaxUpload, 10))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// beginUpload answers POST /api/v1/uploads.
func (s *Server) beginUpload(w http.ResponseWriter, r *http.Request) error {
	size, err := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
	if err != nil || size < 1 {
		return refuse(imagery.ErrInvalid, "Say in Upload-Length how many bytes the file has.")
	}
	meta := metadataOf(r.Header.Get("Upload-Metadata"))
	c, err := s.changeable(r.Context(), meta["location"])
	if err != nil {
		return err
	}
	u, err := s.uploads.Create(resume.Upload{
		By: infoOf(r.Context()).who.Name, Location: c.Location.Slug, Name: firstBytes(meta["filename"], 500), Size: size,
	})
	if err != nil {
		return err
	}
	w.Header().Set("Location", originOf(infoOf(r.Context()))+uploadsPath+"/"+u.ID)
	s.expires(w, u)
	w.WriteHeader(http.StatusCreated)
	return nil
}

// metadataOf reads Upload-Metadata: keys and base64 values, parted by commas.
func metadataOf(header string) map[string]string {
	m := map[string]string{}
	for _, pair := range strings.Split(header, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value)); err == nil && key != "" {
			m[key] = strings.ToValidUTF8(string(b), "")
		}
	}
	return m
}

func firstBytes(s string, n int) string { return strings.ToValidUTF8(s[:min(n, len(s))], "") }

func (s *Server) expires(w http.ResponseWriter, u resume.Upload) {
	w.Header().Set("Upload-Expires", u.Changed.Add(s.uploads.Keep()).UTC().Format(http.TimeFormat))
}

// uploadState answers HEAD, in the words of tus, and GET, in JSON. An upload that a
// dropped connection still holds is let go first.
func (s *Server) uploadState(w http.ResponseWriter, r *http.Request) error {
	u, err := s.uploads.Settle(r.Context(), r.PathValue("id"), infoOf(r.Context()).who.Name)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Upload-Offset", strconv.FormatInt(u.Offset, 10))
	h.Set("Upload-Length", strconv.FormatInt(u.Size, 10))
	s.expires(w, u)
	if r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	d := s.uploadDoc(r.Context(), u)
	d.Says = s.says(u)
	return writeJSON(w, http.StatusOK, d)
}

func writeJSON(w http.ResponseWriter, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err = w.Write(append(b, '\n'))
	return err
}

// addToUpload answers PATCH. A line that stands still for as long as a request may
// take is cut; what arrived is kept.
func (s *Server) addToUpload(w http.ResponseWriter, r *http.Request) error {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/offset+octet-stream" {
		return routerError{status: http.StatusUnsupportedMediaType, cause: errors.New("content type")}
	}
	offset, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		return refuse(imagery.ErrInvalid, "Say in Upload-Offset where to go on.")
	}
	rc := http.NewResponseController(w)
	body := &patient{r: r.Body, rc: rc, each: s.config.RequestTimeout, until: time.Now().Add(s.config.UploadTimeout)}
	ctx := context.WithoutCancel(r.Context()) // a dropped line ends reading; what was read is still to be kept
	u, err := s.uploads.Append(ctx, r.PathValue("id"), infoOf(r.Context()).who.Name, offset, body, body.stop)
	if err != nil {
		var cut *http.MaxBytesError
		if body.failed && !errors.As(err, &cut) {
			return &refusal{kind: errCutOff, detail: "The line broke off. What arrived is kept: go on from where it ends.", cause: err}
		}
		return err
	}
	w.Header().Set("Upload-Offset", strconv.FormatInt(u.Offset, 10))
	s.expires(w, u)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// A patient reader waits for the next bytes for so long, and for all of them until the
// end of what an upload may take; the next request goes on.
type patient struct {
	r      io.Reader
	rc     *http.ResponseController
	each   time.Duration
	until  time.Time
	failed bool // reading ended before the body did
}

func (p *patient) Read(b []byte) (int, error) {
	limit := time.Now().Add(p.each)
	if p.until.Before(limit) {
		limit = p.until
	}
	_ = p.rc.SetReadDeadline(limit) // not every connection has one
	n, err := p.r.Read(b)
	p.failed = p.failed || err != nil && err != io.EOF
	return n, err
}

// stop makes reading fail at once.
func (p *patient) stop() { _ = p.rc.SetReadDeadline(time.Unix(1, 0)) }

// giveUpUpload answers DELETE.
func (s *Server) giveUpUpload(w http.ResponseWriter, r *http.Request) error {
	if err := s.uploads.Drop(r.Context(), r.PathValue("id"), infoOf(r.Context()).who.Name); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// takeUpload answers POST /api/v1/uploads/{id}: the upload becomes an image.
func (s *Server) takeUpload(w http.ResponseWriter, r *http.Request) error {
	if s.uploads == nil || s.config.ReadOnly {
		return refuse(errForbidden, "This service takes no uploads.")
	}
	w.Header().Set("Cache-Control", "no-store")
	im, wrong := typed.Image(typed.Form(r.PostFormValue))
	if len(wrong) > 0 {
		return &refusal{kind: errUnprocessable, detail: "Some of what was sent needs mending. The file is kept.", fields: wrong}
	}
	who := infoOf(r.Context()).who.Name
	u, err := s.uploads.Take(r.Context(), r.PathValue("id"), who, func(u resume.Upload, f *os.File) (json.RawMessage, error) {
		c, err := s.changeable(r.Context(), u.Location)
		if err != nil {
			return nil, err
		}
		if im.File, err = s.nameFor(r.Context(), c, u.Name, f); err != nil {
			return nil, err
		}
		rec, err := s.receive(r.Context(), u.Location, im, ingest.Origin{Name: u.Name, Uploader: who}, f)
		if err != nil {
			return nil, fileRefused(page.FieldImage, err, s.config.MaxUpload)
		}
		return json.Marshal(receivedDoc{imageDocOf(originOf(infoOf(r.Context())), u.Location, rec.Record, nil), rec.Held, warningDocs(rec.Warnings)})
	})
	if err != nil {
		return told(err)
	}
	if _, err := s.standingOf(r.Context(), u.Location); err != nil { // has it judged anew
		return err
	}
	return writeJSON(w, http.StatusOK, s.uploadDoc(r.Context(), u))
}
