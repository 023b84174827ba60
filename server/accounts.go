package server

import (
	"errors"
	"net/http"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/people"
)

// account answers GET /account: one's own account and tokens.
func (s *Server) account(w http.ResponseWriter, r *http.Request) error {
	return s.showAccount(w, r, http.StatusOK, page.AccountView{})
}

func (s *Server) showAccount(w http.ResponseWriter, r *http.Request, status int, v page.AccountView) error {
	who := infoOf(r.Context()).who
	if who.Name == "" {
		return refuse(imagery.ErrNotFound, "This machine has one person, who needs no account.")
	}
	tokens, err := s.people.Tokens(r.Context(), who.Name)
	if err != nil {
		return err
	}
	v.Site, v.Token, v.Role, v.MinPassword = s.site(r), infoOf(r.Context()).token, who.Role.String(), people.MinPassword
	for _, k := range tokens {
		v.Tokens = append(v.Tokens, page.KeyView{ID: k.ID, Label: k.Label, Until: k.Expires, Seen: k.Seen})
	}
	w.Header().Set("Cache-Control", "no-store")
	out := asHTML(w)
	w.WriteHeader(status)
	return page.Account(out, v)
}

// changePassword answers POST /account/password. Every other session ends with it.
func (s *Server) changePassword(w http.ResponseWriter, r *http.Request) error {
	info := infoOf(r.Context())
	if info.who.Name == "" {
		return imagery.ErrNotFound
	}
	_, text, err := s.people.SignIn(r.Context(), info.who.Name, r.PostFormValue("current"), info.from, s.session(r))
	var many people.TooMany
	switch {
	case errors.As(err, &many):
		return routerError{status: http.StatusTooManyRequests, cause: err}
	case errors.Is(err, people.ErrWrong):
		return s.showAccount(w, r, http.StatusUnprocessableEntity, page.AccountView{Errors: map[string]string{"current": "This is not your password."}})
	case err != nil:
		return err
	}
	s.setSession(w, text)
	err = s.people.SetPassword(r.Context(), info.who.Name, r.PostFormValue("password"))
	if errors.Is(err, imagery.ErrInvalid) {
		return s.showAccount(w, r, http.StatusUnprocessableEntity, page.AccountView{Errors: wrongAccount(info.who.Name)})
	}
	if err != nil {
		return err
	}
	if _, text, err = s.people.SignIn(r.Context(), info.who.Name, r.PostFormValue("password"), info.from, ""); err != nil {
		return err
	}
	w.Header().Del("Set-Cookie")
	s.setSession(w, text)
	http.Redirect(w, r, page.AccountPath, http.StatusSeeOther)
	return nil
}

// makeToken answers POST /account/tokens. The token is shown this once.
func (s *Server) makeToken(w http.ResponseWriter, r *http.Request) error {
	who := infoOf(r.Context()).who
	if who.Name == "" {
		return imagery.ErrNotFound
	}
	valid, ok := validity(r.PostFormValue("days"))
	if !ok || len(r.PostFormValue("label")) > 200 {
		return s.showAccount(w, r, http.StatusUnprocessableEntity, page.AccountView{Errors: map[string]string{"days": "Give 1 to 365 days, and a name of at most 200 letters."}})
	}
	_, text, err := s.people.NewToken(r.Context(), who.Name, r.PostFormValue("label"), valid)
	if err != nil {
		return err
	}
	return s.showAccount(w, r, http.StatusOK, page.AccountView{NewToken: text})
}

// revokeToken answers POST /account/tokens/revoke.
func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request) error {
	who := infoOf(r.Context()).who
	if who.Name == "" {
		return imagery.ErrNotFound
	}
	if err := s.people.Revoke(r.Context(), people.Token, r.PostFormValue("id"), who.Name); err != nil && !errors.Is(err, imagery.ErrNotFound) {
		return err
	}
	http.Redirect(w, r, page.AccountPath, http.StatusSeeOther)
	return nil
}
