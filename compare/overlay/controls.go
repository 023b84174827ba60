package overlay

import (
	"fmt"
	"math"
	"slices"
)

// ControlsData is what the chart of control windows shows.
type ControlsData struct {
	Title     string
	Controls  []float64 // the statistic in each control window
	Tiles     int       // parts of the region, of whose size the windows are; 0 where they are of the region's
	Statistic float64   // the region's; NaN where none
	PValue    float64   // NaN where none
}

// Controls draws how the statistic spreads over places where nothing is claimed to
// have happened, and where the region's own value falls.
func Controls(c ControlsData, o Options) []byte {
	s := &sheet{words: o.Words, width: o.width(), y: sides - 4}
	s.paragraph(sides, c.Title, lettering{size: 16, heavy: true})
	values := slices.DeleteFunc(slices.Clone(c.Controls), func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	for _, line := range c.sentences(s, values) {
		s.paragraph(sides, line, lettering{size: 14})
	}
	if len(values) > 0 {
		s.histogram(c, values)
	}
	desc := ""
	for _, line := range c.sentences(s, values) {
		desc += line + " "
	}
	return s.finish(c.Title, desc)
}

func (c ControlsData) sentences(s *sheet, values []float64) []string {
	if len(values) == 0 {
		return []string{s.say("controls.none", "No control windows were found, so nothing can be said of chance.")}
	}
	windows := fmt.Sprintf("%d control windows of the region's size.", len(values))
	if len(values) == 1 {
		windows = "1 control window of the region's size."
	}
	lines := []string{s.say("controls", windows, "n", len(values))}
	if c.Tiles > 0 {
		lines[0] = s.say("controls.tiles", fmt.Sprintf("Control windows of the size of one part of the region: %d.", len(values)), "n", len(values))
	}
	if finite(c.Statistic) {
		n := 0
		for _, v := range values {
			if v >= c.Statistic {
				n++
			}
		}
		lines = append(lines, s.say("controls.region", fmt.Sprintf("The region has %s; %d of the control windows have as much or more.", short(c.Statistic), n), "value", s.short(c.Statistic), "n", n))
	}
	if finite(c.PValue) {
		lines = append(lines, s.say("controls.p", fmt.Sprintf("p = %s: how often a place where nothing happened would look so.", short(c.PValue)), "p", s.short(c.PValue)))
	}
	return lines
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// short writes three significant digits.
func short(v float64) string { return fmt.Sprintf("%.3g", v) }

func (s *sheet) histogram(c ControlsData, values []float64) {
	low, high := slices.Min(values), slices.Max(values)
	if finite(c.Statistic) {
		low, high = min(low, c.Statistic), max(high, c.Statistic)
	}
	if high-low < 1e-9 {
		low, high = low-0.5, high+0.5
	}
	room := 0.03 * (high - low)
	if low >= 0 {
		room = min(room, low) // nothing lies below zero, so the axis doesn't either
	}
	low, high = low-room, high+0.03*(high-low)
	bins := make([]int, min(max(int(2*math.Sqrt(float64(len(values)))), 8), 40))
	for _, v := range values {
		bins[min(int((v-low)/(high-low)*float64(len(bins))), len(bins)-1)]++
	}
	most := slices.Max(bins)
	const height = 130
	top := s.y + 34
	base := top + height
	w := s.inner() / float64(len(bins))
	for i, n := range bins {
		if n > 0 {
			h := float64(n) / float64(most) * height
			s.el("rect", "class", "aq-quiet", "x", sides+float64(i)*w+0.5, "y", base-h, "width", max(w-1, 1), "height", h, "fill", quiet, "fill-opacity", 0.75)
		}
	}
	s.el("path", "d", "M"+num(sides)+" "+num(base)+"H"+num(s.width-sides), "stroke", "currentColor", "stroke-width", 1.2)
	x := func(v float64) float64 { return sides + (v-low)/(high-low)*s.inner() }
	if finite(c.Statistic) {
		s.marker(x(c.Statistic), top-12, base, s.say("controls.here", "this region: "+short(c.Statistic), "value", s.short(c.Statistic)))
	}
	s.y = base + 16
	for i, share := range []float64{0, 0.5, 1} {
		v := low + share*(high-low)
		s.text(sides+share*s.inner(), s.y, s.short(v), lettering{size: 12, quiet: true, anchor: []string{"start", "middle", "end"}[i]})
	}
	s.y += 6
	s.paragraph(sides, s.say("controls.axis", "Statistic of the largest split: right is more change-like. 1 is what 3 in 100 control windows exceed as a whole, and 3 in 100 in some part"), lettering{size: 12, quiet: true})
}

// marker is a vertical line with a full triangle and words at its head.
func (s *sheet) marker(x, top, bottom float64, words string) {
	s.el("path", "class", "aq-accent-line", "d", "M"+num(x)+" "+num(top)+"V"+num(bottom), "stroke", accent, "stroke-width", 2.4)
	s.el("path", "class", "aq-accent", "d", "M"+num(x)+" "+num(top+8)+"l-6-10h12z", "fill", accent)
	half := textWidth(words, 14, true) / 2
	s.text(min(max(x, sides+half), s.width-sides-half), top-7, words, lettering{size: 14, heavy: true, anchor: "middle", halo: true})
}
