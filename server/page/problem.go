package page

import "io"

// A ProblemView says what went wrong, in public words.
type ProblemView struct {
	Site
	Status    int    // HTTP status
	Title     string // "Not found"
	Detail    string // what to do about it; may be ""
	RequestID string // to name it by; may be ""
}

// Problem writes what went wrong.
func Problem(w io.Writer, v ProblemView) error {
	return render(w, "problem.html", shell{Site: v.Site, Title: v.Title}, v)
}
