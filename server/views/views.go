// Package views puts what a report says into the words of pages: of a service's page, and
// of the page that the command line writes beside a report ([Report]).
//
// A report numbers pixels of its reference grid and names images by their files; so do
// the views. What a report leaves unknown is null there and NaN here.
package views

import (
	"html/template"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/server/page"
)

// Image puts what a report says of an image into the words of a page. The
// report is nil while there is none.
func Image(im imagery.Image, rep *assess.Report) page.ImageView {
	v := page.ImageView{Image: im, Alignment: page.AlignmentView{ResidualPx: orNaN(nil), ExpectedPx: orNaN(nil), ExpectedM: orNaN(nil)}}
	if !im.Digest.IsZero() {
		v.ID = im.Digest.Short()
	}
	if rep == nil {
		return v
	}
	i := slices.IndexFunc(rep.Images, func(r assess.ImageReport) bool { return r.File == im.File })
	if i < 0 {
		return v
	}
	r := rep.Images[i]
	if r.GSD != nil {
		v.GSD = *r.GSD
	}
	v.Status, v.Why, v.Alignment = r.Status, r.Why, alignmentView(r)
	return v
}

func alignmentView(r assess.ImageReport) page.AlignmentView {
	a := r.Alignment
	v := page.AlignmentView{
		Aligned: a.Status == "aligned", Reason: compare.Reason(a.Reason), Model: compare.Model(a.Model), TiePoints: a.TiePoints,
		ResidualPx: orNaN(a.RMSE), ExpectedPx: orNaN(a.ExpectedError), ExpectedM: orNaN(nil), Overlap: a.Overlap,
	}
	if r.GSD != nil {
		v.ExpectedM = v.ExpectedPx * *r.GSD
	}
	return v
}

// Claims puts the claims of a case beside what a report says of them.
func Claims(claims []imagery.Claim, rep *assess.Report) []page.ClaimView {
	var out []page.ClaimView
	for _, c := range claims {
		v := page.ClaimView{Claim: c}
		if rep != nil && len(rep.Images) > 0 {
			for _, r := range rep.Claims {
				if r.ID == c.ID {
					v.Verdict = &compare.Verdict{
						Claim: r.ID, Answer: r.Verdict, Reason: r.Reason, Why: r.Why,
						RestsOn: r.RestsOn, ConditionalOn: r.ConditionalOn, WouldSettle: r.WouldSettle,
					}
				}
			}
		}
		out = append(out, v)
	}
	return out
}

// Findings puts what a report says of each region into the words of a page. The
// diagram is the drawn timeline of the first region, "" if there is none; it
// must come from this program.
func Findings(rep *assess.Report, diagram []byte) []page.Finding {
	if rep == nil {
		return nil
	}
	var out []page.Finding
	for i, g := range rep.Regions {
		f := page.Finding{Region: g.Name, Timeline: timelineOf(g, rep.Images), DetectableM: orNaN(g.DetectableM), RuledOutM: orNaN(g.RuledOutM), Placebos: len(g.Placebos)}
		if g.Bracket != nil {
			f.Bracket = new(bracketOf(*g.Bracket))
		}
		for _, step := range g.Steps {
			f.Steps = append(f.Steps, bracketOf(step))
		}
		if i == 0 {
			f.Diagram = template.HTML(diagram) //nolint:gosec // drawn by package overlay, which escapes every text
		}
		out = append(out, f)
	}
	return out
}

func bracketOf(b assess.BracketReport) compare.Bracket {
	return compare.Bracket{After: instantOf(b.After), By: instantOf(b.By)}
}

func timelineOf(g assess.RegionReport, images []assess.ImageReport) compare.Timeline {
	t := compare.Timeline{
		State: g.State, PValue: orNaN(g.PValue), Statistic: orNaN(g.Statistic), Controls: g.Controls, Tiles: g.Tiles,
		DetectablePx: orNaN(g.DetectablePx), RuledOutPx: orNaN(g.RuledOutPx), Cautions: g.Cautions,
	}
	status := map[string]compare.Status{}
	for _, im := range images {
		status[im.File] = im.Status
	}
	for _, f := range g.Frames {
		t.Frames = append(t.Frames, compare.Frame{File: f.File, Status: status[f.File], State: f.State, Why: f.Why, Group: f.Group})
	}
	for _, row := range g.Dissimilar {
		line := make([]float64, len(row))
		for i, v := range row {
			line[i] = orNaN(v)
		}
		t.Dissimilar = append(t.Dissimilar, line)
	}
	for _, p := range g.Power {
		t.Power = append(t.Power, compare.PowerPoint(p))
	}
	return t
}

// instantOf reads an instant of a report, where the midnight that ends a day is
// written T24:00:00. An open end is the zero time.
func instantOf(s *string) time.Time {
	if s == nil {
		return time.Time{}
	}
	text, ends := strings.CutSuffix(*s, "T24:00:00Z")
	if ends {
		text += "T00:00:00Z"
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	if ends {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// Of finds the view of a file.
func Of(images []page.ImageView, file string) (page.ImageView, bool) {
	for _, v := range images {
		if v.File == file {
			return v, true
		}
	}
	return page.ImageView{}, false
}

// Lead names the two images to look at first: those that hold the first
// change of the first region, else the first and the last that lie on one grid.
func Lead(rep *assess.Report) (before, after string, ok bool) {
	if rep == nil {
		return "", "", false
	}
	for _, f := range rep.Region.Frames {
		switch {
		case f.State == compare.StateNew && before != "":
			return before, f.File, true
		case f.State == compare.StateOld:
			before = f.File
		}
	}
	var used []string
	for _, im := range rep.Images {
		if im.Status == compare.StatusReference || im.Status == compare.StatusUsed {
			used = append(used, im.File)
		}
	}
	if len(used) < 2 {
		return "", "", false
	}
	return used[0], used[len(used)-1], true
}

// Outlines returns the regions on the reference grid.
func Outlines(rep *assess.Report) []page.Outline {
	var out []page.Outline
	for _, g := range rep.Regions {
		if len(g.Polygon) > 0 {
			out = append(out, page.Outline{Name: g.Name, Polygon: pointsOf(g.Polygon), Part: pointsOf(g.Part)})
		}
	}
	return out
}

// pointsOf is a polygon of a report.
func pointsOf(polygon [][2]float64) []imagery.Point {
	var out []imagery.Point
	for _, p := range polygon {
		out = append(out, imagery.Point{X: p[0], Y: p[1]})
	}
	return out
}

// Grid returns the grid of a case; where north lies on it a report doesn't say.
func Grid(rep *assess.Report) page.Grid {
	g := page.Grid{Width: rep.Grid[0], Height: rep.Grid[1], North: orNaN(nil)}
	if rep.GSD != nil {
		g.GSD = *rep.GSD
	}
	return g
}

// orNaN is a number of a report, which has no NaN.
func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}
