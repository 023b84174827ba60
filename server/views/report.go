package views

import (
	"bytes"
	"image/png"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/workshop"
)

// Report writes the page of a judged case in English for a folder that holds the
// bundle b: the same content as the service's page, with the pictures as files beside it.
func Report(c imagery.Case, rep assess.Report, b assess.Bundle, command string) ([]byte, error) {
	return ReportIn(page.English, c, rep, b, command)
}

// ReportIn is Report in one of the languages of the pages.
func ReportIn(lang page.Language, c imagery.Case, rep assess.Report, b assess.Bundle, command string) ([]byte, error) {
	f := folder{c: c, rep: &rep, bundle: b}
	v := page.LocationView{
		Site: page.Site{Version: rep.Version, ReadOnly: true, Lang: lang}, Case: c, Images: f.images(),
		Claims: Claims(c.Claims, &rep), Findings: Findings(&rep, b[assess.TimelineSVG]), Cautions: rep.Cautions,
	}
	for k := range v.Findings {
		v.Findings[k].Placebo = f.picture(workshop.PlaceboName(k, v.Findings[k].Region))
	}
	if before, after, ok := Lead(&rep); ok {
		v.Lead = f.pair(v.Images, before, after)
	}
	for _, d := range []struct{ name, label, note string }{ // label is the key of a message
		{assess.ReportJSON, "take.report", "JSON"},
		{assess.FilmstripPNG, "take.filmstrip", "PNG"},
		{assess.MatrixSVG, "take.matrix", "SVG"},
		{assess.ControlsSVG, "take.controls", "SVG"},
		{assess.PowerSVG, "take.power", "SVG"},
	} {
		if _, ok := b[d.name]; ok {
			v.Downloads = append(v.Downloads, page.Link{Label: page.Say(lang, d.label), URL: d.name, Note: d.note})
		}
	}
	var out bytes.Buffer
	err := page.Report(&out, page.ReportView{Location: v, Seed: rep.Seed, Command: command})
	return out.Bytes(), err
}

// A folder is a judged case whose pictures are files.
type folder struct {
	c      imagery.Case
	rep    *assess.Report
	bundle assess.Bundle
}

func (f folder) images() []page.ImageView {
	var out []page.ImageView
	for _, r := range f.rep.Images {
		im, ok := f.c.Image(r.File)
		if !ok {
			continue
		}
		if d, err := imagery.ParseDigest(r.Digest); err == nil {
			im.Digest = d
		}
		v := Image(im, f.rep)
		v.ID = "" // there is no address to name it in
		v.Picture = f.picture(workshop.AlignedName(im))
		out = append(out, v)
	}
	return out
}

// picture returns the file of the bundle as a picture, nil if it isn't there.
func (f folder) picture(name string) *page.Picture {
	data, ok := f.bundle[name]
	if !ok {
		return nil
	}
	cfg, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	return &page.Picture{URL: name, Width: cfg.Width, Height: cfg.Height}
}

func (f folder) pair(images []page.ImageView, before, after string) *page.Pair {
	b, okB := Of(images, before)
	a, okA := Of(images, after)
	if !okA || !okB || a.Picture == nil || b.Picture == nil {
		return nil
	}
	return &page.Pair{
		Before: b, After: a, Grid: Grid(f.rep), Outlines: Outlines(f.rep),
		ExpectedPx: orNaN(nil), ExpectedM: orNaN(nil),
	}
}
