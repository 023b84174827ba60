package overlay_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/overlay"
	"github.com/antequem/antequem/imagery/edtf"
	"pgregory.net/rapid"
)

// A label is a text as a reader sees it: where it lies and what it says.
type label struct {
	x0, x1, y0, y1 float64
	text           string
}

// read takes an SVG apart: it must be well-formed, describe itself, and hold no
// number that is none.
func read(t interface{ Fatalf(string, ...any) }, svg []byte) (labels []label, width, height float64) {
	for _, want := range []string{`role="img"`, "<title ", "<desc ", "aria-labelledby="} {
		if !bytes.Contains(svg, []byte(want)) {
			t.Fatalf("the chart has no %s", want)
		}
	}
	for _, bad := range []string{"NaN", "Inf", "#hatch", "<script", "http://www.w3.org/1999", "href"} {
		if bytes.Contains(svg, []byte(bad)) {
			t.Fatalf("the chart holds %q:\n%s", bad, svg)
		}
	}
	dec := xml.NewDecoder(bytes.NewReader(svg))
	var open *label
	anchor, size := "", 0.0
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return labels, width, height
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, svg)
		}
		switch el := tok.(type) {
		case xml.StartElement:
			attr := map[string]string{}
			for _, a := range el.Attr {
				attr[a.Name.Local] = a.Value
			}
			num := func(k string) float64 { v, _ := strconv.ParseFloat(attr[k], 64); return v }
			if el.Name.Local == "svg" {
				width, height = num("width"), num("height")
			}
			if el.Name.Local == "text" && attr["aria-hidden"] == "" {
				open, anchor, size = &label{x0: num("x"), y1: num("y")}, attr["text-anchor"], num("font-size")
			}
		case xml.CharData:
			if open != nil {
				open.text += string(el)
			}
		case xml.EndElement:
			if el.Name.Local == "text" && open != nil {
				// Over a line, a sans-serif letter is a little less than half as wide as it is high.
				w := 0.45 * size * float64(len([]rune(open.text)))
				switch anchor {
				case "middle":
					open.x0 -= w / 2
				case "end":
					open.x0 -= w
				}
				open.x1, open.y0 = open.x0+w, open.y1-size*0.8
				labels, open = append(labels, *open), nil
			}
		}
	}
}

// noneOverlap says that no text lies on another or runs out of the chart.
func noneOverlap(t interface{ Fatalf(string, ...any) }, svg []byte) {
	labels, width, height := read(t, svg)
	for i, a := range labels {
		if a.x0 < -1 || a.x1 > width+1 || a.y1 > height || a.y0 < 0 {
			t.Fatalf("%q lies at %.0f to %.0f, %.0f, outside a chart of %.0f × %.0f", a.text, a.x0, a.x1, a.y1, width, height)
		}
		for _, b := range labels[i+1:] {
			if min(a.x1, b.x1)-max(a.x0, b.x0) > 1 && min(a.y1, b.y1)-max(a.y0, b.y0) > 1 {
				t.Fatalf("%q lies on %q", a.text, b.text)
			}
		}
	}
}

func TestTimelineCanBeReadAtEveryWidth(t *testing.T) {
	for _, width := range []int{0, 362, 720, 1280, 5000} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			noneOverlap(t, overlay.Timeline(scene(t), overlay.Options{Width: width}))
		})
	}
}

func TestTimelineTellsAllInWords(t *testing.T) {
	svg := string(overlay.Timeline(scene(t), overlay.DefaultOptions()))
	for _, want := range []string{
		"ministry-first-image.png: 15 Oct 2015, claimed, old state.",
		"globe.png: mosaic, the oldest part Jan 2016, old state.",
		"posted.jpg: posted 20 Apr 2016, could not be aligned.",
		"Change seen between 1 Jan 2016 and 2 May 2016, 08:21 UTC.",
		"Claim struck-27-april, changed: 27 Apr 2016: consistent.",
		"Claim whose-aircraft, untestable: untestable.",
		"SYNTHETIC",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("the timeline doesn't say %q", want)
		}
	}
}

func TestTimelineOfNothing(t *testing.T) {
	noneOverlap(t, overlay.Timeline(overlay.Series{Title: "Nothing held"}, overlay.DefaultOptions()))
}

// What is written from right to left stays so on each line that it is broken into.
func TestEachLineOfABrokenTextKeepsItsDirection(t *testing.T) {
	s := scene(t)
	for i := range s.Images {
		s.Images[i].Words = "\u2067في أو قبل 15 أكتوبر 2015 · حسب الادعاء · الحالة القديمة للمنطقة\u2069 · \u2067صورة مرسومة\u2069"
	}
	labels, _, _ := read(t, overlay.Timeline(s, overlay.Options{Width: 362}))
	broken := 0
	for _, l := range labels {
		begun, ended := strings.Count(l.text, "\u2067"), strings.Count(l.text, "\u2069")
		if begun != ended {
			t.Errorf("%q begins %d isolates and ends %d", l.text, begun, ended)
		}
		if begun > 0 && !strings.Contains(l.text, "صورة مرسومة") {
			broken++
		}
	}
	if broken < len(s.Images) {
		t.Errorf("%d lines were broken off, want one for each of %d images: the test tests nothing", broken, len(s.Images))
	}
}

var nasty = rapid.SampledFrom([]string{"a.png", "", "<script>alert(1)</script>.png", "\x00\xff\x1b]", `"'&amp;`, "مستشفى القدس.png",
	"an-unbroken-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on.tif", "two words here and many more of them than fit on a line.png"})

func TestAnyTimelineIsWellFormedAndLegible(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		instant := func() time.Time {
			if rapid.IntRange(0, 4).Draw(rt, "open") == 0 {
				return time.Time{}
			}
			return time.Unix(rapid.Int64Range(0, rapid.SampledFrom([]int64{100, 1e6, 1e8, 4e9}).Draw(rt, "scale")).Draw(rt, "at"), 0).UTC()
		}
		iv := func() edtf.Interval {
			a, b := instant(), instant()
			if !b.IsZero() && b.Before(a) {
				a, b = b, a
			}
			return edtf.Interval{Earliest: a, Latest: b}
		}
		s := overlay.Series{Title: nasty.Draw(rt, "title")}
		for range rapid.IntRange(0, 6).Draw(rt, "images") {
			taken := iv()
			s.Images = append(s.Images, overlay.Dated{Name: nasty.Draw(rt, "name"), Words: taken.Human(), Taken: taken,
				State: rapid.SampledFrom([]compare.State{"old", "new", "unclear", ""}).Draw(rt, "state"), Group: rapid.IntRange(-1, 3).Draw(rt, "group")})
		}
		for range rapid.IntRange(0, 2).Draw(rt, "steps") {
			b := iv()
			s.Steps = append(s.Steps, compare.Bracket{After: b.Earliest, By: b.Latest})
		}
		for range rapid.IntRange(0, 4).Draw(rt, "claims") {
			s.Claims = append(s.Claims, overlay.Judged{Name: nasty.Draw(rt, "id"), Words: nasty.Draw(rt, "words"), When: iv(), Dated: rapid.Bool().Draw(rt, "dated"),
				Answer: rapid.SampledFrom([]compare.Answer{"supported", "contradicted", "consistent", "undetermined", "untestable"}).Draw(rt, "answer")})
		}
		o := overlay.Options{Width: rapid.IntRange(280, 1400).Draw(rt, "width")}
		svg := overlay.Timeline(s, o)
		read(rt, svg)
		if !bytes.Equal(svg, overlay.Timeline(s, o)) {
			rt.Fatalf("drawn differently the second time")
		}
	})
}

func TestMatrix(t *testing.T) {
	nan := math.NaN()
	m := overlay.MatrixData{Title: "How unlike", Names: []string{"a.png · 2015", "b.png · 2016", "c.png · 2017"},
		Values: [][]float64{{0, 0.6, nan}, {0.6, 0, nan}, {nan, nan, 0}}}
	for _, width := range []int{362, 720} {
		svg := overlay.Matrix(m, overlay.Options{Width: width})
		noneOverlap(t, svg)
		for _, want := range []string{"a.png · 2015 and b.png · 2016: 0.60.", "b.png · 2016 and c.png · 2017: not comparable."} {
			if !bytes.Contains(svg, []byte(want)) {
				t.Errorf("the matrix doesn't say %q", want)
			}
		}
	}
	noneOverlap(t, overlay.Matrix(overlay.MatrixData{Title: "None"}, overlay.DefaultOptions()))
	noneOverlap(t, overlay.Matrix(overlay.MatrixData{Title: "Ragged", Names: m.Names, Values: [][]float64{{0}}}, overlay.DefaultOptions()))
	many := overlay.MatrixData{Title: "Many", Names: make([]string, 60)}
	noneOverlap(t, overlay.Matrix(many, overlay.Options{Width: 362}))
}

func TestControls(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		name string
		data overlay.ControlsData
		says string
	}{
		{"a region beyond all controls", overlay.ControlsData{Controls: []float64{0.1, 0.2, 0.3}, Statistic: 0.9, PValue: 0.25}, "The region has 0.9; 0 of the control windows have as much or more."},
		{"a region among them", overlay.ControlsData{Controls: []float64{0.1, 0.2, 0.3}, Statistic: 0.2, PValue: 0.75}, "2 of the control windows have as much or more."},
		{"no controls", overlay.ControlsData{Statistic: 0.9, PValue: nan}, "No control windows were found"},
		{"no statistic", overlay.ControlsData{Controls: []float64{0.1, nan}, Statistic: nan, PValue: nan}, "1 control window of"},
		{"controls that are all alike", overlay.ControlsData{Controls: []float64{0.1, 0.1}, Statistic: 0.1, PValue: 1}, "2 of the control windows"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.data.Title = "Controls"
			for _, width := range []int{362, 720} {
				svg := overlay.Controls(tt.data, overlay.Options{Width: width})
				noneOverlap(t, svg)
				if !bytes.Contains(svg, []byte(tt.says)) {
					t.Errorf("the chart doesn't say %q:\n%s", tt.says, svg)
				}
			}
		})
	}
}

func TestPower(t *testing.T) {
	points := []compare.PowerPoint{{SidePx: 3, Found: 0.1, Trials: 40}, {SidePx: 9, Found: 0.6, Trials: 40}, {SidePx: 18, Found: 1, Trials: 40}}
	for _, tt := range []struct {
		name string
		data overlay.PowerData
		says string
	}{
		{"a size that is found", overlay.PowerData{Points: points, DetectablePx: 16.5, GSD: 0.5}, "Found in 95 % of trials: a change of 16.5 × 16.5 px (8.25 m a side) or more."},
		{"no ground sample distance", overlay.PowerData{Points: points, DetectablePx: 16.5}, "a change of 16.5 × 16.5 px or more."},
		{"none found often enough", overlay.PowerData{Points: points[:2], DetectablePx: math.NaN()}, "No size that was tried"},
		{"none found, but more left than is seen", overlay.PowerData{Points: points[:2], DetectablePx: math.NaN(), RuledOutPx: 9, GSD: 0.5}, "98 % of the changes of 9 × 9 px (4.5 m a side) or more left more"},
		{"nothing planted", overlay.PowerData{DetectablePx: math.NaN()}, "No change was planted"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.data.Title = "Power"
			for _, width := range []int{362, 720} {
				svg := overlay.Power(tt.data, overlay.Options{Width: width})
				noneOverlap(t, svg)
				if !bytes.Contains(svg, []byte(tt.says)) {
					t.Errorf("the chart doesn't say %q", tt.says)
				}
			}
		})
	}
}
