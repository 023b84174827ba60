package page

import (
	"html/template"

	"github.com/antequem/antequem/compare"
)

// says puts a finding into one sentence.
func says(f Finding) template.HTML {
	switch f.Timeline.State {
	case compare.Changed:
		if f.Bracket == nil {
			return "The region changed, but these images don’t order the change in time."
		}
		return "The region changed " + bracket(*f.Bracket) + "."
	case compare.Unchanged:
		return "No change can be seen in the region, and one would have been."
	case compare.Undetermined:
		return "These images don’t settle whether the region changed."
	}
	return "These images have not been compared yet."
}

// holders returns the files that hold the bracket: the last image of the old
// state and the first of the new one; nil where there is no bracket.
func holders(f Finding) []string {
	if f.Bracket == nil {
		return nil
	}
	last, first := "", ""
	for _, fr := range f.Timeline.Frames {
		switch {
		case fr.State == compare.StateOld:
			last = fr.File
		case fr.State == compare.StateNew && first == "":
			first = fr.File
		}
	}
	return []string{last, first}
}

// crop returns the region close up in an image; nil if there is none.
func crop(f *Finding, file string) *Picture {
	p, ok := f.Crops[file]
	if !ok {
		return nil
	}
	return &p
}

// explain says of an answer when it is given, at the length of a paragraph.
func explain(a compare.Answer) string {
	switch a {
	case compare.Supported:
		return "The imagery shows it, within the dates asserted. It is said only where a change of the stated size would have been seen."
	case compare.Consistent:
		return "It may be so: the dates of the images allow it. They allow other dates as well, so this proves nothing."
	case compare.Contradicted:
		return "It can’t be so if the dates of the images are right: what they show happened at another time, or can’t be seen although it would have been."
	case compare.AnswerUndetermined:
		return "The images are too few, too vague in date, too unlike or too coarse. What would settle it is told beside it."
	}
	return "It is about something that no image from above could show, such as who did it. It is recorded beside the others and never judged."
}
