package page

import "io"

// A ReportView is a location in one file that opens from disk. The pictures stay
// files beside it: their URLs are relative.
type ReportView struct {
	Location LocationView
	Pairs    []Pair // to be looked at with a slider, beside Location.Lead
	Seed     string // of the random draws
	Command  string // that makes the report again; "" if not to be told
}

// Report writes a location in one file that opens from disk.
func Report(w io.Writer, v ReportView) error {
	v.Location.Slug = ""
	return render(w, "report.html", shell{
		Site:        Site{Version: v.Location.Version, Lang: v.Location.Lang},
		Title:       v.Location.Case.Title,
		Description: shorten(v.Location.Case.Summary, 200),
		inline:      selfContained(),
	}, v)
}
