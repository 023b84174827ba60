package server

import (
	"fmt"
	"net/http"
	"time"

	"github.com/antequem/antequem/imagery"
)

// original answers /originals/{digest}: the bytes as uploaded, with all the
// metadata inside them, to be saved and never shown.
func (s *Server) original(w http.ResponseWriter, r *http.Request) error {
	if !s.allowed(s.config.Originals, r) {
		return refuse(errForbidden, "Originals are not offered here: they may hold what their uploaders didn't mean to publish.")
	}
	d, err := imagery.ParseDigest(r.PathValue("digest"))
	if err != nil {
		return &refusal{kind: imagery.ErrNotFound, detail: "An original is named by all 64 characters of its SHA-256.", cause: err}
	}
	if _, err := s.mayHave(r.Context(), d, []imagery.Digest{d}); err != nil {
		return err
	}
	f, err := s.archive.Original(r.Context(), d)
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("Etag", `"`+d.String()+`"`)
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", d.Short()))
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}
