package overlay

import (
	"fmt"
	"math"
	"strings"
)

// MatrixData is what a matrix shows: how unlike the region is in any two images.
type MatrixData struct {
	Title  string
	Names  []string    // of the images in date order, each with its date: "a.png · 15 Oct 2015"
	Values [][]float64 // 0 = alike; NaN where not comparable
}

// Matrix draws the table of dissimilarities: the darker, the less alike; hatched
// where two images can't be compared.
func Matrix(m MatrixData, o Options) []byte {
	s := &sheet{words: o.Words, width: o.width(), y: sides - 4}
	s.paragraph(sides, m.Title, lettering{size: 16, heavy: true})
	n := len(m.Names)
	if n == 0 {
		s.paragraph(sides, "No images.", lettering{size: 14})
		return s.finish(m.Title, "No images.")
	}
	const gutter = 26
	cell := min((s.inner()-gutter)/float64(n), 52)
	most := m.most()
	s.y += 8
	top := s.y + 18
	for i := range n {
		mid := float64(i)*cell + cell/2
		if cell >= 16 || i%5 == 4 {
			label := fmt.Sprint(i + 1)
			s.text(sides+gutter+mid, top-6, label, lettering{size: 12, quiet: true, anchor: "middle"})
			s.text(sides+gutter-6, top+mid+4, label, lettering{size: 12, quiet: true, anchor: "end"})
		}
		for j := range n {
			s.cell(sides+gutter+float64(j)*cell, top+float64(i)*cell, cell, m.at(i, j), most)
		}
	}
	s.y = top + float64(n)*cell + 4
	s.scale(sides+gutter, most)
	for i, name := range m.Names {
		s.paragraph(sides, fmt.Sprintf("%d  %s", i+1, name), lettering{size: 13})
	}
	return s.finish(m.Title, m.describe(s))
}

func (m MatrixData) at(i, j int) float64 {
	if i < len(m.Values) && j < len(m.Values[i]) {
		return m.Values[i][j]
	}
	return math.NaN()
}

// most is the largest value, and at least so much that a table of near zeros looks pale.
func (m MatrixData) most() float64 {
	most := 0.2
	for i := range m.Names {
		for j := range m.Names {
			if v := m.at(i, j); !math.IsNaN(v) && !math.IsInf(v, 0) {
				most = max(most, v)
			}
		}
	}
	return most
}

func (s *sheet) cell(x, y, side, v, most float64) {
	gap := min(1, side/8)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		s.el("rect", "x", x, "y", y, "width", side-gap, "height", side-gap, "fill", hatchURL, "fill-opacity", 0.5)
		return
	}
	share := min(max(v/most, 0), 1)
	grey := int(math.Round(244 - 220*share))
	s.el("rect", "x", x, "y", y, "width", side-gap, "height", side-gap, "fill", fmt.Sprintf("#%02x%02x%02x", grey, grey, grey))
	if side >= 27 {
		fill := ink
		if share > 0.5 {
			fill = paper
		}
		s.open("text", "x", x+side/2, "y", y+side/2+4, "font-size", 11.0, "text-anchor", "middle", "fill", fill)
		s.WriteString(strings.TrimPrefix(fmt.Sprintf("%.2f", v), "0") + "</text>\n")
	}
}

// scale shows what the greys stand for.
func (s *sheet) scale(x, most float64) {
	const steps, w, h = 24, 6.0, 10.0
	s.y += 10
	for i := range steps {
		grey := int(math.Round(244 - 220*float64(i)/(steps-1)))
		s.el("rect", "x", x+float64(i)*w, "y", s.y, "width", w+0.5, "height", h, "fill", fmt.Sprintf("#%02x%02x%02x", grey, grey, grey))
	}
	s.y += h + 14
	s.text(x, s.y, s.say("matrix.zero", "0: alike"), lettering{size: 12, quiet: true})
	s.text(x+steps*w, s.y, fmt.Sprintf("%.2f", most), lettering{size: 12, quiet: true, anchor: "end"})
	s.y += 6
}

func (m MatrixData) describe(s *sheet) string {
	if s.words != nil {
		return s.say("matrix.zero", "")
	}
	var parts []string
	for i, a := range m.Names {
		for j := i + 1; j < len(m.Names); j++ {
			if v := m.at(i, j); math.IsNaN(v) {
				parts = append(parts, fmt.Sprintf("%s and %s: not comparable.", a, m.Names[j]))
			} else {
				parts = append(parts, fmt.Sprintf("%s and %s: %.2f.", a, m.Names[j], v))
			}
		}
	}
	const most = 200 // pairs that anyone will listen to
	if len(parts) > most {
		parts = append(parts[:most], fmt.Sprintf("And %d more pairs.", len(parts)-most))
	}
	return "Dissimilarity of the region between images, 0 is alike. " + strings.Join(parts, " ")
}
