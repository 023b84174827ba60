package batch_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/antequem/antequem/cmd/antequem/internal/batch"
	"github.com/antequem/antequem/compare"
	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
)

// sample is a judged case and one that failed, with texts that a table must not trust.
func sample() []batch.Row {
	p, e, by := 0.004, 0.25, "2016-04-29T24:00:00Z"
	region := assess.RegionReport{State: compare.Changed, PValue: &p, Bracket: &assess.BracketReport{By: &by}}
	rep := assess.Report{
		Title:  `=cmd|'/c calc'!A1 <script>alert(1)</script>`,
		Region: region, Regions: []assess.RegionReport{region},
		Claims: []assess.ClaimReport{
			{ID: "spring", Verdict: compare.Supported, Why: `so "it" seems`, ConditionalOn: []string{"b.png"}},
			{ID: "old", Verdict: compare.Contradicted},
		},
		Images: []assess.ImageReport{
			{File: "a.png", Status: compare.StatusReference},
			{File: "b.png", Status: compare.StatusUsed, Synthetic: true, Alignment: assess.AlignmentReport{ExpectedError: &e}},
			{File: "c.png", Status: compare.StatusUnaligned, Why: "another place"},
		},
	}
	return []batch.Row{
		batch.NewRow(batch.Item{Name: "مستشفى", Kind: batch.KindCase, Path: "a/case.yaml"}, rep, imagery.DigestOf([]byte("recipe")), true),
		batch.Failed(batch.Item{Name: "torn", Kind: batch.KindPair, Path: "p.csv", Pair: batch.Pair{Line: 3}}, errors.New("b.png: <cut> off")),
	}
}

func TestCSVHoldsARowForEachItemAndNoFormula(t *testing.T) {
	data, err := batch.CSV(sample())
	if err != nil {
		t.Fatal(err)
	}
	recs, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(recs) != 3 {
		t.Fatalf("%d records, %v", len(recs), err)
	}
	row := map[string]string{}
	for i, name := range recs[0] {
		row[name] = recs[1][i]
	}
	for name, want := range map[string]string{
		"name": "مستشفى", "status": "judged", "state": "changed", "after": "", "by": "2016-04-29T24:00:00Z", "p_value": "0.004",
		"supported": "1", "contradicted": "1", "undetermined": "0", "images": "3", "used": "2", "left_out": "c.png: unaligned",
		"verdicts": "spring: supported; old: contradicted", "synthetic": "true", "expected_error_px": "0.25",
	} {
		if row[name] != want {
			t.Errorf("%s is %q, want %q", name, row[name], want)
		}
	}
	if !strings.HasPrefix(row["title"], "'=") {
		t.Errorf("title %q: a spreadsheet would run it", row["title"])
	}
}

func TestLinesAreJSONThatReadsBack(t *testing.T) {
	rows := sample()
	data, err := batch.Lines(rows)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))
	if len(lines) != len(rows) {
		t.Fatalf("%d lines for %d rows", len(lines), len(rows))
	}
	for i, l := range lines {
		var r batch.Row
		if err := json.Unmarshal(l, &r); err != nil || r.Name != rows[i].Name || r.Headline() != rows[i].Headline() {
			t.Errorf("line %d: %+v, %v", i+1, r, err)
		}
		if bytes.Contains(l, []byte("null,\"claims")) || bytes.Contains(l, []byte(`"claims":null`)) {
			t.Errorf("line %d has null for a list: %s", i+1, l)
		}
	}
}

func TestHTMLTrustsNoTextAndAsksNobody(t *testing.T) {
	data, err := batch.HTML(sample(), 2)
	if err != nil {
		t.Fatal(err)
	}
	html := string(data)
	for _, bad := range []string{"<script>alert", "<cut>", "http://", "https://", "ZgotmplZ", "was stopped"} {
		if strings.Contains(html, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, want := range []string{"1 supported, 1 contradicted", "1 changed", "1 could not be judged", "&lt;cut&gt; off", "synthetic", "if that date is right", `href="./%d9%85%d8%b3`} {
		if !strings.Contains(strings.ToLower(html), strings.ToLower(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, element := range []string{"style", "script"} {
		m := regexp.MustCompile(`(?s)<`+element+`>(.*?)</`+element+`>`).FindAllStringSubmatch(html, -1)
		if len(m) != 1 {
			t.Fatalf("%d inline %s elements, want one", len(m), element)
		}
		sum := sha256.Sum256([]byte(m[0][1]))
		named := element + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if !strings.Contains(strings.NewReplacer("&#43;", "+", "&#39;", "'").Replace(html), named) {
			t.Errorf("the policy doesn't name the %s's digest, so a browser would refuse it", element)
		}
	}
	if data, err = batch.HTML(sample(), 5); err != nil || !bytes.Contains(data, []byte("was stopped")) {
		t.Errorf("2 of 5 rows: the page doesn't say that the run was stopped (%v)", err)
	}
}

func TestWordsChooseRows(t *testing.T) {
	r := sample()[0]
	for _, w := range []string{"supported", "contradicted", "changed", "unaligned"} {
		if !r.Is(w) {
			t.Errorf("it is %s", w)
		}
	}
	for _, w := range []string{"undetermined", "unchanged", "obscured", "untestable"} {
		if r.Is(w) {
			t.Errorf("it is not %s", w)
		}
	}
	if got, want := r.Headline(), "changed, 1 supported, 1 contradicted"; got != want {
		t.Errorf("headline %q, want %q", got, want)
	}
	if got, want := r.Between(), "after an unknown date, by 29 Apr 2016"; got != want {
		t.Errorf("bracket %q, want %q", got, want)
	}
}

func TestProgressOnATerminalAndElsewhere(t *testing.T) {
	rows := sample()
	now := time.Unix(0, 0)
	run := func(live bool) string {
		var b bytes.Buffer
		p := batch.NewProgress(&b, live, 4, func() time.Time { return now })
		for i, r := range []batch.Row{rows[0], rows[1], rows[0]} {
			now = now.Add(30 * time.Second)
			p.Tell(r, i == 2)
		}
		p.End()
		return b.String()
	}
	want := "[1/4] مستشفى: changed, 1 supported, 1 contradicted\n[2/4] torn: failed: b.png: <cut> off\n" +
		"1 judged, 1 unchanged since an earlier run and taken over, 1 failed, 1 not begun or not finished, in 90 s\n"
	if got := run(false); got != want {
		t.Errorf("in a pipe:\n%swant\n%s", got, want)
	}
	live := run(true)
	for _, want := range []string{"1 of 4 done, 0 failed · 2.0 a minute · 90 s left", "torn: failed: b.png: <cut> off\n", "3 of 4 done, 1 failed"} {
		if !strings.Contains(live, want) {
			t.Errorf("on a terminal %q, want %q in it", live, want)
		}
	}
}

// BenchmarkHTML writes the page of a thousand rows.
func BenchmarkHTML(b *testing.B) {
	var rows []batch.Row
	for i := range 1000 {
		r := sample()[0]
		r.Name = fmt.Sprintf("case-%04d", i)
		rows = append(rows, r)
	}
	for b.Loop() {
		if _, err := batch.HTML(rows, len(rows)); err != nil {
			b.Fatal(err)
		}
	}
}
