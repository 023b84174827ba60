package overlay

import "github.com/antequem/antequem/compare"

// stateGlyph draws what an image shows, 14 px wide round (x, y): a ring for the old
// state, a full square for the new one, a full diamond for later ones, a broken
// ring where none can be told.
func (s *sheet) stateGlyph(x, y float64, state compare.State, group int) {
	switch {
	case state == compare.StateOld:
		s.el("circle", "class", "aq-paper", "cx", x, "cy", y, "r", 5.5, "fill", paper, "stroke", "currentColor", "stroke-width", 2.4)
	case state == compare.StateNew && group > 1:
		s.el("path", "d", "M"+num(x)+" "+num(y-7.5)+"l7.5 7.5-7.5 7.5-7.5-7.5z")
	case state == compare.StateNew:
		s.el("rect", "x", x-6, "y", y-6, "width", 12.0, "height", 12.0)
	default:
		s.el("circle", "class", "aq-paper", "cx", x, "cy", y, "r", 5.5, "fill", paper, "stroke", "currentColor", "stroke-width", 2.0, "stroke-dasharray", "3.2 2.6")
	}
}

// stateWords words what an image shows.
func stateWords(status compare.Status, state compare.State, group int) string {
	switch {
	case status == compare.StatusUnaligned:
		return "could not be aligned"
	case status == compare.StatusObscured:
		return "region hidden"
	case state == compare.StateOld:
		return "old state"
	case state == compare.StateNew && group > 1:
		return "later state"
	case state == compare.StateNew:
		return "new state"
	}
	return "state unclear"
}

// answerGlyph draws an answer, 14 px wide round (x, y): a tick, a cross, a wave, a
// question mark, a dash.
func (s *sheet) answerGlyph(x, y float64, a compare.Answer) {
	d := map[compare.Answer]string{
		compare.Supported:          "M-6 0l4 5 8-10",
		compare.Contradicted:       "M-5-5L5 5M5-5L-5 5",
		compare.Consistent:         "M-7 1c2-5 5-5 7 0s5 5 7 0",
		compare.AnswerUndetermined: "M-4-3c0-5 8-5 8 0 0 3-4 2-4 6M0 6v1",
	}[a]
	if d == "" {
		d = "M-6 0H6"
	}
	s.el("path", "transform", "translate("+num(x)+" "+num(y)+")", "d", d, "fill", "none", "stroke", "currentColor", "stroke-width", 2.6, "stroke-linecap", "round", "stroke-linejoin", "round")
}
