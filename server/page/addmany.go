package page

import "io"

// AddManyPath returns the address where many images are added at once.
func AddManyPath(slug string) string { return LocationPath(slug) + "/add" }

// AddMany writes the page where many images are added at once. It needs scripts, and
// leads whoever has none to the form for one.
func AddMany(w io.Writer, v UploadView) error {
	return render(w, "addmany.html", shell{Site: v.Site, Title: v.voice().text("add.title", "title", v.Title)}, v)
}
