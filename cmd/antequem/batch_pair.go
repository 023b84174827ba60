package main

import (
	"bytes"
	"image/png"
	"math"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
	"github.com/antequem/antequem/server/page"
	"github.com/antequem/antequem/server/views"
)

// pairAsCase puts a pair into the words of a case, so that one table and one
// page serve both. Its bracket is that of the verdict rule, and is there only
// where the dates say surely which picture is the older.
func pairAsCase(c imagery.Case, pr assess.PairReport) assess.Report {
	rep := assess.Report{
		Title: c.Title, Reference: pr.Before, Grid: pr.Grid, Version: pr.Version, Seed: pr.Seed,
		Regions: []assess.RegionReport{}, Claims: []assess.ClaimReport{}, Cautions: []string{},
	}
	if pr.Region != nil {
		g := *pr.Region
		if b := bracketOf(g.State, c.Images[0], c.Images[1]); b != nil {
			g.Bracket, g.Steps = b, []assess.BracketReport{*b}
		}
		rep.Region, rep.Regions = g, append(rep.Regions, g)
	}
	before := pairImage(c.Images[0], compare.StatusReference, assess.ReportAlignment(compare.Self(), nil))
	after := pairImage(c.Images[1], compare.StatusUsed, pr.Alignment)
	if pr.Alignment.Status != "aligned" {
		after.Status, after.Why = compare.StatusUnaligned, assess.Explain(compare.Reason(pr.Alignment.Reason))
	}
	rep.Images = []assess.ImageReport{before, after}
	if pr.Region != nil {
		for i, f := range pr.Region.Frames {
			if i < len(rep.Images) {
				rep.Images[i].Status, rep.Images[i].State, rep.Images[i].Why = f.Status, f.State, f.Why
			}
		}
	}
	return rep
}

func pairImage(im imagery.Image, status compare.Status, al assess.AlignmentReport) assess.ImageReport {
	return assess.ImageReport{
		File: im.File, Digest: im.Digest.String(), Acquired: im.Acquired.String(), Basis: string(im.Basis),
		Status: status, State: compare.StateUnclear, Alignment: al,
	}
}

// bracketOf returns the bracket of a change between two images, nil where there
// is none or either might be the older.
func bracketOf(state compare.RegionState, before, after imagery.Image) *assess.BracketReport {
	b, a := before.Taken(), after.Taken()
	if state != compare.Changed || b.Latest.IsZero() || a.Earliest.IsZero() || b.Latest.After(a.Earliest) {
		return nil
	}
	return &assess.BracketReport{After: filled(edtf.FormatEarliest(b.Earliest)), By: filled(edtf.FormatLatest(a.Latest))}
}

// filled returns nil for "".
func filled(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// pairPage writes the page of a pair for the folder that holds its bundle.
func pairPage(c imagery.Case, rep assess.Report, b assess.Bundle, command string) ([]byte, error) {
	v := page.LocationView{
		Site: page.Site{Version: rep.Version, ReadOnly: true}, Case: c, Findings: views.Findings(&rep, nil),
	}
	for i, name := range []string{assess.BeforePNG, assess.AfterPNG} {
		im := views.Image(c.Images[i], &rep)
		im.ID = "" // there is no address to name it in
		im.Picture = pictureIn(b, name)
		v.Images = append(v.Images, im)
	}
	if v.Images[0].Picture != nil && v.Images[1].Picture != nil {
		v.Lead = &page.Pair{
			Before: v.Images[0], After: v.Images[1], Heat: pictureIn(b, assess.HeatPNG),
			Grid:       page.Grid{Width: rep.Grid[0], Height: rep.Grid[1], North: math.NaN()},
			ExpectedPx: v.Images[1].Alignment.ExpectedPx, ExpectedM: math.NaN(),
		}
		if len(c.Regions) > 0 {
			v.Lead.Outlines = []page.Outline{{Polygon: c.Regions[0].Polygon}}
		}
	}
	for _, d := range []page.Link{
		{URL: assess.ReportJSON, Label: "Everything that was measured", Note: "JSON"},
		{URL: assess.OverviewPNG, Label: "Before, after and what differs, side by side", Note: "PNG"},
		{URL: assess.ChangePNG, Label: "Change score of each pixel", Note: "PNG, 16-bit grey"},
		{URL: assess.ResidualsPNG, Label: "How well the tie points fit", Note: "PNG"},
	} {
		if _, ok := b[d.URL]; ok {
			v.Downloads = append(v.Downloads, d)
		}
	}
	var out bytes.Buffer
	err := page.Report(&out, page.ReportView{Location: v, Seed: rep.Seed, Command: command})
	return out.Bytes(), err
}

// pictureIn returns a file of the bundle as a picture, nil if it isn't there.
func pictureIn(b assess.Bundle, name string) *page.Picture {
	cfg, err := png.DecodeConfig(bytes.NewReader(b[name]))
	if err != nil {
		return nil
	}
	return &page.Picture{URL: name, Width: cfg.Width, Height: cfg.Height}
}
