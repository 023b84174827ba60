package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/people"
)

// sessionCookie is the name of the cookie that holds a session. The prefix makes
// browsers refuse one that another host, or a page without encryption, put there.
func (s *Server) sessionCookie() string {
	if s.secured() {
		return "__Host-antequem"
	}
	return "antequem"
}

// secured says that readers reach the service by https.
func (s *Server) secured() bool { return strings.HasPrefix(s.config.Origin, "https://") }

// setSession hands a session to the browser; "" takes it back. The cookie ends with
// the browser, and the session by itself.
func (s *Server) setSession(w http.ResponseWriter, text string) {
	k := &http.Cookie{
		Name: s.sessionCookie(), Value: text, Path: "/", HttpOnly: true, Secure: s.secured(), SameSite: http.SameSiteLaxMode,
	}
	if text == "" {
		k.MaxAge = -1
	}
	http.SetCookie(w, k)
}

// session returns the text of the session that a request shows; "" for none.
func (s *Server) session(r *http.Request) string {
	k, err := r.Cookie(s.sessionCookie())
	if err != nil {
		return ""
	}
	return k.Value
}

// signInForm answers GET /sign-in.
func (s *Server) signInForm(w http.ResponseWriter, r *http.Request) error {
	if s.people == nil {
		return imagery.ErrNotFound
	}
	return s.showSignIn(w, r, http.StatusOK, "", "")
}

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request, status int, name, wrong string) error {
	w.Header().Set("Cache-Control", "no-store")
	out := asHTML(w)
	w.WriteHeader(status)
	return page.SignIn(out, page.SignInView{
		Site: s.site(r), Token: infoOf(r.Context()).token, Next: ownPath(r.FormValue("next")), Name: name, Wrong: wrong,
	})
}

// signIn answers POST /sign-in.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	if s.people == nil {
		return imagery.ErrNotFound
	}
	name := r.PostFormValue("name")
	_, text, err := s.people.SignIn(r.Context(), name, r.PostFormValue("password"), infoOf(r.Context()).from, s.session(r))
	var many people.TooMany
	switch {
	case errors.As(err, &many):
		return routerError{status: http.StatusTooManyRequests, cause: err}
	case errors.Is(err, people.ErrWrong):
		return s.showSignIn(w, r, http.StatusUnprocessableEntity, name, "That name and that password don’t go together here.")
	case err != nil:
		return err
	}
	s.setSession(w, text)
	http.Redirect(w, r, ownPath(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}

// signOut answers POST /sign-out.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if s.people == nil {
		return imagery.ErrNotFound
	}
	if err := s.people.SignOut(r.Context(), s.session(r)); err != nil {
		return err
	}
	s.setSession(w, "")
	w.Header().Set("Clear-Site-Data", `"cache"`)
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// ownPath returns an address of this service as it was sent, and "/" for any other.
func ownPath(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(text, "/") ||
		strings.HasPrefix(text, "//") || strings.ContainsAny(text, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}
