package page

import (
	"bytes"
	"html/template"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/overlay"
	"github.com/antequem/antequem/imagery"
)

// Widths at which charts are drawn, CSS pixels: a page shows the one that fits.
const (
	wideChart   = 1080
	narrowChart = 358
)

// A chart is a drawing for wide and for narrow screens.
type chart struct{ Wide, Narrow template.HTML }

// drawn draws a chart at both widths.
func (v *voice) drawn(draw func(overlay.Options) []byte) *chart {
	return &chart{
		Wide:   inlined(draw(overlay.Options{Width: wideChart})),
		Narrow: inlined(draw(overlay.Options{Width: narrowChart})),
	}
}

// inlined makes a drawing of package overlay part of a page. Its style sheet goes:
// the page's policy forbids it, and the page's own has the same rules.
func inlined(svg []byte) template.HTML {
	for {
		before, rest, ok := bytes.Cut(svg, []byte("<style>"))
		if !ok {
			return template.HTML(svg)
		}
		_, after, _ := bytes.Cut(rest, []byte("</style>"))
		svg = append(bytes.Clone(before), after...)
	}
}

// timeline draws the dates of the images, the bracket and the claims about one
// region on one axis; nil where there are no images.
func (v *voice) timeline(f Finding, images []ImageView, claims []ClaimView) *chart {
	if len(f.Timeline.Frames) == 0 {
		if f.Diagram == "" {
			return nil
		}
		return &chart{Wide: inlined([]byte(f.Diagram))}
	}
	steps := f.Steps
	if len(steps) == 0 && f.Bracket != nil {
		steps = []compare.Bracket{*f.Bracket}
	}
	var (
		pictures []imagery.Image
		asserted []imagery.Claim
		verdicts []compare.Verdict
	)
	for _, im := range images {
		pictures = append(pictures, im.Image)
	}
	for _, c := range claims {
		if c.Region != f.Region || c.Kind == imagery.ClaimUntestable {
			continue
		}
		asserted = append(asserted, c.Claim)
		verdicts = append(verdicts, compare.Verdict{Answer: answer(c)})
	}
	series := overlay.SeriesOf(plain(v.says(f)), f.Timeline, pictures, steps, asserted, verdicts)
	return v.drawn(func(o overlay.Options) []byte { return overlay.Timeline(series, o) })
}

// measurements draws what a finding rests on: the region beside the control
// windows, how unlike the images are, and how small a change would have been found.
func (v *voice) measurements(f Finding, images []ImageView) []*chart {
	var out []*chart
	t := f.Timeline
	if len(t.Controls) > 0 {
		data := overlay.ControlsData{
			Title:    v.text("measured.controls"),
			Controls: t.Controls, Statistic: t.Statistic, PValue: t.PValue,
		}
		out = append(out, v.drawn(func(o overlay.Options) []byte { return overlay.Controls(data, o) }))
	}
	if len(t.Dissimilar) > 1 && len(t.Dissimilar) == len(t.Frames) {
		data := overlay.MatrixData{Title: v.text("measured.matrix"), Values: t.Dissimilar}
		for _, fr := range t.Frames {
			name := fr.File
			if im := named(images, fr.File); im != nil {
				name = im.Label() + " · " + plain(v.acquired(*im))
			}
			data.Names = append(data.Names, name)
		}
		out = append(out, v.drawn(func(o overlay.Options) []byte { return overlay.Matrix(data, o) }))
	}
	if len(t.Power) > 0 {
		data := overlay.PowerData{Title: v.text("measured.power"), Points: t.Power, DetectablePx: t.DetectablePx}
		if known(f.DetectableM) && t.DetectablePx > 0 {
			data.GSD = f.DetectableM / t.DetectablePx
		}
		out = append(out, v.drawn(func(o overlay.Options) []byte { return overlay.Power(data, o) }))
	}
	return out
}
