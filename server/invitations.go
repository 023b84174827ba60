package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/people"
)

// joinForm answers GET /join: where an invitation leads. The invitation stands in the
// query, which no log holds, and no page that is linked to is told of it.
func (s *Server) joinForm(w http.ResponseWriter, r *http.Request) error {
	k, err := s.invited(r, r.FormValue("invitation"))
	if err != nil {
		return err
	}
	return s.showJoin(w, r, http.StatusOK, k, "", nil)
}

func (s *Server) showJoin(w http.ResponseWriter, r *http.Request, status int, k people.Key, name string, wrong map[string]string) error {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	out := asHTML(w)
	w.WriteHeader(status)
	return page.Join(out, page.JoinView{
		Site: s.site(r), Token: infoOf(r.Context()).token, Invitation: r.FormValue("invitation"),
		Role: k.Role.String(), Until: k.Expires, Name: name, Errors: wrong, MinPassword: people.MinPassword,
	})
}

// invited returns the invitation of a text. Wrong ones are counted.
func (s *Server) invited(r *http.Request, text string) (people.Key, error) {
	if s.people == nil {
		return people.Key{}, imagery.ErrNotFound
	}
	k, err := s.people.Invited(r.Context(), text)
	if errors.Is(err, people.ErrWrong) {
		return k, s.wrongInvitation(r, err)
	}
	return k, err
}

func (s *Server) wrongInvitation(r *http.Request, err error) error {
	if many := s.people.Guess(infoOf(r.Context()).from); many != nil {
		return routerError{status: http.StatusTooManyRequests, cause: many}
	}
	return &refusal{kind: imagery.ErrNotFound, detail: "This invitation was used, has expired or was withdrawn. Whoever sent it can send another.", cause: err}
}

// join answers POST /join: it makes the account and signs its owner in.
func (s *Server) join(w http.ResponseWriter, r *http.Request) error {
	k, err := s.invited(r, r.PostFormValue("invitation"))
	if err != nil {
		return err
	}
	name, password := r.PostFormValue("name"), r.PostFormValue("password")
	_, text, err := s.people.Accept(r.Context(), r.PostFormValue("invitation"), name, password, s.session(r))
	switch {
	case errors.Is(err, people.ErrWrong):
		return s.wrongInvitation(r, err)
	case errors.Is(err, people.ErrTaken):
		return s.showJoin(w, r, http.StatusUnprocessableEntity, k, name, map[string]string{"name": "This name is taken. Choose another."})
	case errors.Is(err, imagery.ErrInvalid):
		return s.showJoin(w, r, http.StatusUnprocessableEntity, k, name, wrongAccount(name))
	case err != nil:
		return err
	}
	s.setSession(w, text)
	http.Redirect(w, r, page.AccountPath, http.StatusSeeOther)
	return nil
}

// wrongAccount tells which of a name and a password is to be mended.
func wrongAccount(name string) map[string]string {
	if people.CheckName(name) != nil {
		return map[string]string{"name": "A name has 2 to 40 letters, digits, hyphens or dots, and no blanks."}
	}
	return map[string]string{"password": "Choose a longer or less simple password: " + strconv.Itoa(people.MinPassword) + " characters or more, and not your name."}
}

// peoplePage answers GET /people: who has an account, and who was invited.
func (s *Server) peoplePage(w http.ResponseWriter, r *http.Request) error {
	return s.showPeople(w, r, http.StatusOK, page.PeopleView{})
}

func (s *Server) showPeople(w http.ResponseWriter, r *http.Request, status int, v page.PeopleView) error {
	if s.people == nil {
		return imagery.ErrNotFound
	}
	accounts, err := s.people.People(r.Context())
	if err != nil {
		return err
	}
	open, err := s.people.Invitations(r.Context())
	if err != nil {
		return err
	}
	v.Site, v.Token, v.Alone = s.site(r), infoOf(r.Context()).token, infoOf(r.Context()).who.alone
	for _, p := range accounts {
		v.People = append(v.People, page.PersonView{Name: p.Name, Role: p.Role.String(), Since: p.Made, Disabled: !p.Disabled.IsZero()})
	}
	for _, k := range open {
		v.Invitations = append(v.Invitations, page.KeyView{ID: k.ID, Label: k.Label, Role: k.Role.String(), Until: k.Expires})
	}
	w.Header().Set("Cache-Control", "no-store")
	out := asHTML(w)
	w.WriteHeader(status)
	return page.People(out, v)
}

// day is what a form counts the validity of keys in.
const day = 24 * time.Hour

// validity reads for how many days a key is to be valid.
func validity(text string) (time.Duration, bool) {
	n, err := strconv.Atoi(text)
	return time.Duration(n) * day, err == nil && n >= 1 && n <= 365
}

// invite answers POST /people/invite. The link is shown this once.
func (s *Server) invite(w http.ResponseWriter, r *http.Request) error {
	if s.people == nil {
		return imagery.ErrNotFound
	}
	role, err := people.ParseRole(r.PostFormValue("role"))
	valid, ok := validity(r.PostFormValue("days"))
	if err != nil || !ok || len(r.PostFormValue("label")) > 200 {
		return s.showPeople(w, r, http.StatusUnprocessableEntity, page.PeopleView{Wrong: "Choose a role, and 1 to 365 days. A note has at most 200 letters."})
	}
	_, text, err := s.people.Invite(r.Context(), role, r.PostFormValue("label"), valid)
	if err != nil {
		return err
	}
	return s.showPeople(w, r, http.StatusOK, page.PeopleView{Link: InvitationLink(s.origin(r), text), LinkRole: role.String()})
}

// InvitationLink returns the address that an invitation is accepted at.
func InvitationLink(origin, text string) string {
	return origin + page.JoinPath + "?invitation=" + url.QueryEscape(text)
}

// withdrawInvitation answers POST /people/withdraw.
func (s *Server) withdrawInvitation(w http.ResponseWriter, r *http.Request) error {
	if s.people == nil {
		return imagery.ErrNotFound
	}
	if err := s.people.Revoke(r.Context(), people.Invitation, r.PostFormValue("id"), ""); err != nil && !errors.Is(err, imagery.ErrNotFound) {
		return err
	}
	http.Redirect(w, r, page.PeoplePath, http.StatusSeeOther)
	return nil
}

// changeAccount answers POST /people/change: another role, disabled, or enabled again.
func (s *Server) changeAccount(w http.ResponseWriter, r *http.Request) error {
	if s.people == nil {
		return imagery.ErrNotFound
	}
	name := r.PostFormValue("name")
	var err error
	switch do := r.PostFormValue("do"); do {
	case "disable":
		err = s.people.Disable(r.Context(), name)
	case "enable":
		err = s.people.Enable(r.Context(), name)
	default:
		var role people.Role
		if role, err = people.ParseRole(do); err == nil {
			err = s.people.SetRole(r.Context(), name, role)
		}
	}
	switch {
	case errors.Is(err, people.ErrLastEditor):
		return s.showPeople(w, r, http.StatusUnprocessableEntity, page.PeopleView{Wrong: "This is the only editor. Make another one first."})
	case err != nil:
		return err
	}
	http.Redirect(w, r, page.PeoplePath, http.StatusSeeOther)
	return nil
}
