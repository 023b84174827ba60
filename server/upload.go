package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/ingest"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/typed"
	"github.com/antequem/antequem/server/views"
)

// uploadForm answers GET /locations/{slug}/upload.
func (s *Server) uploadForm(w http.ResponseWriter, r *http.Request) error {
	c, err := s.uploadCase(r)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.Upload(asHTML(w), s.uploadView(r, c, page.UploadForm{}, nil))
}

// upload answers POST /locations/{slug}/upload and leads to the receipt. What is
// wrong comes back with the form as it was typed.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) error {
	c, err := s.uploadCase(r)
	if err != nil {
		return err
	}
	form := typed.Form(r.PostFormValue)
	rec, err := s.take(r, c, form, page.FieldImage)
	if err != nil {
		return s.formAgain(w, r, c, form, err)
	}
	if _, err := s.askAfter(r.Context(), c.Location.Slug, rec.Image); err != nil {
		return err
	}
	to := receiptPath(c.Location.Slug, rec.Digest)
	s.warnings.put(to, warningTexts(rec.Warnings))
	if rec.Held {
		to += "?held=true"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// receipt answers /locations/{slug}/uploads/{image}: what became of an upload. It
// is an address of its own so that reading it again sends nothing again.
func (s *Server) receipt(w http.ResponseWriter, r *http.Request) error {
	st, err := s.standingOf(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	im, err := imageOf(st.c, r.PathValue("image"))
	if err != nil {
		return err
	}
	recs, err := s.archive.Images(r.Context(), st.slug)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(recs, func(rec archive.Record) bool { return rec.File == im.File })
	if i < 0 {
		return imagery.ErrNotFound
	}
	wait := waiting{st.made}
	warnings, _ := s.warnings.get(receiptPath(st.slug, im.Digest))
	v := page.UploadedView{
		Site: s.site(r), Slug: st.slug, Title: titleOf(st.c), Image: views.Image(im, st.report), Digest: im.Digest,
		Bytes: recs[i].Size, Format: strings.ToUpper(recs[i].Format), Width: recs[i].Width, Height: recs[i].Height,
		Warnings: warnings, Known: r.URL.Query().Get("held") == "true", Jobs: wait.jobs(), Events: wait.events(st.slug),
	}
	return render(w, page.Uploaded, v, v.Jobs...)
}

func warningTexts(ws []ingest.Warning) []string {
	var out []string
	for _, w := range ws {
		if w.Code != ingest.HeldAlready {
			out = append(out, w.Text)
		}
	}
	return out
}

func (s *Server) uploadCase(r *http.Request) (imagery.Case, error) {
	if s.config.ReadOnly {
		return imagery.Case{}, refuse(errForbidden, "This service takes no uploads.")
	}
	return s.changeable(r.Context(), r.PathValue("slug"))
}

func (s *Server) uploadView(r *http.Request, c imagery.Case, f page.UploadForm, wrong map[string]string) page.UploadView {
	return page.UploadView{
		Site: s.site(r), Slug: c.Location.Slug, Title: titleOf(c), Form: f, Errors: wrong,
		Token: infoOf(r.Context()).token, MaxBytes: s.config.MaxUpload,
	}
}

// formAgain shows the form as it was typed with what is wrong, if it is for the
// reader to mend.
func (s *Server) formAgain(w http.ResponseWriter, r *http.Request, c imagery.Case, f page.UploadForm, err error) error {
	t := explain(err)
	if len(t.Fields) == 0 {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	out := asHTML(w)
	w.WriteHeader(t.Status)
	return page.Upload(out, s.uploadView(r, c, f, t.Fields))
}

// asHTML marks what is written to w as a page.
func asHTML(w http.ResponseWriter) io.Writer {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return w
}

// take checks a sent form and hands its file over to be kept. Pages and API share it.
func (s *Server) take(r *http.Request, c imagery.Case, form page.UploadForm, field string) (ingest.Report, error) {
	im, wrong := typed.Image(form)
	f, head, err := r.FormFile(field)
	switch {
	case errors.Is(err, http.ErrMissingFile):
		wrong[field] = "Choose a file."
	case err != nil:
		return ingest.Report{}, formError(err)
	default:
		defer f.Close()
		if head.Size == 0 {
			wrong[field] = "The file is empty."
		}
		if head.Size > s.config.MaxUpload {
			s.counts.Upload("refused")
			return ingest.Report{}, fileRefused(field, fmt.Errorf("file of %d bytes: %w", head.Size, imagery.ErrTooLarge), s.config.MaxUpload)
		}
	}
	if len(wrong) > 0 {
		s.counts.Upload("refused")
		return ingest.Report{}, &refusal{kind: errUnprocessable, detail: "Some of what was sent needs mending. Nothing was stored.", fields: wrong}
	}
	from := ingest.Origin{Name: head.Filename, Uploader: infoOf(r.Context()).who.Name}
	if im.File, err = s.nameFor(r.Context(), c, head.Filename, f); err != nil {
		return ingest.Report{}, err
	}
	rec, err := s.receive(r.Context(), c.Location.Slug, im, from, f)
	if err != nil {
		return ingest.Report{}, fileRefused(field, err, s.config.MaxUpload)
	}
	return rec, nil
}

// receive hands a file over to be kept.
func (s *Server) receive(ctx context.Context, slug string, im imagery.Image, from ingest.Origin, f io.Reader) (ingest.Report, error) {
	rec, err := s.ingest.Receive(ctx, slug, im, from, f)
	if err != nil {
		s.counts.Upload("refused")
		return ingest.Report{}, err
	}
	s.changed()
	s.infos.put(rec.Digest, rec.Info)
	if rec.Held {
		s.counts.Upload("known")
	} else {
		s.counts.Upload("stored")
	}
	return rec, nil
}

// nameFor returns the name that a file gets in its case. The one that it had on the
// machine of somebody who signed in may tell who that is, and is never shown: theirs
// are named by what is in them.
func (s *Server) nameFor(ctx context.Context, c imagery.Case, uploaded string, f io.ReadSeeker) (string, error) {
	taken := func(n string) bool { // on some disks a name is one in whatever capitals
		return slices.ContainsFunc(c.Images, func(im imagery.Image) bool { return strings.EqualFold(im.File, n) })
	}
	if infoOf(ctx).who.alone {
		return typed.FileName(uploaded, taken), nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read upload: %w", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("read upload: %w", err)
	}
	return typed.FileName(hex.EncodeToString(h.Sum(nil)[:6])+neutralExt(uploaded), taken), nil
}

// neutralExt returns the ending of a file's name where it says what pictures say.
func neutralExt(name string) string {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif", ".bmp":
		return ext
	}
	return ""
}

// fileRefused says what is wrong with a file in words for whoever sent it.
func fileRefused(field string, err error, limit int64) error {
	say := func(text string) error {
		return &refusal{kind: kindOf(err), detail: text + " Nothing was stored.", fields: map[string]string{field: text}, cause: err}
	}
	switch {
	case errors.Is(err, imagery.ErrTooLarge):
		return say(fmt.Sprintf("The file, or the picture in it, is larger than is taken here: at most %d MiB.", limit>>20))
	case errors.Is(err, imagery.ErrUnsupported):
		return say("This is no picture of a kind that is read here: PNG, JPEG, TIFF, GeoTIFF, WebP, GIF or BMP.")
	case errors.Is(err, imagery.ErrCorrupt):
		return say("The picture is damaged or incomplete: it can't be read to its end.")
	case errors.Is(err, archive.ErrExists):
		return say("Another image of this name was added at the same moment. Send it again.")
	}
	return err
}

// kindOf returns the kind of failure that err is of.
func kindOf(err error) error {
	for _, a := range answers {
		if errors.Is(err, a.kind) {
			return a.kind
		}
	}
	return err
}

// askAfter has everything made that a new image brings about.
func (s *Server) askAfter(ctx context.Context, slug string, im imagery.Image) (waiting, error) {
	v, err := s.view(ctx, slug, im)
	if err != nil {
		return nil, err
	}
	st, err := s.standingOf(ctx, slug)
	if err != nil {
		return nil, err
	}
	return waiting{st.made, v}, nil
}
