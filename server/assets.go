package server

import (
	"bytes"
	"net/http"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/web"
)

// forever is for answers whose address names their content.
const forever = "public, max-age=31536000, immutable"

// asset answers for scripts and styles.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) error {
	a, ok := web.Find(r.URL.Path)
	if !ok {
		return imagery.ErrNotFound
	}
	h := w.Header()
	h.Set("Content-Type", a.Type)
	h.Set("Cache-Control", web.CacheControl)
	h.Set("Etag", `"`+a.Digest+`"`)
	http.ServeContent(w, r, a.Name, time.Time{}, bytes.NewReader(a.Content))
	return nil
}
