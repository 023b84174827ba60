package page

import (
	"html/template"

	"github.com/antequem/antequem/compare"
)

// says puts a finding into one sentence.
func (v *voice) says(f Finding) template.HTML {
	switch f.Timeline.State {
	case compare.Changed:
		switch {
		case len(f.Steps) > 1:
			return v.say("says.changed.steps", "n", len(f.Steps), "brackets", v.brackets(f.Steps))
		case f.Bracket == nil:
			return v.say("says.changed.unordered")
		}
		return v.say("says.changed", "bracket", v.bracket(*f.Bracket))
	case compare.Unchanged:
		return v.say("says.unchanged")
	case compare.Undetermined:
		return v.say("says.undetermined")
	}
	return v.say("says.none")
}

// brackets writes the brackets of changes that followed one another.
func (v *voice) brackets(steps []compare.Bracket) template.HTML {
	parts := make([]template.HTML, len(steps))
	for i, b := range steps {
		parts[i] = v.bracket(b)
	}
	return v.list("list.then", parts)
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
