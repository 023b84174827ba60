package overlay

import (
	"fmt"
	"strings"

	"github.com/antequem/antequem/compare"
)

// PowerData is what the power curve shows.
type PowerData struct {
	Title        string
	Points       []compare.PowerPoint
	DetectablePx float64 // NaN where no size was found often enough
	RuledOutPx   float64 // see compare.Timeline; NaN or 0 where there is none
	GSD          float64 // metres per pixel; 0 if unknown
}

// Power draws the share of planted changes that were found, by their size.
func Power(p PowerData, o Options) []byte {
	s := &sheet{words: o.Words, width: o.width(), y: sides - 4}
	s.paragraph(sides, p.Title, lettering{size: 16, heavy: true})
	s.paragraph(sides, p.sentence(s), lettering{size: 14})
	if len(p.Points) > 0 {
		s.curve(p)
	}
	return s.finish(p.Title, p.describe(s))
}

func (p PowerData) sentence(s *sheet) string {
	switch {
	case len(p.Points) == 0:
		return s.say("power.unknown", "No change was planted, so what would have been seen isn't known.")
	case !finite(p.DetectablePx) && p.RuledOutPx > 0:
		return s.say("power.ruled", "No size stood out from its surroundings in 95 % of trials. But 98 % of the changes of "+p.size(p.RuledOutPx)+" or more left more than is seen here.", "size", s.size(p, p.RuledOutPx))
	case !finite(p.DetectablePx):
		return s.say("power.none", "No size that was tried was found in 95 % of trials: no change seen here means little.")
	}
	return s.say("power.found", "Found in 95 % of trials: a change of "+p.size(p.DetectablePx)+" or more.", "size", s.size(p, p.DetectablePx))
}

func (p PowerData) size(px float64) string {
	t := short(px) + " × " + short(px) + " px"
	if p.GSD > 0 {
		t += " (" + short(px*p.GSD) + " m a side)"
	}
	return t
}

func (s *sheet) curve(p PowerData) {
	const height, gutter = 150, 40
	largest := p.Points[len(p.Points)-1].SidePx
	if finite(p.DetectablePx) {
		largest = max(largest, p.DetectablePx)
	}
	left, width := sides+float64(gutter), s.inner()-gutter-8
	top := s.y + 34
	base := top + height
	x := func(px float64) float64 { return left + px/max(largest, 1e-9)*width }
	y := func(found float64) float64 { return base - min(max(found, 0), 1)*height }
	for _, share := range []float64{0, 0.5, 0.95, 1} {
		dash := "none"
		if share == 0.95 {
			dash = "5 4"
		}
		s.el("path", "class", "aq-rule", "d", "M"+num(left)+" "+num(y(share))+"H"+num(left+width), "stroke", rule, "stroke-width", 1.2, "stroke-dasharray", dash)
		dy := 4.0
		if share == 0.95 {
			dy = 11
		}
		s.text(left-6, y(share)+dy, fmt.Sprintf("%g %%", share*100), lettering{size: 12, quiet: true, anchor: "end"})
	}
	if finite(p.DetectablePx) {
		s.marker(x(p.DetectablePx), top-10, base, short(p.DetectablePx)+" px")
	}
	var d strings.Builder
	for i, pt := range p.Points {
		draw := "L"
		if i == 0 {
			draw = "M"
		}
		d.WriteString(draw + num(x(pt.SidePx)) + " " + num(y(pt.Found)))
	}
	s.el("path", "d", d.String(), "fill", "none", "stroke", "currentColor", "stroke-width", 2.2)
	for _, pt := range p.Points {
		s.el("circle", "cx", x(pt.SidePx), "cy", y(pt.Found), "r", 4.0)
	}
	s.y = base + 16
	s.text(left, s.y, "0", lettering{size: 12, quiet: true, anchor: "middle"})
	s.text(left+width, s.y, short(largest)+" px", lettering{size: 12, quiet: true, anchor: "end"})
	s.y += 18
	s.text(left, s.y, s.say("power.axis", "Side of the planted change"), lettering{size: 12, quiet: true})
}

func (p PowerData) describe(s *sheet) string {
	if s.words != nil {
		return p.sentence(s)
	}
	var parts []string
	for _, pt := range p.Points {
		parts = append(parts, fmt.Sprintf("%s px: %.0f %% of %d found.", short(pt.SidePx), pt.Found*100, pt.Trials))
	}
	return p.sentence(s) + " " + strings.Join(parts, " ")
}
