package overlay

import "github.com/antequem/antequem/compare"

// stateGlyph draws what an image shows, 14 px wide round (x, y): an empty square
// for the old state, one half filled for the new one, a full one for later ones, a
// broken one where none can be told. The pages draw the same signs.
func (s *sheet) stateGlyph(x, y float64, state compare.State, group int) {
	frame := []any{"class", "aq-paper", "x", x - 6, "y", y - 6, "width", 12.0, "height", 12.0, "fill", paper, "stroke", "currentColor", "stroke-width", 2.0}
	switch {
	case state == compare.StateOld:
		s.el("rect", frame...)
	case state == compare.StateNew && group > 1:
		s.el("rect", "x", x-7, "y", y-7, "width", 14.0, "height", 14.0)
	case state == compare.StateNew:
		s.el("rect", frame...)
		s.el("path", "d", "M"+num(x+6)+" "+num(y-6)+"v12h-12z")
	default:
		s.el("rect", append(frame, "stroke-dasharray", "3 2.6")...)
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

// answerGlyph draws an answer, 14 px wide round (x, y): a ring for what is asserted
// and a dot for what the images show, within it, on its edge or outside; a broken
// ring where they can't tell, a ring struck through where none could. The pages
// draw the same signs, and none says right or wrong.
func (s *sheet) answerGlyph(x, y float64, a compare.Answer) {
	ring := func(cx, r float64, more ...any) {
		s.el("circle", append([]any{"class", "aq-paper", "cx", cx, "cy", y, "r", r, "fill", paper, "stroke", "currentColor", "stroke-width", 2.0}, more...)...)
	}
	dot := func(cx float64) { s.el("circle", "cx", cx, "cy", y, "r", 2.8) }
	switch a {
	case compare.Supported:
		ring(x, 6.2)
		dot(x)
	case compare.Consistent:
		ring(x-1.8, 5)
		dot(x + 3.4)
	case compare.Contradicted:
		ring(x-3, 4.2)
		dot(x + 5)
	case compare.AnswerUndetermined:
		ring(x, 6.2, "stroke-dasharray", "3 2.6")
	default:
		ring(x, 6.2)
		s.el("path", "d", "M"+num(x-4.4)+" "+num(y+4.4)+"l8.8-8.8", "fill", "none", "stroke", "currentColor", "stroke-width", 2.0)
	}
}
