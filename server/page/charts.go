package page

import (
	"bytes"
	"html/template"
	"time"

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
	words := v.chartWords()
	return &chart{
		Wide:   inlined(draw(overlay.Options{Width: wideChart, Words: words})),
		Narrow: inlined(draw(overlay.Options{Width: narrowChart, Words: words})),
	}
}

// chartWords are the words of charts in the voice's language; nil for English.
func (v *voice) chartWords() *overlay.Words {
	if v.lang == English {
		return nil
	}
	return &overlay.Words{
		Say: func(key string, values ...any) string {
			if key == "size.px" || key == "size.both" {
				return v.text(key, values...)
			}
			return v.alone(v.text("chart."+key, values...))
		},
		Bracket: func(b compare.Bracket) string { return plain(v.bracket(b)) },
		Answer:  func(a compare.Answer) string { return v.alone(plain(v.word(a))) },
		Short:   func(x float64) string { return v.digits(x, 3) },
		Tick:    v.tick,
	}
}

// tick labels an instant of an axis as finely as the step from one to the next.
func (v *voice) tick(t time.Time, step time.Duration) string {
	switch {
	case step >= 300*day:
		return plain(v.momentWords(t, toYear))
	case step >= 27*day:
		return v.alone(plain(v.momentWords(t, toMonth)))
	case step >= day:
		return v.alone(plain(v.momentWords(t, toDay)))
	}
	return v.alone(plain(v.momentWords(t, toMinute)))
}

// alone keeps a text of right-to-left words in its own order where a chart, which
// runs from left to right, sets it beside others.
func (v *voice) alone(text string) string {
	if v.lang.Direction() == "rtl" {
		return "\u2067" + text + "\u2069" // first the isolate, last its end
	}
	return text
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
	series := overlay.SeriesOf(v.alone(plain(v.says(f))), f.Timeline, pictures, steps, asserted, verdicts)
	v.translate(&series, images, asserted)
	return v.drawn(func(o overlay.Options) []byte { return overlay.Timeline(series, o) })
}

// translate puts the words of a series into the voice's language: dates, and what
// claims assert.
func (v *voice) translate(s *overlay.Series, images []ImageView, claims []imagery.Claim) {
	if v.lang == English {
		return
	}
	for i, d := range s.Images {
		if im := named(images, d.Name); im != nil {
			s.Images[i].Words = v.alone(plain(v.acquired(*im)))
		}
		if d.Synthetic {
			s.Images[i].Synthetic = false // which the chart would say in English
			s.Images[i].Words += " · " + v.alone(v.text("pair.synthetic"))
		}
	}
	for i, c := range claims[:min(len(claims), len(s.Claims))] {
		s.Claims[i].Words = v.alone(plain(v.asserts(ClaimView{Claim: c})))
	}
}

// measurements draws what a finding rests on: the region beside the control
// windows, how unlike the images are, and how small a change would have been found.
func (v *voice) measurements(f Finding, images []ImageView) []*chart {
	var out []*chart
	t := f.Timeline
	if len(t.Controls) > 0 {
		data := overlay.ControlsData{
			Title:    v.alone(v.text("measured.controls")),
			Controls: t.Controls, Tiles: t.Tiles, Statistic: t.Statistic, PValue: t.PValue,
		}
		out = append(out, v.drawn(func(o overlay.Options) []byte { return overlay.Controls(data, o) }))
	}
	if len(t.Dissimilar) > 1 && len(t.Dissimilar) == len(t.Frames) {
		data := overlay.MatrixData{Title: v.alone(v.text("measured.matrix")), Values: t.Dissimilar}
		for _, fr := range t.Frames {
			name := fr.File
			if im := named(images, fr.File); im != nil {
				name = im.Label() + " · " + v.alone(plain(v.acquired(*im)))
			}
			data.Names = append(data.Names, name)
		}
		out = append(out, v.drawn(func(o overlay.Options) []byte { return overlay.Matrix(data, o) }))
	}
	if len(t.Power) > 0 {
		data := overlay.PowerData{Title: v.alone(v.text("measured.power")), Points: t.Power, DetectablePx: t.DetectablePx, RuledOutPx: t.RuledOutPx}
		switch {
		case known(f.DetectableM) && t.DetectablePx > 0:
			data.GSD = f.DetectableM / t.DetectablePx
		case known(f.RuledOutM) && t.RuledOutPx > 0:
			data.GSD = f.RuledOutM / t.RuledOutPx
		}
		out = append(out, v.drawn(func(o overlay.Options) []byte { return overlay.Power(data, o) }))
	}
	return out
}
