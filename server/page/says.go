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

// holders returns the images that hold the bracket: of the old ones the one
// that surely was taken last, of the new ones the one that surely was taken
// first; nil where there is no bracket.
func holders(f Finding, images []ImageView) []ImageView {
	if f.Bracket == nil {
		return nil
	}
	var last, first *ImageView
	for _, fr := range f.Timeline.Frames {
		v := named(images, fr.File)
		if v == nil {
			continue
		}
		taken := v.Taken()
		switch fr.State {
		case compare.StateOld:
			if last == nil || taken.Earliest.After(last.Taken().Earliest) {
				last = v
			}
		case compare.StateNew:
			if !taken.Latest.IsZero() && (first == nil || taken.Latest.Before(first.Taken().Latest)) {
				first = v
			}
		}
	}
	var out []ImageView
	for _, v := range []*ImageView{last, first} {
		if v != nil {
			out = append(out, *v)
		}
	}
	return out
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
