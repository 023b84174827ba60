package overlay

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Colours of a chart on light and on dark paper. They stand in attributes, which
// a page's policy on styles can't take away, and a style sheet inside the chart
// turns them where the reader's screen is dark.
const (
	ink    = "#14181d"
	quiet  = "#4a535e"
	paper  = "#ffffff"
	rule   = "#cfd5dc"
	accent = "#a3006b"
)

const styleSheet = `<style>.aq-chart{max-width:100%;height:auto}@media(prefers-color-scheme:dark){` +
	`.aq-chart{color:#e8ecf0}.aq-chart .aq-paper{fill:#13171c}.aq-chart .aq-quiet{fill:#abb4bf}.aq-chart .aq-rule{stroke:#39414c}` +
	`.aq-chart .aq-paper-line{stroke:#13171c}.aq-chart text.aq-paper{stroke:#13171c}.aq-chart .aq-hatch{stroke:#ff8acb}.aq-chart .aq-accent{fill:#ff8acb}.aq-chart .aq-accent-line{stroke:#ff8acb}}</style>`

const sans = `-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',Arial,sans-serif`

// A sheet is an SVG being drawn, from the top down.
type sheet struct {
	strings.Builder
	words *Words // nil is English
	width float64
	y     float64 // where the next thing goes
}

// sides is the space left free at either side, px.
const sides = 14

func (s *sheet) inner() float64 { return s.width - 2*sides }

// num writes a coordinate with two decimals at most.
func num(v float64) string {
	t := strconv.FormatFloat(v, 'f', 2, 64)
	t = strings.TrimRight(strings.TrimRight(t, "0"), ".")
	if t == "-0" || t == "" {
		return "0"
	}
	return t
}

// el writes an element without content; attributes come as name, value, and
// numbers are written by num.
func (s *sheet) el(name string, attrs ...any) { s.tag(name, "/>\n", attrs...) }

func (s *sheet) open(name string, attrs ...any) { s.tag(name, ">", attrs...) }

func (s *sheet) tag(name, end string, attrs ...any) {
	s.WriteString("<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		s.WriteString(" " + fmt.Sprint(attrs[i]) + `="`)
		if v, ok := attrs[i+1].(float64); ok {
			s.WriteString(num(v))
		} else {
			s.WriteString(escape(fmt.Sprint(attrs[i+1])))
		}
		s.WriteString(`"`)
	}
	s.WriteString(end)
}

// A look of text.
type lettering struct {
	size   float64
	heavy  bool
	quiet  bool
	anchor string // start, middle or end; "" is start
	halo   bool   // paper round the letters, where they may lie on lines
}

func (s *sheet) text(x, y float64, t string, l lettering) {
	s.headed(x, y, "", t, l)
}

// headed writes a text with a head in bold before it.
func (s *sheet) headed(x, y float64, head, t string, l lettering) {
	attrs := []any{"x", x, "y", y, "font-size", l.size}
	if l.heavy {
		attrs = append(attrs, "font-weight", "700")
	}
	if l.anchor != "" {
		attrs = append(attrs, "text-anchor", l.anchor)
	}
	content := escape(t)
	if head != "" {
		content = `<tspan font-weight="700">` + escape(head) + "</tspan>" + `<tspan dx="` + num(l.size*0.45) + `">` + content + "</tspan>"
	}
	if l.halo {
		s.open("text", append(attrs, "class", "aq-paper", "fill", paper, "stroke", paper, "stroke-width", 4.0, "stroke-linejoin", "round", "aria-hidden", "true")...)
		s.WriteString(content + "</text>\n")
	}
	if l.quiet {
		attrs = append(attrs, "class", "aq-quiet", "fill", quiet)
	}
	s.open("text", attrs...)
	s.WriteString(content + "</text>\n")
}

// paragraph writes wrapped lines at the sheet's y and moves it on.
func (s *sheet) paragraph(x float64, t string, l lettering) {
	for _, line := range wrap(t, l.size, s.width-sides-x, l.heavy) {
		s.y += l.size * 1.35
		s.text(x, s.y-l.size*0.3, line, l)
	}
}

// escape makes a text safe in XML: no markup, and none of the characters that XML
// 1.0 can't hold.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&#34;")
		case r < 0x20 && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF, r == utf8.RuneError:
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// finish wraps what was drawn into a document with a title and a description. The
// description is the chart for those who can't see it. Names inside begin with a
// digest of the content, so that charts may share a page.
func (s *sheet) finish(title, desc string) []byte {
	height := s.y + sides
	sum := fnv.New64a()
	fmt.Fprint(sum, s.width, height, title, desc, s.String())
	id := fmt.Sprintf("aq%x", sum.Sum64())
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" class="aq-chart" width="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d" font-family="%s" color="%s" fill="currentColor">`+"\n",
		num(s.width), num(height), num(s.width), num(height), id, id, sans, ink)
	fmt.Fprintf(&out, `<title id="%s-t">%s</title>`+"\n"+`<desc id="%s-d">%s</desc>`+"\n", id, escape(title), id, escape(desc))
	out.WriteString(styleSheet + "\n")
	fmt.Fprintf(&out, `<defs><pattern id="%s-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="aq-hatch" d="M0 0V7" stroke="%s" stroke-width="2.4" fill="none"/></pattern></defs>`+"\n", id, accent)
	fmt.Fprintf(&out, `<rect class="aq-paper" width="%s" height="%s" fill="%s"/>`+"\n", num(s.width), num(height), paper)
	out.WriteString(strings.ReplaceAll(s.String(), hatchURL, "url(#"+id+"-hatch)"))
	out.WriteString("</svg>\n")
	return []byte(out.String())
}

// hatchURL stands for the hatching until the document has a name.
const hatchURL = "url(#hatch)"
