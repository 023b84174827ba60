package page

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/antequem/antequem/imagery/edtf"
)

// told says a caution that names images, which are looked up by their files: what
// names another is shown as it was said.
func (v *voice) told(text string, images []ImageView) (template.HTML, bool) {
	if v.lang == English {
		return "", false
	}
	for _, n := range patterns("caution.") {
		m := n.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		pairs, ok := []any{}, true
		for i, name := range n.values {
			said, known := v.valueOf(name, m[i+1], images)
			pairs, ok = append(pairs, name, said), ok && known
		}
		if ok {
			return v.say(n.key, pairs...), true
		}
	}
	return "", false
}

// valueOf says a value of a caution by its name: images, a date, or a number.
func (v *voice) valueOf(name, text string, images []ImageView) (template.HTML, bool) {
	switch name {
	case "files":
		parts := v.files(text, images)
		return v.enumerated(parts), parts != nil
	case "file", "ref":
		return isolate(text), named(images, text) != nil
	case "date", "own":
		d, err := edtf.Parse(text)
		if err != nil {
			return "", false
		}
		return v.declared(d), true
	case "r":
		x, err := strconv.ParseFloat(text, 64)
		return template.HTML(v.decimal(x, 2)), err == nil
	}
	return isolate(text), true
}

// files says a list of images as English sentences have it, "a, b (12°) and c"; nil
// where it names another than these.
func (v *voice) files(text string, images []ImageView) (out []template.HTML) {
	byLength := slices.Clone(images) // a name may begin another
	slices.SortStableFunc(byLength, func(a, b ImageView) int { return len(b.File) - len(a.File) })
	for {
		i := slices.IndexFunc(byLength, func(im ImageView) bool { return im.File != "" && strings.HasPrefix(text, im.File) })
		if i < 0 {
			return nil
		}
		item := isolate(byLength[i].File)
		text = strings.TrimPrefix(text, byLength[i].File)
		if inner, rest, ok := bracketed(text); ok {
			text = rest
			item = v.say("files.item", "file", item, "what", v.aside(inner, byLength[i], images))
		}
		out = append(out, item)
		if text == "" {
			return out
		}
		rest, ok := strings.CutPrefix(text, ", ")
		if !ok {
			rest, ok = strings.CutPrefix(text, " and ")
		}
		if !ok {
			return nil
		}
		text = rest
	}
}

// bracketed cuts " (inner)" off the beginning of a text.
func bracketed(text string) (inner, rest string, ok bool) {
	after, ok := strings.CutPrefix(text, " (")
	if !ok {
		return "", text, false
	}
	return strings.Cut(after, ")")
}

// aside says what stands in brackets behind an image: an angle, the image that carries
// it, or its date.
func (v *voice) aside(text string, im ImageView, images []ImageView) template.HTML {
	if through, ok := strings.CutPrefix(text, "by way of "); ok && named(images, through) != nil {
		return v.say("files.by", "file", isolate(through))
	}
	if strings.HasSuffix(text, "°") {
		return isolate(text)
	}
	return v.acquired(im)
}
