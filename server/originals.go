package server

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/people"
)

// original answers /originals/{digest}: the bytes as uploaded, with all the
// metadata inside them, to be saved and never shown.
func (s *Server) original(w http.ResponseWriter, r *http.Request) error {
	d, err := imagery.ParseDigest(r.PathValue("digest"))
	if err != nil {
		return &refusal{kind: imagery.ErrNotFound, detail: "An original is named by all 64 characters of its SHA-256.", cause: err}
	}
	if _, err := s.mayHave(r.Context(), d, []imagery.Digest{d}); err != nil {
		return err
	}
	if offered, err := s.offers(r, d); err != nil || !offered {
		return cmp.Or(err, refuse(errForbidden, "This original is not offered: it may hold what its uploader didn't mean to publish. An editor can release it."))
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

// offers says whether the sender of r may have an original. Config.Originals is the
// limit for all, but that an editor's release goes beyond this machine; where readers
// may have originals, it is those that tell of nobody, and those released.
func (s *Server) offers(r *http.Request, d imagery.Digest) (bool, error) {
	if s.config.Originals == AccessNone {
		return false, nil
	}
	allowed := s.allowed(s.config.Originals, r)
	if infoOf(r.Context()).who.Role >= people.Contributor && allowed {
		return true, nil
	}
	released, err := s.archive.MetadataReleased(r.Context(), d)
	if err != nil || released || !allowed {
		return released, err
	}
	return !s.tells(r.Context(), d), nil
}

// tells says that an original holds metadata that may tell of people, or that nobody
// could find out.
func (s *Server) tells(ctx context.Context, d imagery.Digest) bool {
	info, ok := s.infos.get(d)
	if !ok {
		var err error
		if info, err = s.readInfo(ctx, d); err != nil {
			s.log.WarnContext(ctx, "what a file says of itself", "image", d.Short(), "err", err)
			return true
		}
		s.infos.put(d, info)
	}
	return len(info.Personal) > 0
}
