package page

import "io"

// AddManyPath returns the address where many images are added at once.
func AddManyPath(slug string) string { return LocationPath(slug) + "/add" }

// AddMany writes the page where many images are added at once. It needs scripts, and
// leads whoever has none to the form for one.
func AddMany(w io.Writer, v UploadView) error {
	v.Site = inEnglish(v.Site)
	return render(w, "addmany.html", shell{Site: v.Site, Title: "Add images: " + v.Title}, v)
}
