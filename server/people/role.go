package people

import (
	"fmt"

	"github.com/antequem/antequem/imagery"
)

// A Role is what somebody may do; each may do all that the ones below it may.
type Role int

const (
	Reader      Role = iota // reads what is published; nobody has to sign in for it
	Contributor             // adds locations, images, regions and claims to drafts
	Analyst                 // gives readings of images
	Editor                  // publishes, corrects, withdraws, and lets people in
)

// Roles lists every role that an account can have.
var Roles = []Role{Contributor, Analyst, Editor}

var roleNames = []string{"reader", "contributor", "analyst", "editor"}

func (r Role) String() string {
	if r < Reader || r > Editor {
		return "no role"
	}
	return roleNames[r]
}

// ParseRole reads the role of an account.
func ParseRole(s string) (Role, error) {
	for _, r := range Roles {
		if r.String() == s {
			return r, nil
		}
	}
	return Reader, fmt.Errorf("role %q: want contributor, analyst or editor: %w", s, imagery.ErrInvalid)
}
