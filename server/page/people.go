package page

import (
	"io"
	"net/url"
	"time"
)

// The addresses of the pages of people.
const (
	SignInPath  = "/sign-in" // the form to sign in, which is posted to it
	SignOutPath = "/sign-out"
	JoinPath    = "/join" // where an invitation leads: JoinPath?invitation=…
	AccountPath = "/account"
	PeoplePath  = "/people"
)

// A Visitor is who looks at a page, as far as the page shows it.
type Visitor struct {
	Person string // pseudonym of who is signed in; "" for nobody
	Role   string // "" for a reader
	SignIn bool   // there are accounts to sign in to
}

// MayPublish says that the visitor lets people in, and publishes.
func (v Visitor) MayPublish() bool { return v.Role == "editor" }

// A SignInView is the form to sign in.
type SignInView struct {
	Site
	Token string // against forged posts
	Next  string // address that it leads to
	Name  string // as it was typed
	Wrong string // why it was refused; "" at first
}

// SignIn writes the form to sign in.
func SignIn(w io.Writer, v SignInView) error {
	return render(w, "signin.html", shell{Site: v.Site, Title: v.voice().text("site.signin")}, v)
}

// A JoinView is the form that an invitation leads to.
type JoinView struct {
	Site
	Token       string
	Invitation  string // its text, which is posted back
	Role        string // that it gives
	Until       time.Time
	Name        string
	Errors      map[string]string // by field: name, password
	MinPassword int               // characters
}

// Join writes the form that an invitation leads to.
func Join(w io.Writer, v JoinView) error {
	v.Site = v.at(JoinPath + "?invitation=" + url.QueryEscape(v.Invitation))
	return render(w, "join.html", shell{Site: v.Site, Title: v.voice().text("join.title")}, v)
}

// A KeyView is an invitation or a token, without what lets in.
type KeyView struct {
	ID, Label, Role string
	Until, Seen     time.Time
}

// An AccountView is one's own account.
type AccountView struct {
	Site
	Token       string
	Role        string
	Tokens      []KeyView
	NewToken    string            // shown once; "" where none was made
	Errors      map[string]string // by field: current, password, days
	MinPassword int
}

// Account writes the page of one's own account.
func Account(w io.Writer, v AccountView) error {
	v.Site = v.at(AccountPath)
	return render(w, "account.html", shell{Site: v.Site, Title: v.voice().text("account.title")}, v)
}

// A PersonView is an account as editors see it.
type PersonView struct {
	Name, Role string
	Since      time.Time
	Disabled   bool
}

// A PeopleView is who has an account, and who was invited.
type PeopleView struct {
	Site
	Token       string
	People      []PersonView
	Invitations []KeyView
	Link        string // of the invitation just made, shown once
	LinkRole    string
	Wrong       string
	Alone       bool // nobody has an account, so whoever sits at this machine needs none
}

// Roles lists those that an account can have.
func (v PeopleView) Roles() []string { return []string{"contributor", "analyst", "editor"} }

// People writes the page where editors let people in.
func People(w io.Writer, v PeopleView) error {
	v.Site = v.at(PeoplePath)
	return render(w, "people.html", shell{Site: v.Site, Title: v.voice().text("site.people")}, v)
}
