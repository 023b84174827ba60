package server

import "github.com/labstack/echo/v4"

// What tests look at from outside.
var (
	PublicFailure = publicFailure
	Harmless      = harmless
)

// Least is the role that each address needs.
var Least = least

// OwnPath leads only to addresses of the service.
var OwnPath = ownPath

// Routes lists what the router knows, as "METHOD /path/:name".
func (s *Server) Routes() (out []string) {
	for _, r := range s.handler.(*echo.Echo).Routes() {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}

// Explain returns what a reader is told of an error.
func Explain(err error) (status int, title, detail string) {
	t := explain(err)
	return t.Status, t.Title, t.Detail
}

// A Crowd counts what is open at once.
type Crowd struct{ c *crowd }

func NewCrowd(most, ofOne int) Crowd { return Crowd{newCrowd(most, ofOne)} }

func (c Crowd) Take(sender string) bool { return c.c.take(sender) }
func (c Crowd) Leave(sender string)     { c.c.leave(sender) }
