package server

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/workshop"
)

// mediaTypes are those of the files that results hold.
var mediaTypes = map[string]string{
	".png":  "image/png",
	".jpg":  "image/jpeg",
	".gif":  "image/gif",
	".svg":  "image/svg+xml",
	".json": "application/json",
	".csv":  "text/csv; charset=utf-8",
}

// resultFile answers for one file of a result.
func (s *Server) resultFile(w http.ResponseWriter, r *http.Request) error {
	d, err := imagery.ParseDigest(r.PathValue("recipe"))
	if err != nil {
		return fmt.Errorf("%w: %w", imagery.ErrNotFound, err)
	}
	name := r.PathValue("rest")
	typ, ok := mediaTypes[path.Ext(name)]
	if !ok || !cleanName(name) {
		return imagery.ErrNotFound
	}
	res, err := s.openResult(r.Context(), d)
	if err != nil {
		return err
	}
	public, err := s.mayHave(r.Context(), d, res.Recipe.Inputs)
	if err != nil {
		return err
	}
	if !res.Holds(name) {
		return imagery.ErrNotFound
	}
	w.Header().Set("Cache-Control", forever)
	if !public {
		w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	}
	err = sendResult(w, r, res, name, typ)
	if s.spoilt(r.Context(), d, err) {
		return refuse(errBusy, "The picture was damaged on the disk and is made again. Please load its page again.")
	}
	return err
}

// An opened result is one whose list of files was read a moment ago: a page full
// of tiles asks for the same one many times.
type opened struct {
	result workshop.Result
	at     time.Time
}

func (s *Server) openResult(ctx context.Context, d imagery.Digest) (workshop.Result, error) {
	if o, ok := s.opened.get(d); ok && time.Since(o.at) < keepFor {
		return o.result, nil
	}
	kept, err := s.archive.Result(ctx, d)
	res := workshop.Result{Result: kept}
	if err == nil {
		s.opened.put(d, opened{res, time.Now()})
	}
	return res, err
}

// cleanName says that a file's name stays inside its folder.
func cleanName(name string) bool {
	return name != "" && path.Clean("/"+name) == "/"+name && !strings.ContainsAny(name, "\\\x00")
}

// sendResult sends a file of a result. Its validator is known without reading it.
func sendResult(w http.ResponseWriter, r *http.Request, res workshop.Result, name, typ string) error {
	tag := `"` + res.Digest.Short() + "-" + strings.ReplaceAll(name, "/", "-") + `"`
	h := w.Header()
	h.Set("Etag", tag)
	h.Set("Content-Type", typ)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	b, err := res.Read(name)
	if err != nil {
		return err
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	return nil
}

// imagePicture answers /locations/{slug}/images/{image}.png: the image laid over
// the reference where it could be, else as it came; 8 bits, without metadata.
func (s *Server) imagePicture(w http.ResponseWriter, r *http.Request) error {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".png")
	if !ok {
		return refuse(imagery.ErrNotFound, "Pictures of images end in .png here.")
	}
	st, err := s.standingOf(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	im, err := imageOf(st.c, id)
	if err != nil {
		return err
	}
	res, name, err := s.pictureOf(r.Context(), st, im)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache") // the address stays when a better alignment comes
	return sendResult(w, r, res, name, "image/png")
}

func (s *Server) pictureOf(ctx context.Context, st standing, im imagery.Image) (workshop.Result, string, error) {
	name := workshop.AlignedName(im)
	if st.made.result != nil && st.made.result.Holds(name) {
		return *st.made.result, name, nil
	}
	v, err := s.view(ctx, st.slug, im)
	switch {
	case err != nil:
		return workshop.Result{}, "", err
	case v.failure != "":
		return workshop.Result{}, "", refuse(imagery.ErrUnsupported, v.failure)
	case v.result == nil:
		return workshop.Result{}, "", refuse(errBusy, "The picture is being made. Please try again in a moment.")
	}
	return *v.result, workshop.ViewPNG, nil
}

// view returns the pictures of a single image.
func (s *Server) view(ctx context.Context, slug string, im imagery.Image) (made, error) {
	r, err := workshop.ViewRecipe(im.Digest)
	if err != nil {
		return made{}, err
	}
	return s.ask(ctx, r, page.Say(infoOf(ctx).lang, "jobs.draw", "file", im.File), slug)
}
