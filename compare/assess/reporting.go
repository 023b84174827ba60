package assess

import (
	"fmt"
	"math"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// report sums the run up. Slices are never nil, so that JSON has lists and no nulls.
func (r *run) report() Report {
	rep := Report{
		Title:     r.c.Title,
		Reference: r.reference.Image.File,
		Picked:    r.picked,
		GSD:       known(r.reference.Image.GSD),
		Regions:   []RegionReport{},
		Claims:    []ClaimReport{},
		Images:    []ImageReport{},
		Copies:    append([]CopiesReport{}, r.copies...),
		Cautions:  r.cautions(),
		Version:   Build(),
		Seed:      fmt.Sprintf("%016x", r.seed()),
	}
	rep.Grid[0], rep.Grid[1] = r.reference.Raster.Size()
	for k, g := range r.regions {
		rr := reportRegion(g, r.timelines[k], r.reference.Image.GSD)
		rr.State = r.stateOf(k)
		if t := r.timelines[k]; t.State == compare.Unchanged && endUnclear(t) {
			rr.Cautions = append(rr.Cautions, "the first or the last image could not be read, and a change may show there alone: the others show none")
		}
		rr.setSteps(r.stepsOf(k))
		rep.Regions = append(rep.Regions, rr)
	}
	rep.Region = noRegion()
	if len(rep.Regions) > 0 {
		rep.Region = rep.Regions[0]
	}
	for i, c := range r.c.Claims {
		rep.Claims = append(rep.Claims, reportClaim(c, r.verdicts[i]))
	}
	for i, a := range r.images {
		rep.Images = append(rep.Images, r.reportImage(i, a))
	}
	return rep
}

// noRegion is the reading of a case that has no region or no image.
func noRegion() RegionReport {
	return RegionReport{
		State: compare.Undetermined, Steps: []BracketReport{}, Polygon: [][2]float64{}, Frames: []FrameReport{},
		Controls: []float64{}, Placebos: []PlaceboReport{}, Dissimilar: [][]*float64{}, Power: []PowerReport{}, Cautions: []string{},
	}
}

func reportRegion(g regionOnGrid, t compare.Timeline, gsd float64) RegionReport {
	r := noRegion()
	r.Name, r.State = g.name, t.State
	r.PValue, r.Statistic, r.DetectablePx = finite(t.PValue), finite(t.Statistic), finite(t.DetectablePx)
	r.RuledOutPx, r.Tiles = finite(t.RuledOutPx), t.Tiles
	if gsd > 0 {
		r.DetectableM, r.RuledOutM = finite(t.DetectablePx*gsd), finite(t.RuledOutPx*gsd)
	}
	for _, p := range g.polygon {
		r.Polygon = append(r.Polygon, [2]float64{p.X, p.Y})
	}
	for _, p := range g.onReference(t.Part) {
		r.Part = append(r.Part, [2]float64{p.X, p.Y})
	}
	for _, f := range t.Frames {
		r.Frames = append(r.Frames, FrameReport{File: f.File, Status: f.Status, State: f.State, Group: f.Group, Why: f.Why})
	}
	r.Controls = append(r.Controls, t.Controls...)
	for _, p := range t.Placebos {
		r.Placebos = append(r.Placebos, PlaceboReport{[2]int{p.DX, p.DY}, p.Statistic, p.PValue})
	}
	for _, row := range t.Dissimilar {
		cells := make([]*float64, len(row))
		for i, v := range row {
			cells[i] = finite(v)
		}
		r.Dissimilar = append(r.Dissimilar, cells)
	}
	for _, p := range t.Power {
		r.Power = append(r.Power, PowerReport(p))
	}
	r.Cautions = append(r.Cautions, t.Cautions...)
	return r
}

func (r *RegionReport) setSteps(steps []compare.Bracket) {
	for _, b := range steps {
		r.Steps = append(r.Steps, BracketReport{After: instant(edtf.FormatEarliest(b.After)), By: instant(edtf.FormatLatest(b.By))})
	}
	if len(r.Steps) > 0 {
		r.Bracket = &r.Steps[0]
	}
}

func instant(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func reportClaim(c imagery.Claim, v compare.Verdict) ClaimReport {
	r := ClaimReport{
		ID: c.ID, Region: c.Region, Text: c.Text, Claimant: c.Claimant, Source: c.Source,
		Asserts: string(c.Kind), When: c.When.String(), Files: []string{},
		Verdict: v.Answer, Reason: v.Reason, Why: v.Why, WouldSettle: v.WouldSettle,
		RestsOn: list(v.RestsOn), ConditionalOn: list(v.ConditionalOn),
	}
	if c.Kind == imagery.ClaimSame || c.Kind == imagery.ClaimDiffers {
		r.Files = c.Images[:]
	}
	return r
}

// list returns a copy that is never nil.
func list(s []string) []string { return append([]string{}, s...) }

func (r *run) reportImage(i int, a aligned) ImageReport {
	im := a.image
	iv := im.Taken()
	rep := ImageReport{
		File: im.File, Digest: im.Digest.String(), Acquired: im.Acquired.String(), Basis: string(im.Basis),
		Earliest: when(iv.Earliest), Latest: when(iv.Latest),
		Source: im.Source, Publisher: im.Publisher, Platform: string(im.Platform), GSD: known(im.GSD), Synthetic: im.Synthetic,
		Status: compare.StatusUsed, State: compare.StateUnclear, Alignment: ReportTied(a.alignment, nil, im.TiePoints),
	}
	rep.Alignment.Through = a.through
	switch {
	case a.reference:
		rep.Status = compare.StatusReference
	case !a.alignment.Aligned:
		rep.Status, rep.Why = compare.StatusUnaligned, Explain(a.alignment.Reason)
	}
	if len(r.timelines) > 0 {
		f := r.timelines[0].Frames[i]
		rep.Status, rep.State = f.Status, f.State
		if f.Why != "" && a.alignment.Aligned {
			rep.Why = f.Why
		}
	}
	return rep
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// known returns nil for a measure that is 0 or NaN because nobody knows it.
func known(v float64) *float64 {
	if v == 0 || math.IsNaN(v) {
		return nil
	}
	return &v
}
