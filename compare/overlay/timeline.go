package overlay

import (
	"slices"
	"strings"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/edtf"
)

// A Series is what a timeline shows of one region.
type Series struct {
	Title  string
	Images []Dated           // in date order
	Steps  []compare.Bracket // of the changes seen
	Claims []Judged
}

// A Dated is an image on a timeline.
type Dated struct {
	Name        string // as the case names it
	Words       string // its date in words
	Taken       edtf.Interval
	Conditional bool // the date is someone's word
	Synthetic   bool
	Status      compare.Status
	State       compare.State
	Group       int
}

// A Judged is a claim on a timeline. One without a date is told in words alone.
type Judged struct {
	Name   string // its identity in the case
	Words  string // what it asserts: "changed: 27 Apr 2016"
	When   edtf.Interval
	Dated  bool
	Answer compare.Answer
}

// SeriesOf joins the timeline of a region to its images and to the claims about
// it. verdicts are as claims.
func SeriesOf(title string, t compare.Timeline, images []imagery.Image, steps []compare.Bracket, claims []imagery.Claim, verdicts []compare.Verdict) Series {
	s := Series{Title: title, Steps: steps}
	for _, f := range t.Frames {
		i := slices.IndexFunc(images, func(im imagery.Image) bool { return im.File == f.File })
		if i < 0 {
			continue
		}
		im := images[i]
		s.Images = append(s.Images, Dated{
			Name: f.File, Words: DateWords(im), Taken: im.Taken(), Conditional: im.Conditional(),
			Synthetic: im.Synthetic, Status: f.Status, State: f.State, Group: f.Group,
		})
	}
	for i, c := range claims[:min(len(claims), len(verdicts))] {
		j := Judged{Name: c.ID, Answer: verdicts[i].Answer, Words: string(c.Kind)}
		switch c.Kind {
		case imagery.ClaimChanged, imagery.ClaimUnchanged:
			j.When, j.Dated = c.When.Interval(), true
			j.Words += ": " + c.When.Human()
		case imagery.ClaimSame, imagery.ClaimDiffers:
			j.Words += ": " + c.Images[0] + " and " + c.Images[1]
		}
		s.Claims = append(s.Claims, j)
	}
	return s
}

// DateWords words an image's date with the end that its basis opens.
func DateWords(im imagery.Image) string {
	switch w := im.Acquired.Human(); im.Basis {
	case imagery.BasisMosaic:
		return "mosaic, the oldest part " + w
	case imagery.BasisRelease:
		return "released " + w
	case imagery.BasisPublished:
		return "posted " + w
	case imagery.BasisClaimed:
		return w + ", claimed"
	case imagery.BasisInferred:
		return w + ", inferred"
	default:
		return w
	}
}

// Timeline draws each image's date, the bracket of each change and each claim's
// time on one axis.
func Timeline(series Series, o Options) []byte {
	s := &sheet{words: o.Words, width: o.width(), y: sides - 4}
	a := newAxis(sides, s.inner(), series.intervals())
	s.paragraph(sides, series.Title, lettering{size: 16, heavy: true})
	s.y += 4
	for i, b := range series.Steps {
		s.key(i, len(series.Steps), b)
	}
	s.y += 26
	top := s.y - 6
	rows := &sheet{words: o.Words, width: s.width, y: s.y}
	if len(series.Steps) > 1 {
		rows.y += 14 // for the numbers of the bands
	}
	if len(series.Images) > 0 {
		rows.heading(s.say("images", "Images"))
	}
	for _, im := range series.Images {
		rows.image(a, im)
	}
	if len(series.Claims) > 0 {
		rows.heading(s.say("claims", "Claims"))
	}
	for _, c := range series.Claims {
		rows.claim(a, c)
	}
	s.drawTicks(a, top, rows.y)
	s.bands(a, series.Steps, top+8, rows.y)
	s.WriteString(rows.String())
	s.y = rows.y + 6
	s.legend(series)
	return s.finish(series.Title, series.describe(s))
}

// intervals are all that the axis has to span.
func (s Series) intervals() []edtf.Interval {
	var out []edtf.Interval
	for _, im := range s.Images {
		out = append(out, im.Taken)
	}
	for _, b := range s.Steps {
		out = append(out, edtf.Interval{Earliest: b.After, Latest: b.By})
	}
	for _, c := range s.Claims {
		if c.Dated {
			out = append(out, c.When)
		}
	}
	return out
}

func (s *sheet) heading(t string) {
	s.y += 24
	s.text(sides, s.y, t, lettering{size: 14, heavy: true, halo: true})
	s.y += 2
}

// key says in words what a hatched band is.
func (s *sheet) key(i, n int, b compare.Bracket) {
	s.y += 4
	s.el("rect", "x", sides+1.0, "y", s.y+2, "width", 22.0, "height", 14.0, "fill", hatchURL, "stroke", accent, "stroke-width", 1.2, "class", "aq-accent-line")
	words := s.say("change", "Change seen: "+bracketWords(b), "bracket", s.bracket(b))
	if n > 1 {
		words = s.say("step", "Change "+num(float64(i+1))+": "+bracketWords(b), "n", i+1, "bracket", s.bracket(b))
	}
	s.paragraph(sides+32, words, lettering{size: 14})
}

func bracketWords(b compare.Bracket) string {
	switch {
	case b.After.IsZero() && b.By.IsZero():
		return "at a time that the dates leave open"
	case b.After.IsZero():
		return "by " + edtf.HumanLatest(b.By)
	case b.By.IsZero():
		return "not before " + edtf.HumanEarliest(b.After)
	}
	return "between " + edtf.HumanEarliest(b.After) + " and " + edtf.HumanLatest(b.By)
}

// bands hatches each bracket over all rows, numbered where there are several.
func (s *sheet) bands(a axis, steps []compare.Bracket, top, bottom float64) {
	taken := -1e9 // where the last number ends
	for i, b := range steps {
		s.band(a, b, top, bottom)
		x0, x1 := a.ends(edtf.Interval{Earliest: b.After, Latest: b.By})
		if x := (x0 + x1) / 2; len(steps) > 1 && x-6 > taken {
			s.text(x, top+16, num(float64(i+1)), lettering{size: 14, heavy: true, anchor: "middle", halo: true})
			taken = x + 6
		}
	}
}

func (s *sheet) band(a axis, b compare.Bracket, top, bottom float64) {
	x0, x1 := a.ends(edtf.Interval{Earliest: b.After, Latest: b.By})
	x1 = max(x1, x0+3)
	s.el("rect", "x", x0, "y", top, "width", x1-x0, "height", bottom-top, "fill", hatchURL, "fill-opacity", 0.35)
	for i, open := range []bool{b.After.IsZero(), b.By.IsZero()} {
		if !open {
			s.el("path", "class", "aq-accent-line", "d", "M"+num([]float64{x0, x1}[i])+" "+num(top)+"V"+num(bottom), "stroke", accent, "stroke-width", 1.6)
		}
	}
}

// image is a row: glyph, name, date and state in words, and the bar below.
func (s *sheet) image(a axis, im Dated) {
	words := im.Words + " · " + s.stateWords(im.Status, im.State, im.Group)
	if im.Synthetic {
		words += " · SYNTHETIC"
	}
	s.label(im.Name, words, func(x, y float64) { s.stateGlyph(x, y, im.State, im.Group) })
	x0, x1 := a.ends(im.Taken)
	y := s.y + 10
	s.bar(x0, x1, y, 9, im)
	s.y += 18
}

// bar draws an interval: outlined for old, full for new, dashed where the state is
// unclear; open ends run out as arrows. One too short to see becomes its glyph.
func (s *sheet) bar(x0, x1, y, height float64, im Dated) {
	openLeft, openRight := im.Taken.Earliest.IsZero(), im.Taken.Latest.IsZero()
	if x1-x0 < 14 && !openLeft && !openRight {
		s.stateGlyph((x0+x1)/2, y, im.State, im.Group)
		return
	}
	left, right := 0.0, 0.0
	if openLeft {
		left = 8
	}
	if openRight {
		right = 8
	}
	h := height / 2
	d := "M" + num(x0+left) + " " + num(y-h) + "H" + num(x1-right) + "l" + num(right) + " " + num(h) + "l" + num(-right) + " " + num(h) + "H" + num(x0+left) + "l" + num(-left) + " " + num(-h) + "z"
	switch im.State {
	case compare.StateNew:
		s.el("path", "d", d, "stroke", "currentColor", "stroke-width", 1.8)
	case compare.StateOld:
		s.el("path", "class", "aq-paper", "d", d, "fill", paper, "stroke", "currentColor", "stroke-width", 1.8)
	default:
		s.el("path", "class", "aq-paper", "d", d, "fill", paper, "stroke", "currentColor", "stroke-width", 1.8, "stroke-dasharray", "4 3")
	}
}

// claim is a row: answer, name and assertion in words, and its time as a bracketed line.
func (s *sheet) claim(a axis, c Judged) {
	words := c.Words + " · " + s.answer(c.Answer)
	if c.Words == string(c.Answer) {
		words = c.Words
	}
	s.label(c.Name, words, func(x, y float64) { s.answerGlyph(x, y, c.Answer) })
	if !c.Dated {
		s.y += 6
		return
	}
	x0, x1 := a.ends(c.When)
	x1 = max(x1, x0+4)
	y := s.y + 9
	d := "M" + num(x0) + " " + num(y) + "H" + num(x1)
	if c.When.Earliest.IsZero() {
		d += "M" + num(x0+7) + " " + num(y-5) + "l-7 5 7 5"
	} else {
		d += "M" + num(x0) + " " + num(y-6) + "v12"
	}
	if c.When.Latest.IsZero() {
		d += "M" + num(x1-7) + " " + num(y-5) + "l7 5-7 5"
	} else {
		d += "M" + num(x1) + " " + num(y-6) + "v12"
	}
	s.el("path", "class", "aq-paper-line", "d", d, "fill", "none", "stroke", paper, "stroke-width", 6.0)
	s.el("path", "d", d, "fill", "none", "stroke", "currentColor", "stroke-width", 2.6)
	s.y += 18
}

// label writes a glyph, a name in bold and words after it, on as many lines as it takes.
func (s *sheet) label(name, words string, glyph func(x, y float64)) {
	const size, indent = 14, 22
	l := lettering{size: size, halo: true}
	s.y += 9
	glyph(sides+8, s.y+8)
	room := s.inner() - indent
	head, tail := wrap(name, size, room, true), wrap(words, size, room, false)
	last := ""
	if n := len(head); n > 0 {
		last = head[n-1]
		for _, line := range head[:n-1] {
			s.headed(sides+indent, s.y+size*0.95, line, "", l)
			s.y += size * 1.35
		}
	}
	if len(tail) == 1 && textWidth(last+" ", size, true)+textWidth(tail[0], size, false) <= room {
		s.headed(sides+indent, s.y+size*0.95, last, tail[0], l)
	} else {
		s.headed(sides+indent, s.y+size*0.95, last, "", l)
		for _, line := range tail {
			s.y += size * 1.35
			s.text(sides+indent, s.y+size*0.95, line, l)
		}
	}
	s.y += size * 1.25
}

// legend explains the glyphs that occur.
func (s *sheet) legend(series Series) {
	type entry struct {
		words string
		glyph func(x, y float64)
	}
	var entries []entry
	add := func(words string, glyph func(x, y float64)) {
		if !slices.ContainsFunc(entries, func(e entry) bool { return e.words == words }) {
			entries = append(entries, entry{words, glyph})
		}
	}
	for _, im := range series.Images {
		state, group := im.State, im.Group
		words := s.stateWords("", state, group)
		if state != compare.StateOld && state != compare.StateNew {
			words = s.say("none", "no state can be told")
		}
		add(words, func(x, y float64) { s.stateGlyph(x, y, state, group) })
	}
	for _, c := range series.Claims {
		add(s.answer(c.Answer), func(x, y float64) { s.answerGlyph(x, y, c.Answer) })
	}
	const size = 12
	x := float64(sides)
	s.y += 8
	for _, e := range entries {
		w := 20 + textWidth(e.words, size, false) + 16
		if x > sides && x+w > s.width-sides {
			x, s.y = sides, s.y+22
		}
		e.glyph(x+8, s.y+6)
		s.text(x+20, s.y+10, e.words, lettering{size: size, quiet: true})
		x += w
	}
	s.y += 14
}

// describe tells the chart in sentences.
func (s Series) describe(in *sheet) string {
	var parts []string
	for _, im := range s.Images {
		parts = append(parts, im.Name+": "+im.Words+", "+in.stateWords(im.Status, im.State, im.Group)+".")
	}
	for _, b := range s.Steps {
		parts = append(parts, in.say("change", "Change seen "+bracketWords(b), "bracket", in.bracket(b))+".")
	}
	for _, c := range s.Claims {
		parts = append(parts, in.say("claims", "Claim")+" "+c.Name+", "+c.Words+": "+in.answer(c.Answer)+".")
	}
	if len(s.Images) == 0 && in.words == nil {
		parts = append([]string{"No images."}, parts...)
	}
	return strings.Join(parts, " ")
}
