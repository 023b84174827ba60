package page

import "io"

// A MethodView is the page on reading a verdict.
type MethodView struct{ Site }

// Method writes the page on reading a verdict.
func Method(w io.Writer, v MethodView) error {
	return render(w, "method.html", shell{Site: v.Site, Title: v.voice().text("site.method"), Path: MethodPath}, v)
}
