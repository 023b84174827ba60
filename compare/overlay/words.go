package overlay

import (
	"time"

	"github.com/antequem/antequem/compare"
)

// say returns a text in the reader's language, or the English one.
func (s *sheet) say(key, english string, values ...any) string {
	if s.words == nil {
		return english
	}
	return s.words.Say(key, values...)
}

func (s *sheet) bracket(b compare.Bracket) string {
	if s.words == nil {
		return bracketWords(b)
	}
	return s.words.Bracket(b)
}

func (s *sheet) answer(a compare.Answer) string {
	if s.words == nil {
		return string(a)
	}
	return s.words.Answer(a)
}

func (s *sheet) short(v float64) string {
	if s.words == nil {
		return short(v)
	}
	return s.words.Short(v)
}

// size writes the side of a planted change.
func (s *sheet) size(p PowerData, px float64) string {
	if p.GSD > 0 {
		return s.say("size.both", p.size(px), "px", s.short(px), "m", s.short(px*p.GSD))
	}
	return s.say("size.px", p.size(px), "px", s.short(px))
}

// tick labels an instant of the axis.
func (s *sheet) tick(t time.Time, layout string, step time.Duration) string {
	if s.words == nil {
		return t.Format(layout)
	}
	return s.words.Tick(t, step)
}

// stateWords words what an image shows.
func (s *sheet) stateWords(status compare.Status, state compare.State, group int) string {
	key := "unclear"
	switch {
	case status == compare.StatusUnaligned:
		key = "unaligned"
	case status == compare.StatusObscured:
		key = "obscured"
	case state == compare.StateOld:
		key = "old"
	case state == compare.StateNew && group > 1:
		key = "later"
	case state == compare.StateNew:
		key = "new"
	}
	return s.say(key, stateWords(status, state, group))
}
